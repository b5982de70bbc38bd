//! `plan --halo` and `plan --ranges`: the messages, element by element, beside what `map` says of
//! each place.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::files::{Files, valid};
use crate::snapshots::assert_snapshot;

/// An element of a message: its global index, the ranks of sender and receiver, and its places in
/// their buffers.
type Moved = (Vec<i64>, i64, Vec<i64>, i64, Vec<i64>);

fn numbers(value: &Value) -> Vec<i64> {
    value.as_array().unwrap().iter().map(|number| number.as_i64().unwrap()).collect()
}

fn json_of(files: &Files, args: &[&str]) -> Value {
    let outcome = files.run(&[args, &["--output-format", "json"]].concat());
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{args:?}");
    serde_json::from_str(&outcome.stdout).unwrap()
}

fn arrays(test: &str, recipes: &[(&str, &str)]) -> Files {
    let files = Files::new(test);
    for (name, recipe) in recipes {
        let args: Vec<&str> = ["gen", "-o", name].into_iter().chain(recipe.split(' ')).collect();
        let outcome = files.run(&args);
        assert_eq!(outcome.code, 0, "{name}: {}", outcome.stderr);
    }
    files
}

fn sliced(value: &Value) -> Vec<i64> {
    let [start, stop, step] = numbers(value)[..] else { panic!("{value}") };
    (start..stop).step_by(step as usize).collect()
}

