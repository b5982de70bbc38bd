//! The fate of memory:  addresses on the way in and out, who is released when, and what is
//! refused.
//!
//! `.ci/sanitize` runs these under AddressSanitizer; memory is allocated to the byte, so that it
//! sees what goes astray.

#![expect(clippy::single_range_in_vec_init, reason = "ranges of a buffer with one dimension")]

mod files;
mod items;
mod overlap;
mod refused;
mod released;
mod sections;
mod strided;
mod tensors;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// An owner that counts how often it is released.
#[derive(Default, Clone)]
struct Count(Arc<AtomicUsize>);

impl Count {
    fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    /// An owner that counts its drops, with the memory it keeps.
    fn owner<M: Send + Sync + 'static>(&self, memory: M) -> Counted<M> {
        Counted { count: self.clone(), _memory: memory }
    }
}

struct Counted<M> {
    count: Count,
    _memory: M,
}

impl<M> Drop for Counted<M> {
    fn drop(&mut self) {
        self.count.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Every index of a shape in C order: the slow, obvious way.
fn indices(shape: &[i64]) -> Vec<Vec<i64>> {
    let mut all = vec![Vec::new()];
    for &extent in shape {
        all = all.iter().flat_map(|head| (0..extent).map(|at| [head.as_slice(), &[at]].concat())).collect();
    }
    all
}

/// Where the item at an index lies, relative to the one at index 0.
fn offset(index: &[i64], strides: &[i64]) -> i64 {
    index.iter().zip(strides).map(|(at, stride)| at * stride).sum()
}

/// The bytes that shape and strides reach, by looking at every item: before the item at index 0,
/// and from there on.
fn reach(shape: &[i64], strides: &[i64], itemsize: i64) -> (i64, i64) {
    let offsets: Vec<i64> = indices(shape).iter().map(|index| offset(index, strides)).collect();
    let before = -offsets.iter().copied().min().unwrap_or(0);
    (before, offsets.iter().map(|offset| offset + itemsize).max().unwrap_or(0))
}
