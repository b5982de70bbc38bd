//! Mistakes are errors, on all ranks where the call is collective, and change nothing.

use dap_dict::DistDict;
use dap_mpi::Comm;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number that is not written if it is 1, and not read if it is 2.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Picky(u8);

impl Serialize for Picky {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if self.0 == 1 { Err(serde::ser::Error::custom("not a 1")) } else { self.0.serialize(to) }
    }
}

impl<'de> Deserialize<'de> for Picky {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Picky, D::Error> {
        match u8::deserialize(from)? {
            2 => Err(D::Error::custom("not a 2")),
            value => Ok(Picky(value)),
        }
    }
}

pub(crate) fn mistakes(comm: &Comm) {
    let mut dict = DistDict::<u32, Picky>::new(comm).expect("a dictionary");
    assert!(dict.set(&1, &Picky(1)).expect_err("no bytes").to_string().contains("Picky"));
    dict.set(&1, &Picky(5)).expect("an operation");
    let ticket = dict.get(&1).expect("an operation");
    assert!(dict.take(ticket).expect_err("too early").to_string().contains("flush"));
    dict.flush().expect("a flush");
    assert_eq!(dict.take(ticket).expect("a value"), Some(Picky(5)));
    assert!(dict.take(ticket).expect_err("twice").to_string().contains("before"));
    let old = dict.get(&1).expect("an operation");
    dict.flush().expect("a flush");
    dict.flush().expect("a flush");
    assert!(dict.take(old).expect_err("too late").to_string().contains("another flush"));
    // One rank's value cannot be read: no operation of any rank has an effect.
    if comm.rank() == comm.size() - 1 {
        dict.set(&3, &Picky(2)).expect("an operation");
    }
    dict.set(&(10 + comm.rank() as u32), &Picky(4)).expect("an operation");
    let error = dict.flush().expect_err("a value that is not read").to_string();
    assert!(error.contains("Picky"), "{error}");
    assert_eq!(dict.len().expect("a length"), 1);
    dict.flush().expect("the failed operations are gone");
    assert_eq!(dict.len().expect("a length"), 1);
    let update = dict.update_all([(1, Picky(if comm.rank() == 0 { 1 } else { 3 }))], |_, new| Some(new));
    assert!(update.is_err());
    assert!(dict.local_values().all(|value| *value == Picky(5)));
    let results = dict.map_items(|_, _| Picky(7)).expect("results");
    assert!(results.local_values().all(|value| *value == Picky(7)));
}
