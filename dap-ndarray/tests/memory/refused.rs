//! Memory that cannot be taken is refused, with the reason, and remains its owner's.

use std::ptr::{NonNull, null_mut};

use dap_core::dtype::DType;
use dap_ndarray::dlpack::{DLDataType, DLManagedTensorVersioned, DLTensor};
use dap_ndarray::{Access, Buffer, BufferErrorKind as Kind, Item};

use crate::Count;
use crate::tensors::Foreign;

fn refused(foreign: Box<Foreign>, count: &Count) -> (Kind, String) {
    // SAFETY: the tensor obeys DLPack, but for what is to be refused unseen.
    let (tensor, error) = unsafe { Buffer::from_dlpack(foreign.give()) }.unwrap_err();
    assert_eq!(count.get(), 0);
    // SAFETY: it came back, so it is ours to release.
    unsafe { DLManagedTensorVersioned::release(tensor.as_ptr()) };
    assert_eq!(count.get(), 1);
    (error.kind(), error.to_string())
}

/// A name, a part of the error's sentence, and the change that makes a tensor wrong.
type Case = (Kind, &'static str, fn(&mut DLManagedTensorVersioned));

#[test]
fn tensors() {
    let cases: [Case; 14] = [
        (Kind::Version, "version 2; 1 is known", |tensor| tensor.version.major = 2),
        (Kind::Flags, "unknown flags 0x9", |tensor| tensor.flags = 9),
        (Kind::Device, "device of DLPack's type 2", |tensor| tensor.dl_tensor.device.device_type = 2),
        (Kind::TensorType, "code 2, 32 bits, 4 lanes", |tensor| tensor.dl_tensor.dtype.lanes = 4),
        (Kind::TensorType, "code 17, 4 bits, 1 lane", |tensor| tensor.dl_tensor.dtype = kind(17, 4)),
        (Kind::TensorType, "code 1, 4 bits, 1 lane", |tensor| tensor.dl_tensor.dtype = kind(1, 4)),
        (Kind::TensorType, "code 4, 16 bits, 1 lane", |tensor| tensor.dl_tensor.dtype = kind(4, 16)),
        (Kind::TensorType, "code 2, 128 bits, 1 lane", |tensor| tensor.dl_tensor.dtype = kind(2, 128)),
        (Kind::TensorType, "code 0, 24 bits, 1 lane", |tensor| tensor.dl_tensor.dtype = kind(0, 24)),
        (Kind::Ndim, "-1 dimensions", |tensor| tensor.dl_tensor.ndim = -1),
        (Kind::Ndim, "2147483647 dimensions", |tensor| tensor.dl_tensor.ndim = i32::MAX),
        (Kind::Null, "null", |tensor| tensor.dl_tensor.shape = null_mut()),
        (Kind::Null, "null", |tensor| tensor.dl_tensor.data = null_mut()),
        (Kind::TooLarge, "beyond", |tensor| tensor.dl_tensor.byte_offset = u64::MAX),
    ];
    for (expected, words, change) in cases {
        let count = Count::default();
        let (kind, text) = refused(Foreign::new(&count).with(change), &count);
        assert_eq!(kind, expected);
        assert!(text.contains(words), "{text}");
    }
}

fn kind(code: u8, bits: u8) -> DLDataType {
    DLDataType { code, bits, lanes: 1 }
}

#[test]
fn of_another_version_nothing_else_is_touched() {
    let count = Count::default();
    let nowhere = NonNull::<DLTensor>::dangling().as_ptr();
    let poisoned = |tensor: &mut DLManagedTensorVersioned| {
        tensor.version.major = 0;
        (tensor.dl_tensor.shape, tensor.dl_tensor.data) = (nowhere.cast(), nowhere.cast());
        tensor.dl_tensor.ndim = 9;
    };
    assert_eq!(refused(Foreign::new(&count).with(poisoned), &count).0, Kind::Version);
}

#[test]
fn shapes_and_strides_of_tensors() {
    let (min, max) = (i64::MIN, i64::MAX);
    for (expected, shape, strides) in [
        (Kind::NegativeExtent, [2, -1], [1, 1]),
        (Kind::NegativeExtent, [min, 0], [1, 1]),
        (Kind::TooLarge, [max, 1], [1, 1]),
        (Kind::TooLarge, [1 << 31, 1 << 32], [1, 1]),
        (Kind::TooLarge, [2, 2], [max, 1]),
        (Kind::TooLarge, [2, 2], [min, 1]),
        (Kind::TooLarge, [2, 2], [min / 4, min / 4]),
        (Kind::TooLarge, [2, 2], [1 << 60, 1 << 60]),
        (Kind::TooLarge, [3, 2], [0, 1 << 61]),
    ] {
        let count = Count::default();
        let foreign = Foreign::new(&count).with_numbers(&shape, &strides);
        assert_eq!(refused(foreign, &count).0, expected, "{shape:?} {strides:?}");
    }
}

#[test]
fn raw_memory() {
    let make = |data: *mut u8, shape: &[i64], strides: Option<&[i64]>| {
        let count = Count::default();
        // SAFETY: none of these is to become a buffer.
        let made = unsafe { Buffer::from_raw(data, i32::dtype(), shape, strides, Access::ReadOnly, count.owner(())) };
        assert_eq!(count.get(), 1);
        made.unwrap_err()
    };
    let mut memory = [0_u8; 8];
    let data = memory.as_mut_ptr();
    assert_eq!(make(data, &[2], Some(&[4, 4])).to_string(), "2 values for 1 dimension");
    assert_eq!(make(data, &[1; 65], None).to_string(), "65 dimensions, of which a buffer has 0 to 64");
    assert_eq!(make(data, &[1, -3], None).to_string(), "dimension 1: the extent is -3, at least 0");
    assert_eq!(make(null_mut(), &[1], None).kind(), Kind::Null);
    // From its address on memory ends before the buffer does.
    let top = std::ptr::without_provenance_mut::<u8>(usize::MAX - 7);
    assert_eq!(make(top, &[4], None).kind(), Kind::TooLarge);
    let bottom = std::ptr::without_provenance_mut::<u8>(8);
    assert_eq!(make(bottom, &[4], Some(&[-4])).kind(), Kind::TooLarge);
}

#[test]
fn ranges_and_orders() {
    let mut buffer = Buffer::from_array(ndarray::Array2::<u8>::zeros((3, 4)));
    for (ranges, words) in [
        (vec![0..3], "1 value for 2 dimensions"),
        (vec![0..3, 0..5], "dimension 1: the range ends at 5, and the extent is 4"),
        (vec![-1..3, 0..4], "dimension 0: the range begins at -1, below 0 or behind its own end"),
        #[expect(clippy::reversed_empty_ranges, reason = "it is to be refused")]
        (vec![2..1, 0..4], "dimension 0: the range begins at 2, below 0 or behind its own end"),
    ] {
        assert_eq!(buffer.narrow(&ranges).unwrap_err().to_string(), words);
    }
    assert_eq!(buffer.shape(), [3, 4]);
    buffer.narrow(&[1..3, 1..3]).unwrap();
    assert_eq!(buffer.bytes().unwrap_err().kind(), Kind::NotContiguous);
    assert_eq!(buffer.bytes_mut().unwrap_err().kind(), Kind::NotContiguous);
}

#[test]
fn what_dlpack_cannot_say_comes_back() {
    for dtype in ["|S3", "<U1", "|V5", "<f16", "<c32", ">f8"] {
        let buffer = Buffer::zeros(DType::parse(dtype).unwrap(), &[2]).unwrap();
        let address = buffer.as_ptr();
        let (buffer, error) = buffer.into_dlpack().unwrap_err();
        assert!(matches!(error.kind(), Kind::NotInDlpack | Kind::ByteOrder), "{error}");
        assert!(error.to_string().contains("`__distarray__`"), "{error}");
        assert_eq!(buffer.as_ptr(), address);
    }
    let read_only = Buffer::from_array(ndarray::arr1(&[1.0])).into_read_only();
    assert_eq!(read_only.into_dlpack_legacy().unwrap_err().1.kind(), Kind::ReadOnlyLegacy);
}

#[test]
fn more_than_there_is_memory_for() {
    let huge = Buffer::zeros(f64::dtype(), &[1 << 59]).unwrap_err();
    assert_eq!(huge.kind(), Kind::TooLarge);
}
