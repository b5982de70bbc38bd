//! Blocks of memory from the system, of a few sizes, always initialised.

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::ops::Range;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::ALIGNMENT;

/// The size of a huge page.
pub(super) const HUGE: usize = 2 << 20;
/// Blocks of this size and above are mapped by themselves, on huge pages.
pub(super) const MAPPED: usize = 4 * HUGE;
/// Bases of mapped blocks differ by multiples of this within a page: streams at equal distances
/// from their pages' beginnings would wait for each other's stores (4 KiB aliasing).
const STAGGER: usize = 5 * ALIGNMENT;
const PAGE: usize = 4096;

/// Memory of a class's size. Its bytes are initialised: zeros at first, later what was written.
#[derive(Debug)]
pub(super) struct Block {
    base: NonNull<u8>,
    class: usize,
    origin: Origin,
}

#[derive(Debug)]
enum Origin {
    Heap(Layout),
    #[cfg(unix)]
    Mapping {
        start: NonNull<u8>,
        bytes: usize,
    },
}

// SAFETY: a block owns its memory.
unsafe impl Send for Block {}
// SAFETY: a shared block gives no access.
unsafe impl Sync for Block {}

/// The size of the class that `bytes` belong to: at most an eighth more, at least a cache line;
/// `None` beyond the address space.
pub(super) fn class_of(bytes: usize) -> Option<usize> {
    let bytes = bytes.max(ALIGNMENT);
    let step = (bytes.checked_next_power_of_two()? / 16).max(ALIGNMENT);
    let class = bytes.checked_next_multiple_of(step)?;
    // Room for the alignment of a mapping.
    (class <= isize::MAX as usize - 2 * HUGE).then_some(class)
}

impl Block {
    /// A new block of zeros; `None` if the system has no memory. `class` is one of [`class_of`].
    pub(super) fn new(class: usize) -> Option<Block> {
        #[cfg(unix)]
        if class >= MAPPED {
            return Self::map(class);
        }
        let layout = Layout::from_size_align(class, ALIGNMENT).ok()?;
        // SAFETY: a class is not empty.
        let base = NonNull::new(unsafe { alloc_zeroed(layout) })?;
        Some(Block { base, class, origin: Origin::Heap(layout) })
    }

    #[cfg(unix)]
    fn map(class: usize) -> Option<Block> {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let stagger = NUMBER.fetch_add(1, Ordering::Relaxed).wrapping_mul(STAGGER) % PAGE;
        let bytes = class.checked_add(HUGE + PAGE)?;
        let (protection, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        // SAFETY: a new anonymous mapping, which overlaps nothing.
        let start = unsafe { libc::mmap(std::ptr::null_mut(), bytes, protection, flags, -1, 0) };
        if start == libc::MAP_FAILED {
            return None;
        }
        let start = NonNull::new(start.cast::<u8>())?;
        // At most `HUGE - 1` bytes on, and `PAGE - 1` more: the class fits behind them.
        let skip = start.as_ptr().addr().next_multiple_of(HUGE) - start.as_ptr().addr();
        #[cfg(target_os = "linux")]
        // SAFETY: advice about pages of the new mapping; it changes no contents.
        unsafe {
            // Without huge pages everything works the same, slower: the answer does not matter.
            libc::madvise(start.as_ptr().wrapping_add(skip).cast(), bytes - skip, libc::MADV_HUGEPAGE);
        }
        // SAFETY: `skip + stagger` is within the mapping.
        let base = unsafe { start.add(skip + stagger) };
        Some(Block { base, class, origin: Origin::Mapping { start, bytes } })
    }

    /// Whether the block has pages of its own.
    pub(super) fn is_mapped(&self) -> bool {
        !matches!(self.origin, Origin::Heap(_))
    }

    /// Has the system give some pages of [`HUGE`] bytes, counted from the first byte's. Without
    /// that call (before Linux 5.14) the first write to each page does.
    pub(super) fn populate_pages(&self, pages: Range<usize>) {
        #[cfg(target_os = "linux")]
        if let Origin::Mapping { start, bytes } = self.origin {
            let first = self.base().addr() - start.as_ptr().addr();
            let first = first - first % PAGE + pages.start.saturating_mul(HUGE);
            let length = pages.len().saturating_mul(HUGE).min(bytes.saturating_sub(first));
            if length > 0 {
                // SAFETY: pages of the mapping, which is this block's; their contents do not
                // change. A failure leaves pages for the first write.
                unsafe { libc::madvise(start.as_ptr().wrapping_add(first).cast(), length, libc::MADV_POPULATE_WRITE) };
            }
        }
        #[cfg(not(target_os = "linux"))]
        let _ = pages;
    }

    /// The size in bytes.
    pub(super) fn class(&self) -> usize {
        self.class
    }

    /// The first byte, aligned to [`ALIGNMENT`].
    pub(super) fn base(&self) -> *mut u8 {
        self.base.as_ptr()
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        match self.origin {
            // SAFETY: the allocation of `new` with its layout; nothing borrows a block that is
            // dropped.
            Origin::Heap(layout) => unsafe { dealloc(self.base.as_ptr(), layout) },
            #[cfg(unix)]
            // SAFETY: the mapping of `map`; nothing borrows a block that is dropped.
            Origin::Mapping { start, bytes } => unsafe {
                libc::munmap(start.as_ptr().cast(), bytes);
            },
        }
    }
}
