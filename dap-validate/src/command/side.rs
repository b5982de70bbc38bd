//! One of two arrays that are compared, or moved between: valid, and complete.

use std::path::Path;

use dap_core::check::Profile;
use dap_core::dtype::DType;
use dap_core::layout::Layout;
use dap_core::rules::Severity;
use schemars::JsonSchema;
use serde::Serialize;

use super::{memory, sets};
use crate::cli::InputArgs;
use crate::command::outcome::Failure;
use crate::input::{CheckedSet, SetTexts};
use dap_report::printable;

/// An array with its layout.
pub(super) struct ComparedArray {
    /// Safe to print.
    pub(super) name: String,
    pub(super) dtype: Option<DType>,
    pub(super) layout: Layout,
    /// The memory order of the buffers, in words.
    pub(super) memory: Option<String>,
    /// The places of the exports.
    pub(super) texts: SetTexts,
}

/// An array in the JSON of a comparison or a plan.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PlannedArray")]
pub(crate) struct ArrayJson<'a> {
    /// The path as given.
    name: &'a str,
    /// The name of the item type; null if it is not known.
    dtype: Option<String>,
    /// The extents of the whole array.
    shape: &'a [i64],
    /// The extents of the process grid.
    grid: &'a [i64],
    /// The distribution in words.
    layout: String,
    /// The memory order of the buffers, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    memory: Option<&'a str>,
}

impl ComparedArray {
    /// Both arrays, or the reason why one of them is no valid array.
    pub(super) fn both(a: &Path, b: &Path, no_progress: bool) -> Result<[Self; 2], Failure> {
        if a == b && a.as_os_str() == "-" {
            return Err(Failure::Usage("standard input can be one of the two only".to_owned()));
        }
        Ok([Self::read(a, no_progress)?, Self::read(b, no_progress)?])
    }

    /// An array, or the reason why it is no valid array.
    pub(super) fn read(path: &Path, no_progress: bool) -> Result<Self, Failure> {
        let input = InputArgs {
            paths: vec![path.to_owned()],
            pattern: Vec::new(),
            partial: false,
            renumber: false,
            no_progress,
        };
        let sets: Vec<CheckedSet> = sets::checked(&input, Profile::Auto)?.take(2).collect();
        let path = printable(&path.display().to_string());
        let refused = |why: &str, more: &str| {
            Err(Failure::Usage(format!("{path} {why}; `dap-validate check {path}` explains{more}")))
        };
        let Ok([checked]) = <[CheckedSet; 1]>::try_from(sets) else {
            return refused("is not one array but several", "");
        };
        let memory = memory::of(&checked);
        if let Some(layout) = checked.report.layout {
            return Ok(Self { name: path, dtype: checked.report.dtype, layout, memory, texts: checked.texts });
        }
        let errors = checked.report.diagnostics.iter().map(|found| &found.finding);
        match errors.clone().find(|finding| finding.rule().severity == Severity::Error) {
            Some(first) => {
                let message = printable(&first.message());
                refused("is not a valid array", &format!("; the first error is {}: {message}", first.rule().id))
            }
            None => refused("does not hold all ranks", ""),
        }
    }

    /// The array for programs.
    pub(super) fn described(&self) -> ArrayJson<'_> {
        ArrayJson {
            name: &self.name,
            dtype: self.dtype.as_ref().map(DType::name),
            shape: self.layout.shape(),
            grid: self.layout.grid().shape(),
            layout: self.layout.to_string(),
            memory: self.memory.as_deref(),
        }
    }

    /// The array as `check` describes it: shape, type, distribution.
    pub(super) fn words(&self) -> String {
        let dtype = self.dtype.as_ref().map(|dtype| printable(&dtype.name()) + " ").unwrap_or_default();
        self.layout.to_string().replacen(" over ", &format!(" {dtype}over "), 1)
    }
}
