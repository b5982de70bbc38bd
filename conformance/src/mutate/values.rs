//! The values that replace a value.

use crate::model::{DimDict, RankExport, Value};

/// Keys that a dictionary may lack, each with values that a producer might add.
fn additions() -> Vec<(&'static str, Value)> {
    vec![
        ("dist_type", "b".into()),
        ("size", 3.into()),
        ("proc_grid_size", 1.into()),
        ("proc_grid_rank", 0.into()),
        ("start", 0.into()),
        ("stop", 3.into()),
        ("padding", [0, 0].into()),
        ("padding", [1, 0].into()),
        ("padding", [0, 1].into()),
        ("padding", [1, 1].into()),
        ("periodic", true.into()),
        ("periodic", false.into()),
        ("block_size", 1.into()),
        ("block_size", 2.into()),
        ("indices", vec![0, 1].into()),
        ("one_to_one", true.into()),
        ("one_to_one", false.into()),
        ("colour", "blue".into()),
        ("Size", 1.into()),
    ]
}

/// Every change of one key of a dictionary; nothing as the value drops the key.
pub(super) fn changes(dict: &DimDict) -> Vec<(String, Option<Value>)> {
    let mut found = Vec::new();
    for (key, value) in dict.entries() {
        found.push((key.clone(), None));
        found.extend(replacements(key, value).into_iter().map(|to| (key.clone(), Some(to))));
    }
    for (key, value) in additions() {
        if dict.get(key).is_none() {
            found.push((key.into(), Some(value)));
        }
    }
    found
}

fn replacements(key: &str, value: &Value) -> Vec<Value> {
    let mut found: Vec<Value> = match value {
        Value::Int(v) => integers(*v).into_iter().map(Value::Int).collect(),
        Value::Bool(v) => vec![Value::Bool(!v)],
        Value::Text(_) if key == "dist_type" => {
            ["b", "c", "u", "n", "B", "block", ""].into_iter().map(Value::from).collect()
        }
        Value::Ints(v) => lists(v),
        _ => Vec::new(),
    };
    let whole = match value {
        Value::Int(v) => *v,
        _ => 1,
    };
    found.extend([
        Value::Int(whole),
        Value::Float(whole as f64),
        Value::Float(0.5),
        Value::Bool(true),
        Value::Text(whole.to_string()),
        Value::Null,
        Value::Ints(vec![whole]),
        Value::Ints(Vec::new()),
        Value::List(vec![Value::Int(0), Value::Bool(true)]),
    ]);
    found.retain(|to| to != value);
    found
}

/// Other integers: adjacent, zero, negative, huge, doubled.
pub(super) fn integers(v: i64) -> Vec<i64> {
    let doubled = v.saturating_mul(2);
    let candidates =
        [v.saturating_add(1), v.saturating_sub(1), doubled, 0, 1, -1, i64::MAX, i64::MAX - 1, 1 << 40, i64::MIN];
    let mut found = Vec::new();
    for candidate in candidates {
        if candidate != v && !found.contains(&candidate) {
            found.push(candidate);
        }
    }
    found
}

/// Other lists of integers: one item changed, repeated, removed, inserted, moved.
fn lists(v: &[i64]) -> Vec<Value> {
    let mut found = Vec::new();
    let ends = if v.len() > 1 { vec![0, v.len() - 1] } else { (0..v.len()).collect() };
    for at in ends {
        for to in integers(v[at]) {
            let mut list = v.to_vec();
            list[at] = to;
            found.push(list);
        }
    }
    if let (Some(&first), Some(&last)) = (v.first(), v.last()) {
        let mut twice = v.to_vec();
        twice.push(first);
        found.push(twice.clone());
        twice.swap_remove(0);
        found.push(twice);
        found.push(v[1..].to_vec());
        let mut reversed = v.to_vec();
        reversed.reverse();
        found.push(reversed);
        found.push([v, &[last.saturating_add(1)][..]].concat());
    }
    found.retain(|list| list != v);
    let mut found: Vec<Value> = found.into_iter().map(Value::Ints).collect();
    let mixed = |item: Value| Value::List(v.iter().skip(1).map(|&i| Value::Int(i)).chain([item]).collect());
    found.extend([mixed(Value::Float(1.0)), mixed(Value::Null), mixed(Value::Ints(vec![1]))]);
    found
}

/// Keys about a data file: a name and an offset that can be used, and others.
pub(super) fn file() -> Vec<(&'static str, Value)> {
    let data = [Value::from("a.npy"), Value::from(""), Value::Int(8), Value::Null, Value::List(Vec::new())];
    let offset = [
        Value::Int(0),
        Value::Int(i64::MAX),
        Value::Int(-1),
        Value::Int(i64::MIN),
        "8".into(),
        true.into(),
        Value::Null,
    ];
    let offset = offset.into_iter().chain([Value::Float(8.0)]);
    data.map(|value| ("data", value)).into_iter().chain(offset.map(|value| ("offset", value))).collect()
}

/// Other strides: absent, one too many, one too few, zero, huge.
pub(super) fn strides(export: &RankExport) -> Vec<Option<Vec<i64>>> {
    let now = export.strides.clone().unwrap_or_else(|| vec![0; export.shape.len()]);
    let mut found = vec![None, Some([&now[..], &[8][..]].concat()), Some(vec![0; now.len()])];
    if !now.is_empty() {
        found.push(Some(now[1..].to_vec()));
        for huge in [i64::MAX, i64::MIN, 3] {
            found.push(Some([&[huge][..], &now[1..]].concat()));
        }
    }
    found.retain(|strides| *strides != export.strides);
    found
}
