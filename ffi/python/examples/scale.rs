//! A Rust library without a line of Python that works in place on an array that Python made, and
//! makes one for Python.
//!
//! It speaks the C ABI only: a pointer to a `DapArray`, out of the capsule that `__distarray_c__`
//! returns. In Python:
//!
//! ```python
//! capsule = section.__distarray_c__()
//! pointer = ctypes.pythonapi.PyCapsule_GetPointer(capsule, b"dap_array_v0")
//! library.scale(pointer, 2.0)      # takes the array over, and releases it
//! ```
//!
//! `tests/test_rust.py` does that, and compares the addresses on both sides.

use dap_core::dim::Block;
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_ffi::{DapArray, Owned};
use dap_ndarray::{Buffer, Section};

/// Multiplies what the process owns, not its halo, and lets the array go. Gives the address of the
/// first item of the buffer, or null when the array is refused (which then remains the caller's).
///
/// # Safety
/// `array` points to a struct that obeys `spec/abi.md`, which no other code uses meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scale(array: *mut DapArray, factor: f64) -> *const u8 {
    // SAFETY: as the caller promises.
    let Ok(owned) = (unsafe { Owned::take(array) }) else { return std::ptr::null() };
    let mut section = match owned.into_section() {
        Ok(section) => section,
        Err((owned, _)) => {
            // SAFETY: `take` has found the pointer good; the struct goes back where it came from.
            unsafe { array.write(owned.into_raw()) };
            return std::ptr::null();
        }
    };
    match section.owned_view_mut::<f64>() {
        Ok(mut items) => items.mapv_inplace(|item| item * factor),
        Err(_) => return std::ptr::null(),
    }
    section.buffer().as_ptr()
}

/// Makes rank 1's part of 10 numbers over 2 processes, with a halo, in memory of Rust. Returns the
/// address of its first item, or 0 after an error.
///
/// # Safety
/// `out` points to memory for a struct, which is written and then the caller's to release.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn produce(out: *mut DapArray) -> *const u8 {
    let made = || -> Option<(DapArray, *const u8)> {
        let layout = Layout::new(vec![Block::new(10, 2).ok()?.with_halo(1).ok()?.into()]).ok()?;
        let items = ndarray::Array1::from_iter((4..10).map(f64::from));
        let section = Section::of(&layout, Rank(1), Buffer::from_array(items)).ok()?;
        let address = section.buffer().as_ptr();
        Some((Owned::new(section).ok()?.into_raw(), address))
    };
    let Some((array, address)) = made() else { return std::ptr::null() };
    // SAFETY: as the caller promises.
    unsafe { out.write(array) };
    address
}

/// Releases a struct on a thread of Rust that Python has never seen, and waits for it.
///
/// # Safety
/// As [`scale`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn release_elsewhere(array: *mut DapArray) -> bool {
    // SAFETY: as the caller promises.
    let Ok(owned) = (unsafe { Owned::take(array) }) else { return false };
    std::thread::spawn(move || drop(owned)).join().is_ok()
}

/// Keeps a struct, to release it when the process exits: after Python's end.
///
/// # Safety
/// As [`scale`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn release_at_exit(array: *mut DapArray) -> bool {
    static KEPT: std::sync::Mutex<Vec<Owned>> = std::sync::Mutex::new(Vec::new());
    extern "C" fn at_exit() {
        if let Ok(mut kept) = KEPT.lock() {
            println!("released {} after Python's end", kept.drain(..).count());
        }
    }
    // SAFETY: as the caller promises.
    let Ok(owned) = (unsafe { Owned::take(array) }) else { return false };
    // SAFETY: the handler may be called at any time.
    unsafe { libc::atexit(at_exit) };
    KEPT.lock().map(|mut kept| kept.push(owned)).is_ok()
}
