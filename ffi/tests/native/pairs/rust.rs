//! Rust's side: an ndarray owns the memory. It is built as a separate library, with a separate copy
//! of this crate, as in an independent project.

use std::ffi::c_void;

use dap_core::dim::{Block, Cyclic};
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_ffi::{DapArray, Owned};
use dap_ndarray::{Buffer, Section};

/// # Safety
/// `out` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn produce_rust(out: *mut DapArray) -> *const c_void {
    let layout = Layout::new(vec![Block::new(6, 2).unwrap().into(), Cyclic::new(8, 2, 2).unwrap().into()]).unwrap();
    let field = ndarray::Array2::<f64>::zeros((3, 4));
    let address = field.as_ptr();
    let section = Section::of(&layout, Rank(1), Buffer::from_array(field)).unwrap();
    // SAFETY: `out` may be written, as the caller promises.
    unsafe { out.write(Owned::new(section).unwrap().into_raw()) };
    address.cast()
}

/// # Safety
/// `array` obeys `spec/abi.md`, and is given away.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn consume_rust(array: *mut DapArray, value: f64) -> *const c_void {
    // SAFETY: `array` obeys `spec/abi.md` and is given away, as the caller promises.
    let mut section = unsafe { Owned::take(array) }.unwrap().into_section_unchecked().unwrap();
    section.view_mut::<f64>().unwrap()[[2, 3]] = value;
    section.buffer().as_ptr().cast()
}
