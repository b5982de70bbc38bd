//! Values, storage and functions of SPMD programs; the ring of the examples.

use dap_array::spmd::{DData, Serde};
use dap_array::{Context, Error, ErrorKind};
use dap_array_testing::ranks_of;
use dap_launch::values;
use proptest::prelude::*;

use crate::messages::subsets;
use crate::ring;

pub(crate) fn ring(context: &Context) {
    let ranks = context.comm().size() as usize;
    // All ranks' numbers, round by round.
    let mut sums: Vec<i64> = (0..ranks as i64).collect();
    for _ in 0..10 {
        let next = |at: usize| sums[at] + sums[(at + 1) % ranks] + sums[(at + ranks - 1) % ranks];
        sums = (0..ranks).map(next).collect();
    }
    let expected = (sums[context.comm().rank() as usize], sums.iter().sum());
    assert_eq!(ring::run(context).expect("the ring runs"), expected);
}

/// The values of a member: as many as the case says, each a text.
fn texts(member: usize, count: usize) -> Vec<String> {
    (0..count).map(|at| format!("{member}.{at}")).collect()
}

pub(crate) fn ddata(context: &Context) {
    let ranks = ranks_of(context);
    let cases = (subsets(ranks), prop::collection::vec(0..4_usize, 6), 0..6_usize, 0..20_usize);
    for (list, counts, root, total) in values(cases, 20, 88) {
        let group = context.group(&list).expect("a group");
        let here = group.member();
        let what = format!("{list:?} {counts:?} {root} {total}");
        let mine = here.map_or_else(|| texts(9, 3), |member| texts(member, counts[member]));
        let mut data = DData::from_local(&group, mine);
        let lengths = data.map(String::len);
        let one = DData::from_fn(&group, |member| member * 3);
        let Some(here) = here else {
            // A rank that is no member has no values, and is refused at once.
            assert!(data.local().is_empty() && lengths.local().is_empty() && one.local().is_empty());
            assert!(data.gather(0).is_err() && data.gather_all().is_err() && data.counts().is_err());
            assert!(data.reduce(|left, _| left).is_err() && data.try_map(|_| Ok(())).is_err());
            assert!(DData::try_from_fn(&group, |_| Ok(vec![1])).is_err());
            assert!(DData::distribute(&group, 0, Some(vec![1])).is_err());
            continue;
        };
        let root = root % group.size();
        let all: Vec<Vec<String>> = (0..group.size()).map(|member| texts(member, counts[member])).collect();
        assert_eq!(data.local(), all[here], "{what}");
        assert_eq!(one.local(), [3 * here], "{what}");
        assert_eq!(lengths.local(), vec![3; counts[here]], "{what}");
        assert_eq!(data.gather(root).expect("gathered"), (here == root).then(|| all.clone()), "{what}");
        assert_eq!(data.gather_all().expect("gathered"), all, "{what}");
        assert_eq!(data.counts().expect("gathered"), counts[..group.size()], "{what}");
        let reduced = data.reduce(|left, right| format!("({left} {right})")).expect("reduced");
        let pair = |left: String, right: String| format!("({left} {right})");
        let expected = all.iter().filter_map(|texts| texts.iter().cloned().reduce(pair)).reduce(pair);
        assert_eq!(reduced, expected, "{what}");
        data.local_mut().push("new".into());
        assert_eq!(data.counts().expect("gathered")[here], counts[here] + 1, "{what}");
        assert_eq!(data.into_local().last().map(String::as_str), Some("new"));
        // A multiple of the members makes vectors; other numbers are as even as can be.
        let given = (here == root).then(|| (0..total).collect::<Vec<_>>());
        let parts = DData::distribute(&group, root, given).expect("distributed").gather_all().expect("gathered");
        assert_eq!(parts.concat(), (0..total).collect::<Vec<_>>(), "{what}");
        let (least, most) = (total / group.size(), total.div_ceil(group.size()));
        assert!(parts.iter().all(|part| (least..=most).contains(&part.len())), "{what}: {parts:?}");
        // One member fails.
        let fails = |result: bool| if result { Err(Error::new(ErrorKind::State, "no file")) } else { Ok(7) };
        for error in [
            DData::try_from_fn(&group, |member| Ok(vec![fails(member == root)?])).map(drop).expect_err("it fails"),
            one.try_map(|&value| fails(value == 3 * root)).map(drop).expect_err("it fails"),
        ] {
            assert_eq!((error.rank(), error.message()), (Some(list[root]), "no file"), "{what}");
        }
        assert_eq!(one.try_map(|&value| Ok(value + 1)).expect("mapped").local(), [3 * here + 1]);
    }
}

/// Values stay between calls, each group has its own, and functions find them.
pub(crate) fn storage(context: &Context) {
    let (one, two) = (context.all_ranks().expect("a group"), context.all_ranks().expect("a group"));
    let here = context.comm().rank();
    one.storage().put("number", here);
    two.storage().put("number", -here);
    context.storage().put("calls", 0_u64);
    context.register("count", |context: &Context, by: u64| {
        context.storage().with("calls", |calls: &mut u64| *calls += by)?;
        Ok(Serde((context.storage().get::<u64>("calls")?, context.comm().rank())))
    });
    let other = context.clone();
    for call in 1..4_u64 {
        // Through another handle of the same context.
        let Serde(found) = other.call::<Serde<(u64, i32)>>("count", &2_u64).expect("a result");
        assert_eq!(found, (2 * call, here));
    }
    assert_eq!((one.clone().storage().get("number"), two.storage().get("number")), (Ok(here), Ok(-here)));
    assert_eq!(context.function_names(), ["count"]);
    let error = context.call::<i32>("other", &1).expect_err("no such function");
    assert_eq!(error.message(), r#"no function is named "other": the context has ["count"]"#);
    let error = context.call::<i32>("count", &1.5).expect_err("another type");
    assert!(error.message().starts_with("the caller gave float64, this rank expects "), "{error}");
    let error = context.call::<i32>("count", &1_u64).expect_err("another type");
    assert!(error.message().starts_with(r#"the function "count" gave (u64, i32), this rank expects int32"#), "{error}");
    context.storage().clear();
    assert!(context.storage().names().is_empty() && one.storage().contains("number"));
}
