//! The findings of an array, grouped by their rules.

use std::io::{self, Write};

use super::text::{escape, prose};
use crate::render::words::{position, ranks};
use crate::{Excerpt, ReportEntry, Spot, plural};

/// At most `room` findings of the array with this number.
pub(super) fn list(number: usize, entries: &[ReportEntry], room: usize, out: &mut dyn Write) -> io::Result<()> {
    let shown = &entries[..entries.len().min(room)];
    // The rules, in the order in which they first occur.
    let mut rules = Vec::new();
    for entry in shown {
        if !rules.contains(&entry.rule.id) {
            rules.push(entry.rule.id);
        }
    }
    for rule in rules {
        let of_rule: Vec<&ReportEntry> = shown.iter().filter(|entry| entry.rule.id == rule).collect();
        let Some(first) = of_rule.first() else { continue };
        let (name, severity) = (first.rule.name, first.rule.severity.as_str());
        let id = format!("array-{number}-{rule}");
        writeln!(out, "<section aria-labelledby=\"{id}\">")?;
        writeln!(
            out,
            "<h3 id=\"{id}\"><span class=\"{severity}\">{severity}</span> <a href=\"#{rule}\">{rule}</a> {name}{}</h3>",
            if of_rule.len() > 1 {
                format!(" <span class=\"muted\">({})</span>", of_rule.len())
            } else {
                String::new()
            }
        )?;
        of_rule.into_iter().try_for_each(|entry| finding(entry, out))?;
        writeln!(out, "</section>")?;
    }
    match entries.len() - shown.len() {
        0 => Ok(()),
        more => writeln!(out, "<p>And {} not shown here.</p>", plural(more, "more finding")),
    }
}

fn finding(entry: &ReportEntry, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<article class=\"finding {}\">", entry.rule.severity.as_str())?;
    writeln!(out, "<p class=\"message\">{}</p>", prose(&entry.message))?;
    place(&entry.spot, out)?;
    for related in &entry.related {
        writeln!(out, "<p>Rank {}: {}</p>", related.rank, prose(&related.label))?;
        place(&related.spot, out)?;
    }
    writeln!(out, "<dl>")?;
    if let Some(ranks) = ranks(entry) {
        writeln!(out, "<dt>{}</dt><dd>{ranks}</dd>", if entry.ranks.len() == 1 { "rank" } else { "ranks" })?;
    }
    for note in &entry.notes {
        writeln!(out, "<dt>note</dt><dd>{}</dd>", prose(note))?;
    }
    writeln!(out, "<dt>help</dt><dd>{}</dd>\n</dl>\n</article>", prose(&entry.help))
}

/// File, line and column, the JSON pointer, and the line with the place marked.
fn place(spot: &Spot, out: &mut dyn Write) -> io::Result<()> {
    let pointer = match spot.pointer.as_str() {
        "" => String::new(),
        pointer => format!(" <span class=\"muted\">at <code>{}</code></span>", escape(pointer)),
    };
    writeln!(out, "<p><code>{}</code>{pointer}</p>", escape(&position(spot)))?;
    match (&spot.excerpt, spot.position) {
        (Some(excerpt), Some((line, _))) => excerpt_of(line, excerpt, out),
        _ => Ok(()),
    }
}

fn excerpt_of(line: usize, excerpt: &Excerpt, out: &mut dyn Write) -> io::Result<()> {
    let Excerpt { text, mark } = excerpt;
    let part = |range: std::ops::Range<usize>| escape(text.get(range).unwrap_or_default());
    let (before, marked, behind) = (part(0..mark.start), part(mark.clone()), part(mark.end..text.len()));
    writeln!(out, "<pre><span class=\"number-of-line\">{line} | </span>{before}<mark>{marked}</mark>{behind}</pre>")
}
