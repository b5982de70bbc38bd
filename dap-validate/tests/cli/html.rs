//! The page: its structure, that nothing in it is loaded or run but its own, and its size. How it
//! behaves is tested in a browser (`tests/browser`).

use std::collections::BTreeSet;

use roxmltree::{Document, Node, ParsingOptions};

use crate::files::{Files, block, export};
use crate::formats::{check, everything, gap, json};

/// The page without what is the same in all pages.
pub(crate) fn without_style_and_script(page: &str) -> String {
    let mut rest = page.to_owned();
    for element in ["style", "script"] {
        let (open, close) = (format!("<{element}>"), format!("</{element}>"));
        if let Some((before, behind)) = rest.split_once(&open) {
            let (_, behind) = behind.split_once(&close).expect("it ends");
            rest = format!("{before}{open}{close}{behind}");
        }
    }
    // The policy holds the hash of the script.
    match rest.split_once("'sha256-").and_then(|(before, rest)| Some((before, rest.split_once('\'')?.1))) {
        Some((before, behind)) => format!("{before}'sha256-...'{behind}"),
        None => rest,
    }
}

/// Runs a test on the parsed page. Pages are XML but for their style and script, so whatever was
/// not escaped ends here.
fn parsed<T>(page: &str, test: impl Fn(&Document<'_>) -> T) -> T {
    let rest = without_style_and_script(page);
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    test(&Document::parse_with_options(&rest, options).unwrap_or_else(|error| panic!("{error}\n{rest}")))
}

fn elements<'a>(document: &'a Document<'a>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    document.descendants().filter(move |node| node.tag_name().name() == name)
}

/// Checks that nothing in a file adds an element, an address or a script to the page.
fn is_closed(document: &Document<'_>) {
    let allowed =
        ["html", "head", "meta", "title", "style", "body", "header", "nav", "main", "section", "article", "footer"]
            .into_iter()
            .chain([
                "h1", "h2", "h3", "h4", "p", "a", "code", "pre", "mark", "span", "em", "strong", "ul", "ol", "li",
                "dl", "dt", "dd",
            ])
            .chain(["table", "thead", "tbody", "tr", "th", "td", "div", "figure", "figcaption", "script"])
            .chain(["svg", "desc", "defs", "pattern", "g", "path", "text"]);
    let allowed: BTreeSet<&str> = allowed.collect();
    for node in document.descendants().filter(Node::is_element) {
        assert!(allowed.contains(node.tag_name().name()), "{:?}", node.tag_name());
        for attribute in node.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            assert!(!name.starts_with("on") && !["src", "style", "srcset", "action"].contains(&name), "{name}");
            assert!(name != "href" || value.starts_with('#'), "{value}");
            assert!(!value.contains("url(") || value.starts_with("url(#"), "{value}");
        }
    }
    for script in elements(document, "script").filter(|script| script.has_attribute("type")) {
        assert_eq!(script.attribute("type"), Some("application/json"));
        json(script.text().expect("numbers"));
    }
}

#[test]
fn a_page_shows_findings_and_rules() {
    let files = gap("html-gap");
    let page = check(&files, &["run".to_owned()], "html");
    parsed(&page, |document| {
        is_closed(document);
        assert_eq!(elements(document, "svg").count(), 1);
        assert_eq!(elements(document, "article").count(), 1);
        let text: String =
            elements(document, "article").flat_map(|node| node.descendants()).filter_map(|n| n.text()).collect();
        for part in ["no rank owns index 6", "run/rank-2.json:10:16", "/dim_data/0/start", "run/rank-1.json", "help"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let marked: Vec<_> = elements(document, "mark").filter_map(|node| node.text()).collect();
        assert_eq!(marked, ["7", "6"]);
        assert!(elements(document, "path").any(|path| path.has_attribute("data-gap")));
    });
}

#[test]
fn every_rule_has_its_text_once() {
    let (files, paths) = everything("html-everything");
    let report = json(&check(&files, &paths, "json"));
    let page = check(&files, &paths, "html");
    parsed(&page, |document| {
        is_closed(document);
        let ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
        let distinct: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), distinct.len(), "ids are not repeated");
        for link in elements(document, "a").filter_map(|node| node.attribute("href")) {
            assert!(distinct.contains(&link[1..]), "{link} leads nowhere");
        }
        for patterned in document.descendants().filter_map(|node| node.attribute("fill")?.strip_prefix("url(#")) {
            assert!(distinct.contains(patterned.trim_end_matches(')')), "{patterned}");
        }
        let diagnostics = report["diagnostics"].as_array().unwrap();
        let rules: BTreeSet<&str> = diagnostics.iter().map(|one| one["rule"].as_str().unwrap()).collect();
        let texts = elements(document, "section").filter(|node| node.attribute("class") == Some("rule-text"));
        assert_eq!(texts.map(|node| node.attribute("aria-labelledby").unwrap()).collect::<BTreeSet<_>>(), rules);
        assert_eq!(elements(document, "article").count(), diagnostics.len());
        assert_eq!(elements(document, "h2").count(), paths.len() + 1, "one for each array, and the rules");
    });
}

