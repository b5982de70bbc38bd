//! The description of one library, and of one array in its terms.

use dap_core::dtype::DType;

use super::part::Converted;
use super::raw::{ConvertResult, RawValue};

/// One library's description of an array.
pub(super) struct Library {
    /// The name for `--from`.
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// The ranks that the program asks: each one, or one for all.
    pub(super) each: &'static str,
    /// The fields that must be present.
    pub(super) needed: &'static str,
    pub(super) fields: &'static [&'static str],
    pub(super) refuses: &'static str,
    /// The numbers that other languages count from 1.
    pub(super) counted: &'static [CountedField],
    /// Whether a rank's description states its part of the array.
    pub(super) says_its_place: fn(&RawValue<'_>) -> bool,
    pub(super) recognises: fn(&RawValue<'_>) -> bool,
    pub(super) convert: fn(&LibraryCase<'_>, &ConvertOptions<'_>) -> ConvertResult<Converted>,
}

/// Numbers that are counted alike: their place in a description, and the number to add. A `*` is
/// each item, `**` all numbers below.
pub(super) type CountedField = (&'static str, i64);

/// The options of the command line.
pub(super) struct ConvertOptions<'a> {
    pub(super) dtype: Option<&'a DType>,
    pub(super) renumber: bool,
}

/// One array.
pub(super) struct LibraryCase<'a> {
    pub(super) name: String,
    pub(super) library: &'static Library,
    /// The description of each rank; a single one if the library describes all ranks together.
    pub(super) ranks: Vec<RawValue<'a>>,
    /// Ranks that are outside of the array's process grid and hold nothing.
    pub(super) outside: Vec<i64>,
}
