//! `show`: the distribution of an array, as tables that fit 80 columns.

mod json;
mod stated;
mod stored;
mod view;

use std::fmt::Display;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use dap_core::check::{Profile, Ranks};
use dap_core::dim::Dim;
use dap_core::dtype::DType;
use dap_core::index::{GridRank, Rank};
use dap_core::layout::Layout;
use dap_core::runs::Runs;

use super::plot::target::PlotTarget;
use super::table::Table;
use super::{memory, plot, sets};
use crate::cli::{ShowArgs, TextOrJson, ViewArg};
use crate::command::outcome::{Failure, code};
use crate::command::stdout::{self, stdout};
use crate::command::tuple::tuple;
use crate::input::CheckedSet;
use crate::stored::StoredArray;
use dap_report::plural;
use dap_report::{ArrayFacts, DimensionFacts, printable};
pub(crate) use json::ShowJson;

/// The largest number of processes of an array that is shown with a table of ranks.
const MOST_RANKS: i64 = 64;
const WIDTH: usize = 80;

pub(super) fn run(args: &ShowArgs) -> Result<ExitCode, Failure> {
    let stored::Paths { arrays, exports } = stored::split(args)?;
    if args.output_format == TextOrJson::Json {
        return in_json(args, &arrays, &exports);
    }
    let picture = picture(args)?;
    let sets = sets(args, &exports)?;
    let mut out = stdout();
    let mut unknown = false;
    for (i, (name, array)) in arrays.iter().enumerate() {
        if i > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}", printable(name))?;
        stored::show(array, &mut out)?;
    }
    for (i, checked) in sets.enumerate() {
        if i + arrays.len() > 0 {
            writeln!(out)?;
        }
        let part = match (&checked.report.layout, &args.view) {
            (Some(layout), Some(arg)) => Some(view::Part::of(&checked, layout, arg)?),
            _ => None,
        };
        let name = printable(&checked.name);
        let index = args.view.as_ref().map(ViewArg::in_brackets).unwrap_or_default();
        writeln!(out, "{name}{}", printable(&index))?;
        match (&checked.report.layout, &part) {
            (Some(layout), Some(part)) => part.show(&checked, layout, &mut out)?,
            (Some(layout), None) => known(&checked, layout, &mut out)?,
            (None, _) => {
                unknown |= is_unknown(&checked);
                stated::show(&checked, &mut out)?;
            }
        }
        if let Some(picture) = &picture {
            plot::save(&checked, picture)?;
        }
    }
    out.flush()?;
    Ok(code(unknown))
}

/// The arrays in JSON, and the picture.
fn in_json(args: &ShowArgs, arrays: &[(String, StoredArray)], exports: &[PathBuf]) -> Result<ExitCode, Failure> {
    if let Some(view) = &args.view {
        let index = printable(&view.in_brackets());
        return Err(Failure::Usage(format!(
            "{index}: JSON has whole arrays only; leave out --view or --output-format"
        )));
    }
    let picture = picture(args)?;
    let stored = arrays.iter().map(|(name, array)| json::ShownArray::of_stored(name, array));
    let mut shown = ShowJson { version: 1, arrays: stored.collect() };
    let mut unknown = false;
    for checked in sets(args, exports)? {
        unknown |= checked.report.layout.is_none() && is_unknown(&checked);
        shown.arrays.push(json::ShownArray::new(&checked));
        if let Some(picture) = &picture {
            plot::save(&checked, picture)?;
        }
    }
    let mut out = stdout();
    stdout::json(&shown, &mut out)?;
    out.flush()?;
    Ok(code(unknown))
}

fn picture(args: &ShowArgs) -> Result<Option<PlotTarget<'_>>, Failure> {
    args.svg.as_deref().map(|path| PlotTarget::svg(path, &args.input.paths)).transpose()
}

/// The arrays; one at most if there is a picture.
fn sets(args: &ShowArgs, exports: &[PathBuf]) -> Result<impl Iterator<Item = CheckedSet>, Failure> {
    let sets = sets::of_paths(&args.input, exports, Profile::Auto)?;
    if args.svg.is_some() && sets.len() > 1 {
        return Err(Failure::Usage("one picture shows one array, but there are several".to_owned()));
    }
    Ok(sets)
}

/// Whether an array without a layout makes the exit code 1.
fn is_unknown(checked: &CheckedSet) -> bool {
    !checked.report.is_valid() || checked.claim == Ranks::All
}

fn known(checked: &CheckedSet, layout: &Layout, out: &mut impl Write) -> io::Result<()> {
    summary(checked, layout, memory::of(checked), out)?;
    table_of_ranks(layout, out)
}

fn table_of_ranks(layout: &Layout, out: &mut impl Write) -> io::Result<()> {
    if layout.processes() <= MOST_RANKS {
        write!(out, "{}", ranks(layout))?;
    } else {
        writeln!(out, "{} ranks; `dap-validate map` finds an element's.", layout.processes())?;
    }
    Ok(())
}

/// The array as a whole, and its dimensions.
fn summary(checked: &CheckedSet, layout: &Layout, memory: Option<String>, out: &mut impl Write) -> io::Result<()> {
    let report = &checked.report;
    let facts = ArrayFacts::new(layout, report.dtype.as_ref());
    items(&facts, report.dtype.as_ref(), out)?;
    if let Some(order) = memory {
        field(out, "memory", order)?;
    }
    processes(layout, &facts, out)?;
    if let Some(edition) = report.edition {
        field(out, "protocol", edition.to_string())?;
    }
    table_of_dimensions(&facts, out)
}

