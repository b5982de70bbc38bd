//! The peers, in a shared library of their own (`peers/*.c`), so that the benchmark runs without
//! them as well.

use std::ffi::{CString, c_int, c_void};

use crate::case::Dealt;

/// The functions of a peer, see `peers.h`.
#[repr(C)]
struct Functions {
    run: unsafe extern "C" fn(*mut Functions, *mut f64, *mut f64),
    free: unsafe extern "C" fn(*mut Functions),
}

/// One prepared operation of another library.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    functions: *mut Functions,
}

impl Peer {
    /// Runs the operation. Collective.
    ///
    /// # Safety
    /// The pointers are memory of the local parts that the peer was made for.
    pub(crate) unsafe fn run(&self, source: *const f64, target: *mut f64) {
        // SAFETY: the functions are the peer's own, and both pointers its local parts, as the
        // caller guarantees.
        unsafe { ((*self.functions).run)(self.functions, source.cast_mut(), target) };
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // SAFETY: made by the library, freed once.
        unsafe { ((*self.functions).free)(self.functions) };
    }
}

/// The library, if there is one.
pub(crate) struct Library(*mut c_void);

impl Library {
    /// The library that `DAP_PEERS` names.
    pub(crate) fn open() -> Library {
        let Ok(path) = std::env::var("DAP_PEERS") else { return Library(std::ptr::null_mut()) };
        let name = CString::new(path.clone()).expect("a path");
        // SAFETY: a library of functions, without anything that runs when it is loaded.
        let handle = unsafe { libc::dlopen(name.as_ptr(), libc::RTLD_NOW | libc::RTLD_GLOBAL) };
        assert!(!handle.is_null(), "{path} cannot be loaded");
        Library(handle)
    }

    /// A function of the library, if it has it: PETSc exists for one MPI library only.
    fn function(&self, name: &str) -> Option<*mut c_void> {
        let text = CString::new(name).ok()?;
        if self.0.is_null() {
            return None;
        }
        // SAFETY: an open library.
        let function = unsafe { libc::dlsym(self.0, text.as_ptr()) };
        (!function.is_null()).then_some(function)
    }

    fn made(name: &'static str, functions: *mut Functions) -> Option<Peer> {
        (!functions.is_null()).then_some(Peer { name, functions })
    }

    /// A peer that moves a matrix.
    pub(crate) fn mover(&self, name: &'static str, n: i32, from: &Dealt, to: &Dealt) -> Option<Peer> {
        type New = unsafe extern "C" fn(c_int, *const Dealt, *const Dealt) -> *mut Functions;
        // SAFETY: the function's type in `peers.h`.
        let new = unsafe { std::mem::transmute::<*mut c_void, New>(self.function(name)?) };
        // SAFETY: the function of `peers.h` reads two descriptions, which are borrowed for the
        // call.
        Library::made(name, unsafe { new(n, from, to) })
    }

    /// A peer that fills halos.
    pub(crate) fn halo(&self, name: &'static str, size: &[i32], grid: &[i32], corners: bool) -> Option<Peer> {
        type New = unsafe extern "C" fn(c_int, *const c_int, *const c_int, c_int) -> *mut Functions;
        // SAFETY: the function's type in `peers.h`.
        let new = unsafe { std::mem::transmute::<*mut c_void, New>(self.function(name)?) };
        // SAFETY: the function of `peers.h` reads `size.len()` numbers of each, and `grid` has the
        // same length.
        Library::made(name, unsafe { new(size.len() as c_int, size.as_ptr(), grid.as_ptr(), corners.into()) })
    }

    /// A peer that permutes.
    pub(crate) fn permutation(&self, name: &'static str, size: i32, indices: &[i32]) -> Option<Peer> {
        type New = unsafe extern "C" fn(c_int, c_int, *const c_int) -> *mut Functions;
        // SAFETY: the function's type in `peers.h`.
        let new = unsafe { std::mem::transmute::<*mut c_void, New>(self.function(name)?) };
        // SAFETY: the function of `peers.h` reads `indices.len()` numbers, which outlive the peer.
        Library::made(name, unsafe { new(size, indices.len() as c_int, indices.as_ptr()) })
    }
}
