//! The faults of a buffer by itself, before any dimension is checked.

use super::Complaint;
use crate::model::{RankExport, Value};

/// Item types that the oracle knows, with their size in bytes.
const DTYPES: [(&str, i64); 17] = [
    ("|b1", 1),
    ("|i1", 1),
    ("|u1", 1),
    ("<i2", 2),
    ("<i4", 4),
    (">i4", 4),
    ("<i8", 8),
    ("<u8", 8),
    ("<f2", 2),
    ("<f4", 4),
    (">f4", 4),
    ("<f8", 8),
    (">f8", 8),
    ("<c8", 8),
    ("<c16", 16),
    ("|S5", 5),
    ("<U2", 8),
];

/// The size in bytes of an item type that the oracle knows.
pub fn item_size(dtype: &str) -> Option<i64> {
    DTYPES.iter().find(|(name, _)| *name == dtype).map(|&(_, size)| size)
}

pub(super) fn complaints(export: &RankExport) -> Vec<Complaint> {
    let mut found: Vec<Complaint> = Vec::new();
    for (key, value) in &export.file {
        match (key.as_str(), value) {
            ("data", Value::Text(_)) => {}
            ("offset", Value::Int(offset)) if *offset >= 0 => {}
            _ => found.push(("DAP119", format!("`{key}` is neither a name nor a number of bytes"))),
        }
    }
    let item_size = item_size(&export.dtype);
    if item_size.is_none() {
        // NumPy knows datetimes, but PEP-3118 has no format for them.
        let datetime = export.dtype.trim_start_matches(['<', '>', '=', '|']).starts_with(['M', 'm']);
        let rule = if datetime { "DAP115" } else { "DAP114" };
        found.push((rule, "no such item type in a PEP-3118 buffer".into()));
    }
    if export.shape.iter().any(|&extent| extent < 0) {
        found.push(("DAP112", "a negative extent".into()));
        return found;
    }
    let item_size = i128::from(item_size.unwrap_or(1));
    let empty = export.shape.contains(&0);
    // An empty buffer holds no byte, however long its other extents are.
    if !empty && !fits(export.shape.iter().map(|&extent| i128::from(extent)).chain([item_size])) {
        found.push(("DAP116", "more bytes than an i64 can count".into()));
    }
    if let Some(strides) = &export.strides {
        if strides.len() != export.shape.len() {
            found.push(("DAP113", "as many strides as extents".into()));
        } else if !empty {
            // From the lowest byte that any element reaches to the highest: negative strides reach
            // down.
            let reaches = export.shape.iter().zip(strides).map(|(&e, &s)| i128::from(e - 1) * i128::from(s));
            let span = reaches.map(i128::abs).sum::<i128>() + item_size;
            if span > i128::from(i64::MAX) {
                found.push(("DAP118", "strides reach outside what an i64 can address".into()));
            }
        }
    }
    found
}

/// Whether a product of positive factors is at most `i64::MAX`.
fn fits(factors: impl Iterator<Item = i128>) -> bool {
    let mut product: i128 = 1;
    for factor in factors {
        product *= factor;
        if product > i128::from(i64::MAX) {
            return false;
        }
    }
    true
}
