//! Item types: views of the right one only, bytes of another machine, booleans that are none.

use dap_core::dtype::DType;
use dap_ndarray::{Access, Buffer, BufferErrorKind, Item};

fn of_bytes(bytes: Vec<u8>, dtype: &str, shape: &[i64], strides: Option<&[i64]>, access: Access) -> Buffer {
    let mut bytes = bytes;
    let data = bytes.as_mut_ptr();
    // SAFETY: the callers' shapes and strides stay within `bytes`.
    unsafe { Buffer::from_raw(data, DType::parse(dtype).unwrap(), shape, strides, access, bytes) }.unwrap()
}

#[test]
fn only_the_items_own_type_is_a_view() {
    let mut buffer = Buffer::from_array(ndarray::arr1(&[1.5_f32, 2.5]));
    assert_eq!(buffer.view::<i32>().unwrap_err().to_string(), "the items are float32, int32 was asked for");
    assert_eq!(buffer.view_mut::<u32>().unwrap_err().kind(), BufferErrorKind::ItemType);
    assert_eq!(buffer.view::<f64>().unwrap_err().kind(), BufferErrorKind::ItemType);
    buffer.view_mut::<f32>().unwrap()[[1]] = -1.0;
    assert_eq!(buffer.bytes().unwrap(), [1.5_f32, -1.0].map(f32::to_ne_bytes).concat());
    let text = of_bytes(b"abcdef".to_vec(), "|S3", &[2], None, Access::ReadOnly);
    assert_eq!(text.view::<u8>().unwrap_err().kind(), BufferErrorKind::ItemType);
    assert_eq!(text.bytes().unwrap(), b"abcdef");
}

#[test]
fn read_only_memory_is_not_written() {
    let mut buffer = Buffer::from_array(ndarray::arr1(&[1_u8])).into_read_only();
    assert_eq!(buffer.access(), Access::ReadOnly);
    assert_eq!(buffer.view_mut::<u8>().unwrap_err().kind(), BufferErrorKind::ReadOnly);
    assert_eq!(buffer.bytes_mut().unwrap_err().kind(), BufferErrorKind::ReadOnly);
    assert_eq!(buffer.as_mut_ptr().unwrap_err().kind(), BufferErrorKind::ReadOnly);
    let mut swapped = of_bytes(vec![0, 1], ">i2", &[1], None, Access::ReadOnly);
    assert_eq!(swapped.swap_in_place().unwrap_err().kind(), BufferErrorKind::ReadOnly);
}

#[test]
fn bytes_of_another_machine_are_turned_round_when_asked() {
    for (dtype, bytes, native) in [
        (">i2", vec![1, 2, 3, 4], vec![2, 1, 4, 3]),
        (">c8", vec![1, 2, 3, 4, 5, 6, 7, 8], vec![4, 3, 2, 1, 8, 7, 6, 5]),
        (">U1", vec![0, 0, 0, 65, 0, 0, 0, 66], vec![65, 0, 0, 0, 66, 0, 0, 0]),
        (">f16", (0..16).collect(), (0..16).rev().collect()),
        ("|S2", vec![1, 2], vec![1, 2]),
        ("<i2", vec![1, 2], vec![1, 2]),
        (">U0", vec![], vec![]),
    ] {
        let itemsize = DType::parse(dtype).unwrap().itemsize();
        let len = if itemsize == 0 { 3 } else { bytes.len() as i64 / itemsize };
        let mut buffer = of_bytes(bytes.clone(), dtype, &[len], None, Access::ReadWrite);
        assert_eq!(buffer.to_native().unwrap().bytes().unwrap(), native, "{dtype}");
        assert_eq!(buffer.bytes().unwrap(), bytes, "{dtype}");
        buffer.swap_in_place().unwrap();
        assert_eq!(buffer.bytes().unwrap(), native, "{dtype}");
        assert!(buffer.dtype().typestr().is_some_and(|text| !text.starts_with('>')), "{dtype}");
    }
    let swapped = of_bytes(vec![0, 1], ">i2", &[1], None, Access::ReadOnly);
    let error = swapped.view::<i16>().unwrap_err();
    assert_eq!(error.kind(), BufferErrorKind::ByteOrder);
    assert!(error.to_string().contains("`to_native`"), "{error}");
    assert!(swapped.into_dlpack().unwrap_err().1.to_string().contains("dictionary"));
}

