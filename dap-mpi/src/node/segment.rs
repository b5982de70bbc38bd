//! A segment: memory that its owner makes and others map.

use std::collections::BTreeMap;
use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::fs::MetadataExt;
use std::sync::atomic::Ordering;
use std::sync::{LazyLock, Mutex, PoisonError};

use dap_ndarray::Access;

use super::available::available;
use super::map::{Map, large};
use super::word::Word;
use crate::error::{Error, ErrorKind, Result};

/// One more page lies behind the data. Its first word says whether the owner has released the data.
const PAGE: usize = 4096;

/// The segments of this process, by base address.
static SEGMENTS: LazyLock<Mutex<BTreeMap<usize, Known>>> = LazyLock::new(Mutex::default);

/// A segment of this process.
struct Known {
    /// The bytes of data.
    len: usize,
    fd: i32,
    file: FileId,
}

/// The identity of a file: its number, and the device on which that number is unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct FileId {
    device: i64,
    number: i64,
}

impl FileId {
    /// The number of integers of this type.
    pub(crate) const NUMBERS: usize = 2;

    fn of(metadata: &Metadata) -> FileId {
        FileId { device: metadata.dev() as i64, number: metadata.ino() as i64 }
    }

    pub(crate) fn numbers(self) -> [i64; FileId::NUMBERS] {
        [self.device, self.number]
    }
}

/// A memory handle: numbers by which another process finds and maps a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MemoryHandle {
    pub(crate) pid: i64,
    pub(crate) fd: i64,
    /// Proves that the file is still the same.
    pub(crate) file: FileId,
    /// The bytes of data.
    pub(crate) len: i64,
    /// The offset of the item at index 0 of a buffer, in the data.
    pub(crate) offset: i64,
}

impl MemoryHandle {
    /// The number of integers of this type.
    pub(crate) const NUMBERS: usize = 4 + FileId::NUMBERS;

    pub(crate) fn numbers(self) -> [i64; MemoryHandle::NUMBERS] {
        let [device, number] = self.file.numbers();
        [self.pid, self.fd, device, number, self.len, self.offset]
    }

    /// The handle at the beginning of `numbers`, if there is one: the number of a process is
    /// positive.
    pub(crate) fn from_numbers(numbers: &[i64]) -> Option<MemoryHandle> {
        let &[pid, fd, device, number, len, offset, ..] = numbers else { return None };
        (pid > 0).then_some(MemoryHandle { pid, fd, file: FileId { device, number }, len, offset })
    }
}

/// The handle of the segment that holds `len` bytes from `first` on, for a buffer whose item at
/// index 0 is at `data`.
pub(crate) fn handle_of(first: usize, len: usize, data: usize) -> Option<MemoryHandle> {
    let segments = SEGMENTS.lock().unwrap_or_else(PoisonError::into_inner);
    let (&base, known) = segments.range(..=first).next_back()?;
    let inside = first.checked_add(len)? <= base + known.len;
    inside.then(|| MemoryHandle {
        pid: i64::from(std::process::id()),
        fd: known.fd.into(),
        file: known.file,
        len: known.len as i64,
        offset: (data - base) as i64,
    })
}

/// Memory of this process that others of the node can read.
#[derive(Debug)]
pub(crate) struct Segment {
    map: Map,
    /// Kept open, so that other processes can open it.
    file: File,
}

impl Segment {
    /// A segment of at least `bytes` bytes, all 0.
    ///
    /// # Errors
    /// Not enough memory.
    pub(super) fn new(bytes: usize) -> Result<Segment> {
        let failed = |what: &str, error: io::Error| {
            Error::new(ErrorKind::Memory, format!("{what} for {bytes} bytes that the node can read: {error}"))
        };
        let too_large = || failed("no memory", io::Error::from(io::ErrorKind::OutOfMemory));
        let data = bytes.max(1).checked_next_multiple_of(PAGE).ok_or_else(too_large)?;
        let len = data.checked_add(PAGE).ok_or_else(too_large)?;
        let size = libc::off_t::try_from(len).map_err(|_| too_large())?;
        // If more is reserved than available, the kernel kills a process.
        if available().is_some_and(|available| len as u64 > available) {
            return Err(too_large());
        }
        // SAFETY: the name is a literal that ends with 0; the call touches no other memory.
        let fd = unsafe { libc::memfd_create(c"daparray".as_ptr(), libc::MFD_CLOEXEC) };
        if fd < 0 {
            return Err(failed("no file", io::Error::last_os_error()));
        }
        // SAFETY: `memfd_create` has just returned the descriptor, and nothing else closes it.
        let file = unsafe { File::from_raw_fd(fd) };
        file.set_len(len as u64).map_err(|e| failed("no file", e))?;
        let map = Map::new(&file, len, libc::PROT_READ | libc::PROT_WRITE).map_err(|e| failed("no mapping", e))?;
        // Memory that large pages do not cover is reserved after them: small pages that exist
        // already prevent large ones.
        let reserved =
            large(len).try_for_each(|at| reserve(fd, at as libc::off_t, PAGE as libc::off_t)).and_then(|()| {
                map.enlarge();
                reserve(fd, 0, size)
            });
        reserved.map_err(|error| failed("no memory", error))?;
        let id = FileId::of(&file.metadata().map_err(|e| failed("no file", e))?);
        let base = map.base().addr();
        SEGMENTS.lock().unwrap_or_else(PoisonError::into_inner).insert(base, Known { len: data, fd, file: id });
        Ok(Segment { map, file })
    }

