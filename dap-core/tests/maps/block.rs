//! Block dimensions.

use dap_core::dim::{Block, BlockSection, Dim};
use dap_core::error::ErrorKind;
use dap_core::index::{GlobalIndex, GridRank};
use proptest::prelude::*;

use crate::any::{any_irregular, any_regular_block};
use crate::oracle::{Slow, compare};

#[test]
fn every_small_regular_split() {
    for grid_size in 1..=6 {
        for size in 0..=14 {
            let ceil = (size + grid_size - 1) / grid_size;
            let lens: Vec<i64> = (0..grid_size).map(|r| (size - r * ceil).clamp(0, ceil)).collect();
            let edges = vec![0; lens.len() - 1];
            compare(&Block::new(size, grid_size).unwrap().into(), &Slow::block(&lens, &edges, 0));
            let lens: Vec<i64> = (0..grid_size).map(|r| size / grid_size + i64::from(r < size % grid_size)).collect();
            compare(&Block::balanced(size, grid_size).unwrap().into(), &Slow::block(&lens, &edges, 0));
        }
    }
}

proptest! {
    #[test]
    fn regular_agrees_with_the_list((dim, slow) in any_regular_block(90)) {
        compare(&dim, &slow);
        for rank in (0..dim.grid_size()).map(GridRank) {
            prop_assert!(dim.runs(rank).group_count() <= 1);
        }
    }

    #[test]
    fn irregular_agrees_with_the_list(irregular in any_irregular(12)) {
        let (dim, slow) = irregular.known();
        compare(&dim, &slow);
        let Dim::Block(block) = &dim else { unreachable!() };
        let sections: Vec<_> = (0..block.grid_size()).map(|r| block.section(GridRank(r))).collect();
        prop_assert_eq!(sections, irregular.sections());
        prop_assert_eq!(block.wraps(), irregular.wrap > 0);
        prop_assert_eq!(block.is_periodic(), irregular.periodic);
    }

    /// Equal sections are equal dimensions, however they were made.
    #[test]
    fn one_split_one_value((dim, _) in any_regular_block(90)) {
        let Dim::Block(block) = &dim else { unreachable!() };
        let sections: Vec<_> = (0..block.grid_size()).map(|r| block.section(GridRank(r))).collect();
        prop_assert_eq!(&Block::from_sections(block.size(), false, &sections).unwrap(), block);
    }

    #[test]
    fn differing_sections_differ(a in any_irregular(3), b in any_irregular(3)) {
        let same = a.sections() == b.sections() && a.periodic == b.periodic;
        prop_assert_eq!(a.known().0 == b.known().0, same);
    }

    /// Changing one number by one of valid sections is refused, or gives another valid dimension:
    /// never the same one.
    #[test]
    fn a_changed_section_is_noticed(irregular in any_irregular(6), which in any::<prop::sample::Index>(), key in 0_usize..6, up in any::<bool>()) {
        let mut sections = irregular.sections();
        let at = which.index(sections.len());
        let change = if up { 1 } else { -1 };
        let BlockSection { owned_start, owned_stop, comm_lo, comm_hi, boundary_lo, boundary_hi } = &mut sections[at];
        let keys: [&mut i64; 6] = [owned_start, owned_stop, comm_lo, comm_hi, boundary_lo, boundary_hi];
        *keys[key] += change;
        let valid = fits(irregular.size(), irregular.periodic, &sections);
        let made = Block::from_sections(irregular.size(), irregular.periodic, &sections);
        prop_assert_eq!(made.is_ok(), valid, "{:?}", made);
        if let Ok(block) = made {
            prop_assert_ne!(Dim::from(block), irregular.known().0);
        }
    }
}

/// The conditions on sections, one after the other.
fn fits(size: i64, periodic: bool, sections: &[BlockSection]) -> bool {
    let last = sections.len() - 1;
    let mut next = 0;
    for (r, section) in sections.iter().enumerate() {
        let owned = section.owned_stop - section.owned_start;
        if section.owned_start != next || owned < 0 {
            return false;
        }
        next = section.owned_stop;
        let widths = [section.comm_lo, section.comm_hi, section.boundary_lo, section.boundary_hi];
        if widths.iter().any(|&width| width < 0) {
            return false;
        }
        if (r > 0 && section.boundary_lo > 0) || (r < last && section.boundary_hi > 0) {
            return false;
        }
        if section.boundary_lo + section.boundary_hi > owned {
            return false;
        }
        let len = |at: usize| sections[at].owned_stop - sections[at].owned_start;
        let below = if r > 0 { r - 1 } else { last };
        let above = if r < last { r + 1 } else { 0 };
        if section.comm_lo > if owned > 0 { len(below) } else { 0 }
            || section.comm_hi > if owned > 0 { len(above) } else { 0 }
        {
            return false;
        }
        if section.comm_lo != sections[below].comm_hi {
            return false;
        }
    }
    let (first, end) = (sections[0], sections[last]);
    let wraps = first.comm_lo > 0 || end.comm_hi > 0;
    let bounded = first.boundary_lo > 0 || end.boundary_hi > 0;
    next == size && (!wraps || (periodic && !bounded))
}

