//! JSON Schemas of the files, for other programs and for editors.
//!
//! The structs in [`export`] describe the layout of the files; only the schemas use them. A schema
//! can express less than `check` finds: to a schema, 8.0 is an integer, and no number depends on
//! another. The schemas of outputs are made from the structs that the outputs are written from. All
//! schemas are checked in under `spec/schema`.

pub mod export;

use clap::ValueEnum;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use crate::command::{DiffValuesJson, PlanHaloJson, ShowJson};
use dap_report::render::JsonReport;

/// A schema by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Name {
    /// One rank's export
    Export,
    /// All ranks' exports in one document
    Bundle,
    /// The report of `check --output-format json`
    Report,
    /// The output of `show --output-format json`
    Show,
    /// The output of `diff --values --output-format json`
    DiffValues,
    /// The output of `plan --halo --output-format json`
    PlanHalo,
}

impl Name {
    /// All schemas.
    pub const ALL: [Self; 6] = [Self::Export, Self::Bundle, Self::Report, Self::Show, Self::DiffValues, Self::PlanHalo];

    /// The word on the command line, and the beginning of the file's name in `spec/schema`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Export => "export",
            Self::Bundle => "bundle",
            Self::Report => "report",
            Self::Show => "show",
            Self::DiffValues => "diff-values",
            Self::PlanHalo => "plan-halo",
        }
    }

    /// The schema as a document, with a newline at its end.
    #[must_use]
    pub fn text(self) -> String {
        let schema = match self {
            Self::Export => of::<export::ExportSchema>(),
            Self::Bundle => of::<export::BundleSchema>(),
            Self::Report => of::<JsonReport<'_>>(),
            Self::Show => of::<ShowJson>(),
            Self::DiffValues => of::<DiffValuesJson>(),
            Self::PlanHalo => of::<PlanHaloJson<'_>>(),
        };
        format!("{:#}\n", schema.as_value())
    }
}

fn of<T: JsonSchema>() -> Schema {
    // The schema is for writing, not for reading: a key that is always written is required.
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}