    /// The bytes of data.
    pub(super) fn len(&self) -> usize {
        self.map.len() - PAGE
    }

    /// The address of the data, at the beginning of a page.
    pub(super) fn data(&self) -> *mut u8 {
        self.map.base()
    }

    /// Returns the memory at once. A segment that is only dropped keeps it until no process has it
    /// mapped, so others may read it until then.
    pub(super) fn discard(self) {
        // The page behind the data stays: it says that the data is gone.
        let (mode, data) = (libc::FALLOC_FL_PUNCH_HOLE | libc::FALLOC_FL_KEEP_SIZE, self.len() as libc::off_t);
        // SAFETY: the descriptor is open as long as `file`. This crate does not read the discarded
        // pages any more: no operation is in progress, or the array with this memory could not be
        // dropped. If the call fails, the memory is released as after a drop.
        unsafe { libc::fallocate(self.file.as_raw_fd(), mode, 0, data) };
    }
}

impl Drop for Segment {
    fn drop(&mut self) {
        SEGMENTS.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.map.base().addr());
        let at = self.map.base().wrapping_add(self.len());
        // SAFETY: the page behind the data, of this process's own mapping, which may be written and
        // lives until `map` is dropped.
        unsafe { super::word::own(at) }.store(1, Ordering::Release);
    }
}

/// Reserves memory for a part of a file now. A page that is missing later would cause a signal
/// instead of an error.
fn reserve(fd: i32, mut start: libc::off_t, len: libc::off_t) -> io::Result<()> {
    // A signal interrupts the call, and the memory it has reserved is lost. A step of a millisecond
    // ends before the next signal comes.
    const STEP: libc::off_t = 4 << 20;
    let end = start + len;
    while start < end {
        // SAFETY: `fd` is open: it belongs to the `File` that the caller holds. The call touches no
        // memory.
        match unsafe { libc::posix_fallocate(fd, start, STEP.min(end - start)) } {
            0 => start += STEP,
            libc::EINTR => {}
            code => return Err(io::Error::from_raw_os_error(code)),
        }
    }
    Ok(())
}

/// Another process's segment, mapped for reading, or also for writing.
#[derive(Debug)]
pub(crate) struct Mapping {
    map: Map,
    access: Access,
}

impl Mapping {
    /// Maps the memory that a handle names.
    pub(crate) fn open(handle: &MemoryHandle, access: Access) -> Result<Mapping> {
        let failed = |error: io::Error| {
            let message = format!("the memory of process {} cannot be mapped: {error}", handle.pid);
            Error::new(ErrorKind::Memory, message)
        };
        let (write, protection) = match access {
            Access::ReadOnly => (false, libc::PROT_READ),
            Access::ReadWrite => (true, libc::PROT_READ | libc::PROT_WRITE),
        };
        let path = format!("/proc/{}/fd/{}", handle.pid, handle.fd);
        let file = OpenOptions::new().read(true).write(write).open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        let len = usize::try_from(handle.len).unwrap_or(0).saturating_add(PAGE);
        if FileId::of(&metadata) != handle.file || metadata.size() < len as u64 {
            return Err(failed(io::Error::from(io::ErrorKind::NotFound)));
        }
        Ok(Mapping { map: Map::new(&file, len, protection).map_err(failed)?, access })
    }

    pub(crate) fn allows(&self, access: Access) -> bool {
        self.access == Access::ReadWrite || access == Access::ReadOnly
    }

    /// The address of an offset in the data.
    pub(crate) fn at(&self, offset: i64) -> *mut u8 {
        self.map.base().wrapping_offset(offset as isize)
    }

    /// Whether its owner has released it.
    pub(crate) fn is_released(&self) -> bool {
        self.word(self.map.len() - PAGE).acquire() != 0
    }

