//! One mistake at a time: sets that the oracle must refuse.

use dap_conformance::model::{DimDict, RankExport, Value};
use dap_conformance::oracle::{check_rank, check_set};

use super::{f8, maps, refused};

/// One process, one block of four, with one key changed.
fn block_with(key: &str, value: Value) -> [RankExport; 1] {
    let mut dict = DimDict::block(4, 1, 0, 0, 4).with("padding", [0, 0]).with("periodic", false);
    dict.set(key, value);
    [f8(&[4], vec![dict])]
}

#[test]
fn values_of_the_wrong_kind() {
    maps(&block_with("padding", Value::Ints(vec![2, 2])));
    maps(&block_with("colour", Value::Null));
    for (key, value, rule) in [
        ("dist_type", Value::Text("x".into()), "DAP202"),
        ("dist_type", Value::Int(1), "DAP202"),
        ("size", Value::Float(4.0), "DAP205"),
        ("size", Value::Bool(true), "DAP205"),
        ("size", Value::Null, "DAP212"),
        ("size", Value::Int(-4), "DAP206"),
        ("proc_grid_size", Value::Int(0), "DAP207"),
        ("proc_grid_rank", Value::Int(1), "DAP208"),
        ("proc_grid_rank", Value::Int(-1), "DAP208"),
        ("start", Value::Int(-1), "DAP302"),
        ("start", Value::Int(1), "DAP309"),
        ("stop", Value::Int(3), "DAP310"),
        ("stop", Value::Int(5), "DAP304"),
        ("stop", Value::Int(-1), "DAP303"),
        ("stop", Value::Int(i64::MAX), "DAP304"),
        ("padding", Value::Int(1), "DAP306"),
        ("padding", Value::Ints(vec![1]), "DAP306"),
        ("padding", Value::Ints(vec![0, -1]), "DAP307"),
        ("padding", Value::Ints(vec![3, 2]), "DAP308"),
        ("padding", Value::Ints(vec![i64::MAX, i64::MAX]), "DAP308"),
        ("periodic", Value::Int(1), "DAP211"),
    ] {
        refused(&block_with(key, value), rule);
    }
}

#[test]
fn keys_that_are_missing_or_twice() {
    for (key, rule) in [("dist_type", "DAP201"), ("size", "DAP204"), ("start", "DAP301"), ("stop", "DAP301")] {
        let mut set = block_with("colour", Value::Null);
        set[0].dim_data[0].remove(key);
        refused(&set, rule);
    }
    let mut set = block_with("size", Value::Int(4));
    set[0].dim_data[0].push("size", Value::Int(4));
    refused(&set, "DAP003");
    let mut set = block_with("size", Value::Int(4));
    set[0].extra.push(("rank".into(), Value::Int(0)));
    refused(&set, "DAP103");
}

#[test]
fn buffers() {
    let good = || f8(&[4], vec![DimDict::block(4, 1, 0, 0, 4)]);
    let with = |change: fn(&mut RankExport)| {
        let mut export = good();
        change(&mut export);
        [export]
    };
    maps(&with(|export| export.strides = Some(vec![-16])));
    refused(&with(|export| export.shape = vec![3]), "DAP305");
    refused(&with(|export| export.shape = vec![-4]), "DAP112");
    refused(&with(|export| export.shape = vec![i64::MAX]), "DAP116");
    refused(&with(|export| export.strides = Some(vec![8, 8])), "DAP113");
    refused(&with(|export| export.strides = Some(vec![i64::MIN])), "DAP118");
    // One element reaches nowhere.
    let one = f8(&[1], vec![DimDict::block(1, 1, 0, 0, 1)]);
    maps(&[one.with_strides(vec![i64::MIN])]);
    refused(&with(|export| export.dtype = "real".into()), "DAP114");
    maps(&with(|export| export.file = vec![("data".into(), "a.npy".into()), ("offset".into(), 8.into())]));
    refused(&with(|export| export.file = vec![("data".into(), 8.into())]), "DAP119");
    refused(&with(|export| export.file = vec![("offset".into(), "8".into())]), "DAP119");
    refused(&with(|export| export.file = vec![("offset".into(), (-1).into())]), "DAP119");
}

#[test]
fn versions() {
    let version = |text: &str| [block_with("size", Value::Int(4))[0].clone().with_version(text)];
    for good in ["0.9.0", "0.10.0", "0.10.7", "0.11.0"] {
        maps(&version(good));
    }
    // Compatible versions may be mixed, 0.9 and 0.10 may not.
    let rank = |r, version: &str| f8(&[2], vec![DimDict::block(4, 2, r, 2 * r, 2 * r + 2)]).with_version(version);
    maps(&[rank(0, "0.10.0"), rank(1, "0.11.3")]);
    refused(&[rank(0, "0.10.0"), rank(1, "0.9.0")], "DAP610");
    for (bad, rule) in
        [("", "DAP104"), ("0.10", "DAP104"), ("0.10.x", "DAP104"), ("0.8.0", "DAP105"), ("1.0.0", "DAP105")]
    {
        refused(&version(bad), rule);
    }
}

