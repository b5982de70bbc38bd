//! `json-lines`: the report for programs that read line by line: one diagnostic a line, then one
//! line for the run.
//!
//! Every line is an object with a `kind`. A line of the kind `diagnostic` has the fields of a
//! diagnostic in [`json`](super::Json). The last line, of the kind `summary`, has all other fields
//! of that document. A text without this last line was cut off.

use std::io::{self, Write};

use serde::Serialize;

use super::json::{JsonDiagnostic, JsonInfo, JsonReport, JsonSummary};
use super::{Render, escaped};
use crate::RunReport;

/// The format `json-lines`.
#[derive(Debug)]
pub struct JsonLines;

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum JsonLine<'a> {
    Diagnostic(&'a JsonDiagnostic<'a>),
    Summary { version: u32, summary: &'a JsonSummary, info: &'a JsonInfo<'a> },
}

impl Render for JsonLines {
    fn render(&self, report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
        let JsonReport { version, summary, info, diagnostics } = JsonReport::new(report);
        let last = JsonLine::Summary { version, summary: &summary, info: &info };
        for line in diagnostics.iter().map(JsonLine::Diagnostic).chain([last]) {
            writeln!(out, "{}", escaped::line(&line)?)?;
        }
        Ok(())
    }
}
