//! A layout in an attribute of a stored array: for each dimension the protocol's exports of an
//! array of that dimension alone.
//!
//! ```
//! use dap_core::layout::{DimSpec, Layout};
//! use dap_formats::description;
//! let layout = Layout::builder([6, 4]).dims([DimSpec::Cyclic]).processes(2).build()?;
//! let described = description::write(&layout).unwrap();
//! assert_eq!(described.as_array().unwrap().len(), 2);
//! assert_eq!(description::read(&described, &[6, 4]), Some(layout));
//! # Ok::<(), dap_core::error::Error>(())
//! ```

use dap_core::check::{Checker, Profile, Ranks};
use dap_core::dim::Dim;
use dap_core::dtype::DType;
use dap_core::index::Rank;
use dap_core::json;
use dap_core::layout::Layout;
use serde_json::Value;

/// The name of the attribute.
pub const ATTRIBUTE: &str = "distarray";

/// Bytes of the longest description.
const LONGEST: usize = 1 << 20;

/// Refuses names of attributes with the description's among them.
///
/// # Errors
/// It is among them: the message.
pub fn check_name<'n>(mut names: impl Iterator<Item = &'n String>) -> Result<(), String> {
    if names.any(|name| name == ATTRIBUTE) {
        return Err(format!("the attribute `{ATTRIBUTE}` has the distribution: choose another name"));
    }
    Ok(())
}

/// The description of a layout without padding; `None` if it is too long.
#[must_use]
pub fn write(layout: &Layout) -> Option<Value> {
    let item = DType::parse("|u1").ok()?;
    let mut length = 0;
    let mut dims = Vec::new();
    for dim in layout.dims() {
        let alone = Layout::new(vec![dim.clone()]).ok()?;
        let mut exports = Vec::new();
        for rank in (0..alone.processes()).map(Rank) {
            let text = json::write(&alone.export(rank, &item).ok()?)?;
            length += text.len();
            if length > LONGEST {
                return None;
            }
            exports.push(serde_json::from_str(&text).ok()?);
        }
        dims.push(Value::Array(exports));
    }
    Some(Value::Array(dims))
}

/// The layout of an array of this shape that a description means; `None` if it means none.
#[must_use]
pub fn read(description: &Value, shape: &[i64]) -> Option<Layout> {
    let dims = description.as_array()?.iter().map(read_dim).collect::<Option<Vec<_>>>()?;
    Layout::new(dims).ok().filter(|layout| layout.shape() == shape)
}

fn read_dim(exports: &Value) -> Option<Dim> {
    let mut checker = Checker::new(Profile::Auto);
    for (export, rank) in exports.as_array()?.iter().zip(0..) {
        let local = checker.local(&json::read(export.to_string().as_bytes()));
        checker.push(Some(Rank(rank)), local);
    }
    let report = checker.finish(Ranks::All);
    if !report.is_valid() {
        return None;
    }
    let layout = report.layout?;
    layout.dims().first().filter(|_| layout.ndim() == 1).cloned()
}

#[cfg(test)]
mod tests {
    use dap_core::algebra::Placement;
    use dap_core::random_layouts::layouts_of;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_layout_is_read_back(layout in prop::collection::vec(0..9_i64, 0..=3).prop_flat_map(|shape| layouts_of(shape, 4))) {
            let layout = Placement::new(layout).without_padding().unwrap().layout().clone();
            let found = read(&write(&layout).unwrap(), layout.shape()).unwrap();
            // Slices of block-cyclic dimensions become lists.
            for rank in (0..layout.processes()).map(Rank) {
                let indices = |layout: &Layout| layout.runs(rank).unwrap().iter().map(|runs| runs.iter().map(|run| (run.global.0, run.len)).collect()).collect::<Vec<Vec<_>>>();
                prop_assert_eq!(indices(&found), indices(&layout));
            }
        }
    }
}
