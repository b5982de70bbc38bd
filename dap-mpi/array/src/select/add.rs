//! Values that are added to rows: exactly, whatever their order.

use dap_kernels::element::ElementType;
use dap_kernels::index::{Indices, scatter_add, scatter_add_exact};
use dap_mpi::{Error, ErrorKind, Result};
use dap_ndarray::{Buffer, Item};
use num_complex::Complex;

use super::rows::{Sink, Updates};
use crate::array::DynArray;

/// Rows that are to be added, until all have arrived.
pub(super) struct Additions {
    element: ElementType,
    /// The number of each row, and their bytes one behind the other.
    numbers: Vec<i64>,
    bytes: Vec<u8>,
}

impl Additions {
    pub(super) fn new(array: &DynArray) -> Result<Additions> {
        Ok(Additions { element: array.number_type()?, numbers: Vec::new(), bytes: Vec::new() })
    }
}

impl Sink for Additions {
    fn is_ordered(&self) -> bool {
        false
    }

    fn take(&mut self, _places: &mut [u8], updates: Updates<'_>) -> Result<()> {
        self.numbers.extend(updates.numbers.iter().map(|&number| number as i64));
        self.bytes.extend_from_slice(updates.rows);
        Ok(())
    }

    fn finish(&mut self, places: &mut Buffer, bytes: usize) -> Result<()> {
        let width = bytes / self.element.size();
        let Some(extent) = places.len().checked_div(width) else { return Ok(()) };
        let numbers = std::mem::take(&mut self.numbers);
        let rows = Indices::check(&numbers, extent);
        let rows = rows.map_err(|error| Error::new(ErrorKind::Argument, error.to_string()))?;
        let mut values = Buffer::zeros(places.dtype().clone(), &[(self.bytes.len() / self.element.size()) as i64])?;
        values.bytes_mut()?.copy_from_slice(&std::mem::take(&mut self.bytes));
        let to = Target { rows: &rows, width, places, values: &values };
        match self.element {
            ElementType::Bool => to.add(|to: &mut [bool], rows, width, values| {
                for (&row, values) in rows.list().iter().zip(values.chunks(width)) {
                    to[row * width..][..width].iter_mut().zip(values).for_each(|(to, value)| *to |= value);
                }
            }),
            ElementType::I8 => to.add(scatter_add::<i8>),
            ElementType::I16 => to.add(scatter_add::<i16>),
            ElementType::I32 => to.add(scatter_add::<i32>),
            ElementType::I64 => to.add(scatter_add::<i64>),
            ElementType::U8 => to.add(scatter_add::<u8>),
            ElementType::U16 => to.add(scatter_add::<u16>),
            ElementType::U32 => to.add(scatter_add::<u32>),
            ElementType::U64 => to.add(scatter_add::<u64>),
            ElementType::F32 => to.add(scatter_add_exact::<f32>),
            ElementType::F64 => to.add(scatter_add_exact::<f64>),
            ElementType::C64 => to.add(in_parts(scatter_add_exact::<f32>)),
            ElementType::C128 => to.add(in_parts(scatter_add_exact::<f64>)),
        }
    }
}

/// Rows of values, and the rows that they are added to.
struct Target<'a> {
    rows: &'a Indices,
    /// The elements of a row.
    width: usize,
    places: &'a mut Buffer,
    values: &'a Buffer,
}

impl Target<'_> {
    fn add<T: Item>(self, add: impl Fn(&mut [T], &Indices, usize, &[T])) -> Result<()> {
        let Target { rows, width, places, values } = self;
        let (mut places, values) = (places.view_mut::<T>()?, values.view::<T>()?);
        let apart = || Error::new(ErrorKind::State, "rows in memory that is not contiguous");
        add(places.as_slice_mut().ok_or_else(apart)?, rows, width, values.as_slice().ok_or_else(apart)?);
        Ok(())
    }
}

/// Adds real and imaginary parts by a function for real numbers.
fn in_parts<T: Copy>(
    add: impl Fn(&mut [T], &Indices, usize, &[T]),
) -> impl Fn(&mut [Complex<T>], &Indices, usize, &[Complex<T>]) {
    move |to, rows, width, values| {
        let parts = |items: &[Complex<T>]| items.iter().flat_map(|item| [item.re, item.im]).collect::<Vec<T>>();
        let mut sums = parts(to);
        add(&mut sums, rows, width * 2, &parts(values));
        to.iter_mut().zip(sums.as_chunks::<2>().0).for_each(|(to, &[re, im])| *to = Complex { re, im });
    }
}
