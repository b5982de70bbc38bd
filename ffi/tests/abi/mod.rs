//! Exports and imports of sections, in every order and with every mistake.

mod exchange;
mod layout;
mod lifetime;
mod refusals;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dap_core::dim::{Block, Cyclic, Unstructured};
use dap_core::dtype::DType;
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_ffi::{DapArray, Owned};
use dap_ndarray::{Access, Buffer, Section};

/// Memory that counts its releases.
pub(crate) struct Lent {
    memory: Vec<f64>,
    releases: Arc<AtomicUsize>,
}

impl Lent {
    fn new(items: i64) -> (Self, Arc<AtomicUsize>) {
        let releases = Arc::new(AtomicUsize::new(0));
        let memory = (0..items).map(|value| value as f64).collect();
        (Self { memory, releases: Arc::clone(&releases) }, releases)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.releases.fetch_add(1, Ordering::SeqCst);
        self.memory.fill(f64::NAN);
    }
}

/// A block with a halo, a block-cyclic and an unstructured dimension on 2 x 2 x 2 processes.
pub(crate) fn layout() -> Layout {
    let unstructured = Unstructured::new(10, true, &[[0, 2, 4, 6, 8], [1, 3, 5, 7, 9]]).unwrap();
    let dims = vec![
        Block::new(10, 2).unwrap().with_halo(1).unwrap().into(),
        Cyclic::new(10, 2, 2).unwrap().into(),
        unstructured.into(),
    ];
    Layout::new(dims).unwrap()
}

/// A section of it, whose memory counts its releases, with the memory's address.
pub(crate) fn section(rank: i64) -> (Section, *const f64, Arc<AtomicUsize>) {
    let layout = layout();
    let shape = layout.local_shape(Rank(rank)).unwrap();
    let (mut lent, releases) = Lent::new(shape.iter().product());
    let address = lent.memory.as_mut_ptr();
    // SAFETY: the vector lives until `lent` is dropped, and no other code uses it.
    let buffer = unsafe {
        Buffer::from_raw(address.cast(), DType::parse("<f8").unwrap(), &shape, None, Access::ReadWrite, lent)
    };
    (Section::of(&layout, Rank(rank), buffer.unwrap()).unwrap(), address, releases)
}

/// The same section, exported.
pub(crate) fn given(rank: i64) -> (DapArray, *const f64, Arc<AtomicUsize>) {
    let (section, address, releases) = section(rank);
    (Owned::new(section).unwrap().into_raw(), address, releases)
}

pub(crate) fn count(releases: &AtomicUsize) -> usize {
    releases.load(Ordering::SeqCst)
}
