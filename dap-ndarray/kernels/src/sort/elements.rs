//! Elements in their order.

use super::key::Sortable;
use super::records::sort_records;
use crate::threads;

/// Elements of a part that a thread converts.
const GRAIN: usize = 1 << 16;

/// Sorts elements: -0 before +0, NaN behind all numbers.
pub fn sort<T: Sortable>(items: &mut [T]) {
    for_each(items, T::encoded);
    sort_records(items);
    for_each(items, T::decoded);
}

/// The reverse of [`sort`]: NaN are first.
pub fn sort_descending<T: Sortable>(items: &mut [T]) {
    sort(items);
    items.reverse();
}

/// Replaces each item, on several threads.
pub(super) fn for_each<T: Copy + Send>(items: &mut [T], change: impl Fn(T) -> T + Sync) {
    let parts = threads::parts(items.len(), GRAIN, threads::threads());
    let len = items.len().div_ceil(parts).max(1);
    let chunks: Vec<_> = items.chunks_mut(len).map(std::sync::Mutex::new).collect();
    threads::for_parts(chunks.len(), |part| {
        // Each part is locked once.
        if let Ok(mut chunk) = chunks[part].lock() {
            chunk.iter_mut().for_each(|item| *item = change(*item));
        }
    });
}
