//! Plain dictionaries, which are right at a glance: most of them.
//!
//! An unpadded block, and a cyclic dimension whose cycle begins at grid rank 0, are checked here by
//! one test of everything at once. It takes a third of the time that the rules take one by one. A
//! dictionary that fails the test is left to the rules, which give the reason. The test decides
//! nothing that the rules would decide otherwise; a property test compares the two.

use crate::check::key_values::At;
use crate::check::section::{BlockSection, CyclicSection, DimGrid, LocalDim, Outer, Section};
use crate::dim::numroc;
use crate::export::{DimDict, DistType, Field};
use crate::layout::Edition;

/// Fills `out` if the dictionary is plain and right; false has no meaning.
#[inline(always)]
pub(super) fn check(dict: &DimDict, at: At, out: &mut LocalDim) -> bool {
    let (&Field::Is(dist_type), &Field::Is(size), &Field::Is(grid_size), &Field::Is(grid_rank), &Field::Is(start)) =
        (&dict.dist_type, &dict.size, &dict.proc_grid_size, &dict.proc_grid_rank, &dict.start)
    else {
        return false;
    };
    let bare = dict.padding.is_missing()
        && dict.periodic.is_missing()
        && dict.indices.is_missing()
        && dict.one_to_one.is_missing()
        && dict.unknown.is_empty();
    if !bare || at.edition != Edition::V0_10 || grid_rank < 0 || grid_rank >= grid_size || start < 0 {
        return false;
    }
    let grid = DimGrid { size, grid_size, grid_rank };
    let section = match (dist_type, &dict.stop, &dict.block_size) {
        (DistType::Block, &Field::Is(stop), Field::Missing) => {
            let in_bounds = start <= stop && stop <= size && at.extent == Some(stop - start);
            let ends = (!grid.is_first() || start == 0) && (!grid.is_last() || stop == size);
            if !in_bounds || !ends {
                return false;
            }
            Section::Block(BlockSection { start, stop, communication: [0, 0] })
        }
        (DistType::Cyclic, Field::Missing, block_size @ (Field::Missing | Field::Is(1..))) => {
            let block_size = block_size.get().copied().unwrap_or(1);
            if start >= size || grid_rank.checked_mul(block_size) != Some(start) {
                return false;
            }
            let owned = numroc(size, block_size, grid_rank, grid_size);
            if at.extent != Some(owned) {
                return false;
            }
            Section::Cyclic(CyclicSection { start, block_size, owned })
        }
        _ => return false,
    };
    *out = LocalDim {
        grid,
        dist_type: Some(dist_type),
        periodic: Some(false),
        padding: Outer::default(),
        section: Some(section),
    };
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::check::Profile;
    use crate::check::dictionary;

    /// Small numbers, so that right dictionaries occur often; now and then none, or one near the
    /// ends of 64 bits.
    fn number() -> impl Strategy<Value = Field<i64>> {
        prop_oneof![
            20 => (-1_i64..9).prop_map(Field::Is),
            2 => Just(Field::Missing),
            1 => prop_oneof![Just(i64::MAX), Just(i64::MAX - 1), Just(i64::MIN)].prop_map(Field::Is),
        ]
    }

    prop_compose! {
        fn dict()(
            letter in prop_oneof![Just("b"), Just("c"), Just("u"), Just("n")],
            numbers in prop::array::uniform5(number()),
            block_size in prop_oneof![Just(Field::Missing), number()],
            padding in prop_oneof![3 => Just(Field::Missing), 1 => Just(Field::Is([0, 1]))],
            periodic in prop_oneof![3 => Just(Field::Missing), 1 => Just(Field::Is(true))],
        ) -> DimDict {
            let [size, proc_grid_size, proc_grid_rank, start, stop] = numbers;
            let stop = if letter == "b" { stop } else { Field::Missing };
            let dist_type = DistType::from_letter(letter).map_or(Field::Missing, Field::Is);
            let block_size = if letter == "b" && block_size == Field::Is(1) { Field::Missing } else { block_size };
            DimDict {
                dist_type, size, proc_grid_size, proc_grid_rank, start, stop, block_size, padding, periodic,
                ..DimDict::default()
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn agrees_with_the_rules(dict in dict(), extent in prop::option::of(0_i64..9), new in any::<bool>()) {
            let edition = if new { Edition::V0_10 } else { Edition::V0_9 };
            let at = At { dim: 0, extent, edition, profile: Profile::Strict };
            let mut plain = LocalDim::default();
            if check(&dict, at, &mut plain) {
                let (mut findings, mut ruled) = (Vec::new(), LocalDim::default());
                dictionary::check(&dict, at, &mut findings, &mut ruled);
                prop_assert_eq!(findings, vec![]);
                prop_assert_eq!(format!("{plain:?}"), format!("{ruled:?}"));
            }
        }
    }

    /// Most dictionaries never reach the rules: refusing a plain one costs three times as much.
    #[test]
    fn takes_what_is_plain() {
        let takes = |dict: &DimDict, extent| {
            let at = At { dim: 0, extent: Some(extent), edition: Edition::V0_10, profile: Profile::Auto };
            check(dict, at, &mut LocalDim::default())
        };
        let block = |rank, start, stop| DimDict::block(10, start, stop).on_grid(rank, 3);
        for (dict, extent) in [
            (block(0, 0, 4), 4),
            (block(0, 0, 0), 0),
            (block(1, 4, 8), 4),
            (block(1, 4, 4), 0),
            (block(1, 4, 10), 6),
            (block(2, 8, 10), 2),
            (DimDict::block(10, 0, 10), 10),
            (DimDict::block(0, 0, 0), 0),
        ] {
            assert!(takes(&dict, extent), "{dict:?}");
            assert!(!takes(&dict, extent + 1), "{dict:?}");
        }
        for wrong in [block(0, 1, 4), block(2, 8, 9), block(1, 5, 4), block(1, 8, 11), block(3, 8, 10), block(-1, 0, 4)]
        {
            let (&start, &stop) = (wrong.start.get().unwrap(), wrong.stop.get().unwrap());
            assert!(!takes(&wrong, stop - start), "{wrong:?}");
        }
        let cyclic = |block_size, rank, start| DimDict {
            start: Field::Is(start),
            ..DimDict::cyclic(10, block_size).on_grid(rank, 3)
        };
        for (dict, extent) in [
            (cyclic(1, 0, 0), 4),
            (cyclic(1, 2, 2), 3),
            (cyclic(3, 0, 0), 4),
            (cyclic(3, 1, 3), 3),
            (cyclic(4, 2, 8), 2),
            (DimDict::cyclic(10, 3), 10),
        ] {
            assert!(takes(&dict, extent), "{dict:?}");
            assert!(!takes(&dict, extent - 1), "{dict:?}");
        }
        // A rotated cycle, a start off the block, no blocks, or an empty section: left to the
        // rules.
        for (dict, extent) in [(cyclic(3, 1, 0), 4), (cyclic(3, 1, 4), 3), (cyclic(0, 0, 0), 0), (cyclic(5, 2, 10), 0)]
        {
            assert!(!takes(&dict, extent), "{dict:?}");
        }
    }
}
