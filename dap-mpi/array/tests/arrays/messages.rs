//! Messages among the members of random groups, beside queues of the expected values.

use std::collections::{BTreeMap, VecDeque};

use dap_array::spmd::{Group, Serde};
use dap_array::{Context, ErrorKind};
use dap_array_testing::ranks_of;
use dap_launch::values;
use proptest::prelude::*;

/// Tags from here on are received from any member.
const ANY: u64 = 3;

/// Some of the ranks, in any order.
pub(crate) fn subsets(ranks: i64) -> impl Strategy<Value = Vec<i32>> {
    let shuffled = Just((0..ranks as i32).collect::<Vec<i32>>()).prop_shuffle();
    (shuffled, 1..=ranks as usize).prop_map(|(mut all, len)| {
        all.truncate(len);
        all
    })
}

/// A message: its group, sender, receiver, tag and length.
type Message = (usize, usize, usize, u64, usize);

/// The messages that a receiver expects, by group, receiver, tag and sender.
type Expected = BTreeMap<(usize, usize, u64, usize), VecDeque<Vec<f64>>>;

fn items(number: usize, len: usize) -> Vec<f64> {
    (0..len).map(|at| (number * 1000 + at) as f64).collect()
}

/// All messages are sent before the first is received, group by group in another order on each
/// rank; receivers ask for them in another order than that of the senders.
pub(crate) fn random(context: &Context) {
    let ranks = ranks_of(context);
    // The last two groups are of the same ranks.
    let groups = prop::collection::vec(subsets(ranks), 3).prop_map(|mut groups| {
        groups.push(groups[2].clone());
        groups
    });
    let len = prop_oneof![2 => Just(0_usize), 4 => 1..50_usize, 1 => 400..2000_usize];
    let message = (0..4_usize, 0..6_usize, 0..6_usize, 0..ANY + 2, len);
    let order = Just((0..4_usize).collect::<Vec<_>>()).prop_shuffle();
    let cases = (groups, prop::collection::vec(message, 0..60), prop::collection::vec(order, 6));
    for (lists, messages, orders) in values(cases, 25, 80) {
        let groups: Vec<Group> = lists.iter().map(|ranks| context.group(ranks).expect("a group")).collect();
        let to_member = |&(group, from, to, tag, len): &Message| {
            let size = lists[group].len();
            (group, from % size, to % size, tag, len)
        };
        let messages: Vec<Message> = messages.iter().map(to_member).collect();
        let mut expected = Expected::new();
        for (number, &(group, from, to, tag, len)) in messages.iter().enumerate() {
            expected.entry((group, to, tag, from)).or_default().push_back(items(number, len));
        }
        let what = format!("{lists:?} {messages:?}");
        let order = &orders[context.comm().rank() as usize];
        for &group in order {
            for (number, &(_, from, to, tag, len)) in messages.iter().enumerate().filter(|(_, it)| it.0 == group) {
                if groups[group].member() == Some(from) {
                    groups[group].send(to, tag, &items(number, len)[..]).expect("a member");
                }
            }
        }
        for &group in order.iter().rev() {
            let Some(here) = groups[group].member() else { continue };
            // From the last tag on, so that messages arrive before they are asked for.
            let mine = expected.range_mut((group, here, 0, 0)..(group, here + 1, 0, 0)).rev();
            let mut any: BTreeMap<u64, usize> = BTreeMap::new();
            for (&(_, _, tag, from), queue) in mine {
                if tag >= ANY {
                    *any.entry(tag).or_default() += queue.len();
                    continue;
                }
                for expected in queue.drain(..) {
                    assert_eq!(groups[group].recv::<Vec<f64>>(from, tag).expect("a message"), expected, "{what}");
                }
            }
            for (tag, count) in any {
                for _ in 0..count {
                    let (from, found) = groups[group].recv_any::<Vec<f64>>(tag).expect("a message");
                    let queue = expected.get_mut(&(group, here, tag, from));
                    assert_eq!(Some(found), queue.and_then(VecDeque::pop_front), "{what} from {from}");
                }
            }
        }
    }
}

/// A message that is longer than one message of MPI, in both directions at once.
pub(crate) fn large(context: &Context) {
    let group = context.all_ranks().expect("a group");
    let (here, last) = (group.member().expect("a member"), group.size() - 1);
    let items = |from: usize| -> Vec<u64> { (0..5_000_000).map(|at| at * 3 + from as u64).collect() };
    if [0, last].contains(&here) {
        let other = last - here;
        group.send(other, 1, &items(here)).expect("sent");
        group.send(other, 2, &Serde("short")).expect("sent");
        assert_eq!(group.recv::<Serde<String>>(other, 2).map_err(|error| error.kind()), Err(ErrorKind::Argument));
        assert!(group.recv::<Vec<u64>>(other, 1).expect("a message") == items(other));
    }
}

