//! Mistakes are errors, on all ranks where the call is collective, and change nothing.

use dap_dict::DistDict;
use dap_mpi::{Comm, Error, ErrorKind};
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

/// A function of the program fails on one rank: an error on all, and nothing has changed.
pub(crate) fn functions(comm: &Comm) {
    let last = comm.size() - 1;
    let items = (0..40_u32).filter(|key| *key as i32 % comm.size() == comm.rank());
    let mut dict = DistDict::from_items(comm, items.map(|key| (key, 2 * key))).expect("a dictionary");
    let fails = |rank: i32| if rank == last { Err(Error::new(ErrorKind::State, "not here")) } else { Ok(()) };
    let arguments = || (0..40_u32).map(|key| (key, 1_u32));
    let failed = dict.try_update_all(arguments(), |old, more| {
        fails(comm.rank())?;
        Ok(Some(old.copied().unwrap_or(0) + more))
    });
    let error = failed.expect_err("a function that fails");
    assert_eq!((error.rank(), error.sentence()), (Some(last), "not here"));
    assert!(dict.iter().all(|(key, value)| *value == 2 * key));
    let error =
        dict.try_map_items(|_, value| fails(comm.rank()).map(|()| value + 1)).expect_err("a function that fails");
    assert_eq!((error.rank(), error.sentence()), (Some(last), "not here"));
    // Each rank gives each key once; the keys that reach 5 are taken away, and come again.
    let again = |old: Option<&u32>, more: u32| {
        let new = old.copied().unwrap_or(0) + more;
        Ok((new != 5).then_some(new))
    };
    dict.try_update_all(arguments(), again).expect("sums");
    let expected = |key: u32| {
        let mut value = Some(2 * key);
        (0..comm.size()).for_each(|_| value = again(value.as_ref(), 1).expect("a sum"));
        value
    };
    assert!(dict.iter().all(|(&key, value)| expected(key) == Some(*value)));
    let kept = (0..40).filter(|key| expected(*key).is_some()).count();
    assert_eq!(dict.len().expect("a length"), kept as u64);
    let plus = dict.try_map_items(|_, value| Ok(value + 1)).expect("results");
    assert!(plus.iter().all(|(&key, value)| expected(key) == Some(value - 1)));
    for key in 0..40 {
        let own = dict.owner(&key).expect("an owner") == comm.rank();
        assert_eq!(dict.local_get(&key).expect("a key").copied(), expected(key).filter(|_| own));
    }
}
