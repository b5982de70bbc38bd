//! The facts about an array without a layout: the statements of its first rank, not checked.

use std::io::{self, Write};

use dap_core::export::{DimDict, Export, Field};
use dap_core::json;
use dap_core::rules::Severity;
use dap_report::RankTexts;

use super::super::memory;
use super::super::table::Table;
use crate::command::tuple::tuple;
use crate::input::CheckedSet;
use dap_core::finding::irregular;
use dap_report::plural;
use dap_report::printable;

pub(super) fn show(checked: &CheckedSet, out: &mut impl Write) -> io::Result<()> {
    let report = &checked.report;
    if report.is_valid() {
        writeln!(out, "  No error was found, but some ranks are missing: the distribution is not known.")?;
    } else {
        let errors = plural(report.count(Severity::Error), "error");
        writeln!(out, "  This is not a valid array: {errors}. `dap-validate check` on the same files explains.")?;
    }
    let Some(rank) = report.ranks.first() else { return Ok(()) };
    let mut field = |name: &str, text: String| writeln!(out, "  {name:11}{text}");
    let present = plural(report.ranks.len(), "rank");
    field(
        "present",
        match report.processes {
            Some(processes) => format!("{present} ({}) of {processes}", report.ranks.describe(6)),
            None => format!("{present} ({})", report.ranks.describe(6)),
        },
    )?;
    if let Some(dtype) = &report.dtype {
        field("dtype", printable(&dtype.name()))?;
    }
    if let Some(order) = memory::of(checked) {
        field("memory", order)?;
    }
    if let Some(edition) = report.edition {
        field("protocol", edition.to_string())?;
    }
    let Some(text) = checked.texts.of(rank) else { return Ok(()) };
    let export = json::read(&text.text);
    if let Some(table) = dimensions(&export) {
        writeln!(out, "\nStated by rank {rank}, not checked:\n{table}")?;
    }
    Ok(())
}

fn dimensions(export: &Export) -> Option<Table> {
    let dims = export.dim_data.get().filter(|dims| !dims.is_empty())?;
    let mut table = Table::new(&["dim>", "type", "size>", "grid rank>", "grid size>", "buffer extent>", "range"]);
    for (dim, dict) in dims.iter().enumerate() {
        let extent = export.extent(dim).map_or_else(|| "?".to_owned(), |extent| extent.to_string());
        let mut row = vec![dim.to_string()];
        match dict {
            Field::Is(dict) => {
                let dist_type = dict.dist_type.get().map_or(if dict.is_alias() { "{}" } else { "?" }, |t| t.letter());
                row.push(dist_type.to_owned());
                row.extend([&dict.size, &dict.proc_grid_rank, &dict.proc_grid_size].map(number));
                row.extend([extent, range(dict)]);
            }
            _ => row.push("?".to_owned()),
        }
        table.row(row);
    }
    Some(table)
}

fn range(dict: &DimDict) -> String {
    let mut words = Vec::new();
    if !dict.start.is_missing() || !dict.stop.is_missing() {
        words.push(format!(
            "{}:{}",
            number(&dict.start),
            if dict.stop.is_missing() { String::new() } else { number(&dict.stop) }
        ));
    }
    if let Some(block_size) = dict.block_size.get() {
        words.push(format!("blocks of {block_size}"));
    }
    if let Some(indices) = dict.indices.get() {
        words.push(irregular(indices.len(), "index", "indices"));
    }
    if let Some([lo, hi]) = dict.padding.get() {
        words.push(format!("padding {}", tuple(&[*lo, *hi])));
    }
    words.join(", ")
}

/// The number; `?` for another value, `-` for a missing one.
fn number(field: &Field<i64>) -> String {
    match field {
        Field::Is(value) => value.to_string(),
        Field::Wrong(_) => "?".to_owned(),
        Field::Missing => "-".to_owned(),
    }
}
