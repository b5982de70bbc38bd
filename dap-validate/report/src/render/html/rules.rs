//! The texts of the rules that were raised, from their pages.

use std::collections::BTreeMap;
use std::io::{self, Write};

use dap_core::rules::Rule;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::text::{escape, prose};
use crate::RunReport;

/// Each rule once, in the order of the ids.
pub(super) fn texts(report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
    let rules: BTreeMap<_, &Rule> = report.entries().map(|entry| (entry.rule.id, entry.rule)).collect();
    if rules.is_empty() {
        return Ok(());
    }
    writeln!(out, "<section class=\"array\" aria-labelledby=\"rules\">\n<h2 id=\"rules\">The rules</h2>")?;
    rules.values().try_for_each(|rule| text(rule, out))?;
    writeln!(out, "</section>")
}

fn text(rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    let id = rule.id;
    writeln!(out, "<section class=\"rule-text\" aria-labelledby=\"{id}\">\n<h3 id=\"{id}\">{id} {}</h3>", rule.name)?;
    let (severity, section) = (rule.severity.as_str(), escape(rule.section));
    writeln!(out, "<p class=\"muted\">{severity}; section {section} of the specification</p>")?;
    if !rule.quote.is_empty() {
        writeln!(out, "<p>The protocol: \u{201c}{}\u{201d}</p>", escape(rule.quote))?;
    }
    writeln!(out, "<p>What to do: {}.</p>", prose(rule.help.trim_end_matches('.')))?;
    writeln!(out, "{}</section>", page(rule.page))
}

/// The page as HTML. Its headings are one level below the rule's; HTML within it is shown as text.
fn page(markdown: &str) -> String {
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES).map(|event| match event {
        Event::Start(Tag::Heading { id, classes, attrs, .. }) => {
            Event::Start(Tag::Heading { level: HeadingLevel::H4, id, classes, attrs })
        }
        Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Heading(HeadingLevel::H4)),
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        other => other,
    });
    let mut out = String::with_capacity(markdown.len() * 2);
    pulldown_cmark::html::push_html(&mut out, events);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_text_without_addresses() {
        for rule in Rule::all() {
            let html = page(rule.page);
            for forbidden in ["<script", "<img", "href=", "src=", "<h1", "<h2", "<h3"] {
                assert!(!html.contains(forbidden), "{}: {forbidden}", rule.id);
            }
            assert!(rule.page.is_empty() || html.contains("<h4>"), "{}", rule.id);
        }
    }

    #[test]
    fn markup_is_text() {
        assert_eq!(page("a <b onclick=x> c\n\n<script>\n"), "<p>a &lt;b onclick=x&gt; c</p>\n&lt;script&gt;\n");
    }
}
