//! Exports an array through the C ABI, and imports one: what a library written in Rust offers to C,
//! C++, Fortran and Python.

use daparray::prelude::*;

/// Called from any language: writes a struct that the caller releases. 0 if all is well.
///
/// # Safety
/// `out` points to memory for a struct.
unsafe extern "C" fn produce(out: *mut DapArray) -> i32 {
    let made = || -> Result<DapArray, Box<dyn std::error::Error>> {
        let layout = Layout::new(vec![Block::new(10, 2)?.with_halo(1)?.into()])?;
        let items = ndarray::Array1::from_iter((4..10).map(f64::from));
        let section = Section::of(&layout, Rank(1), Buffer::from_array(items))?;
        Ok(Owned::new(section).map_err(|(_, refusal)| refusal)?.into_raw())
    };
    match made() {
        Ok(array) => {
            // SAFETY: the caller gives memory for a struct.
            unsafe { out.write(array) };
            0
        }
        Err(_) => 1,
    }
}

/// Called from any language: takes the array over, doubles what the process owns, releases it.
///
/// # Safety
/// `array` points to a struct that obeys `spec/abi.md` and that the caller gives away.
unsafe extern "C" fn double(array: *mut DapArray) -> f64 {
    let take = || -> Result<f64, Box<dyn std::error::Error>> {
        // SAFETY: by this function's contract.
        let owned = unsafe { Owned::take(array) }?;
        let mut section = owned.into_section().map_err(|(_, refusal)| refusal)?;
        section.owned_view_mut::<f64>()?.mapv_inplace(|item| 2.0 * item);
        Ok(section.view::<f64>()?.sum())
    };
    take().unwrap_or(f64::NAN)
}

fn main() {
    let mut array = std::mem::MaybeUninit::uninit();
    // SAFETY: the pointer is to memory for a struct.
    assert_eq!(unsafe { produce(array.as_mut_ptr()) }, 0);
    // SAFETY: `produce` has written the struct.
    let mut array = unsafe { array.assume_init() };
    // SAFETY: the struct obeys the rules and is not used elsewhere.
    let sum = unsafe { double(&raw mut array) };
    assert!(array.release.is_none(), "the array was taken over");
    // 4 is a neighbour's; 5 to 9 are owned.
    println!("the sum is {sum}");
    assert_eq!(sum, 4.0 + 2.0 * (5.0 + 6.0 + 7.0 + 8.0 + 9.0));
}
