//! Elements at indices.

use super::list::Indices;
use crate::element::Element;

/// The rows of `width` items at the indices, one after the other.
///
/// # Panics
/// The source has not `width` items for each index of the extent.
#[must_use]
pub fn gather<T: Element>(source: &[T], indices: &Indices, width: usize) -> Vec<T> {
    rows(source.len(), indices, width);
    match width {
        1 => indices.list().iter().map(|index| source[*index]).collect(),
        _ => {
            let mut gathered = Vec::with_capacity(indices.list().len() * width);
            indices.list().iter().for_each(|index| gathered.extend_from_slice(&source[index * width..][..width]));
            gathered
        }
    }
}

/// Checks that memory has a row for each index of the extent.
pub(super) fn rows(items: usize, indices: &Indices, width: usize) {
    let expected = indices.extent().checked_mul(width);
    assert_eq!(Some(items), expected, "items of {} rows of {width}", indices.extent());
}
