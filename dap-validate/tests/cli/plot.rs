//! `plot`, and `show --svg`: where pictures go, and the exit codes.

use crate::files::{Files, block, examples, export, run, valid};

fn array(test: &str) -> Files {
    Files::new(test).with("a.ndjson", valid().join("\n"))
}

#[test]
fn svg_goes_to_standard_output() {
    let outcome = array("plot-stdout").run(&["plot", "a.ndjson"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    let document = roxmltree::Document::parse(&outcome.stdout).unwrap();
    let ranks: Vec<_> = document.descendants().filter_map(|node| node.attribute("data-owned")).collect();
    assert_eq!(ranks, ["5", "5"]);
}

#[test]
fn the_name_of_the_file_says_the_format() {
    let files = array("plot-files");
    assert_eq!(files.run(&["plot", "a.ndjson", "-o", "a.svg"]).code, 0);
    assert!(files.read("a.svg").starts_with("<svg "));
    if cfg!(feature = "png") {
        let outcome = files.run(&["plot", "a.ndjson", "-o", "a.png", "--width", "400", "--theme", "dark"]);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (0, ""));
    }
    let outcome = files.run(&["plot", "a.ndjson", "-o", "a.gif"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("`a.gif` does not end in"), "{}", outcome.stderr);
}

#[test]
fn a_wrong_array_is_drawn_and_the_exit_code_says_so() {
    let [first, second] = valid();
    let files =
        Files::new("plot-wrong").with("a.ndjson", first + "\n" + &second.replace("\"start\": 5", "\"start\": 6"));
    let outcome = files.run(&["plot", "a.ndjson"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stdout.contains("data-gap") && outcome.stdout.contains("DAP612"), "{}", outcome.stdout);
    let outcome = Files::new("plot-junk").with("a.ndjson", "{}").run(&["plot", "a.ndjson"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stdout.contains("Nothing could be read"), "{}", outcome.stdout);
}

#[test]
fn slices() {
    let dim = |size| block(size, 1, 0, 0, size);
    let files = Files::new("plot-slice").with("a.ndjson", export("[2, 3, 4]", &[dim(2), dim(3), dim(4)].join(", ")));
    let outcome = files.run(&["plot", "a.ndjson", "--slice", "1,:,:"]);
    assert_eq!(outcome.code, 0);
    assert!(outcome.stdout.contains("data-dims=\"1,2\" data-slice=\"1, :, :\""), "{}", outcome.stdout);
    let outcome = files.run(&["plot", "a.ndjson", "--slice", "2,:,:"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("dimension 0 has no index 2"), "{}", outcome.stderr);
    assert_eq!(files.run(&["plot", "a.ndjson", "--slice", "x,:,:"]).code, 2);
}

#[test]
fn one_picture_is_of_one_array() {
    let outcome = run(&examples(), &["plot", "distarray-p4-b-5", "dnpy-p2-u-7"], "");
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("several: distarray-p4-b-5, dnpy-p2-u-7"), "{}", outcome.stderr);
}

#[test]
fn show_can_draw_as_well() {
    let files = array("show-svg");
    let outcome = files.run(&["show", "a.ndjson", "--svg", "a.svg"]);
    assert_eq!(outcome.code, 0);
    assert!(outcome.stdout.contains("block"), "{}", outcome.stdout);
    let plotted = files.run(&["plot", "a.ndjson"]);
    assert_eq!(files.read("a.svg"), plotted.stdout);
    let outcome = run(&examples(), &["show", "distarray-p4-b-5", "dnpy-p2-u-7", "--svg", "/dev/null"], "");
    assert_eq!(outcome.code, 2);
}

#[test]
fn every_example_can_be_drawn() {
    let mut drawn = 0;
    for entry in std::fs::read_dir(examples()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let outcome = run(&examples(), &["plot", path.to_str().unwrap()], "");
            assert!(outcome.code < 2, "{}: {}", path.display(), outcome.stderr);
            roxmltree::Document::parse(&outcome.stdout).unwrap();
            drawn += 1;
        }
    }
    assert!(drawn > 30, "{drawn}");
}