#[test]
fn what_only_all_ranks_together_show() {
    let rank = |r, start, stop| f8(&[stop - start], vec![DimDict::block(10, 2, r, start, stop)]);
    refused(&[rank(0, 0, 4), rank(1, 5, 10)], "DAP612");
    refused(&[rank(0, 0, 6), rank(1, 5, 10)], "DAP612");
    refused(&[rank(0, 0, 5)], "DAP601");
    refused(&[rank(0, 0, 5), rank(0, 0, 5), rank(1, 5, 10)], "DAP603");
    refused(&[rank(1, 5, 10), rank(0, 0, 5)], "DAP604");
    refused(&[rank(0, 0, 5), rank(0, 0, 5)], "DAP604");
    let mut other = [rank(0, 0, 5), rank(1, 5, 10)];
    other[1].dtype = "<f4".into();
    refused(&other, "DAP609");
    other[1] = f8(&[5, 1], vec![DimDict::block(10, 2, 1, 5, 10), DimDict::empty()]);
    refused(&other, "DAP605");
    let padded = |r, start, stop, padding: [i64; 2]| {
        f8(&[stop - start], vec![DimDict::block(10, 2, r, start, stop).with("padding", padding)])
    };
    maps(&[padded(0, 0, 6, [0, 1]), padded(1, 4, 10, [1, 0])]);
    refused(&[padded(0, 0, 7, [0, 2]), padded(1, 4, 10, [1, 0])], "DAP613");
    refused(&[padded(0, 0, 9, [0, 1]), padded(1, 8, 10, [1, 0])], "DAP612");
    // Both widths are 3, but the right process owns 2.
    refused(&[padded(0, 0, 11, [0, 3]), padded(1, 5, 10, [3, 0])], "DAP304");
    let three = |r, start, stop, padding: [i64; 2]| {
        f8(&[stop - start], vec![DimDict::block(9, 3, r, start, stop).with("padding", padding)])
    };
    refused(&[three(0, 0, 6, [0, 2]), three(1, 2, 5, [2, 0]), three(2, 5, 9, [0, 0])], "DAP614");
}

#[test]
fn lists_of_indices() {
    let rank = |r, size, indices: &[i64], flag: bool| {
        let dict = DimDict::unstructured(size, 2, r, indices.to_vec()).with("one_to_one", flag);
        f8(&[indices.len() as i64], vec![dict])
    };
    maps(&[rank(0, 4, &[-7, 3], true), rank(1, 4, &[90, 0], true)]);
    // Held twice: size counts both copies or one.
    maps(&[rank(0, 4, &[1, 3], false), rank(1, 4, &[3, 0], false)]);
    maps(&[rank(0, 3, &[1, 3], false), rank(1, 3, &[3, 0], false)]);
    refused(&[rank(0, 5, &[1, 3], false), rank(1, 5, &[3, 0], false)], "DAP620");
    refused(&[rank(0, 5, &[1, 3], true), rank(1, 5, &[2, 0], true)], "DAP620");
    refused(&[rank(0, 4, &[1, 3], true), rank(1, 4, &[3, 0], true)], "DAP619");
    refused(&[rank(0, 4, &[1, 3], true), rank(1, 4, &[2, 0], false)], "DAP618");
    refused(&[rank(0, 4, &[1, 1], false), rank(1, 4, &[3, 0], false)], "DAP503");
}

#[test]
fn what_cannot_be_enumerated_is_left_open() {
    let mut vast = f8(&[i64::MAX], vec![DimDict::empty()]);
    vast.dtype = "|u1".into();
    let verdict = check_set(&[vast.clone()]);
    assert!(verdict.too_large && !verdict.valid && verdict.reasons.is_empty());
    // An empty buffer is not too large, however long its other extents are.
    let empty = check_set(&[f8(&[0, i64::MAX], vec![DimDict::empty(), DimDict::empty()])]);
    assert!(empty.too_large && empty.reasons.is_empty());
    // A reason decides in spite of that.
    vast.extra.push(("rank".into(), Value::Null));
    let verdict = check_set(&[vast]);
    assert!(!verdict.too_large && !verdict.reasons.is_empty());
}

#[test]
fn one_rank_by_itself() {
    let export = f8(&[3], vec![DimDict::block(10, 3, 1, 4, 7).with("padding", [1, 1])]);
    let verdict = check_rank(&export);
    assert!(verdict.valid);
    assert_eq!(verdict.sections[0].iter().filter(|place| place.is_owned()).count(), 1);
    let reasons = check_set(&[export]).reasons;
    assert_eq!(reasons[0].rule, "DAP601");
}
