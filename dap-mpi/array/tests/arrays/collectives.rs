//! Collective operations of random groups beside their results, and errors of one member.

use std::cell::Cell;

use dap_array::spmd::{Group, Serde};
use dap_array::{Context, Error, ErrorKind, Result};
use dap_array_testing::{Twin, placements_of, ranks_of};
use dap_launch::values;
use proptest::prelude::*;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::messages::subsets;

fn item(member: usize, len: usize) -> Vec<i32> {
    (0..len + member).map(|at| (member * 100 + at) as i32).collect()
}

/// Neither associative nor commutative: every other order has another result.
fn joined(left: Vec<i32>, right: Vec<i32>) -> Vec<i32> {
    [left, vec![-1], right].concat()
}

/// Each operation on one of several groups; members of several take part in all of them.
pub(crate) fn random(context: &Context) {
    let ranks = ranks_of(context);
    let operation = (0..3_usize, 0..7_u8, 0..6_usize, prop_oneof![Just(0_usize), 0..3000_usize]);
    let cases = (prop::collection::vec(subsets(ranks), 3), prop::collection::vec(operation, 0..30));
    let placement = values(placements_of(vec![12, 5], ranks), 1, 82).remove(0);
    let twin = Twin::new(context, &placement, 82);
    for (lists, operations) in values(cases, 12, 82) {
        let groups: Vec<Group> = lists.iter().map(|ranks| context.group(ranks).expect("a group")).collect();
        for (number, &(group, kind, root, len)) in operations.iter().enumerate() {
            let what = format!("{lists:?} {number} of {operations:?}");
            let group = &groups[group];
            // A collective operation of an array, between those of groups.
            if number % 5 == 0 {
                twin.check(&what);
            }
            let Some(here) = group.member() else { continue };
            let size = group.size();
            one(group, (kind, root % size, len), here).unwrap_or_else(|error| panic!("{what}: {error}"));
        }
    }
}

fn one(group: &Group, (kind, root, len): (u8, usize, usize), here: usize) -> Result<()> {
    let size = group.size();
    let all: Vec<Vec<i32>> = (0..size).map(|member| item(member, len)).collect();
    let is_root = here == root;
    match kind {
        0 => assert_eq!(group.bcast(root, is_root.then(|| item(root, len)))?, item(root, len)),
        1 => assert_eq!(group.scatter(root, is_root.then(|| all.clone()))?, all[here]),
        2 => assert_eq!(group.gather(root, &all[here])?, is_root.then_some(all)),
        3 => assert_eq!(group.gather_all(&all[here])?, all),
        4 => {
            let expected = all.iter().cloned().reduce(joined).expect("a member");
            assert_eq!(group.reduce(all[here].clone(), joined)?, expected);
        }
        5 => {
            let expected = all[..=here].iter().cloned().reduce(joined).expect("a member");
            assert_eq!(group.scan(all[here].clone(), joined)?, expected);
        }
        _ => group.barrier()?,
    }
    Ok(())
}

/// Groups without a common rank, each in its own time: one has other calls, and more of them.
pub(crate) fn at_once(context: &Context) {
    let ranks = context.comm().size();
    let (even, odd): (Vec<i32>, Vec<i32>) = (0..ranks).rev().partition(|rank| rank % 2 == 0);
    let even = context.group(&even).expect("a group");
    let odd = if odd.is_empty() { None } else { Some(context.group(&odd).expect("a group")) };
    let (mine, rounds) = match &odd {
        Some(odd) if odd.member().is_some() => (odd, 40),
        _ => (&even, 7),
    };
    let here = mine.member().expect("a member");
    for round in 0..rounds {
        let root = round % mine.size();
        assert_eq!(mine.bcast(root, (here == root).then_some(round as u64)).expect("broadcast"), round as u64);
        let sum = mine.reduce(here as u64, |left, right| left + right).expect("reduced");
        assert_eq!(sum, (0..mine.size() as u64).sum::<u64>());
    }
    let all = context.all_ranks().expect("a group");
    let counts = all.gather_all(&(rounds as u64)).expect("gathered");
    assert_eq!(counts, (0..ranks).map(|rank| if rank % 2 == 0 { 7 } else { 40 }).collect::<Vec<u64>>());
}

thread_local! {
    /// Whether a [`Fragile`] can be sent, and received, on this rank.
    static WORKS: Cell<(bool, bool)> = const { Cell::new((true, true)) };
}

/// A value that can be neither sent nor received on some ranks.
#[derive(Debug, PartialEq)]
struct Fragile(u8);