#[test]
fn a_field_of_a_packed_struct_has_strides_of_its_own() {
    // Items of 4 bytes every 7, the first at an odd address or not.
    let bytes: Vec<u8> = (0..30).collect();
    for (begin, dtype) in [(0, "<i4"), (1, "<i4"), (2, ">i4"), (3, ">U1")] {
        let mut memory = bytes.clone();
        let data = memory.as_mut_ptr().wrapping_add(begin);
        let parsed = DType::parse(dtype).unwrap();
        let strides = Some(&[7_i64][..]);
        // SAFETY: 3 items, 7 bytes apart, end at byte `begin` + 18.
        let mut field = unsafe { Buffer::from_raw(data, parsed, &[3], strides, Access::ReadWrite, memory) }.unwrap();
        if dtype == "<i4" {
            assert_eq!(field.view::<i32>().unwrap_err().kind(), BufferErrorKind::Stride);
        }
        let at = |item: usize| &bytes[begin + 7 * item..begin + 7 * item + 4];
        let turned = |item: usize| at(item).iter().rev().copied().collect::<Vec<u8>>();
        let expected: Vec<u8> =
            if dtype == "<i4" { [0, 1, 2].map(at).concat() } else { [0, 1, 2].map(turned).concat() };
        assert_eq!(field.to_native().unwrap().bytes().unwrap(), expected);
        field.swap_in_place().unwrap();
        assert_eq!(field.to_native().unwrap().bytes().unwrap(), expected);
        let (_, error) = field.into_dlpack().unwrap_err();
        assert!(dtype == ">U1" || error.kind() == BufferErrorKind::Stride, "{error}");
        assert!(error.to_string().contains("dictionary"), "{error}");
    }
}

#[test]
fn unaligned_memory_is_moved_and_not_viewed() {
    let mut memory = vec![0_u64; 3];
    let data = memory.as_mut_ptr().cast::<u8>().wrapping_add(4);
    // SAFETY: two items from byte 4 on.
    let buffer = unsafe { Buffer::from_raw(data, f64::dtype(), &[2], None, Access::ReadWrite, memory) }.unwrap();
    let error = buffer.view::<f64>().unwrap_err();
    assert_eq!(error.kind(), BufferErrorKind::Unaligned);
    assert_eq!(error.to_string(), "items of float64 lie at multiples of 4, not of 8, bytes");
    assert_eq!(buffer.to_native().unwrap().view::<f64>().unwrap().as_slice(), Some(&[0.0, 0.0][..]));
    assert_eq!(buffer.into_dlpack().unwrap_err().1.kind(), BufferErrorKind::Unaligned);
}

#[test]
fn a_boolean_is_0_or_1_or_no_view() {
    let mut good = of_bytes(vec![0, 9, 1], "|b1", &[2], Some(&[2]), Access::ReadWrite);
    assert_eq!(good.view::<bool>().unwrap(), ndarray::arr1(&[false, true]).into_dyn());
    good.view_mut::<bool>().unwrap()[[0]] = true;
    let mut bad = of_bytes(vec![0, 2], "|b1", &[2], None, Access::ReadWrite);
    assert_eq!(bad.view::<bool>().unwrap_err().to_string(), "a byte of a boolean is 2, neither 0 nor 1");
    assert_eq!(bad.view_mut::<bool>().unwrap_err().kind(), BufferErrorKind::NotABool);
    bad.bytes_mut().unwrap()[1] = 1;
    assert!(bad.view::<bool>().is_ok());
}

#[cfg(feature = "half")]
#[test]
fn sixteen_bit_floats() {
    let buffer = of_bytes(vec![0, 0x3c], "<f2", &[1], None, Access::ReadOnly).to_native().unwrap();
    assert_eq!(buffer.view::<dap_ndarray::item::f16>().unwrap()[[0]].to_f32(), 1.0);
}
