//! JSON Schemas of the files, for other programs and for editors.
//!
//! The structs in [`export`] describe the layout of the files; only the schemas use them. A schema
//! can express less than `check` finds: to a schema, 8.0 is an integer, and no number depends on
//! another. The schemas of outputs are made from the structs that the outputs are written from. All
//! schemas are checked in under `spec/schema`.

pub mod export;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use crate::cli::SchemaName;
use crate::command::{DiffValuesJson, PlanHaloJson, ShowJson};
use dap_report::render::JsonReport;

/// A schema as a document, with a newline at its end.
#[must_use]
pub fn text(name: SchemaName) -> String {
    let mut schema = match name {
        SchemaName::Export => of::<export::ExportSchema>(),
        SchemaName::Bundle => of::<export::BundleSchema>(),
        SchemaName::Report => of::<JsonReport<'_>>(),
        SchemaName::Show => of::<ShowJson>(),
        SchemaName::DiffValues => of::<DiffValuesJson>(),
        SchemaName::PlanHalo => of::<PlanHaloJson<'_>>(),
    }
    .to_value();
    // A crate of the same build may let the maps of JSON keep the order of insertion.
    schema.sort_all_objects();
    format!("{schema:#}\n")
}

fn of<T: JsonSchema>() -> Schema {
    // The schema is for writing, not for reading: a key that is always written is required.
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}
