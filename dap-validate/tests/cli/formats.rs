//! The formats for programs and pages: that they can be read by what reads them, whatever was
//! found, and that they stay the same.

use std::collections::BTreeSet;

use dap_core::rules::{Rule, Scope};
use serde_json::Value;

use crate::files::{Files, block, export, pretty, valid};
use crate::snapshots::assert_snapshot;

const FORMATS: [&str; 6] = ["json-lines", "github", "sarif", "junit", "markdown", "html"];

/// The examples of all rule pages, and findings that are in no text: a set for each.
pub(crate) fn everything(test: &str) -> (Files, Vec<String>) {
    let mut files = Files::new(test).with("empty/readme.txt", "").with("run/rank-1.json", &valid()[1]);
    let mut paths = vec!["empty".to_owned(), "run".to_owned()];
    for rule in Rule::all().iter().filter(|rule| rule.scope != Scope::Struct) {
        let example = rule.page.split("## Example").nth(1).unwrap_or_default();
        let Some((language, text)) = example.split("```").nth(1).and_then(|block| block.split_once('\n')) else {
            continue;
        };
        let ending = if language == "ndjson" { "ndjson" } else { "json" };
        // An array of its own each, whose file would otherwise be one with its neighbours.
        let path = format!("{}/rank-0.{ending}", rule.id);
        files = files.with(&path, text);
        paths.push(if ending == "json" { rule.id.to_string() } else { path });
    }
    (files, paths)
}

/// What `check` writes about paths in a format; there are findings.
pub(crate) fn check(files: &Files, paths: &[String], format: &str) -> String {
    let args = ["check", "--profile", "strict", "--output-format", format].map(str::to_owned);
    let args: Vec<&str> = args.iter().chain(paths).map(String::as_str).collect();
    let outcome = files.run(&args);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""), "{format}");
    outcome.stdout
}

pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// A gap between the second and the third of four blocks.
pub(crate) fn gap(test: &str) -> Files {
    let rank = |rank, start: i64, stop: i64| {
        let dim = block(12, 4, rank, start, stop);
        let keys: Vec<(String, String)> =
            json(&dim).as_object().unwrap().iter().map(|(key, value)| (key.clone(), value.to_string())).collect();
        let keys: Vec<(&str, &str)> = keys.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        pretty(&format!("[{}]", stop - start), &keys)
    };
    Files::new(test)
        .with("run/rank-0.json", rank(0, 0, 3))
        .with("run/rank-1.json", rank(1, 3, 6))
        .with("run/rank-2.json", rank(2, 7, 9))
        .with("run/rank-3.json", rank(3, 9, 12))
}

