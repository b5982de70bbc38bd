//! `gen`: exports of an array described by arguments, valid or with one mistake.

mod broken;
mod example;
mod recipe;
pub(super) mod sink;

use std::process::ExitCode;

use dap_core::export::{Export, Field};
use dap_core::index::Rank;
use dap_core::json;
use dap_core::layout::{Edition, Layout};
use dap_core::rules::Rule;

use crate::cli::{GenerateArgs, OrderArg, unknown_rule};
use crate::command::outcome::Failure;
use crate::values::{MemoryOrder, dense_strides};
use broken::Breakage;
use sink::ExportSink;

pub(super) fn run(args: &GenerateArgs) -> Result<ExitCode, Failure> {
    let rule = match args.broken.as_deref() {
        None => None,
        Some("list") => return broken::list().map(|()| ExitCode::SUCCESS),
        Some(name) => Some(Rule::find(name).ok_or_else(|| Failure::Usage(unknown_rule(name)))?),
    };
    match (&args.shape, rule) {
        (None, Some(rule)) => example::write(rule, args)?,
        _ => array(args, rule)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the array that the arguments describe.
fn array(args: &GenerateArgs, rule: Option<&'static Rule>) -> Result<(), Failure> {
    let layout = recipe::layout(args).map_err(Failure::Usage)?;
    let breakage = rule.map(|rule| Breakage::find(rule, args.everywhere)).transpose().map_err(Failure::Usage)?;
    let last = layout.processes() - 1;
    // An array that cannot be made is refused before anything is written.
    let prepare = |rank| one(args, &layout, breakage.filter(|_| args.everywhere || rank == last), Rank(rank));
    prepare(last)?;
    let mut sink = ExportSink::open(args.format, args.output.as_deref())?;
    let mut text = String::new();
    for rank in 0..=last {
        text.clear();
        json::write_into(&prepare(rank)?, &mut text).ok_or_else(|| Failure::Usage("this has no text".to_owned()))?;
        sink.write(rank, &text)?;
    }
    sink.finish()
}

/// The export of one rank.
fn one(args: &GenerateArgs, layout: &Layout, breakage: Option<Breakage>, rank: Rank) -> Result<Export, Failure> {
    let edition = Edition::of(args.protocol).unwrap_or(Edition::V0_10);
    let refused = |error: dap_core::error::Error| Failure::Usage(error.to_string());
    let mut export = layout.export_in(edition, rank, &args.dtype).map_err(refused)?;
    export.version = Field::Is(args.protocol);
    if args.order == OrderArg::F
        && let Field::Is(buffer) = &mut export.buffer
        && let Some(shape) = buffer.shape.get()
    {
        buffer.strides = Field::Is(dense_strides(shape, args.dtype.itemsize(), MemoryOrder::Fortran));
    }
    if let Some(breakage) = breakage {
        breakage.apply(&mut export, layout).map_err(Failure::Usage)?;
    }
    Ok(export)
}
