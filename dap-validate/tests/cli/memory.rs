//! `show` and `diff` say how buffers lie in memory.

use crate::files::{Files, block};

/// Two ranks with 3 rows of 4 columns each; strides as given for each.
fn array(strides: [&str; 2]) -> String {
    let export = |rank: i64, strides: &str| {
        let strides = if strides.is_empty() { String::new() } else { format!(r#", "strides": {strides}"#) };
        let dims = [block(6, 2, rank, 3 * rank, 3 * rank + 3), block(4, 1, 0, 0, 4)].join(", ");
        format!(
            r#"{{"__version__": "0.10.0", "buffer": {{"dtype": "<f8", "shape": [3, 4]{strides}}}, "dim_data": [{dims}]}}"#
        )
    };
    format!("{}\n{}\n", export(0, strides[0]), export(1, strides[1]))
}

#[test]
fn orders() {
    let files = Files::new("memory-orders");
    for (strides, expected) in [
        (["", ""], "C order"),
        (["[32, 8]", "[32, 8]"], "C order"),
        (["[8, 24]", "[8, 24]"], "Fortran order"),
        (["[40, 8]", "[40, 8]"], "strided"),
        (["[32, 8]", "[8, 24]"], "C order, Fortran order on rank 1"),
        (["[8, 24]", ""], "Fortran order, C order on rank 1"),
        (["[32, 8]", "[-32, 8]"], "C order, strided on rank 1"),
    ] {
        let shown = files.run_with_input(&["show", "-"], &array(strides));
        assert!(shown.stdout.contains(&format!("\n  memory     {expected}\n")), "{strides:?}: {}", shown.stdout);
    }
    // Of an incomplete array and of an invalid one as well.
    let text = array(["[8, 24]", "[8, 24]"]);
    let first = text.lines().next().unwrap();
    for (args, text) in [
        (&["show", "-", "--partial"][..], first.to_owned()),
        (&["show", "-"], text.replace("\"start\": 3", "\"start\": 2")),
    ] {
        let shown = files.run_with_input(args, &text);
        assert!(shown.stdout.contains("\n  memory     Fortran order\n"), "{args:?}: {}", shown.stdout);
    }
    let one = crate::files::valid().join("\n");
    assert!(files.run_with_input(&["show", "-"], &one).stdout.contains("\n  memory     contiguous\n"));
}

#[test]
fn of_many_ranks_the_first_are_read() {
    let lines: Vec<String> =
        (0..100).map(|r| crate::files::export("[2]", &block(200, 100, r, 2 * r, 2 * r + 2))).collect();
    let shown = Files::new("memory-many").run_with_input(&["show", "-"], &lines.join("\n"));
    assert!(shown.stdout.contains("\n  memory     contiguous (of the first 64 ranks)\n"), "{}", shown.stdout);
}

#[test]
fn arrays_that_differ_in_their_order_only() {
    let files =
        Files::new("memory-diff").with("c.ndjson", array(["", ""])).with("f.ndjson", array(["[8, 24]", "[8, 24]"]));
    let diff = files.run(&["diff", "c.ndjson", "f.ndjson"]);
    assert_eq!(diff.code, 0);
    let lines: Vec<&str> = diff.stdout.lines().collect();
    assert!(lines[0].ends_with("; C order") && lines[1].ends_with("; Fortran order"), "{}", diff.stdout);
    assert_eq!(lines[3], "equal, in other orders in memory");
    let json = files.run(&["diff", "c.ndjson", "f.ndjson", "--output-format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((&json["a"]["memory"], &json["b"]["memory"]), (&"C order".into(), &"Fortran order".into()));
    assert!(files.run(&["diff", "c.ndjson", "c.ndjson"]).stdout.ends_with("\nequal\n"));
}