/// A line of a summary.
fn field(out: &mut impl Write, name: &str, text: impl Display) -> io::Result<()> {
    writeln!(out, "  {name:11}{text}")
}

/// Shape and item type.
fn items(facts: &ArrayFacts, dtype: Option<&DType>, out: &mut impl Write) -> io::Result<()> {
    field(out, "shape", format!("{}, {}", tuple(&facts.shape), plural(facts.elements, "element")))?;
    let Some(dtype) = dtype else { return Ok(()) };
    let itemsize = plural(dtype.itemsize(), "byte");
    let bytes = facts.bytes.map(|bytes| format!(", {} in all", in_units(bytes))).unwrap_or_default();
    field(out, "dtype", format!("{}, {itemsize} each{bytes}", printable(&dtype.name())))
}

fn processes(layout: &Layout, facts: &ArrayFacts, out: &mut impl Write) -> io::Result<()> {
    field(out, "processes", format!("{}, grid {}", layout.processes(), layout.grid()))?;
    field(out, "imbalance", format!("{:.2} (most owned by a process / mean)", imbalance(facts)))
}

fn table_of_dimensions(facts: &ArrayFacts, out: &mut impl Write) -> io::Result<()> {
    if !facts.dimensions.is_empty() {
        writeln!(out, "\n{}", dimensions(facts))?;
    }
    Ok(())
}

fn imbalance(facts: &ArrayFacts) -> f64 {
    facts.dimensions.iter().map(|dim| dim.owned.imbalance).product()
}

/// `1.5 MiB`.
pub(super) fn in_units(bytes: i64) -> String {
    const UNITS: [&str; 7] = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let (mut value, mut unit) = (bytes as f64, 0);
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    let number = if unit == 0 { bytes.to_string() } else { format!("{value:.1}") };
    format!("{number} {}", UNITS[unit])
}

fn dimensions(facts: &ArrayFacts) -> Table {
    let mut table = Table::new(&[
        "dim>",
        "type",
        "size>",
        "grid>",
        "block>",
        "halo>",
        "boundary>",
        "periodic",
        "owned>",
        "imbalance>",
        "empty>",
    ]);
    for (dim, facts) in facts.dimensions.iter().enumerate() {
        table.row(dimension(dim, facts));
    }
    table.without_empty_columns()
}

fn dimension(dim: usize, facts: &DimensionFacts) -> Vec<String> {
    let dash = || "-".to_owned();
    let nonzero = |width: Option<i64>| width.filter(|width| *width > 0).map_or_else(dash, |width| width.to_string());
    let owned = facts.owned;
    let kind = match facts.dist_type {
        'b' if facts.proc_grid_size == 1 => "whole",
        'b' => "block",
        'c' => "cyclic",
        _ => "unstructured",
    };
    vec![
        dim.to_string(),
        kind.to_owned(),
        facts.size.to_string(),
        facts.proc_grid_size.to_string(),
        facts.block_size.map_or_else(dash, |block_size| block_size.to_string()),
        nonzero(facts.communication_padding),
        facts.boundary_padding.filter(|widths| *widths != [0, 0]).map_or_else(dash, |[lo, hi]| format!("{lo}+{hi}")),
        if facts.periodic == Some(true) { "yes".to_owned() } else { dash() },
        if owned.min == owned.max { owned.max.to_string() } else { format!("{}..{}", owned.min, owned.max) },
        format!("{:.2}", owned.imbalance),
        nonzero(Some(owned.empty)),
    ]
}

/// One line a rank, with the owned ranges that have room.
fn ranks(layout: &Layout) -> Table {
    let table = |most| {
        let mut head = vec!["rank>".to_owned(), "coordinate".to_owned(), "local shape".to_owned()];
        head.extend((0..layout.ndim()).map(|dim| format!("owned {dim}")));
        let mut table = Table::new(&head.iter().map(String::as_str).collect::<Vec<_>>());
        for rank in (0..layout.processes()).map(Rank) {
            let coordinates = layout.grid().coordinates(rank).unwrap_or_default();
            let numbers: Vec<i64> = coordinates.iter().map(|coordinate| coordinate.0).collect();
            let shape = layout.local_shape(rank).unwrap_or_default();
            let mut row = vec![rank.to_string(), tuple(&numbers), tuple(&shape)];
            row.extend(layout.dims().iter().zip(coordinates).map(|(dim, coordinate)| owned(dim, coordinate, most)));
            table.row(row);
        }
        table
    };
    let fits = [6, 4, 3, 2].into_iter().map(table).find(|table| table.width() <= WIDTH);
    fits.unwrap_or_else(|| table(1))
}

/// The owned global indices as ranges without their ends, as Python slices them: `0:2 6:8`.
fn owned(dim: &Dim, rank: GridRank, most: usize) -> String {
    let runs: Runs = dim.runs(rank);
    let shown: Vec<String> =
        runs.iter().take(most).map(|run| format!("{}:{}", run.global, run.last().0.saturating_add(1))).collect();
    match usize::try_from(runs.run_count()).unwrap_or(usize::MAX).saturating_sub(shown.len()) {
        0 if shown.is_empty() => "-".to_owned(),
        0 => shown.join(" "),
        more => format!("{} +{more}", shown.join(" ")),
    }
}
