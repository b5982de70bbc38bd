//! Imports a DLPack tensor, and exports one: the memory of NumPy, PyTorch, JAX and others.
//!
//! Both directions share memory. The tensor's deleter runs when the buffer is dropped.

use daparray::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Here the tensor comes from this crate; a Python extension gets it from a capsule.
    let items = ndarray::Array2::from_shape_fn((4, 6), |(row, column)| (10 * row + column) as f32);
    let address = items.as_ptr();
    let tensor = Buffer::from_array(items).into_dlpack().map_err(|(_, error)| error)?;

    // SAFETY: the tensor was made by `into_dlpack`, and this call takes it over.
    let buffer = unsafe { Buffer::from_dlpack(tensor) }.map_err(|(_, error)| error)?;
    assert_eq!((buffer.shape(), buffer.dtype()), (&[4, 6][..], &f32::dtype()));

    // Rank 0 of 2 by rows.
    let layout = Layout::new(vec![Block::new(8, 2)?.into(), Dim::undistributed(6)?])?;
    let section = Section::of(&layout, Rank(0), buffer)?;
    assert!(std::ptr::eq(section.view::<f32>()?.as_ptr(), address));
    println!("element (3, 5) is {}", section.view::<f32>()?[[3, 5]]);
    assert_eq!(section.view::<f32>()?[[3, 5]], 35.0);
    Ok(())
}
