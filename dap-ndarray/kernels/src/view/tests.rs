use proptest::prelude::*;

use super::*;
use crate::element::ElementType;

/// The offsets of all elements, one by one.
fn offsets(shape: &[usize], strides: &[i128]) -> Vec<i128> {
    shape.iter().zip(strides).fold(vec![0], |offsets, (&extent, stride)| {
        offsets.iter().flat_map(|offset| (0..extent as i128).map(move |at| offset + at * stride)).collect()
    })
}

proptest! {
    /// A view is made if, and only if, each of its elements lies within the slice.
    #[test]
    fn bounds_are_those_of_the_elements(
        items in 0_usize..40,
        offset in 0_usize..45,
        dims in prop::collection::vec((0_usize..5, -9_isize..10), 0..4),
    ) {
        let (shape, strides): (Vec<usize>, Vec<isize>) = dims.into_iter().unzip();
        let memory: Vec<u32> = (0..items as u32).collect();
        let places: Vec<i128> = offsets(&shape, &strides.iter().map(|stride| *stride as i128).collect::<Vec<_>>())
            .into_iter().map(|place| place + offset as i128).collect();
        let inside = places.iter().all(|place| (0..items as i128).contains(place));
        let view = View::new(&memory, offset, &shape, &strides);
        prop_assert_eq!(view.is_ok(), inside);
        if let Ok(view) = view {
            prop_assert_eq!(view.len(), places.len());
            prop_assert_eq!(view.is_contiguous(), places.windows(2).all(|pair| pair[1] == pair[0] + 1));
            if let Some(slice) = view.slice::<u32>() {
                prop_assert_eq!(slice.to_vec(), places.iter().map(|place| *place as u32).collect::<Vec<_>>());
            }
        }
        let mut written = memory.clone();
        let mut sorted = places.clone();
        sorted.sort_unstable();
        sorted.dedup();
        if let Ok(view) = ViewMut::new(&mut written, offset, &shape, &strides) {
            prop_assert!(inside && sorted.len() == places.len());
            prop_assert_eq!(view.len(), places.len());
        }
    }

    /// Parts, permutations and broadcasts show the elements that NumPy's would.
    #[test]
    fn derived_views_show_the_same_elements(
        shape in prop::collection::vec(1_usize..5, 3),
        axis in 0_usize..3, start in 0_usize..5, count in 0_usize..5, step in -3_isize..4,
    ) {
        let len: usize = shape.iter().product();
        let memory: Vec<u32> = (0..len as u32).collect();
        let view = View::shaped(&memory, &shape).unwrap();
        let inside = count == 0 || (0..count as isize).all(|at| (0..shape[axis] as isize).contains(&(start as isize + at * step)));
        let part = view.slice_axis(axis, start, count, step);
        prop_assert_eq!(part.is_ok(), inside);
        if let Ok(part) = part {
            for at in 0..count {
                let (mut index, mut source) = (vec![0; 3], vec![0; 3]);
                index[axis] = at;
                source[axis] = (start as isize + at as isize * step) as usize;
                prop_assert_eq!(part.get::<u32>(&index), view.get::<u32>(&source));
            }
        }
        let turned = view.permute(&[2, 0, 1]).unwrap();
        prop_assert_eq!(turned.get::<u32>(&[1 % shape[2], 0, 0]), view.get::<u32>(&[0, 0, 1 % shape[2]]));
        let wide = view.broadcast_to(&[2, shape[0], shape[1], shape[2]]).unwrap();
        prop_assert_eq!(wide.get::<u32>(&[1, 0, 0, 0]), view.get::<u32>(&[0, 0, 0]));
    }
}

#[test]
fn hostile_numbers_are_errors() {
    let memory = [0_u64; 8];
    for (offset, shape, strides) in [
        (0, &[usize::MAX, 2][..], &[0, 0][..]),
        (0, &[2, 2], &[isize::MAX, isize::MAX]),
        (0, &[2], &[isize::MIN]),
        (0, &[3, 3], &[isize::MAX / 16, isize::MIN / 16]),
        (usize::MAX, &[1], &[1]),
        (0, &[1 << 33, 1 << 33], &[0, 0]),
        (0, &[2], &[1, 1]),
    ] {
        assert!(View::new(&memory, offset, shape, strides).is_err(), "{offset} {shape:?} {strides:?}");
    }
    // Nothing is there, whatever the other numbers say.
    let empty = View::new(&memory, usize::MAX, &[usize::MAX, 0], &[isize::MAX, isize::MIN]).unwrap();
    assert_eq!((empty.len(), empty.slice::<u64>().map(<[u64]>::len)), (0, Some(0)));
    assert!(View::of(&memory).broadcast_to(&[usize::MAX, 8]).is_err());
}

#[test]
fn misaligned_memory_and_invalid_bools_are_seen() {
    let bytes = [2_u8; 17];
    let base = bytes.as_ptr();
    let odd = base.wrapping_add(base.addr() % 2 + 1);
    // SAFETY: 8 bytes within the array, whatever the remainder.
    let view = unsafe { View::from_raw(odd, ElementType::I16, &[4], &[2]) };
    assert_eq!(view.map(|_| ()).map_err(|error| error.kind()), Err(ViewErrorKind::Misaligned { alignment: 2 }));
    // SAFETY: bytes of the array.
    let bools = unsafe { View::from_raw(base, ElementType::Bool, &[4], &[1]) }.unwrap();
    assert_eq!((bools.slice::<bool>(), bools.get::<bool>(&[0])), (None, Some(true)));
}
