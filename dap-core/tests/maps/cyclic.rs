//! Cyclic dimensions.

use dap_core::dim::{Cyclic, Dim};
use dap_core::error::ErrorKind;
use dap_core::index::GridRank;
use proptest::prelude::*;

use crate::any::{any_cyclic, cyclic};
use crate::oracle::compare;

#[test]
fn every_small_case() {
    for grid_size in 1..=5 {
        for block_size in 1..=4 {
            for size in 0..=2 * grid_size * block_size + 1 {
                for source in 0..grid_size {
                    let (dim, slow) = cyclic(size, grid_size, block_size, source);
                    compare(&dim, &slow);
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn agrees_with_dealing((dim, slow) in any_cyclic(200)) {
        compare(&dim, &slow);
    }

    #[test]
    fn has_two_groups_at_most((dim, _) in any_cyclic(200)) {
        for rank in (0..dim.grid_size()).map(GridRank) {
            prop_assert!(dim.runs(rank).group_count() <= 2);
        }
    }

    #[test]
    fn start_is_the_first_index((dim, slow) in any_cyclic(200)) {
        let Dim::Cyclic(map) = &dim else { unreachable!() };
        for (r, buffer) in slow.buffers.iter().enumerate() {
            let start = map.start(GridRank(r as i64));
            match buffer.first() {
                Some(place) => prop_assert_eq!(start, place.global),
                None => prop_assert!(start >= slow.size),
            }
        }
    }
}

#[test]
fn refuses_what_has_no_meaning() {
    let kind = |result: dap_core::error::Result<Cyclic>| result.unwrap_err().kind();
    assert_eq!(kind(Cyclic::new(-1, 2, 1)), ErrorKind::TooSmall);
    assert_eq!(kind(Cyclic::new(4, 0, 1)), ErrorKind::TooSmall);
    assert_eq!(kind(Cyclic::new(4, 2, 0)), ErrorKind::TooSmall);
    let two = Cyclic::new(4, 2, 1).unwrap();
    assert_eq!(kind(two.clone().with_source(GridRank(2))), ErrorKind::TooLarge);
    assert_eq!(kind(two.with_source(GridRank(-1))), ErrorKind::TooSmall);
}