#[test]
fn a_valid_page_says_what_the_array_is() {
    let dims = [block(4, 1, 0, 0, 4), block(6, 1, 0, 0, 6)].join(", ");
    let files = Files::new("html-valid").with("a.json", export("[4, 6]", &dims));
    let outcome = files.run(&["check", "a.json", "--output-format", "html=a.html", "--output-format", "concise"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    parsed(&files.read("a.html"), |document| {
        is_closed(document);
        let cells: Vec<&str> = elements(document, "td").filter_map(|node| node.text()).collect();
        assert_eq!(cells, ["0", "4", "1", "4", "1.00", "0", "block(4)", "1", "6", "1", "6", "1.00", "0", "block(6)"]);
        assert_eq!(elements(document, "article").count(), 0);
    });
}

#[test]
fn markup_in_names_and_keys_is_text() {
    let attack = "<script>x</script><img src=x onerror=y>\"'`&amp;]]>--><svg onload=z>\u{1b}\u{202e}";
    let name = attack.replace('/', "\u{2215}") + ".json";
    let dim = block(10, 1, 0, 0, 11).replace('}', &format!(", {}: 1}}", serde_json::to_string(attack).unwrap()));
    let files = Files::new("html-markup").with(&name, export("[11]", &dim).replace("<f8", &attack.replace('"', "")));
    let page = check(&files, &[name], "html");
    assert!(!page.chars().any(|c| c.is_control() && c != '\n'), "{page:?}");
    parsed(&page, |document| {
        is_closed(document);
        let heading: String =
            elements(document, "h2").next().unwrap().descendants().filter_map(|node| node.text()).collect();
        assert!(
            heading.starts_with("<script>x<\u{2215}script><img src=x onerror=y>\"'`&amp;]]>--><svg onload=z>"),
            "{heading}"
        );
    });
}

#[test]
fn a_page_is_bounded() {
    let mut files = Files::new("html-many");
    let names: Vec<String> = (0..260).map(|number| format!("{number:03}")).collect();
    for name in &names {
        files =
            files.with(&format!("{name}/rank-0.json"), export("[9]", &block(10, 1, 0, 0, 10)).replace("<f8", "<q9"));
    }
    let page = check(&files, &names, "html");
    assert!(page.len() < 12 << 20, "{}", page.len());
    parsed(&page, |document| {
        assert_eq!(elements(document, "h2").count(), 201);
        assert_eq!(elements(document, "article").count(), 500.min(elements(document, "article").count()));
        let text: String = elements(document, "p").filter_map(|node| node.text()).collect();
        assert!(text.contains("And 60 more arrays not shown here."), "{text}");
    });
}

#[test]
fn what_is_ignored_is_said() {
    let files = gap("html-ignored");
    let outcome = files.run(&["check", "run", "--ignore", "DAP612", "--output-format", "html"]);
    assert_eq!(outcome.code, 0);
    parsed(&outcome.stdout, |document| {
        let heading = elements(document, "h1").next().unwrap();
        assert_eq!(heading.text(), Some("dap-validate: valid apart from ignored findings"));
        assert!(elements(document, "p").any(|node| node.text() == Some("1 error ignored")), "{}", outcome.stdout);
    });
}
