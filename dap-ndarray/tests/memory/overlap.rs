//! Items that share memory may only be read.

use dap_core::dtype::DType;
use dap_ndarray::{Access, Buffer, BufferErrorKind};
use proptest::prelude::*;

use crate::{indices, offset, reach};

fn make(shape: &[i64], strides: &[i64], access: Access) -> Result<Buffer, BufferErrorKind> {
    let (before, behind) = reach(shape, strides, 4);
    let mut memory = vec![0_u8; (before + behind) as usize];
    let data = memory.as_mut_ptr().wrapping_add(before as usize);
    let dtype = DType::parse("<i4").unwrap();
    // SAFETY: all that is reached lies in `memory`.
    unsafe { Buffer::from_raw(data, dtype, shape, Some(strides), access, memory) }.map_err(|error| error.kind())
}

/// Whether any two items share a byte: by looking at all pairs that are neighbours in memory.
fn shares(shape: &[i64], strides: &[i64]) -> bool {
    let mut offsets: Vec<i64> = indices(shape).iter().map(|index| offset(index, strides)).collect();
    offsets.sort_unstable();
    offsets.windows(2).any(|pair| pair[1] - pair[0] < 4)
}

/// Whether each stride steps over all that smaller ones reach.
fn is_nested(shape: &[i64], strides: &[i64]) -> bool {
    let mut dims: Vec<_> = strides.iter().map(|s| s.abs()).zip(shape).filter(|dim| *dim.1 > 1).collect();
    dims.sort_unstable();
    let mut reach = 4;
    dims.iter().all(|(stride, extent)| {
        let steps_over = *stride >= reach;
        reach += stride * (**extent - 1);
        steps_over
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_may_be_written_shares_nothing(dims in prop::collection::vec((0_i64..4, -20_i64..20), 0..4)) {
        let shape: Vec<i64> = dims.iter().map(|dim| dim.0).collect();
        let strides: Vec<i64> = dims.iter().map(|dim| dim.1).collect();
        let writable = make(&shape, &strides, Access::ReadWrite);
        prop_assert!(make(&shape, &strides, Access::ReadOnly).is_ok());
        if shape.contains(&0) || (!shares(&shape, &strides) && is_nested(&shape, &strides)) {
            prop_assert!(writable.is_ok());
        } else {
            prop_assert_eq!(writable.unwrap_err(), BufferErrorKind::Overlap);
        }
    }
}

#[test]
fn a_repeated_row_is_read_and_not_written() {
    let buffer = make(&[3, 2], &[0, 4], Access::ReadOnly).unwrap();
    assert_eq!(buffer.view::<i32>().unwrap().len(), 6);
    assert_eq!(make(&[3, 2], &[0, 4], Access::ReadWrite).unwrap_err(), BufferErrorKind::Overlap);
    // Interleaved without sharing: refused all the same, as documented.
    assert!(!shares(&[3, 2], &[8, 12]));
    assert_eq!(make(&[3, 2], &[8, 12], Access::ReadWrite).unwrap_err(), BufferErrorKind::Overlap);
}
