//! Shapes, indices and coordinates in text.

/// A shape or coordinate as Python writes it.
pub(super) fn tuple(numbers: &[i64]) -> String {
    let inner: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    format!("({}{})", inner.join(", "), if numbers.len() == 1 { "," } else { "" })
}
