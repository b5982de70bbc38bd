//! `plan --machine`: predicted times beside messages and bytes, and files that describe no machine.

use serde_json::Value;

use crate::files::Files;
use crate::snapshots::assert_snapshot;

/// Two ranks a host; a message takes 10 us on a node and 100 us between hosts.
const SLOW: &str = r#"{"ranks_per_node": 2, "node_latency": 1e-5, "network_latency": 1e-4,
    "node_bandwidth": 1e6, "network_bandwidth": 1e5, "memory_bandwidth": 1e6}"#;

fn arrays(test: &str) -> Files {
    let files = Files::new(test).with("slow.json", SLOW).with("default.json", "{}");
    for (name, recipe) in [
        ("rows", "--shape 16,16 --grid 4,1"),
        ("columns", "--shape 16,16 --grid 1,4"),
        ("flat", "--shape 256 --grid 4 --dist c:8"),
        ("padded", "--shape 16,16 --grid 4,1 --halo 1"),
        ("alone", "--shape 16,16 --grid 1,1"),
    ] {
        let output = format!("{name}.ndjson");
        let args: Vec<&str> = ["gen", "-o", &output].into_iter().chain(recipe.split(' ')).collect();
        assert_eq!(files.run(&args).code, 0, "{name}");
    }
    files
}

const PLANS: [&str; 5] = [
    "rows.ndjson columns.ndjson --machine slow.json",
    "rows.ndjson columns.ndjson --machine default.json",
    "flat.ndjson rows.ndjson --reshape --machine slow.json",
    "padded.ndjson --halo --machine slow.json",
    "alone.ndjson --halo --machine slow.json",
];

#[test]
fn in_words() {
    let files = arrays("machine-words");
    let mut shown = String::new();
    for args in PLANS {
        let outcome = files.run(&["plan"].into_iter().chain(args.split(' ')).collect::<Vec<_>>());
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{args}");
        shown += &format!("$ dap-validate plan {args}\n{}\n", outcome.stdout);
    }
    assert_snapshot("plan-machine", &shown);
}

fn json_of(files: &Files, args: &str) -> Value {
    let outcome =
        files.run(&["plan", "--output-format", "json"].into_iter().chain(args.split(' ')).collect::<Vec<_>>());
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{args}");
    serde_json::from_str(&outcome.stdout).unwrap()
}

fn close(value: &Value, expected: f64) -> bool {
    value.as_f64().is_some_and(|found| (found - expected).abs() <= 1e-12)
}

#[test]
fn as_json() {
    let files = arrays("machine-json");
    let predicted = &json_of(&files, PLANS[0])["predicted"];
    // Each rank sends three messages of 16 doubles: one on its node, two to the other host, whose
    // link carries four of them; two ranks of a host keep 16 doubles each.
    assert!(close(&predicted["latency"], 1e-5 + 2e-4), "{predicted}");
    assert!(close(&predicted["node"], 128.0 / 1e6), "{predicted}");
    assert!(close(&predicted["network"], 4.0 * 128.0 / 1e5), "{predicted}");
    assert!(close(&predicted["memory"], 2.0 * 2.0 * 128.0 / 1e6), "{predicted}");
    assert!(close(&predicted["seconds"], 2.1e-4 + 1.28e-4 + 5.12e-3 + 5.12e-4), "{predicted}");
    assert_eq!((&predicted["limit"], &predicted["by_rank"]), (&"network".into(), &true.into()));
    assert_eq!(predicted["machine"]["operations"], 2e10);
    // A row of 16 doubles to each neighbour: one on the node, one on the other host.
    let predicted = &json_of(&files, PLANS[3])["predicted"];
    assert!(close(&predicted["seconds"], 1.1e-4 + 1.28e-4 + 1.28e-3), "{predicted}");
    assert_eq!(json_of(&files, PLANS[4])["predicted"]["limit"], "nothing");
    assert_eq!(json_of(&files, "rows.ndjson columns.ndjson").get("predicted"), None);
    assert_eq!(json_of(&files, "padded.ndjson --halo").get("predicted"), None);
}

#[test]
fn files_that_describe_no_machine() {
    let files = arrays("machine-refused")
        .with("typo", r#"{"latency": 1}"#)
        .with("list", "[]")
        .with("large", " ".repeat(70_000))
        .with("escape", "{\"\\u001b[31m\": 1}");
    for (args, words) in [
        ("--machine missing", "missing: the machine cannot be read"),
        ("--machine typo", "typo: a machine has no key \"latency\"; its keys are node_latency"),
        ("--machine list", "list: a machine is a JSON object"),
        ("--machine large", "large: the machine has more than 65536 bytes"),
        ("--machine escape", "a machine has no key"),
        ("--machine slow.json --rank 1", "cannot be used with"),
    ] {
        for plan in ["plan rows.ndjson columns.ndjson", "plan padded.ndjson --halo"] {
            let outcome = files.run(&plan.split(' ').chain(args.split(' ')).collect::<Vec<_>>());
            assert_eq!(outcome.code, 2, "{plan} {args}");
            assert!(outcome.stderr.contains(words), "{}", outcome.stderr);
            assert!(!outcome.stderr.contains('\u{1b}'), "{}", outcome.stderr);
        }
    }
}