impl Serialize for Fragile {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        if WORKS.get().0 { self.0.serialize(serializer) } else { Err(serde::ser::Error::custom("it is broken")) }
    }
}

impl<'de> Deserialize<'de> for Fragile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Fragile, D::Error> {
        let value = u8::deserialize(deserializer)?;
        if WORKS.get().1 { Ok(Fragile(value)) } else { Err(serde::de::Error::custom("it is broken")) }
    }
}

/// The error that all members have: the same one.
fn agreed<T: std::fmt::Debug>(group: &Group, result: Result<T>) -> Error {
    let error = result.expect_err("one member has failed");
    let all = group.gather_all(&Serde(error.to_string())).expect("the group goes on");
    assert!(all.iter().all(|Serde(other)| *other == error.to_string()), "{all:?}");
    error
}

/// One member fails: all members have its error, and the group goes on.
pub(crate) fn failures(context: &Context) {
    let ranks = ranks_of(context);
    for (list, member, root) in values((subsets(ranks), 0..6_usize, 0..6_usize), 12, 84) {
        let group = context.group(&list).expect("a group");
        let Some(here) = group.member() else { continue };
        let (member, root) = (member % group.size(), root % group.size());
        let (fails, rank) = (here == member, Some(list[member]));
        let value = || Serde(Fragile(here as u8));
        let values = || (0..group.size()).map(|at| Serde(Fragile(at as u8))).collect::<Vec<_>>();

        // A member cannot send.
        WORKS.set((!fails, true));
        for result in [
            group.bcast(member, fails.then(value)).map(drop),
            group.scatter(member, fails.then(values)).map(drop),
            group.gather(root, &value()).map(drop),
            group.gather_all(&value()).map(drop),
            group.reduce(value(), |left, _| left).map(drop),
            group.scan(value(), |left, _| left).map(drop),
        ] {
            let error = agreed(&group, result);
            assert_eq!((error.kind(), error.rank()), (ErrorKind::Argument, rank), "{error}");
        }
        // A member cannot receive.
        WORKS.set((true, !fails));
        for result in [
            group.bcast(root, (here == root).then(value)).map(drop),
            group.scatter(root, (here == root).then(values)).map(drop),
            group.gather(member, &value()).map(drop),
            group.gather_all(&value()).map(drop),
        ] {
            let error = agreed(&group, result);
            assert_eq!((error.kind(), error.rank()), (ErrorKind::Argument, rank), "{error}");
            assert!(error.message().contains("Fragile"), "{error}");
        }
        WORKS.set((true, true));
        // The program's own error, and a root without a value or with too few.
        let own = if fails { Err(Error::new(ErrorKind::State, "no such file")) } else { Ok(()) };
        let error = agreed(&group, group.agree(own));
        assert_eq!((error.rank(), error.message()), (rank, "no such file"));
        let error = agreed(&group, group.bcast::<i32>(member, None));
        assert_eq!(error.rank(), rank, "{error}");
        let error = agreed(&group, group.scatter(member, Some(vec![1; group.size() + 1])));
        assert_eq!(error.rank(), rank, "{error}");
        assert!(agreed(&group, group.bcast(group.size(), Some(1))).message().contains("is not there"));
    }
}

/// Members make different calls: all have an error that names two of them, and the group goes on.
pub(crate) fn mismatches(context: &Context) {
    let ranks = ranks_of(context);
    for (list, member) in values((subsets(ranks), 0..6_usize), 12, 86) {
        let group = context.group(&list).expect("a group");
        let Some(here) = group.member().filter(|_| group.size() > 1) else { continue };
        let differs = here == member % group.size();
        let results = [
            (
                if differs { group.bcast(0, Some(1.0_f32)).map(drop) } else { group.bcast(0, Some(1)).map(drop) },
                "bcast of float32",
                "bcast of int32",
            ),
            (
                if differs { group.bcast(1, Some(1)) } else { group.bcast(0, Some(1)) }.map(drop),
                "from member 1",
                "from member 0",
            ),
            (
                if differs { group.barrier() } else { group.gather(0, &1).map(drop) },
                "barrier",
                "gather of int32 to member 0",
            ),
            (
                if differs {
                    group.scan(1, i32::max).map(drop)
                } else {
                    group.scatter(0, Some(vec![1; group.size()])).map(drop)
                },
                "scan of int32",
                "scatter of int32",
            ),
        ];
        for (result, here, there) in results {
            let error = agreed(&group, result);
            assert_eq!(error.kind(), ErrorKind::State, "{error}");
            for expected in [here, there, "make the same calls in the same order"] {
                assert!(error.message().contains(expected), "{error}");
            }
        }
    }
}
