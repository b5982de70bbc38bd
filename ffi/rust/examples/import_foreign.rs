//! Imports an array from another library: its memory by address, its description as dictionaries.
//!
//! The section borrows the memory until it is dropped. The dictionaries are checked by themselves
//! and beside the buffer, so a wrong extent is refused.

use daparray::export::DimDict;
use daparray::prelude::*;

/// A library that knows nothing of this crate: rank 1 of 2 holds rows 4 to 7 of an 8 x 3 field,
/// with row 3 of its neighbour in front of them.
struct Field {
    rows: Vec<[f64; 3]>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut field = Field { rows: (3..8).map(|row| [f64::from(row); 3]).collect() };

    let address = field.rows.as_mut_ptr().cast::<u8>();
    let shape = [5, 3];
    // SAFETY: the 5 x 3 numbers are initialised, lie in one allocation, and are used only through
    // the buffer, which owns the field until it is dropped.
    let buffer = unsafe { Buffer::from_raw(address, f64::dtype(), &shape, None, Access::ReadWrite, field) }?;
    let mut rows = DimDict::block(8, 3, 8).on_grid(1, 2);
    rows.padding = daparray::export::Field::Is([1, 0]);
    let mut section = Section::new(vec![rows, DimDict::block(3, 0, 3).on_grid(0, 1)], buffer)?;

    assert_eq!(section.owned()[..], [1..5, 0..3]);
    assert!(std::ptr::eq(section.buffer().as_ptr(), address));
    section.owned_view_mut::<f64>()?.mapv_inplace(|item| 10.0 * item);
    println!("the first item of each row: {}", section.view::<f64>()?.index_axis(ndarray::Axis(1), 0));
    assert_eq!(section.view::<f64>()?.sum(), 3.0 * (3.0 + 40.0 + 50.0 + 60.0 + 70.0));
    Ok(())
}
