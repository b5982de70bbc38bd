//! `diff`: why two arrays are not laid out alike, and whether that matters.
//!
//! What is described differently need not be owned differently: a cyclic dimension whose blocks are
//! large enough is a block dimension. So beside the differences in the descriptions stands the
//! first element with another owner or another place in its owner's buffer, or that there is none.

mod difference;
mod first;
mod write;

use std::io::Write;
use std::process::ExitCode;

use dap_core::index::GlobalIndex;
use dap_core::layout::Layout;

use super::side::Side;
use super::{Failure, code, stdout};
use crate::cli::{DiffArgs, TextOrJson};
use difference::Difference;

pub(super) fn run(args: &DiffArgs) -> Result<ExitCode, Failure> {
    let [a, b] = Side::both(&args.a, &args.b, args.no_progress)?;
    let comparison = Comparison::new(&a, &b);
    let mut out = stdout();
    match args.output_format {
        TextOrJson::Text => write::text(&comparison, &mut out)?,
        TextOrJson::Json => write::json(&comparison, &mut out)?,
    }
    out.flush()?;
    Ok(code(!comparison.is_equal()))
}

/// What two arrays have in common, and what not.
struct Comparison<'a> {
    a: &'a Side,
    b: &'a Side,
    differences: Vec<Difference>,
    ownership: Ownership,
}

/// How the owners compare, with the first element that shows it.
#[derive(Debug, PartialEq, Eq)]
enum Ownership {
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
    fn new(a: &'a Side, b: &'a Side) -> Self {
        Self { a, b, differences: difference::all(a, b), ownership: Ownership::of(&a.layout, &b.layout) }
    }

    fn is_equal(&self) -> bool {
        self.a.layout == self.b.layout && self.a.dtype == self.b.dtype
    }
}

impl Ownership {
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
