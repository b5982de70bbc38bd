//! `json-lines`: the report for programs that read line by line: one diagnostic a line, then one
//! line for the run.
//!
//! Every line is an object whose `kind` says which it is. A `diagnostic` has the fields that it has
//! in [`json`](super::Json), the last line, the `summary`, what is beside the diagnostics there. A
//! text that does not end with a `summary` was cut off.

use std::io::{self, Write};

use serde::Serialize;

use super::json::{Diagnostic, Info, JsonReport, Summary};
use super::{Render, escaped};
use crate::report::Report;

/// The format `json-lines`.
#[derive(Debug)]
pub struct JsonLines;

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Line<'a> {
    Diagnostic(&'a Diagnostic<'a>),
    Summary { version: u32, summary: &'a Summary, info: &'a Info<'a> },
}

impl Render for JsonLines {
    fn render(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let JsonReport { version, summary, info, diagnostics } = JsonReport::new(report);
        let last = Line::Summary { version, summary: &summary, info: &info };
        for line in diagnostics.iter().map(Line::Diagnostic).chain([last]) {
            writeln!(out, "{}", escaped::line(&line)?)?;
        }
        Ok(())
    }
}