/// A message of a group that its receiver has dropped does not reach the next group of the same
/// ranks.
pub(crate) fn dropped_groups(context: &Context) {
    for round in 0..20 {
        let group = context.all_ranks().expect("a group");
        let (here, last) = (group.member().expect("a member"), group.size() - 1);
        if here == 0 {
            group.send(last, 0, &vec![-1_i32; 2000]).expect("sent");
            group.send(last, 1, &round).expect("sent");
            // It arrives after the receiver has dropped the group.
            group.send(last, 2, &-2_i32).expect("sent");
        }
        if here == last {
            // The first message is here, and not asked for.
            assert_eq!(group.recv::<i32>(0, 1).expect("a message"), round);
        }
    }
    let group = context.all_ranks().expect("a group");
    let last = group.size() - 1;
    if group.member() == Some(0) {
        (0..3).for_each(|tag| group.send(last, tag, &7_i32).expect("sent"));
    }
    if group.member() == Some(last) {
        for tag in 0..3 {
            assert_eq!(group.recv_any::<i32>(tag).expect("a message"), (0, 7));
        }
    }
}

/// Wrong types and sizes are errors of the receiver that name both; the next message is received.
pub(crate) fn mistakes(context: &Context) {
    let group = context.all_ranks().expect("a group");
    let (here, size) = (group.member().expect("a member"), group.size());
    let (next, before) = ((here + 1) % size, (here + size - 1) % size);
    for tag in 0..4 {
        group.send(next, tag, &[1.5_f64, 2.5]).expect("sent");
        group.send(next, tag, &here_as(here)).expect("sent");
    }
    let mut room = [7.0; 3];
    let errors = [
        group.recv::<Vec<i64>>(before, 0).expect_err("another type"),
        group.recv::<f64>(before, 1).expect_err("another type"),
        group.recv::<Serde<(f64, f64)>>(before, 2).expect_err("another type"),
        group.recv_into(before, 3, &mut room).expect_err("another size"),
    ];
    let reasons = [
        "float64[], this rank expects int64[]",
        "float64[], this rank expects float64",
        "float64[], this rank expects (f64, f64)",
        "float64[]: the message has 2 items, this rank expects 3",
    ];
    for (error, reason) in errors.iter().zip(reasons) {
        let expected = format!("rank {before} gave {reason}");
        assert!(error.message().starts_with(&expected), "{error}");
        assert_eq!(error.kind(), ErrorKind::Argument);
    }
    assert_eq!(room, [7.0; 3]);
    for tag in 0..4 {
        assert_eq!(group.recv::<u16>(before, tag).expect("the next message"), here_as(before));
    }
    let error = group.send(size, 0, &1).expect_err("no such member");
    assert_eq!(error.message(), format!("member {size} is not there: the group has members 0 to {}", size - 1));
    assert!(group.recv::<i32>(size, 0).is_err());
    // A receive that nothing can satisfy does not wait.
    assert_eq!(group.recv::<i32>(here, 0).expect_err("nothing was sent").kind(), ErrorKind::State);
    let alone = context.group(&[context.comm().rank()]).expect("a group");
    assert_eq!(alone.recv_any::<i32>(0).expect_err("nothing was sent").kind(), ErrorKind::State);
    alone.send(0, 0, &5).expect("sent");
    assert_eq!(alone.recv_any::<i32>(0).expect("a message"), (0, 5));
}

fn here_as(member: usize) -> u16 {
    member as u16 + 40
}

/// Wrong lists of ranks are refused, and each call of a rank that is no member, without a message.
pub(crate) fn strangers(context: &Context) {
    let ranks = context.comm().size();
    for (list, reason) in [
        (vec![], "a group without ranks"),
        (vec![0, ranks], "is not there: the communicator has ranks 0 to"),
        (vec![-1], "rank -1 is not there"),
        (vec![0, 0], "rank 0 is named twice"),
    ] {
        let error = context.group(&list).expect_err("a wrong list");
        assert!(error.message().contains(reason), "{error}");
    }
    let first = context.group(&[0]).expect("a group");
    if context.comm().rank() == 0 {
        first.barrier().expect("the only member is there");
        return;
    }
    let errors = [
        first.send(0, 0, &1).err(),
        first.recv::<i32>(0, 0).err(),
        first.recv_any::<i32>(0).err(),
        first.bcast(0, Some(1)).err(),
        first.scatter(0, Some(vec![1])).err(),
        first.gather(0, &1).err(),
        first.gather_all(&1).err(),
        first.reduce(1, i32::max).err(),
        first.scan(1, i32::max).err(),
        first.barrier().err(),
        first.agree(Ok(())).err(),
    ];
    for error in errors {
        let expected = format!("rank {} is no member of the group of ranks [0]", context.comm().rank());
        assert_eq!(error.expect("an error").message(), expected);
    }
}
