//! One array: verdict, pictures, dimensions, findings.

use std::io::{self, Write};

use dap_plot::Figure;

use super::findings;
use super::text::escape;
use crate::render::words::{all_counts, description};
use crate::{ArrayFacts, SetReport, plural, printable};

/// The verdicts on all arrays, as a table whose names link to the arrays.
pub(super) fn table(sets: &[(usize, &SetReport)], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<nav aria-label=\"Arrays\">\n<table>")?;
    writeln!(
        out,
        "<thead><tr><th scope=\"col\">array</th><th scope=\"col\">verdict</th><th scope=\"col\">found</th></tr></thead>\n<tbody>"
    )?;
    for (number, set) in sets {
        let counts = all_counts(set);
        let name = escape(&printable(&set.name));
        writeln!(
            out,
            "<tr><td><a href=\"#array-{number}\"><code>{name}</code></a></td><td>{}</td><td>{counts}</td></tr>",
            verdict(set)
        )?;
    }
    writeln!(out, "</tbody>\n</table>\n</nav>")
}

/// The verdict in a word and a colour.
fn verdict(set: &SetReport) -> &'static str {
    match (set.is_valid(), set.hides_errors()) {
        (true, false) => "<span class=\"valid\">\u{2713} valid</span>",
        (true, true) => "<span class=\"warning\">valid apart from ignored findings</span>",
        (false, _) => "<span class=\"invalid\">\u{2717} invalid</span>",
    }
}

/// The array, its picture, and at most `room` findings.
pub(super) fn section(
    number: usize,
    set: &SetReport,
    figure: Option<&Figure>,
    room: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "<section class=\"array\" id=\"array-{number}\" aria-labelledby=\"name-{number}\">")?;
    let name = escape(&printable(&set.name));
    writeln!(out, "<h2 id=\"name-{number}\"><code>{name}</code> {}</h2>", verdict(set))?;
    if set.is_valid() {
        writeln!(out, "<p>{}</p>", escape(&description(set)))?;
    }
    if !set.left_out.is_empty() {
        writeln!(out, "<p>{}</p>", all_counts(set))?;
    }
    if let Some(figure) = figure {
        pictures(figure, out)?;
    }
    if let Some(array) = &set.array {
        dimensions(array, out)?;
    }
    findings::list(number, &set.entries, room, out)?;
    writeln!(out, "</section>")
}

fn pictures(figure: &Figure, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<div class=\"pictures\">")?;
    for picture in &figure.pictures {
        let caption = escape(&picture.caption);
        writeln!(
            out,
            "<figure>\n<div class=\"scroll\">\n{}</div>\n<p class=\"readout\" role=\"status\"></p>",
            picture.svg
        )?;
        writeln!(out, "<figcaption>{caption}</figcaption>\n</figure>")?;
    }
    writeln!(out, "<script type=\"application/json\">{}</script>\n</div>", figure.numbers)
}

/// The facts that the picture shows, as a table: for readers without the picture.
fn dimensions(array: &ArrayFacts, out: &mut dyn Write) -> io::Result<()> {
    if array.dimensions.is_empty() {
        return Ok(());
    }
    let columns = ["dimension", "size", "processes", "owned", "imbalance", "empty ranks"];
    let head = columns.map(|title| format!("<th scope=\"col\" class=\"number\">{title}</th>"));
    let how = "<th scope=\"col\">distribution</th>";
    writeln!(out, "<table>\n<thead><tr>{}{how}</tr></thead>\n<tbody>", head.concat())?;
    for (dim, facts) in array.dimensions.iter().enumerate() {
        let owned = facts.owned;
        let range =
            if owned.min == owned.max { owned.max.to_string() } else { format!("{} to {}", owned.min, owned.max) };
        let cells = [
            dim.to_string(),
            facts.size.to_string(),
            facts.proc_grid_size.to_string(),
            range,
            format!("{:.2}", owned.imbalance),
            owned.empty.to_string(),
        ];
        let cells = cells.map(|cell| format!("<td class=\"number\">{cell}</td>"));
        writeln!(out, "<tr>{}<td>{}</td></tr>", cells.concat(), escape(&facts.distribution))?;
    }
    let bytes = array.bytes.map(|bytes| format!(", {}", plural(bytes, "byte"))).unwrap_or_default();
    writeln!(out, "</tbody>\n</table>\n<p class=\"muted\">{}{bytes} in all.</p>", plural(array.elements, "element"))
}