/// The elements of a box: the products of a piece of each dimension.
fn elements(part: &Value, source: i64, target: i64) -> Vec<Moved> {
    let mut all = vec![(Vec::new(), Vec::new(), Vec::new())];
    for pieces in part["dims"].as_array().unwrap() {
        let mut along = Vec::new();
        for piece in pieces.as_array().unwrap() {
            let [global, source, target] = ["global", "source", "target"].map(|side| sliced(&piece[side]));
            assert_eq!((global.len(), global.len()), (source.len(), target.len()), "{piece}");
            along.extend(global.into_iter().zip(source).zip(target));
        }
        let longer = |(global, source, target): &(Vec<i64>, Vec<i64>, Vec<i64>)| {
            let with = |list: &[i64], next: i64| [list, &[next]].concat();
            along.iter().map(|((g, s), t)| (with(global, *g), with(source, *s), with(target, *t))).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(longer).collect();
    }
    assert_eq!(all.len() as i64, part["elements"].as_i64().unwrap());
    all.into_iter().map(|(global, from, to)| (global, source, from, target, to)).collect()
}

/// All places of each rank's buffer, as `map` answers.
fn places(files: &Files, array: &str) -> Vec<Value> {
    let shown = json_of(files, &["show", array]);
    let mut answers = Vec::new();
    for rank in shown["arrays"][0]["distribution"]["ranks"].as_array().unwrap() {
        let longer = |all: Vec<String>, extent: i64| {
            all.iter().flat_map(|index| (0..extent).map(move |at| format!("{index},{at}"))).collect()
        };
        let all: Vec<String> = numbers(&rank["local_shape"]).into_iter().fold(vec![String::new()], longer);
        if all.is_empty() {
            continue;
        }
        let locals: Vec<String> = all.iter().map(|index| format!("--local={}", &index[1..])).collect();
        let number = rank["rank"].to_string();
        let args =
            [&["map", array, "--rank", &number][..], &locals.iter().map(String::as_str).collect::<Vec<_>>()].concat();
        for mut answer in json_of(files, &args).as_array().unwrap().clone() {
            answer["asked"] = json!(rank["rank"]);
            answers.push(answer);
        }
    }
    answers
}

#[test]
fn each_padding_element_comes_from_its_owner() {
    let recipes = [
        ("line", "--shape 9 --grid 3 --halo 1"),
        ("square", "--shape 7,9 --grid 2,3 --halo 1"),
        ("wide", "--shape 8,8 --grid 2,2 --halo 2"),
        ("cube", "--shape 4,5,6 --grid 2,1,2 --halo 1"),
        ("mixed", "--shape 8,10 --grid 2,2 --dist b,c:2 --halo 1"),
        ("listed", "--shape 8,6 --grid 2,2 --dist b,u --halo 1 --seed 4"),
        ("none", "--shape 8,6 --grid 2,2"),
    ];
    let files = arrays("halo-elements", &recipes);
    for (name, _) in recipes {
        let mut expected: BTreeSet<Moved> = BTreeSet::new();
        for answer in places(&files, name) {
            if answer["kind"] == "communication" {
                let owner = &answer["owner"];
                expected.insert((
                    numbers(&answer["global"]),
                    owner["rank"].as_i64().unwrap(),
                    numbers(&owner["local"]),
                    answer["asked"].as_i64().unwrap(),
                    numbers(&answer["local"]),
                ));
            }
        }
        assert_eq!(expected.is_empty(), name == "none");
        let halo = json_of(&files, &["plan", name, "--halo", "--ranges"]);
        let mut found: BTreeSet<Moved> = BTreeSet::new();
        for message in halo["messages"].as_array().unwrap() {
            let (source, target) = (message["source"].as_i64().unwrap(), message["target"].as_i64().unwrap());
            let mut count = 0;
            for part in message["boxes"].as_array().unwrap() {
                for element in elements(part, source, target) {
                    assert!(found.insert(element.clone()), "{name}: {element:?} is sent twice");
                    count += 1;
                }
            }
            assert_eq!((&message["elements"], &message["bytes"]), (&json!(count), &json!(8 * count)), "{name}");
        }
        assert_eq!(found, expected, "{name}");
        assert_eq!(halo["moved"], expected.len());
        assert_eq!(halo["message_count"], halo["messages"].as_array().unwrap().len());

        let star = json_of(&files, &["plan", name, "--halo", "--stencil", "star"]);
        assert_eq!((&star["moved"], &star["faces"]), (&halo["faces"], &halo["faces"]), "{name}");
        // The parts of all ranks are all messages, each seen from both ends.
        let ranks = json_of(&files, &["show", name])["arrays"][0]["distribution"]["processes"].as_i64().unwrap();
        let parts = (0..ranks).flat_map(|rank| {
            let part = json_of(&files, &["plan", name, "--halo", "--ranges", "--rank", &rank.to_string()]);
            part["messages"].as_array().unwrap().clone()
        });
        let text = |message: &Value| message.to_string();
        let mut parts: Vec<String> = parts.map(|message| text(&message)).collect();
        let mut twice: Vec<String> =
            halo["messages"].as_array().unwrap().iter().flat_map(|one| [text(one), text(one)]).collect();
        parts.sort();
        twice.sort();
        assert_eq!(parts, twice, "{name}");
    }
}

#[test]
fn each_moved_element_is_at_both_its_places() {
    let recipes = [
        ("rows", "--shape 12,6 --grid 3,1"),
        ("squares", "--shape 12,6 --grid 2,2 --halo 1"),
        ("cyclic", "--shape 12,6 --grid 2,3 --dist c:2,c"),
        ("listed", "--shape 12,6 --grid 2,2 --dist u,b --seed 2"),
    ];
    let files = arrays("plan-ranges", &recipes);
    for (a, _) in recipes {
        for (b, _) in recipes {
            let owned = |array: &str| -> Vec<(Vec<i64>, i64, Vec<i64>)> {
                let owned = places(&files, array).into_iter().filter(|answer| answer["kind"] == "owned");
                owned
                    .map(|answer| {
                        (numbers(&answer["global"]), answer["asked"].as_i64().unwrap(), numbers(&answer["local"]))
                    })
                    .collect()
            };
            let (from, to) = (owned(a), owned(b));
            let expected: BTreeSet<Moved> = from
                .iter()
                .flat_map(|(global, source, place)| {
                    let target = to.iter().find(|(other, ..)| other == global).unwrap();
                    (*source != target.1).then(|| (global.clone(), *source, place.clone(), target.1, target.2.clone()))
                })
                .collect();
            for (side, is_source) in [("sends", true), ("receives", false)] {
                let mut found: BTreeSet<Moved> = BTreeSet::new();
                for rank in 0..6_i64 {
                    let outcome =
                        files.run(&["plan", a, b, "--ranges", "--rank", &rank.to_string(), "--output-format", "json"]);
                    if outcome.code == 2 {
                        assert!(outcome.stderr.contains("there is no rank"), "{}", outcome.stderr);
                        continue;
                    }
                    let part: Value = serde_json::from_str(&outcome.stdout).unwrap();
                    for message in part[side]["ranges"].as_array().into_iter().flatten() {
                        let peer = message["rank"].as_i64().unwrap();
                        let (source, target) = if is_source { (rank, peer) } else { (peer, rank) };
                        for element in elements(message, source, target) {
                            assert!(found.insert(element), "{a} to {b}");
                        }
                    }
                }
                assert_eq!(found, expected, "{a} to {b}, {side}");
            }
        }
    }
}

#[test]
fn in_words() {
    let files = arrays(
        "halo-words",
        &[
            ("squares", "--shape 7,9 --grid 2,2 --halo 1"),
            ("ring", "--shape 12 --grid 3 --boundary 1,1 --periodic 0 --halo 1"),
            ("one", "--shape 12 --grid 1 --boundary 1,1 --periodic 0"),
            ("plain", "--shape 12 --grid 4"),
            ("many", "--shape 100,100 --grid 10,10 --halo 2"),
            ("rows", "--shape 7,9 --grid 3,1"),
        ],
    );
    let mut shown = String::new();
    for args in [
        "squares --halo",
        "squares --halo --ranges --rank 0",
        "squares --halo --stencil star --rank 3",
        "ring --halo --ranges",
        "one --halo",
        "plain --halo",
        "many --halo",
        "squares rows --rank 1 --ranges",
    ] {
        let outcome = files.run(&["plan"].into_iter().chain(args.split(' ')).collect::<Vec<_>>());
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{args}");
        assert!(outcome.stdout.lines().all(|line| line.chars().count() <= 90), "{}", outcome.stdout);
        shown += &format!("$ dap-validate plan {args}\n{}\n", outcome.stdout);
    }
    assert_snapshot("plan-halo", &shown);
}

#[test]
fn options_that_do_not_fit() {
    let files = Files::new("halo-refused").with("a", valid().join("\n"));
    for (args, words) in [
        ("a a --halo", "cannot be used with"),
        ("a", "<B>"),
        ("a --halo --rank 2", "there is no rank 2; ranks are 0 to 1"),
        ("a --halo --rank -1", "there is no rank -1"),
        ("a --halo --reshape", "cannot be used with"),
        ("a a --stencil star", "--halo"),
        ("a a --ranges", "name it with --rank"),
        ("a a --ranges --rank 0 --reshape", "cannot be used with"),
    ] {
        let outcome = files.run(&["plan"].into_iter().chain(args.split(' ')).collect::<Vec<_>>());
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{args}");
        assert!(outcome.stderr.contains(words), "{args}: {}", outcome.stderr);
    }
}

/// A huge block costs what a small one does.
#[test]
fn cost_does_not_grow_with_the_array() {
    let files = arrays("halo-huge", &[("huge", "--shape 1000000000,1000000000 --grid 2,2 --halo 3")]);
    let halo = json_of(&files, &["plan", "huge", "--halo", "--ranges"]);
    assert_eq!(halo["faces"], 4 * 2 * 3 * 500_000_000_i64);
    assert_eq!(halo["moved"].as_i64().unwrap() - halo["faces"].as_i64().unwrap(), 4 * 9);
}