#[test]
fn errors_name_the_place() {
    let section = |owned_start, owned_stop, comm_lo, comm_hi| BlockSection {
        owned_start,
        owned_stop,
        comm_lo,
        comm_hi,
        ..BlockSection::default()
    };
    let refused = |size, sections: &[BlockSection]| {
        let error = Block::from_sections(size, false, sections).unwrap_err();
        (error.kind(), error.grid_rank().map(|rank| rank.0), error.to_string())
    };
    let (kind, rank, text) = refused(10, &[section(0, 5, 0, 0), section(6, 10, 0, 0)]);
    assert_eq!((kind, rank), (ErrorKind::NotAbutting, Some(1)));
    assert_eq!(text, "grid rank 1: what neighbours own must abut: `start` is 6, expected 5");
    assert_eq!(refused(10, &[section(0, 5, 0, 0), section(5, 9, 0, 0)]).1, Some(1));
    assert_eq!(refused(10, &[section(1, 10, 0, 0)]).1, Some(0));
    let (kind, rank, _) = refused(10, &[section(0, 5, 0, 2), section(5, 10, 1, 0)]);
    assert_eq!((kind, rank), (ErrorKind::PaddingUnequal, Some(1)));
    let (kind, rank, text) = refused(10, &[section(0, 9, 0, 2), section(9, 10, 2, 0)]);
    assert_eq!((kind, rank), (ErrorKind::PaddingExceedsNeighbour, Some(1)));
    assert_eq!(
        text,
        "grid rank 1: communication padding must not be wider than what the neighbour owns: `padding` is 2, at most 1"
    );
    let (kind, ..) = refused(10, &[section(0, 10, 0, 1), section(10, 10, 1, 0)]);
    assert_eq!(kind, ErrorKind::PaddingExceedsNeighbour);
    for (lower, upper, blamed) in [(1, 1, 0), (2, 0, 0), (0, 2, 1)] {
        let (kind, rank, text) = refused(10, &[section(0, 5, lower, 0), section(5, 10, 0, upper)]);
        assert_eq!((kind, rank), (ErrorKind::WrapNotPeriodic, Some(blamed)));
        assert!(text.ends_with(&format!("`padding` is {}", lower.max(upper))), "{text}");
    }
    // The ends of a periodic dimension meet at an edge like any other.
    let ends = |lower, upper| {
        let sections = [section(0, 5, lower, 1), section(5, 10, 1, upper)];
        Block::from_sections(10, true, &sections)
    };
    let error = ends(2, 1).unwrap_err();
    assert_eq!((error.kind(), error.grid_rank()), (ErrorKind::PaddingUnequal, Some(GridRank(0))));
    assert!(error.to_string().ends_with("`padding` is 2, expected 1"), "{error}");
    assert_eq!(ends(2, 2).unwrap(), Block::new(10, 2).unwrap().with_halo(1).unwrap().with_wrap(2).unwrap());
    // Boundary padding at an inner edge, on either side of it.
    let inner = |lower: [i64; 2], upper: [i64; 2]| {
        let bounds = [0, 5, 10];
        let section = |at: usize| BlockSection {
            boundary_lo: lower[at],
            boundary_hi: upper[at],
            ..section(bounds[at], bounds[at + 1], 0, 0)
        };
        let (kind, rank, _) = refused(10, &[section(0), section(1)]);
        (kind, rank)
    };
    assert_eq!(inner([0, 0], [1, 0]), (ErrorKind::PaddingExceedsSection, Some(0)));
    assert_eq!(inner([0, 1], [0, 0]), (ErrorKind::PaddingExceedsSection, Some(1)));
    assert_eq!(refused(0, &[]).0, ErrorKind::TooSmall);
}

