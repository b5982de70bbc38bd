//! The cache of blocks that are not in use.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::block::{Block, MAPPED, class_of};

#[derive(Default)]
struct Cache {
    /// By size, the one that was returned last at the end.
    blocks: BTreeMap<usize, Vec<Block>>,
    bytes: usize,
}

static CACHE: Mutex<Cache> = Mutex::new(Cache { blocks: BTreeMap::new(), bytes: 0 });

/// The most bytes that wait for use.
fn limit() -> usize {
    static LIMIT: OnceLock<usize> = OnceLock::new();
    *LIMIT.get_or_init(|| {
        let named = std::env::var("DAP_CACHE_BYTES").ok().and_then(|text| text.trim().parse().ok());
        named.unwrap_or_else(|| physical_memory().map_or(1 << 30, |bytes| bytes / 8))
    })
}

#[cfg(target_os = "linux")]
fn physical_memory() -> Option<usize> {
    // SAFETY: a question about the system, without memory of ours.
    let (pages, size) = unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_PAGESIZE)) };
    usize::try_from(pages).ok()?.checked_mul(usize::try_from(size).ok()?)
}

#[cfg(not(target_os = "linux"))]
fn physical_memory() -> Option<usize> {
    None
}

/// A block of the class of `bytes`, and whether it is new, hence zero. A mapped block may be up to
/// twice as large: to clear new pages takes longer than most kernels take to write them.
pub(super) fn take(bytes: usize) -> Option<(Block, bool)> {
    let class = class_of(bytes)?;
    let largest = if class < MAPPED { class } else { class.saturating_mul(2) };
    let mut cache = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = cache.blocks.range_mut(class..=largest).find_map(|(_, blocks)| blocks.pop());
    if let Some(block) = kept {
        cache.bytes -= block.class();
        return Some((block, false));
    }
    drop(cache);
    Block::new(class)
        .or_else(|| {
            // The cache may hold the memory that is missing.
            release();
            Block::new(class)
        })
        .map(|block| (block, true))
}

/// Keeps a block for later use; when the cache is full, the largest other blocks go.
pub(super) fn give(block: Block) {
    let class = block.class();
    let mut gone = Vec::new();
    let mut cache = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    if class > limit() {
        drop(cache);
        return;
    }
    while cache.bytes + class > limit() {
        let Some(mut entry) = cache.blocks.last_entry() else { break };
        match entry.get_mut().pop() {
            Some(block) => {
                gone.push(block);
                let freed = *entry.key();
                cache.bytes -= freed;
            }
            None => {
                entry.remove();
            }
        }
    }
    cache.bytes += class;
    cache.blocks.entry(class).or_default().push(block);
    // Unmapping takes time: without the lock.
    drop(cache);
    drop(gone);
}

/// Returns all memory that is not in use to the system.
pub fn release() {
    let mut cache = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    let blocks = std::mem::take(&mut *cache);
    drop(cache);
    drop(blocks);
}

/// Puts memory for a buffer of `bytes` bytes into the cache, with pages that were written once: the
/// first use then costs what later ones do. Nothing happens when the memory cannot be had.
pub fn reserve(bytes: usize) {
    let Some(class) = class_of(bytes).filter(|class| *class <= limit()) else { return };
    if let Some(mut block) = Block::new(class) {
        block.touch();
        give(block);
    }
}

/// The number of bytes that wait for use.
#[cfg(test)]
pub(super) fn waiting() -> usize {
    CACHE.lock().unwrap_or_else(PoisonError::into_inner).bytes
}
