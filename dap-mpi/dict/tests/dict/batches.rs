//! Batches of operations beside the documented order of all ranks' operations.

use std::collections::BTreeMap;

use dap_dict::DistDict;
use dap_launch::values;
use dap_mpi::Comm;
use proptest::prelude::*;

type Key = (u8, String);

#[derive(Debug, Clone)]
enum Op {
    Set(Key, i64),
    Get(Key),
    Remove(Key),
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let key = (0..4_u8, "[ab]{0,3}");
    let op = prop_oneof![
        3 => (key.clone(), any::<i64>()).prop_map(|(key, value)| Op::Set(key, value)),
        3 => key.clone().prop_map(Op::Get),
        1 => key.prop_map(Op::Remove),
    ];
    prop::collection::vec(op, 0..40)
}

pub(crate) fn random(comm: &Comm) {
    let (ranks, here) = (comm.size() as usize, comm.rank() as usize);
    let mut dict = DistDict::<Key, i64>::new(comm).expect("a dictionary");
    let mut oracle = BTreeMap::<Key, i64>::new();
    let rounds = values(prop::collection::vec(ops(), ranks), 25, 90);
    for round in rounds {
        let mut tickets = Vec::new();
        for op in &round[here] {
            match op {
                Op::Set(key, value) => dict.set(key, value).expect("an operation"),
                Op::Remove(key) => dict.remove(key).expect("an operation"),
                Op::Get(key) => tickets.push(dict.get(key).expect("an operation")),
            }
        }
        let mut expected = Vec::new();
        for (rank, ops) in round.iter().enumerate() {
            for op in ops {
                match op {
                    Op::Set(key, value) => drop(oracle.insert(key.clone(), *value)),
                    Op::Remove(key) => drop(oracle.remove(key)),
                    Op::Get(key) if rank == here => expected.push(oracle.get(key).copied()),
                    Op::Get(_) => {}
                }
            }
        }
        dict.flush().expect("a flush");
        let found: Vec<Option<i64>> = tickets.into_iter().map(|it| dict.take(it).expect("a value")).collect();
        assert_eq!(found, expected);
        check(&dict, &oracle);
    }
}

/// Each rank has the items of the oracle that it owns.
pub(crate) fn check(dict: &DistDict<Key, i64>, oracle: &BTreeMap<Key, i64>) {
    let mut found: Vec<(Key, i64)> = dict.iter().map(|(key, value)| (key.clone(), *value)).collect();
    found.sort_unstable();
    let is_own = |key: &Key| dict.owner(key).expect("an owner") == dict.comm().rank();
    let expected: Vec<(Key, i64)> =
        oracle.iter().filter(|(key, _)| is_own(key)).map(|(key, value)| (key.clone(), *value)).collect();
    assert_eq!(found, expected);
    assert_eq!(dict.local_len(), expected.len());
    assert_eq!(dict.len().expect("a length"), oracle.len() as u64);
}

/// Keys need neither equality nor a hash; NaN is one.
pub(crate) fn keys(comm: &Comm) {
    type Key = (Option<f64>, Vec<u16>, Option<Option<()>>);
    let mut dict = DistDict::<Key, String>::new(comm).expect("a dictionary");
    let keys: [Key; 5] = [
        (Some(f64::NAN), vec![1], None),
        (Some(0.0), vec![], Some(None)),
        (Some(-0.0), vec![], Some(None)),
        (None, vec![7, 8], Some(Some(()))),
        (None, vec![7, 8], Some(None)),
    ];
    if comm.rank() == comm.size() - 1 {
        for (at, key) in keys.iter().enumerate() {
            dict.set(key, &format!("value {at}")).expect("an operation");
        }
    }
    dict.flush().expect("a flush");
    let tickets = keys.each_ref().map(|key| dict.get(key).expect("an operation"));
    let missing = dict.get(&(None, vec![], None)).expect("an operation");
    dict.flush().expect("a flush");
    for (at, ticket) in tickets.into_iter().enumerate() {
        assert_eq!(dict.take(ticket).expect("a value"), Some(format!("value {at}")));
    }
    assert_eq!(dict.take(missing).expect("no value"), None);
    assert_eq!(dict.local_keys().count(), dict.local_values().count());
    let mut nothing = DistDict::<(), ()>::new(comm).expect("a dictionary");
    assert!(nothing.is_empty().expect("a length"));
    nothing.set(&(), &()).expect("an operation");
    nothing.flush().expect("a flush");
    assert_eq!(nothing.len().expect("a length"), 1);
}

/// Counts of words, whose texts differ between the ranks; counts of zero are taken away.
pub(crate) fn words(comm: &Comm) {
    let text = |rank: i32| {
        let words = ["the", "quick", "brown", "fox", "the", "dog"];
        (0..50 + 10 * rank as usize).map(move |at| words[(at * at + rank as usize) % words.len()].to_owned())
    };
    let mut count = DistDict::<String, i64>::new(comm).expect("a dictionary");
    let here = text(comm.rank()).map(|word| (word, 1_i64));
    count.update_all(here, |so_far, one| Some(so_far.unwrap_or(0) + one)).expect("counts");
    let mut expected = BTreeMap::<String, i64>::new();
    (0..comm.size()).flat_map(text).for_each(|word| *expected.entry(word).or_default() += 1);
    let tickets: Vec<_> = expected.keys().map(|word| count.get(word).expect("an operation")).collect();
    count.flush().expect("a flush");
    for (ticket, expected) in tickets.into_iter().zip(expected.values()) {
        assert_eq!(count.take(ticket).expect("a value"), Some(*expected));
    }
    assert_eq!(count.len().expect("a length"), expected.len() as u64);
    // The order of ranks decides, on whichever rank the key lies.
    let order = [("order".to_owned(), comm.rank())];
    let mut last = DistDict::<String, Vec<i32>>::new(comm).expect("a dictionary");
    let append = |list: Option<Vec<i32>>, rank| Some([list.unwrap_or_default(), vec![rank]].concat());
    last.update_all(order, append).expect("lists");
    let all: Vec<i32> = (0..comm.size()).collect();
    assert!(last.local_values().all(|list| *list == all));
    let gone = (comm.rank() == 0).then(|| ("order".to_owned(), ()));
    last.update_all(gone, |_, ()| None).expect("an empty dictionary");
    assert!(last.is_empty().expect("a length"));
}

/// Values of several messages, and items from iterators.
pub(crate) fn large(comm: &Comm) {
    let len = |at: u64| if at == 0 { (4 << 20) + 5 } else { at as usize };
    let items = (0..3_u64).map(|at| (at * 1000 + comm.rank() as u64, vec![at as u8; len(at)]));
    let mut dict = DistDict::<u64, Vec<u8>>::from_items(comm, items).expect("a dictionary");
    assert_eq!(dict.len().expect("a length"), 3 * comm.size() as u64);
    let next = (comm.rank() + 1) % comm.size();
    let tickets: Vec<_> = (0..3).map(|at| dict.get(&(at * 1000 + next as u64)).expect("an operation")).collect();
    dict.flush().expect("a flush");
    for (at, ticket) in (0..).zip(tickets) {
        let value = dict.take(ticket).expect("a value").expect("an item");
        assert!(value.len() == len(at) && value.iter().all(|byte| *byte == at as u8));
    }
    // Changed where they lie.
    dict.iter_mut().for_each(|(key, value)| *value = key.to_le_bytes().to_vec());
    assert!(dict.iter().all(|(key, value)| key.to_le_bytes()[..] == value[..]));
}