#[test]
fn builders_check_the_split() {
    let kind = |result: dap_core::error::Result<Block>| result.unwrap_err().kind();
    let block = || Block::new(10, 4).unwrap(); // 3 3 3 1
    assert_eq!(kind(block().with_halo(2)), ErrorKind::PaddingExceedsNeighbour);
    assert_eq!(kind(block().with_halo(-1)), ErrorKind::TooSmall);
    assert_eq!(kind(block().with_boundary(4, 0)), ErrorKind::PaddingExceedsSection);
    assert_eq!(kind(block().with_boundary(0, 2)), ErrorKind::PaddingExceedsSection);
    assert_eq!(kind(block().with_wrap(2)), ErrorKind::PaddingExceedsNeighbour);
    assert!(block().with_wrap(1).is_ok());
    let balanced = || Block::balanced(10, 4).unwrap(); // 3 3 2 2
    assert!(balanced().with_halo(2).is_ok());
    assert_eq!(kind(balanced().with_halo(3)), ErrorKind::PaddingExceedsNeighbour);
    let holes = || Block::from_bounds([0, 1, 1, 5, 8]).unwrap(); // 1 0 4 3
    assert!(holes().with_halo(3).is_ok());
    assert_eq!(kind(holes().with_halo(4)), ErrorKind::PaddingExceedsNeighbour);
    assert_eq!(kind(block().with_wrap(1).unwrap().with_periodic(false)), ErrorKind::WrapNotPeriodic);
    assert_eq!(kind(block().with_wrap(1).unwrap().with_boundary(1, 0)), ErrorKind::PaddingExceedsSection);
    assert_eq!(kind(block().with_boundary(1, 0).unwrap().with_wrap(1)), ErrorKind::PaddingExceedsSection);
    assert_eq!((block().boundary(), block().with_boundary(2, 1).unwrap().boundary()), ((0, 0), (2, 1)));
    let bounded = |lower, upper| block().with_boundary(lower, upper).unwrap();
    for (block, rank, width) in [(bounded(1, 0), 0, 1), (bounded(0, 1), 3, 1), (bounded(2, 1), 0, 2)] {
        assert!(block.clone().with_wrap(0).is_ok());
        let error = block.with_wrap(1).unwrap_err();
        assert_eq!((error.kind(), error.grid_rank()), (ErrorKind::PaddingExceedsSection, Some(GridRank(rank))));
        assert!(error.to_string().ends_with(&format!("`padding` is {width}, at most 0")), "{error}");
    }
    // Edges beside empty sections have no width of their own.
    for bounds in [[0, 0, 4, 8], [0, 4, 8, 8], [0, 4, 4, 8]] {
        let uniform = Block::from_bounds(bounds).and_then(|block| block.with_halo(2)).unwrap();
        let sections: Vec<BlockSection> = (0..3).map(|rank| uniform.section(GridRank(rank))).collect();
        assert_eq!(Block::from_sections(8, false, &sections).unwrap(), uniform);
    }
    assert_eq!(kind(Block::with_width(10, 4, 2)), ErrorKind::TooSmall);
    assert_eq!(kind(Block::from_bounds([0])), ErrorKind::Count);
    assert_eq!(kind(Block::from_bounds([0, 5, 4])), ErrorKind::NotAbutting);
    // A block without neighbours has no edge, so no halo is too wide.
    assert!(Block::new(3, 1).unwrap().with_halo(7).unwrap().is_unpadded());
}

#[test]
fn images_of_a_periodic_dimension() {
    for (lower, upper) in [(0, 0), (1, 1), (2, 0), (0, 3), (3, 2)] {
        let size = 12;
        let ring = Block::new(size, 1).unwrap().with_boundary(lower, upper).unwrap().with_periodic(true).unwrap();
        for i in -1..=size {
            let expected = if (0..lower).contains(&i) {
                Some(i + size - lower - upper)
            } else if (size - upper..size).contains(&i) {
                Some(lower + i - (size - upper))
            } else {
                None
            };
            assert_eq!(ring.image(GlobalIndex(i)), expected.map(GlobalIndex), "{i} of {ring}");
        }
        let flat = ring.with_periodic(false).unwrap();
        assert!((0..size).all(|i| flat.image(GlobalIndex(i)).is_none()));
    }
    // Padding wider than the core, here index 3 alone: all images are of the core.
    let narrow = Block::new(6, 1).unwrap().with_boundary(3, 2).unwrap().with_periodic(true).unwrap();
    let images: Vec<_> = (0..6).map(|i| narrow.image(GlobalIndex(i)).map(|image| image.0)).collect();
    assert_eq!(images, [Some(3), Some(3), Some(3), None, Some(3), Some(3)]);
    let hollow = Block::new(4, 1).unwrap().with_boundary(2, 2).unwrap().with_periodic(true).unwrap();
    assert!((0..4).all(|i| hollow.image(GlobalIndex(i)).is_none()));
}