    /// A word that the owner writes, at a multiple of 8 bytes in the mapping.
    pub(super) fn word(&self, offset: usize) -> Word<'_> {
        assert!(offset.is_multiple_of(8) && offset < self.map.len(), "no word at {offset}");
        // SAFETY: within the mapping, which begins at a page and is a number of pages long, and at
        // a multiple of 8 (both asserted); the mapping lives as long as the borrow. Its owner
        // writes such words as atomics only, or before it shows the segment.
        unsafe { Word::at(self.map.base().wrapping_add(offset)) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::map::LARGE;
    use super::*;

    #[test]
    fn another_mapping_shows_the_same_bytes() {
        let segment = Segment::new(10_000).unwrap();
        let base = segment.data();
        assert_eq!(segment.len(), 12_288);
        // SAFETY: byte 9999 of a segment of 12 288, which nothing else uses.
        unsafe { base.add(9_999).write(7) };
        let handle = handle_of(base.addr() + 8, 9_992, base.addr() + 16).unwrap();
        assert_eq!((handle.offset, handle.len), (16, 12_288));
        assert_eq!(handle_of(base.addr(), 12_289, base.addr()), None);
        let mapping = Mapping::open(&handle, Access::ReadOnly).unwrap();
        // SAFETY: byte 9999 of a mapping of 12 288, which is not written meanwhile.
        assert_eq!(unsafe { mapping.at(9_999).read() }, 7);
        assert!(!mapping.is_released());
        let writable = Mapping::open(&handle, Access::ReadWrite).unwrap();
        assert!(writable.allows(Access::ReadWrite) && !mapping.allows(Access::ReadWrite));
        // SAFETY: byte 0 of the segment and of a mapping that may be written, one access after the
        // other.
        unsafe {
            writable.at(0).write(9);
            assert_eq!(base.read(), 9);
        }
        segment.discard();
        assert!(mapping.is_released());
        // The memory is gone already, though the mapping is still there. SAFETY: byte 9999 of a
        // mapping of 12 288: a page that is gone reads as zeros.
        assert_eq!(unsafe { mapping.at(9_999).read() }, 0);
        assert_eq!(handle_of(base.addr(), 1, base.addr()), None);
        assert!(Mapping::open(&handle, Access::ReadOnly).is_err());
    }

    /// Each number of a handle counts: if one of them changes, the memory is not found, or another
    /// offset of it is.
    #[test]
    fn a_handle_of_another_file_maps_nothing() {
        let segment = Segment::new(4096).unwrap();
        let right = handle_of(segment.data().addr(), 1, segment.data().addr()).unwrap();
        assert!(Mapping::open(&right, Access::ReadOnly).is_ok());
        for at in 0..MemoryHandle::NUMBERS - 1 {
            let mut numbers = right.numbers();
            numbers[at] += 1 << 20;
            let wrong = MemoryHandle::from_numbers(&numbers).unwrap();
            assert!(Mapping::open(&wrong, Access::ReadOnly).is_err(), "number {at} of {right:?}");
        }
    }

    /// Files of two devices have different numbers for the device, whatever their own numbers are.
    #[test]
    fn a_file_has_a_device() {
        let device = |path: &str| FileId::of(&std::fs::metadata(path).unwrap()).numbers()[0];
        assert_ne!(device("/proc/self"), device("/"));
        let segment = Segment::new(1).unwrap();
        let handle = handle_of(segment.data().addr(), 1, segment.data().addr()).unwrap();
        assert_eq!(handle.file, FileId::of(&segment.file.metadata().unwrap()));
    }

    #[test]
    fn large_ones_begin_at_a_large_page() {
        let segment = Segment::new((5 << 20) + 1).unwrap();
        assert_eq!(segment.len(), (5 << 20) + PAGE);
        let handle = handle_of(segment.data().addr(), segment.len(), segment.data().addr()).unwrap();
        let mapping = Mapping::open(&handle, Access::ReadOnly).unwrap();
        for base in [segment.data(), mapping.at(0)] {
            assert_eq!(base.addr() % LARGE, 0);
        }
        // On large pages, on small ones, and at either end.
        for at in [0, LARGE - 1, LARGE, 2 * LARGE, segment.len() - 1] {
            // SAFETY: `at` is less than the length of the segment, which both mappings have; one
            // access after the other.
            unsafe {
                assert_eq!(mapping.at(at as i64).read(), 0);
                segment.data().add(at).write(at as u8 | 1);
                assert_eq!(mapping.at(at as i64).read(), at as u8 | 1);
            }
        }
    }

    #[test]
    fn too_much_is_an_error() {
        assert!(Segment::new(usize::MAX).is_err());
        assert!(Segment::new(1 << 50).is_err());
    }
}
