//! Structs: named fields at byte offsets, with padding between and after them.

use std::collections::HashSet;

use super::error::DTypeErrorKind;
use super::{DType, MAX_ITEMSIZE, MAX_NDIM};

/// One field of a [`Struct`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Field {
    name: Box<str>,
    dtype: DType,
    offset: i64,
    shape: Box<[i64]>,
    size: i64,
}

impl Field {
    /// A field whose size, and where it ends, are known to fit.
    pub(super) fn new(
        name: impl Into<Box<str>>,
        dtype: DType,
        offset: i64,
        shape: Vec<i64>,
    ) -> Result<Field, DTypeErrorKind> {
        let size = size_of(&dtype, &shape)?;
        match offset.checked_add(size) {
            Some(end) if offset >= 0 && end <= MAX_ITEMSIZE => {
                Ok(Field { name: name.into(), dtype, offset, shape: shape.into(), size })
            }
            _ => Err(DTypeErrorKind::TooLarge),
        }
    }

    /// The field's name: not empty, and no other field's.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The type of the field, or of each element of its sub-array.
    pub fn dtype(&self) -> &DType {
        &self.dtype
    }

    /// Where the field begins, in bytes from the item's start.
    pub fn offset(&self) -> i64 {
        self.offset
    }

    /// The sub-array's extents, in C order; empty when the field is no sub-array.
    pub fn shape(&self) -> &[i64] {
        &self.shape
    }

    /// The bytes of the whole field, sub-array included.
    pub fn size(&self) -> i64 {
        self.size
    }

    pub(super) fn end(&self) -> i64 {
        self.offset + self.size
    }
}

/// The bytes of a sub-array. Extents are bounded even beside a 0, where the product says nothing.
pub(super) fn size_of(dtype: &DType, shape: &[i64]) -> Result<i64, DTypeErrorKind> {
    if shape.len() > MAX_NDIM {
        return Err(DTypeErrorKind::TooManyDimensions);
    }
    let mut bound = dtype.itemsize().max(1);
    let mut size = dtype.itemsize();
    for &extent in shape {
        if extent < 0 {
            return Err(DTypeErrorKind::TooLarge);
        }
        bound = bound.checked_mul(extent.max(1)).filter(|&b| b <= MAX_ITEMSIZE).ok_or(DTypeErrorKind::TooLarge)?;
        // size <= bound, or it is 0
        size *= extent;
    }
    Ok(size)
}

/// An item made of fields.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Struct {
    fields: Box<[Field]>,
    itemsize: i64,
}

impl Struct {
    /// Checks that names are distinct and that the fields lie within `itemsize`; they may overlap.
    pub(super) fn new(fields: Vec<Field>, itemsize: i64) -> Result<Struct, DTypeErrorKind> {
        if let Some(twice) = repeated_name(&fields) {
            return Err(DTypeErrorKind::DuplicateName { name: twice.to_owned() });
        }
        let needed = fields.iter().map(Field::end).max().unwrap_or(0);
        if itemsize < needed {
            return Err(DTypeErrorKind::Itemsize { written: itemsize, needed });
        }
        if itemsize > MAX_ITEMSIZE {
            return Err(DTypeErrorKind::TooLarge);
        }
        Ok(Struct { fields: fields.into(), itemsize })
    }

    /// The same fields in an item of another size.
    pub(super) fn resized(&self, itemsize: i64) -> Result<Struct, DTypeErrorKind> {
        Struct::new(self.fields.to_vec(), itemsize)
    }

    /// The fields, in the order of their names' listing; their offsets need not rise.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The item's size in bytes, all padding included.
    pub fn itemsize(&self) -> i64 {
        self.itemsize
    }

    /// The alignment that brings every field to its own; 1 when no address does, or when there is
    /// no field.
    pub(super) fn alignment(&self) -> i64 {
        let widest = self.fields.iter().map(|field| field.dtype.alignment()).max().unwrap_or(1);
        let fits = |field: &Field| {
            let own = field.dtype.alignment();
            field.offset % own == 0 && (field.shape.is_empty() || field.dtype.itemsize() % own == 0)
        };
        if self.itemsize % widest == 0 && self.fields.iter().all(fits) { widest } else { 1 }
    }

    /// Whether each field begins at or after the end of the one before.
    pub(super) fn is_in_order(&self) -> bool {
        let mut end = 0;
        self.fields.iter().all(|field| {
            let follows = field.offset >= end;
            end = field.end();
            follows
        })
    }
}

/// The first name that an earlier field has.
fn repeated_name(fields: &[Field]) -> Option<&str> {
    // The number of fields up to which comparing all is faster than hashing each.
    const FEW: usize = 16;
    let mut names = fields.iter().map(Field::name).enumerate();
    if fields.len() <= FEW {
        return names.find(|&(i, name)| fields[..i].iter().any(|field| field.name() == name)).map(|(_, name)| name);
    }
    let mut seen = HashSet::with_capacity(fields.len());
    names.find(|&(_, name)| !seen.insert(name)).map(|(_, name)| name)
}
