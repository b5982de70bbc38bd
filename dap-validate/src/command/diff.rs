//! `diff`: the differences between the layouts of two arrays, and whether they matter.
//!
//! Two descriptions may differ and give the same ownership: a cyclic dimension with large blocks is
//! a block dimension. Beside the differences in the descriptions, the output therefore has the
//! first element with another owner, or with another place in its owner's buffer, or states that
//! there is none.

mod difference;
mod first;
mod values;
mod write;

use std::io::Write;
use std::process::ExitCode;

use dap_core::index::GlobalIndex;
use dap_core::layout::Layout;

use super::side::ComparedArray;
use crate::cli::{DiffArgs, TextOrJson};
use crate::command::outcome::{Failure, code};
use crate::command::stdout::stdout;
use difference::Difference;
pub(crate) use values::DiffValuesJson;

pub(super) fn run(args: &DiffArgs) -> Result<ExitCode, Failure> {
    if args.values {
        return values::run(args);
    }
    let [a, b] = ComparedArray::both(&args.a, &args.b, args.no_progress)?;
    let comparison = Comparison::new(&a, &b);
    let mut out = stdout();
    match args.output_format {
        TextOrJson::Text => write::text(&comparison, &mut out)?,
        TextOrJson::Json => write::json(&comparison, &mut out)?,
    }
    out.flush()?;
    Ok(code(!comparison.is_equal()))
}

/// The comparison of two arrays.
struct Comparison<'a> {
    a: &'a ComparedArray,
    b: &'a ComparedArray,
    differences: Vec<Difference>,
    ownership: OwnershipChange,
}

/// The difference of ownership, with the first element that shows it.
#[derive(Debug, PartialEq, Eq)]
enum OwnershipChange {
    /// Every process owns the same elements at the same places of its buffer.
    Same,
    /// Every process owns the same elements, but this one lies elsewhere in its buffer.
    Moved(Vec<GlobalIndex>),
    /// This element has another owner, or is in one array only.
    Different(Vec<GlobalIndex>),
    /// The arrays differ in their numbers of dimensions.
    Incomparable,
}

impl<'a> Comparison<'a> {
    fn new(a: &'a ComparedArray, b: &'a ComparedArray) -> Self {
        Self { a, b, differences: difference::all(a, b), ownership: OwnershipChange::of(&a.layout, &b.layout) }
    }

    fn is_equal(&self) -> bool {
        self.a.layout == self.b.layout && self.a.dtype == self.b.dtype
    }
}

impl OwnershipChange {
    fn of(a: &Layout, b: &Layout) -> Self {
        if a.ndim() != b.ndim() {
            return Self::Incomparable;
        }
        if let Some(index) = first::other_owner(a, b) {
            return Self::Different(index);
        }
        first::other_place(a, b).map_or(Self::Same, Self::Moved)
    }
}
