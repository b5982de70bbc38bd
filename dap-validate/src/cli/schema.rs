//! The argument of `schema`.

use clap::ValueEnum;

/// A schema by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaName {
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

impl SchemaName {
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
}
