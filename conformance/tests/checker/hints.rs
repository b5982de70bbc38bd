//! The notes of a finding: a known cause is named if it is the cause, and not otherwise.

use dap_core::check::Report;
use dap_core::finding::Finding;
use dap_core::rules::Severity;

/// An export of one-dimensional data.
fn export(extent: i64, dict: &str) -> String {
    format!(
        r#"{{"__version__": "0.10.0", "buffer": {{"dtype": "<f8", "shape": [{extent}]}}, "dim_data": [{{{dict}}}]}}"#
    )
}

/// The common keys: `size`, `proc_grid_size` and `proc_grid_rank`.
fn common([size, grid_size, grid_rank]: [i64; 3]) -> String {
    format!(r#""size": {size}, "proc_grid_size": {grid_size}, "proc_grid_rank": {grid_rank}"#)
}

fn block(place: [i64; 3], extent: i64, start: i64, stop: i64, more: &str) -> String {
    let place = common(place);
    export(extent, &format!(r#""dist_type": "b", {place}, "start": {start}, "stop": {stop}{more}"#))
}

fn cyclic(place: [i64; 3], extent: i64, start: i64, block_size: i64) -> String {
    let place = common(place);
    export(extent, &format!(r#""dist_type": "c", {place}, "start": {start}, "block_size": {block_size}"#))
}

fn check(texts: &[String]) -> Report {
    let report = super::check(texts.iter().map(String::as_bytes));
    super::assert_filled(&report);
    report
}

/// Rules and notes of the findings, advice aside: `DAP305 wrap, DAP612 sum`.
fn found(texts: &[String]) -> String {
    let report = check(texts);
    let said = |finding: &Finding| {
        let notes: Vec<&str> = finding.notes.iter().copied().collect();
        [finding.rule.to_string()]
            .into_iter()
            .chain(notes.iter().map(ToString::to_string))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let findings = report.diagnostics.iter().map(|diagnostic| &diagnostic.finding);
    findings.filter(|finding| finding.rule().severity > Severity::Info).map(said).collect::<Vec<_>>().join(", ")
}

/// A rank of several by itself: findings across ranks are left out.
fn alone(text: String) -> String {
    let report = check(&[text]);
    let local = report.diagnostics.iter().filter(|d| !d.finding.rule.to_string().starts_with("DAP6"));
    let said = |finding: &Finding| {
        let notes = finding.notes.iter().map(|note| (*note).to_owned());
        std::iter::once(finding.rule.to_string()).chain(notes).collect::<Vec<_>>().join(" ")
    };
    local.map(|diagnostic| said(&diagnostic.finding)).collect::<Vec<_>>().join(", ")
}

#[test]
fn bounds_of_a_block() {
    let first = |start, stop, more| alone(block([10, 2, 0], 6, start, stop, more));
    assert_eq!(first(-1, 5, r#", "padding": [1, 0]"#), "DAP302 halo");
    assert_eq!(first(-1, 5, r#", "padding": [0, 1]"#), "DAP302");
    assert_eq!(first(-1, 5, ""), "DAP302");
    assert_eq!(alone(block([10, 2, 1], 6, -1, 5, r#", "padding": [1, 0]"#)), "DAP302");
    assert_eq!(first(3, 2, ""), "DAP303");
    assert_eq!(alone(block([10, 2, 1], 6, 5, 11, "")), "DAP304 inclusive");
    assert_eq!(alone(block([10, 2, 1], 7, 5, 12, "")), "DAP304");
    assert_eq!(alone(block([0, 1, 0], 1, 0, 1, "")), "DAP304");
}

#[test]
fn extents_of_a_block() {
    let first = |extent, more| alone(block([10, 2, 0], extent, 0, 5, more));
    let last = |extent, more| alone(block([10, 2, 1], extent, 5, 10, more));
    assert_eq!(first(6, ""), "DAP305 inclusive");
    assert_eq!(first(4, ""), "DAP305");
    assert_eq!(first(7, ""), "DAP305");
    assert_eq!(first(6, r#", "padding": [0, 1]"#), "DAP305 unpadded");
    assert_eq!(first(8, r#", "padding": [1, 2]"#), "DAP305 unpadded");
    assert_eq!(first(7, r#", "padding": [0, 1]"#), "DAP305");
    // A halo that wraps, beside bounds that do not include it.
    assert_eq!(first(6, r#", "padding": [1, 1], "periodic": true"#), "DAP305 wrap");
    assert_eq!(last(6, r#", "padding": [1, 1], "periodic": true"#), "DAP305 wrap");
    assert_eq!(last(7, r#", "padding": [1, 1], "periodic": true"#), "DAP305 unpadded");
    assert_eq!(first(6, r#", "padding": [1, 1]"#), "DAP305");
    assert_eq!(first(6, r#", "padding": [0, 1], "periodic": true"#), "DAP305 unpadded");
    assert_eq!(alone(block([10, 3, 1], 3, 4, 6, r#", "padding": [1, 0], "periodic": true"#)), "DAP305 unpadded");
    let both = alone(block([5, 1, 0], 7, 0, 5, r#", "padding": [1, 1], "periodic": true"#));
    assert_eq!(both, "DAP305 wrap");
}

#[test]
fn grid_ranks_and_types() {
    let place = |grid_rank| alone(block([10, 2, grid_rank], 5, 0, 5, ""));
    assert_eq!(place(2), "DAP208 one-based");
    assert_eq!(place(3), "DAP208");
    assert_eq!(place(-1), "DAP208");
    let range = |grid_size, grid_rank| {
        let report = check(&[block([5, grid_size, grid_rank], 5, 0, 5, "")]);
        let out_of_range = report.diagnostics.iter().find(|d| d.finding.rule.to_string() == "DAP208");
        out_of_range.map(|diagnostic| diagnostic.finding.message()).unwrap_or_default()
    };
    assert!(range(1, 1).contains("be 0"), "{}", range(1, 1));
    assert!(range(2, 2).contains("lie in 0 to 1"), "{}", range(2, 2));
    let dict = |dict: &str| {
        let report = check(&[export(5, dict)]);
        let finding = &report.diagnostics[0].finding;
        format!("{} {}", finding.rule, finding.place.pointer())
    };
    let common = common([5, 1, 0]);
    assert_eq!(dict(&common), "DAP201 /dim_data/0");
    assert_eq!(dict(&format!(r#""dist_type": null, {common}"#)), "DAP212 /dim_data/0/dist_type");
    assert_eq!(dict(&format!(r#""dist_type": "x", {common}"#)), "DAP202 /dim_data/0/dist_type");
}

#[test]
fn numbers_and_booleans() {
    let size = |value: &str| {
        alone(export(
            5,
            &format!(
                r#""dist_type": "b", "size": {value}, "proc_grid_size": 1, "proc_grid_rank": 0, "start": 0, "stop": 5"#
            ),
        ))
    };
    assert_eq!(size("5.0"), "DAP205 whole");
    assert_eq!(size("5e0"), "DAP205 whole");
    assert_eq!(size("5.5"), "DAP205");
    assert_eq!(size("\"5\""), "DAP205");
    assert_eq!(size("true"), "DAP205");
    let periodic = |value: &str| alone(block([5, 1, 0], 5, 0, 5, &format!(r#", "periodic": {value}"#)));
    assert_eq!(periodic("1"), "DAP211 number");
    assert_eq!(periodic("0"), "DAP211 number");
    assert_eq!(periodic("2"), "DAP211");
    let boolean = |value: &str| {
        let report = check(&[block([5, 1, 0], 5, 0, 5, &format!(r#", "periodic": {value}"#))]);
        report.diagnostics[0].finding.notes().collect::<String>()
    };
    assert_eq!([boolean("1"), boolean("0")], ["1 is a number: write true", "0 is a number: write false"]);
    let padding = |value: &str| alone(block([5, 1, 0], 5, 0, 5, &format!(r#", "padding": {value}"#)));
    assert_eq!(padding("1"), "DAP306 scalar");
    assert_eq!(padding("[1]"), "DAP306");
    assert_eq!(padding("null"), "DAP212");
    assert_eq!(padding("[1, 99999999999999999999]"), "DAP004");
    assert_eq!(padding("[1, 1.5]"), "DAP306");
}

#[test]
fn cyclic_causes() {
    let cyclic = |place, extent, start, block_size| alone(cyclic(place, extent, start, block_size));
    // 7 in blocks of 2 on 2 processes: full blocks 0, 2 and 1, the partial block to grid rank 1;
    // DistArray gives it to 0.
    assert_eq!(cyclic([7, 2, 0], 5, 0, 2), "DAP404 distarray-partial-block");
    assert_eq!(cyclic([7, 2, 1], 2, 2, 2), "DAP404 distarray-partial-block");
    assert_eq!(cyclic([7, 2, 1], 4, 2, 2), "DAP404");
    assert_eq!(cyclic([7, 2, 0], 7, 0, 2), "DAP404 owned-stop");
    assert_eq!(cyclic([7, 1, 0], 6, 0, 2), "DAP404");
    assert_eq!(cyclic([11, 3, 2], 2, 4, 2), "DAP404 distarray-partial-block");
    assert_eq!(cyclic([7, 2, 1], 3, 3, 2), "DAP405 one-based");
    assert_eq!(cyclic([7, 2, 0], 4, 1, 2), "DAP405 one-based");
    assert_eq!(cyclic([7, 2, 1], 3, 5, 2), "DAP405");
    assert_eq!(cyclic([7, 2, 1], 3, 4, 2), "DAP406");
    // `size` stands for the start of an empty section only if there are fewer blocks than
    // processes.
    assert_eq!(cyclic([5, 4, 3], 0, 5, 2), "");
    assert_eq!(cyclic([5, 3, 2], 1, 5, 2), "DAP405 one-based");
    assert_eq!(cyclic([6, 4, 3], 0, 6, 2), "");
    assert_eq!(cyclic([6, 3, 2], 2, 6, 2), "DAP406");
}

#[test]
fn one_block_size_for_all() {
    let differs = [cyclic([8, 2, 0], 4, 0, 2), cyclic([8, 2, 1], 4, 2, 3)];
    assert_eq!(found(&differs), "DAP615");
    let beyond = [cyclic([8, 2, 0], 4, 0, 2), cyclic([8, 2, 1], 4, 2, 1)];
    assert_eq!(found(&beyond), "DAP615");
    let agreed = [cyclic([8, 2, 0], 4, 0, 2), cyclic([8, 2, 1], 4, 3, 2)];
    assert_eq!(found(&agreed), "DAP405 one-based");
    // The two equal ranks are right, wherever the different one is.
    let first = [cyclic([8, 3, 0], 3, 1, 3), cyclic([8, 3, 1], 2, 2, 2), cyclic([8, 3, 2], 2, 4, 2)];
    let report = check(&first);
    let ranks: Vec<String> = report.diagnostics.iter().map(|d| format!("{} {}", d.finding.rule, d.ranks)).collect();
    assert_eq!(ranks, ["DAP615 0"]);
}

#[test]
fn the_size_of_a_part_given_as_size() {
    let parts = |size| [block([size, 2, 0], 5, 0, 5, ""), block([size, 2, 1], 5, 0, 5, "")];
    assert_eq!(found(&parts(5)), "DAP612 local-size sum");
    let shifted = [block([6, 2, 0], 5, 0, 5, ""), block([6, 2, 1], 5, 1, 6, "")];
    assert_eq!(found(&shifted), "DAP612 sum");
    // A gap and an overlap that cancel: the sum has no error.
    let even = [block([9, 3, 0], 4, 0, 4, ""), block([9, 3, 1], 2, 3, 5, ""), block([9, 3, 2], 3, 6, 9, "")];
    assert_eq!(found(&even), "DAP612");
}

#[test]
fn bounds_beside_their_padding() {
    let client =
        [block([10, 2, 0], 5, 0, 5, r#", "padding": [0, 1]"#), block([10, 2, 1], 5, 5, 10, r#", "padding": [1, 0]"#)];
    assert_eq!(found(&client), "DAP612 distarray-client sum");
    let gap =
        [block([10, 2, 0], 5, 0, 5, r#", "padding": [0, 1]"#), block([10, 2, 1], 4, 6, 10, r#", "padding": [1, 0]"#)];
    assert_eq!(found(&gap), "DAP612 sum");
    let plain = [block([10, 2, 0], 5, 0, 5, ""), block([10, 2, 1], 4, 6, 10, "")];
    assert_eq!(found(&plain), "DAP612 sum");
}

/// Texts with the ranks of their file names.
fn numbered(ranks: &[(i64, String)]) -> Vec<String> {
    use dap_core::check::{Checker, Profile, Ranks};
    let mut checker = Checker::new(Profile::Auto);
    for (rank, text) in ranks {
        let local = checker.local(&dap_core::json::read(text.as_bytes()));
        checker.push(Some(dap_core::index::Rank(*rank)), local);
    }
    let report = checker.finish(Ranks::All);
    super::assert_filled(&report);
    let said = |finding: &Finding| format!("{} {}: {}", finding.rule, finding.notes.join(" "), finding.message());
    report.diagnostics.iter().map(|diagnostic| said(&diagnostic.finding)).collect()
}

#[test]
fn ranks_counted_from_1() {
    let block = |grid_rank| block([10, 2, grid_rank], 5, 5 * grid_rank, 5 * grid_rank + 5, "");
    let one_based = numbered(&[(1, block(0)), (2, block(1))]);
    assert_eq!(one_based, ["DAP603 one-based: 2 exports, up to rank 2; the process grid 2 has ranks 0 to 1"]);
    let single = numbered(&[(1, self::block([5, 1, 0], 5, 0, 5, ""))]);
    assert_eq!(single, ["DAP603 one-based: 1 export, up to rank 1; the process grid 1 has only rank 0"]);
    // Other causes: ranks of a larger communicator, one rank too many, coordinates that fit the
    // names.
    let rules =
        |said: Vec<String>| said.iter().map(|said| said.split(':').next().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(rules(numbered(&[(2, block(0)), (3, block(1))])), ["DAP603 sub-communicator"]);
    assert_eq!(rules(numbered(&[(0, block(0)), (1, block(1)), (2, block(1))])), ["DAP603 stray"]);
    assert_eq!(rules(numbered(&[(1, block(1)), (2, block(1))])), ["DAP601 ", "DAP603 stray"]);
    let replicated = numbered(&[(0, self::block([5, 1, 0], 5, 0, 5, "")), (1, self::block([5, 1, 0], 5, 0, 5, ""))]);
    assert_eq!(rules(replicated), ["DAP603 replicated"]);
}

#[test]
fn files_of_an_earlier_run() {
    let of = |size: i64, grid_rank| {
        let width = 12 / size;
        block([12, size, grid_rank], width, width * grid_rank, width * (grid_rank + 1), "")
    };
    let stale = [of(2, 0), of(2, 1), of(4, 2), of(4, 3)];
    assert_eq!(found(&stale), "DAP607 stale");
    let within = [of(2, 0), of(4, 1)];
    assert_eq!(found(&within), "DAP607");
    // Two ranks state each value, and the first value is taken; rank 0 cannot be left over from
    // another run.
    let first = [of(4, 0), of(2, 1), of(2, 1)];
    assert_eq!(found(&first), "DAP607");
}

#[test]
fn strides_in_items() {
    let buffer = |dtype: &str, shape: &str, strides: &str| {
        let dims = vec!["{}"; shape.matches(',').count() + 1].join(", ");
        alone(format!(
            r#"{{"__version__": "0.10.0", "buffer": {{"dtype": "{dtype}", "shape": [{shape}], "strides": [{strides}]}}, "dim_data": [{dims}]}}"#
        ))
    };
    assert_eq!(buffer("<f8", "3, 4", "4, 1"), "DAP903 items");
    assert_eq!(buffer("<f8", "3, 4", "1, 3"), "DAP903 items");
    assert_eq!(buffer("<f8", "5", "1"), "DAP903 items");
    assert_eq!(buffer("<f8", "3, 4", "32, 8"), "");
    assert_eq!(buffer("<f8", "3, 4", "0, 8"), "DAP903");
    assert_eq!(buffer("<f8", "3, 4", "0, 1"), "DAP903");
    assert_eq!(buffer("<f8", "3, 4", "8, 4"), "DAP903");
    assert_eq!(buffer("|u1", "3, 4", "4, 1"), "");
    assert_eq!(buffer("|u1", "3, 4", "0, 1"), "DAP903");
    assert_eq!(buffer("<f8", "1, 4", "0, 8"), "");
}

#[test]
fn documents_that_are_no_dictionary() {
    let said = |text: &str| alone(text.to_owned());
    let one = export(5, "");
    assert_eq!(said(&format!("[{one}]")), "DAP101 list");
    assert_eq!(said(&format!("[\n  {one}, {one}\n]")), "DAP101 list");
    assert_eq!(said("[]"), "DAP101");
    assert_eq!(said("[1, {}]"), "DAP101");
    assert_eq!(said("3"), "DAP101");
    assert_eq!(said(&format!("{one:?}")), "DAP101 encoded");
    assert_eq!(said(r#"" {\"a\": 1}""#), "DAP101 encoded");
    assert_eq!(said(r#""__version__""#), "DAP101");
}

#[test]
fn a_missing_version_is_said_once() {
    let texts = |version: &str| {
        let block = |grid_rank: i64, start: i64, stop: i64, extent| {
            block([12, 3, grid_rank], extent, start, stop, r#", "padding": [1, 1]"#)
                .replace("\"__version__\": \"0.10.0\", ", version)
        };
        // Bounds that abut, communication padding beside them: version 0.9.
        [block(0, 0, 4, 5), block(1, 4, 8, 6), block(2, 8, 12, 5)]
    };
    assert_eq!(found(&texts("")), "DAP102 looks-0.9");
    assert_eq!(found(&texts("\"__version__\": \"0.9\", ")), "DAP104 looks-0.9");
    // The note about version 0.9 is the only finding.
    assert!(check(&texts("\"__version__\": \"0.9.0\", ")).is_valid());
    let new = |grid_rank, start, stop| block([10, 2, grid_rank], stop - start, start, stop, r#", "padding": [1, 1]"#);
    let new = [new(0, 0, 6), new(1, 4, 10)].map(|text| text.replace("\"__version__\": \"0.10.0\", ", ""));
    assert_eq!(found(&new), "DAP102");
    let one_of_two = [block([10, 2, 0], 5, 0, 5, ""), block([10, 2, 1], 5, 5, 10, "").replace("\"0.10.0\"", "null")];
    assert_eq!(found(&one_of_two), "DAP104");
}

#[test]
fn undistributed_in_0_9() {
    let whole = |dist_type: &str, more: &str| {
        let place = common([6, 1, 0]);
        export(6, &format!(r#""dist_type": "{dist_type}", {place}{more}"#)).replace("0.10.0", "0.9.0")
    };
    let bounds = r#", "start": 0, "stop": 6"#;
    assert_eq!(found(&[whole("n", "")]), "");
    assert_eq!(found(&[whole("n", r#", "padding": [4, 4]"#)]), "DAP308");
    // Two forms describe the same indices, and DAP demands one form; beside them is another
    // dimension on two processes.
    let with = |first: String, rank: i64| {
        let place = common([4, 2, rank]);
        let second = format!(r#"{{"dist_type": "b", {place}, "start": {}, "stop": {}}}"#, 2 * rank, 2 * rank + 2);
        first.replace("[6]", "[6, 2]").replace("}]}", &format!("}}, {second}]}}"))
    };
    assert_eq!(found(&[with(whole("n", ""), 0), with(whole("n", ""), 1)]), "");
    assert_eq!(found(&[with(whole("n", ""), 0), with(whole("b", bounds), 1)]), "DAP608");
}

#[test]
fn what_differs_on_one_grid_rank() {
    let rank = |row: i64, extent: i64, size: i64, keys: &str| {
        let (rows, columns) = (common([4, 2, row]), common([size, 3, 1]));
        let (start, stop) = (2 * row, 2 * row + 2);
        export(2, &format!(r#""dist_type": "b", {rows}, "start": {start}, "stop": {stop}"#))
            .replace("[2]", &format!("[2, {extent}]"))
            .replace("}]}", &format!("}}, {{{columns}, {keys}}}]}}"))
    };
    let said = |size: i64, first: (i64, &str), second: (i64, &str)| {
        let report = check(&[rank(0, first.0, size, first.1), rank(1, second.0, size, second.1)]);
        let mut found = report.diagnostics.iter().filter(|d| d.finding.rule.to_string() == "DAP611");
        let said = found.next().map(|diagnostic| diagnostic.finding.message()).unwrap_or_default();
        assert!(found.next().is_none());
        said
    };
    let block = (4, r#""dist_type": "b", "start": 4, "stop": 8"#);
    let cyclic = (4, r#""dist_type": "c", "start": 1"#);
    let listed = (2, r#""dist_type": "u", "indices": [1, 2]"#);
    for (size, first, second, differs) in [
        (12, block, (5, r#""dist_type": "b", "start": 3, "stop": 8"#), "`start` 3 here, 4 on"),
        (12, block, (5, r#""dist_type": "b", "start": 4, "stop": 9"#), "`stop` 9 here, 8 on"),
        (
            12,
            block,
            (4, r#""dist_type": "b", "start": 4, "stop": 8, "padding": [1, 1]"#),
            "`padding` [1, 1] here, [0, 0] on",
        ),
        (12, cyclic, (4, r#""dist_type": "c", "start": 2, "block_size": 2"#), "`block_size` 2 here, 1 on"),
        (12, cyclic, (4, r#""dist_type": "c", "start": 0"#), "`start` 0 here, 1 on"),
        (
            6,
            listed,
            (2, r#""dist_type": "u", "indices": [1, 5]"#),
            "`indices` with 5 at position 1 here, with 2 at position 1 on",
        ),
        (6, listed, (3, r#""dist_type": "u", "indices": [1, 2, 3]"#), "`indices` of 3 items here, of 2 items on"),
        (
            6,
            listed,
            (2, r#""dist_type": "u", "indices": [1, 2], "one_to_one": true"#),
            "`one_to_one` true here, false on",
        ),
    ] {
        let said = said(size, first, second);
        assert!(said.contains(differs), "{said}");
    }
}

#[test]
fn negative_labels() {
    let listed = |indices: &str, extent: i64| {
        let place = common([extent, 1, 0]);
        alone(export(extent, &format!(r#""dist_type": "u", {place}, "indices": {indices}"#)))
    };
    assert_eq!(listed("[-1, 0]", 2), "DAP505 from-end");
    assert_eq!(listed("[-1, -3]", 2), "DAP505 from-end");
    assert_eq!(listed("[3, 0]", 2), "");
}

#[test]
fn dimensions_beyond_what_a_buffer_has() {
    let said = |dims: usize, extent: i64| {
        let shape = vec![extent.to_string(); dims].join(", ");
        let dims = vec!["{}"; dims].join(", ");
        let report = check(&[format!(
            r#"{{"__version__": "0.10.0", "buffer": {{"dtype": "|u1", "shape": [{shape}]}}, "dim_data": [{dims}]}}"#
        )]);
        report.diagnostics.iter().map(|diagnostic| diagnostic.finding.message()).collect::<Vec<_>>()
    };
    assert!(said(64, 1).is_empty(), "{:?}", said(64, 1));
    assert!(said(65, 1)[0].contains("has 65 dimensions; a buffer has at most 64"), "{:?}", said(65, 1));
}

#[test]
fn a_text_that_breaks_off_says_nothing_of_what_is_missing() {
    use dap_core::check::{Checker, Profile};
    use dap_core::export::Export;
    let checker = Checker::new(Profile::Auto);
    assert!(checker.local(&Export::default()).findings().is_empty());
    assert_eq!(checker.local(&Export { complete: true, ..Export::default() }).findings().len(), 3);
}

#[test]
fn ranks_of_other_communicators() {
    let of = |size: i64, grid_rank| {
        let width = 12 / size;
        block([12, size, grid_rank], width, width * grid_rank, width * (grid_rank + 1), "")
    };
    let rules =
        |said: Vec<String>| said.iter().map(|said| said.split(':').next().unwrap().to_owned()).collect::<Vec<_>>();
    let said = |ranks: &[(i64, i64)], size| {
        rules(numbered(&ranks.iter().map(|(rank, grid_rank)| (*rank, of(size, *grid_rank))).collect::<Vec<_>>()))
    };
    assert_eq!(said(&[(1, 0), (3, 1)], 2), ["DAP603 sub-communicator"]);
    assert_eq!(said(&[(0, 0), (3, 1), (7, 2)], 3), ["DAP603 sub-communicator"]);
    assert_eq!(said(&[(0, 0), (1, 1), (2, 0), (3, 1)], 2), ["DAP603 sub-communicators"]);
    // In another order, or not all of them.
    assert_eq!(said(&[(2, 1), (3, 0)], 2), ["DAP601 ", "DAP603 stray"]);
    assert_eq!(said(&[(2, 0), (3, 1)], 3)[0], "DAP601 ");
}

#[test]
fn the_order_of_names_sorted_as_text() {
    let ranks = |order: &[i64]| -> Vec<String> {
        let processes = order.len() as i64;
        order.iter().map(|at| block([2 * processes, processes, *at], 2, 2 * at, 2 * at + 2, "")).collect()
    };
    let as_text = |from: i64, count: i64| {
        let mut numbers: Vec<i64> = (from..from + count).collect();
        numbers.sort_by_key(ToString::to_string);
        numbers.into_iter().map(|number| number - from).collect::<Vec<_>>()
    };
    assert_eq!(found(&ranks(&as_text(0, 12))), "DAP604 text-order");
    assert_eq!(found(&ranks(&as_text(1, 12))), "DAP604 text-order");
    assert_eq!(found(&ranks(&as_text(0, 101))), "DAP604 text-order");
    let mut other = as_text(0, 12);
    other.swap(10, 11);
    assert_eq!(found(&ranks(&other)), "DAP604 permuted");
}

#[test]
fn counted_from_1() {
    // The last index is included, or not.
    let inclusive = [block([10, 2, 0], 5, 1, 5, ""), block([10, 2, 1], 5, 6, 10, "")];
    assert_eq!(found(&inclusive).split(", DAP612").next(), Some("DAP309 one-based, DAP305 one-based"));
    let exclusive = [block([10, 2, 0], 5, 1, 6, ""), block([10, 2, 1], 5, 6, 11, "")];
    assert_eq!(found(&exclusive), "DAP309 one-based, DAP304 one-based");
    let from_0 = [block([10, 2, 0], 5, 0, 4, ""), block([10, 2, 1], 5, 5, 9, "")];
    assert!(found(&from_0).starts_with("DAP305 inclusive"), "{}", found(&from_0));
    let grid_ranks = [1, 2, 3].map(|at| block([12, 3, at], 4, 4 * at - 4, 4 * at, ""));
    assert_eq!(found(&grid_ranks), "DAP208 one-based");
    let shifted = [cyclic([6, 3, 0], 2, 1, 1), cyclic([6, 3, 1], 2, 2, 1), cyclic([6, 3, 2], 2, 3, 1)];
    assert_eq!(found(&shifted), "DAP406 one-based");
    let listed = |size: i64, lists: &[&str]| {
        let of = |(rank, list): (usize, &&str)| {
            let place = common([size, lists.len() as i64, rank as i64]);
            let extent = list.split(',').count() as i64;
            export(extent, &format!(r#""dist_type": "u", {place}, "indices": [{list}]"#))
        };
        let report = check(&lists.iter().enumerate().map(of).collect::<Vec<_>>());
        super::rules(&report, Severity::Hint).join(" ")
    };
    assert_eq!(listed(6, &["1, 2, 3", "4, 5, 6"]), "DAP907");
    assert_eq!(listed(6, &["6, 2, 4", "1, 5, 3"]), "DAP907");
    assert_eq!(listed(6, &["0, 1, 2", "5, 3, 4"]), "");
    assert_eq!(listed(6, &["0, 1, 2", "4, 5, 6"]), "");
    assert_eq!(listed(6, &["1, 2, 3", "5, 6, 7"]), "");
    // A block only if all ranges form one.
    assert_eq!(listed(6, &["0, 1, 2", "3, 4, 5"]), "DAP904");
    assert_eq!(listed(6, &["3, 4, 5", "0, 1, 2"]), "");
}

#[test]
fn ghosts_that_are_not_declared() {
    let blocks = |extents: &[i64], bounds: &[i64]| {
        let processes = extents.len() as i64;
        let size = bounds[bounds.len() - 1];
        let of =
            |(at, extent): (usize, &i64)| block([size, processes, at as i64], *extent, bounds[at], bounds[at + 1], "");
        let report = check(&extents.iter().enumerate().map(of).collect::<Vec<_>>());
        let finding = &report.diagnostics[0].finding;
        let width = finding.values.iter().find(|(name, _)| *name == "width").map(|(_, value)| value.to_string());
        format!("{} {} {}", finding.rule, finding.notes.join(" "), width.unwrap_or_default())
    };
    let bounds = [0, 4, 8, 12];
    assert_eq!(blocks(&[5, 6, 5], &bounds), "DAP305 ghosts 1");
    assert_eq!(blocks(&[6, 8, 6], &bounds), "DAP305 ghosts 2");
    assert_eq!(blocks(&[6, 6, 6], &bounds), "DAP305 ghosts-outside 1");
    assert_eq!(blocks(&[5, 5], &[0, 4, 8]), "DAP305 ghosts 1");
    assert_eq!(blocks(&[6, 7, 5], &bounds), "DAP305  ");
    // The bounds do not meet: an inclusive `stop`.
    assert_eq!(blocks(&[5, 6, 5], &[0, 5, 9, 13]).split(' ').next(), Some("DAP305"));
}
