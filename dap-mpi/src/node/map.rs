//! A mapped file, on large pages if the kernel provides them.
//!
//! A copy looks up the page of each address, and the processor remembers about a thousand pages: a
//! few MiB with pages of 4 KiB, a whole array with pages of 2 MiB. Large pages are off by default
//! for files in memory. A kernel from 6.1 on makes them on request (`MADV_COLLAPSE`), whatever its
//! settings.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::ptr::NonNull;

/// The size of a large page. On a processor with another size nothing is gained.
pub(super) const LARGE: usize = 2 << 20;

/// Memory of a file. From [`LARGE`] bytes on it begins at a multiple of `LARGE`; otherwise large
/// pages could not be mapped.
#[derive(Debug)]
pub(super) struct Map {
    base: NonNull<u8>,
    len: usize,
}

// SAFETY: a mapping belongs to the process: every thread may use its addresses and unmap it, and
// `Drop` does so once.
unsafe impl Send for Map {}
// SAFETY: a shared `Map` gives out its address and length only, which never change. Code that reads
// or writes there has an unsafe block of its own, which argues why nothing else writes meanwhile.
unsafe impl Sync for Map {}

impl Map {
    /// The first `len` bytes of a file that has at least as many; `len` is a multiple of the page
    /// size.
    pub(super) fn new(file: &File, len: usize, protection: i32) -> io::Result<Map> {
        if len < LARGE {
            let base = map(std::ptr::null_mut(), len, protection, libc::MAP_SHARED, file.as_raw_fd())?;
            return Ok(Map { base, len });
        }
        // One large page more than needed is reserved, and the addresses before and behind are
        // returned.
        let room = len.checked_add(LARGE).ok_or(io::ErrorKind::OutOfMemory)?;
        let anywhere = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        let first = map(std::ptr::null_mut(), room, libc::PROT_NONE, anywhere, -1)?.as_ptr();
        let before = first.align_offset(LARGE);
        let base = first.wrapping_add(before);
        unmap(first, before);
        unmap(base.wrapping_add(len), LARGE - before);
        let fixed = libc::MAP_SHARED | libc::MAP_FIXED;
        let mapped = map(base, len, protection, fixed, file.as_raw_fd()).inspect_err(|_| unmap(base, len));
        Ok(Map { base: mapped?, len })
    }

    pub(super) fn base(&self) -> *mut u8 {
        self.base.as_ptr()
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Requests large pages. The first byte of each page must have memory already, and may be
    /// written.
    pub(super) fn enlarge(&self) {
        for at in large(self.len) {
            // SAFETY: `at` is less than `len`, and the mapping may be written (the caller's
            // condition). It was made a moment ago: no other reference to it exists.
            unsafe { self.base().add(at).write_volatile(0) };
        }
        // SAFETY: the range is within this mapping, and the advice changes no byte of it. An older
        // kernel does not know the advice, and memory can be too fragmented: then pages stay small.
        unsafe { libc::madvise(self.base().cast(), self.len / LARGE * LARGE, libc::MADV_COLLAPSE) };
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        unmap(self.base(), self.len);
    }
}

/// The offsets of the large pages in `len` bytes.
pub(super) fn large(len: usize) -> impl Iterator<Item = usize> {
    (0..len / LARGE).map(|page| page * LARGE)
}

fn map(at: *mut u8, len: usize, protection: i32, flags: i32, fd: i32) -> io::Result<NonNull<u8>> {
    // SAFETY: both callers' mappings replace nothing that is in use: the kernel chooses the
    // address, or `Map::new` has reserved it a moment before.
    let base = unsafe { libc::mmap(at.cast(), len, protection, flags, fd, 0) };
    match NonNull::new(base.cast::<u8>()) {
        Some(base) if base.as_ptr().cast() != libc::MAP_FAILED => Ok(base),
        _ => Err(io::Error::last_os_error()),
    }
}

fn unmap(at: *mut u8, len: usize) {
    if len > 0 {
        // SAFETY: the range is part of a mapping that `Map::new` made: one that no `Map` holds yet,
        // or the one of a `Map` that is being dropped, so no borrow of it is left. Buffers in it
        // hold the lease, and so the `Map`, as long as they live.
        unsafe { libc::munmap(at.cast(), len) };
    }
}
