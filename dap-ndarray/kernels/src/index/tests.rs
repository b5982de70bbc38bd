//! Each operation against a loop over the list or the mask.

use proptest::prelude::*;

use super::*;
use crate::sum::Accumulator;

proptest! {
    #[test]
    fn lists_are_checked_once(list in prop::collection::vec(-12_i64..12, 0..30), extent in 0_usize..10) {
        let wrong = list.iter().position(|index| *index < -(extent as i64) || *index >= extent as i64);
        match Indices::check(&list, extent) {
            Ok(indices) => {
                prop_assert_eq!(wrong, None);
                let expected: Vec<usize> = list.iter().map(|index| index.rem_euclid(extent as i64) as usize).collect();
                prop_assert_eq!(indices.list(), &expected[..]);
            }
            Err(error) => prop_assert_eq!((Some(error.at), error.index, error.extent), (wrong, list[error.at], extent)),
        }
    }

    #[test]
    fn gather_and_scatter_are_loops(list in prop::collection::vec(-7_i64..7, 0..60), width in 0_usize..4, seed: u32) {
        let indices = Indices::check(&list, 7).unwrap();
        let source: Vec<i32> = (0..7 * width as u32).map(|at| seed.wrapping_mul(at | 1) as i32).collect();
        let expected: Vec<i32> = indices.list().iter().flat_map(|index| source[index * width..][..width].to_vec()).collect();
        prop_assert_eq!(gather(&source, &indices, width), expected);
        let values: Vec<i32> = (0..list.len() as u32 * width as u32).map(|at| (at * 7 + seed) as i32).collect();
        let (mut set, mut added) = (source.clone(), source.clone());
        scatter(&mut set, &indices, width, &values);
        scatter_add(&mut added, &indices, width, &values);
        let (mut expected_set, mut expected_added) = (source.clone(), source);
        for (at, index) in indices.list().iter().enumerate() {
            for column in 0..width {
                let value = values[at * width + column];
                expected_set[index * width + column] = value;
                let to = &mut expected_added[index * width + column];
                *to = to.wrapping_add(value);
            }
        }
        prop_assert_eq!((set, added), (expected_set, expected_added));
    }

    #[test]
    fn floats_are_added_exactly(list in prop::collection::vec(0_i64..3, 0..90), width in 1_usize..3) {
        let indices = Indices::check(&list, 3).unwrap();
        let values: Vec<f64> = (0..list.len() * width).map(|at| [1e16, 1.0, -1e16, 0.1][at * at % 4]).collect();
        let target: Vec<f64> = (0..3 * width).map(|at| at as f64 / 3.0).collect();
        let mut added = target.clone();
        scatter_add_exact(&mut added, &indices, width, &values);
        for (place, found) in added.iter().enumerate() {
            let mut sum = Accumulator::default();
            sum.add_term(target[place]);
            for (at, index) in indices.list().iter().enumerate().filter(|(_, index)| **index == place / width) {
                assert_eq!(*index, place / width);
                sum.add_term(values[at * width + place % width]);
            }
            prop_assert_eq!(*found, sum.finish::<f64>());
        }
    }

    #[test]
    fn masks_part_and_restore(bytes in prop::collection::vec(any::<(u8, bool, bool)>(), 0..400), dense: bool) {
        let mask: Vec<u8> = bytes.iter().map(|(byte, on, _)| if *on || dense { byte | 1 } else { 0 }).collect();
        let items: Vec<u16> = (0..mask.len() as u16).collect();
        let kept: Vec<u16> = items.iter().zip(&mask).filter(|(_, byte)| **byte != 0).map(|(item, _)| *item).collect();
        prop_assert_eq!(count_true(&mask), kept.len());
        let mut found = vec![9];
        compress(&items, &mask, &mut found);
        prop_assert_eq!(&found[1..], &kept[..]);
        let mut target = vec![7; items.len()];
        prop_assert_eq!(expand(&kept, &mask, &mut target), kept.len());
        for (at, byte) in mask.iter().enumerate() {
            prop_assert_eq!(target[at], if *byte != 0 { items[at] } else { 7 });
        }
    }
}

#[test]
#[should_panic(expected = "expected more")]
fn fewer_values_than_the_mask_takes_are_refused() {
    expand(&[1], &[1, 1], &mut [0, 0]);
}