#[test]
fn snapshots() {
    let files = gap("formats-gap");
    for format in FORMATS {
        let text = check(&files, &["run".to_owned()], format);
        let text = if format == "html" { crate::html::without_style_and_script(&text) } else { text };
        assert_snapshot(&format!("gap-{format}"), &text.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    }
}

#[test]
fn the_same_bytes_every_time() {
    let (files, paths) = everything("formats-same");
    for format in FORMATS {
        assert_eq!(check(&files, &paths, format), check(&files, &paths, format), "{format}");
    }
}

#[test]
fn json_lines_are_the_report_in_pieces() {
    let (files, paths) = everything("formats-lines");
    let report = json(&check(&files, &paths, "json"));
    let text = check(&files, &paths, "json-lines");
    let mut lines: Vec<Value> = text.lines().map(json).collect();
    let mut last = lines.pop().unwrap();
    assert_eq!(last["kind"].take(), "summary");
    for key in ["version", "summary", "info"] {
        assert_eq!(last[key], report[key]);
    }
    let diagnostics = report["diagnostics"].as_array().unwrap();
    assert_eq!(lines.len(), diagnostics.len());
    for (line, diagnostic) in lines.iter_mut().zip(diagnostics) {
        assert_eq!(line.as_object_mut().unwrap().remove("kind"), Some("diagnostic".into()));
        assert_eq!(line, diagnostic);
    }
}

#[test]
fn sarif_has_a_place_for_every_finding() {
    let (files, paths) = everything("formats-sarif");
    let report = json(&check(&files, &paths, "json"));
    let sarif = json(&check(&files, &paths, "sarif"));
    assert_eq!(sarif["version"], "2.1.0");
    assert!(sarif["$schema"].as_str().unwrap().ends_with("sarif-2.1.0.json"));
    let run = &sarif["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "dap-validate");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: BTreeSet<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), rules.len());
    assert!(ids.len() > 80, "nearly every rule is among the examples: {ids:?}");
    for rule in rules {
        for text in ["shortDescription", "fullDescription", "help"] {
            assert!(!rule[text]["text"].as_str().unwrap().trim().is_empty(), "{rule}");
        }
        assert!(["error", "warning", "note"].contains(&rule["defaultConfiguration"]["level"].as_str().unwrap()));
    }
    let results = run["results"].as_array().unwrap();
    let diagnostics = report["diagnostics"].as_array().unwrap();
    assert_eq!(results.len(), diagnostics.len());
    let mut fingerprints = BTreeSet::new();
    let mut whole = 0;
    for (result, diagnostic) in results.iter().zip(diagnostics) {
        assert_eq!(rules[result["ruleIndex"].as_u64().unwrap() as usize]["id"], result["ruleId"]);
        assert_eq!(result["ruleId"], diagnostic["rule"]);
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let [location] = result["locations"].as_array().unwrap().as_slice() else { panic!("{result}") };
        let physical = &location["physicalLocation"];
        let uri = physical["artifactLocation"]["uri"].as_str().unwrap();
        assert_eq!(uri, diagnostic["file"].as_str().unwrap(), "these names need no encoding");
        let region = &physical["region"];
        let (line, column) = (&diagnostic["line"], &diagnostic["column"]);
        whole += usize::from(line.is_null());
        let or_one = |number: &Value| number.as_u64().unwrap_or(1);
        assert_eq!(region["startLine"].as_u64(), Some(or_one(line)));
        assert_eq!(region["startColumn"].as_u64(), Some(or_one(column)));
        assert!(region["endColumn"].as_u64().is_none_or(|end| end > or_one(column)), "{result}");
        assert_eq!(
            result["relatedLocations"].as_array().map_or(0, Vec::len),
            diagnostic["related"].as_array().unwrap().len()
        );
        assert!(fingerprints.insert(result["partialFingerprints"]["place/v1"].as_str().unwrap()), "{result}");
    }
    assert!(whole > 1, "some findings are in no text");
}

#[test]
fn sarif_of_standard_input_and_of_nothing() {
    let files = Files::new("formats-stdin");
    let sarif = |input: &str| json(&files.run_with_input(&["check", "-", "--output-format", "sarif"], input).stdout);
    let of_broken = sarif("[1]\n");
    let location = &of_broken["runs"][0]["results"][0]["locations"][0];
    assert_eq!(location["physicalLocation"]["artifactLocation"]["uri"], "stdin");
    let of_valid = sarif(&valid().join("\n"));
    assert_eq!(of_valid["runs"][0]["results"], Value::Array(Vec::new()));
    assert_eq!(of_valid["runs"][0]["tool"]["driver"]["rules"], Value::Array(Vec::new()));
}

#[test]
fn junit_counts_arrays() {
    let (files, paths) = everything("formats-junit");
    let report = json(&check(&files, &paths, "json"));
    let text = check(&files, &paths, "junit");
    let document = roxmltree::Document::parse(&text).unwrap();
    let root = document.root_element();
    let suites: Vec<_> = root.children().filter(|node| node.has_tag_name("testsuite")).collect();
    let sets = report["info"]["sets"].as_array().unwrap();
    assert_eq!(suites.len(), sets.len());
    assert_eq!(root.attribute("tests"), Some(sets.len().to_string().as_str()));
    let mut failed = 0;
    for (suite, set) in suites.iter().zip(sets) {
        assert_eq!(suite.attribute("name"), set["name"].as_str());
        let cases: Vec<_> = suite.children().filter(|node| node.is_element()).collect();
        assert_eq!((cases.len(), cases[0].attribute("name")), (1, set["name"].as_str()));
        let failures: Vec<_> = cases[0].children().filter(|node| node.has_tag_name("failure")).collect();
        assert_eq!(failures.len(), usize::from(!set["valid"].as_bool().unwrap()));
        assert_eq!(suite.attribute("failures"), Some(failures.len().to_string().as_str()));
        failed += failures.len();
    }
    assert!(failed > 50, "{failed}");
    assert_eq!(root.attribute("failures"), Some(failed.to_string().as_str()));
}

#[test]
fn junit_fails_at_the_threshold() {
    let files = Files::new("formats-threshold")
        .with("a.json", export("[10]", &block(10, 1, 0, 0, 10)).replace("0.10.0", "0.9.0"));
    let failures = |threshold| {
        let text = files.run(&["check", "a.json", "--fail-on", threshold, "--output-format", "junit"]).stdout;
        let document = roxmltree::Document::parse(&text).unwrap();
        let failure = document.descendants().find(|node| node.has_tag_name("failure"));
        failure.and_then(|node| node.attribute("type")).map(str::to_owned)
    };
    assert_eq!(failures("error"), None);
    assert_eq!(failures("info").as_deref(), Some("DAP902"));
}

#[test]
fn github_has_a_command_for_every_finding() {
    let (files, paths) = everything("formats-github");
    let report = json(&check(&files, &paths, "json"));
    let text = check(&files, &paths, "github");
    let (commands, last): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with("::"));
    let diagnostics = report["diagnostics"].as_array().unwrap();
    assert_eq!(commands.len(), diagnostics.len());
    for (command, diagnostic) in commands.iter().zip(diagnostics) {
        let kind = match diagnostic["severity"].as_str().unwrap() {
            "info" | "hint" => "notice",
            severity => severity,
        };
        assert!(command.starts_with(&format!("::{kind} file={}", diagnostic["file"].as_str().unwrap())), "{command}");
        assert!(command.contains(&format!(
            "title={} {}::",
            diagnostic["rule"].as_str().unwrap(),
            diagnostic["name"].as_str().unwrap()
        )));
    }
    assert!(matches!(last.as_slice(), [line] if line.starts_with("checked ")), "{last:?}");
}

#[test]
fn markdown_is_bounded() {
    let paths: Vec<String> = (0..150).map(|i| format!("{i:03}/rank-0.json")).collect();
    let mut files = Files::new("formats-many");
    for path in &paths {
        files = files.with(path, "[1]");
    }
    let directories: Vec<String> = paths.iter().map(|path| path[..3].to_owned()).collect();
    let text = check(&files, &directories, "markdown");
    assert!(text.starts_with("## dap-validate: 150 arrays, 150 invalid\n"), "{text}");
    assert_eq!(text.lines().filter(|line| line.starts_with("| `")).count(), 100);
    assert!(text.contains("... and 50 more arrays."), "{text}");
    assert_eq!(text.matches("**error DAP101").count(), 50);
    assert_eq!(text.matches("\n### ").count(), 50);
    assert!(text.ends_with("\n... and 100 more findings.\n"), "{text}");
    assert!(text.len() < 65_536, "{}", text.len());
}

/// Names and keys that are markup somewhere.
#[test]
fn nothing_in_a_file_is_markup() {
    let name = "a,b:c%25 <&\"'>|`x`\u{1b}[31m\n::error::\u{ffff}[x](y).json";
    let dim = block(10, 1, 0, 0, 10)
        .replace('}', r#", "]]><b>&{0}|`@all`[x](http://y)%0A::error::\u001b[31m\nline": 1, "\uffff": 2}"#);
    let files = Files::new("formats-markup").with(name, export("[9]", &dim));
    let of = |format| check(&files, &[name.to_owned()], format);

    let github = of("github");
    assert_eq!(github.lines().count(), 4, "three findings and a summary: {github}");
    assert!(github.lines().all(|line| line.starts_with("::") || line.starts_with("checked")), "{github}");
    assert!(github.contains("file=a%2Cb%3Ac%2525 <"), "{github}");

    let sarif = json(&of("sarif"));
    let result = &sarif["runs"][0]["results"][0];
    let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
    assert!(uri.starts_with("a%2Cb%3Ac%2525%20%3C"), "{uri}");
    assert!(uri.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"%-._~".contains(&byte)), "{uri}");
    let messages =
        sarif["runs"][0]["results"].as_array().unwrap().iter().map(|result| result["message"]["text"].as_str());
    let text: String = messages.flatten().collect();
    assert!(text.contains("{{0}}") && !text.contains("](http"), "{text}");

    let junit = of("junit");
    let document = roxmltree::Document::parse(&junit).unwrap();
    let suite = document.root_element().first_element_child().unwrap();
    assert!(suite.attribute("name").unwrap().starts_with("a,b:c%25 <&\"'>|`x`\\u{1b}[31m\\n::error::"), "{junit}");

    let markdown = of("markdown");
    for text in [&github, &junit, &markdown] {
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    }
    // Outside of code there is no tag, mention or link.
    let table = markdown.lines().find(|line| line.starts_with("| ``")).unwrap();
    assert_eq!(table.replace("\\|", "").matches('|').count(), 5, "{table}");
    assert!(markdown.contains("@<!-- -->all") || markdown.contains("`@all`"), "{markdown}");
}
