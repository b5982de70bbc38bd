//! Item types: from NumPy's type strings and C's formats to Rust types and back.

use daparray::dtype::DType;
use daparray::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let item = DType::parse("<f8")?;
    assert_eq!((item.itemsize(), item.name().as_str()), (8, "float64"));
    assert_eq!(item, f64::dtype());

    // The same by Python's buffer protocol, and big endian.
    assert_eq!(DType::from_format("d")?, item);
    let big = DType::parse(">i4")?;
    assert_ne!(big, i32::dtype());

    // A type that is known at run time chooses code for a type that is known at compile time.
    let buffer = Buffer::from_array(ndarray::arr1(&[1_i16, 2, 3]));
    let sum = daparray::dispatch!(buffer.dtype(), T => {
        buffer.view::<T>()?.len() * size_of::<T>()
    }, _ => return Err("no Rust type for these items".into()));
    assert_eq!(sum, 6);

    let unknown = DType::parse("<q9").expect_err("there is no such type");
    println!("{item} has {} bytes; '<q9' is refused: {unknown}", item.itemsize());
    Ok(())
}
