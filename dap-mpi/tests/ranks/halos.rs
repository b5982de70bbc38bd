//! Halo exchange against the layouts' own maps.

use dap_core::dim::Dim;
use dap_core::index::{LocalIndex, Rank};
use dap_core::layout::Layout;
use dap_core::plan::Stencil;
use dap_core::random_layouts::layouts_of;
use dap_launch::values;
use dap_mpi::{Comm, HaloExchange};
use dap_ndarray::Buffer;
use proptest::prelude::*;

use crate::moves::on;
use crate::support::{UNTOUCHED, buffer, dtypes, item, memories, named, number, places, put};

/// The element that a position finally images, and the number of dimensions in whose padding it
/// lies.
fn image(layout: &Layout, rank: Rank, place: &[i64]) -> (i64, usize) {
    let at = layout.grid().coordinates(rank).expect("a rank");
    let mut fills = 0;
    let source = layout.dims().iter().zip(at).zip(place).map(|((dim, at), &place)| {
        let index = dim.global(at, LocalIndex(place)).expect("a place");
        let Dim::Block(block) = dim else { return index };
        let source = block.image(index).unwrap_or(index);
        let section = block.section(at);
        let inside = section.comm_lo <= place && place < section.comm_lo + section.owned_len();
        fills += usize::from(!inside || source != index);
        source
    });
    let source: Vec<_> = source.collect();
    (number(layout, &source), fills)
}

/// The number that is added to an element that is written during an exchange.
const LATER: i64 = 50;

/// Gives each owned element its number and `more`.
pub(crate) fn write(section: &mut Buffer, layout: &Layout, rank: Rank, more: i64) {
    for place in places(section.shape()) {
        let (element, fills) = image(layout, rank, &place);
        if fills == 0 {
            put(section, &place, element + more);
        }
    }
}

/// Checks a section: owned elements are their number and `owned`. Padding that the stencil fills
/// has the number of the element that it images and `padding`. Other padding is untouched.
pub(crate) fn check(section: &Buffer, layout: &Layout, rank: Rank, stencil: Stencil, [owned, padding]: [i64; 2]) {
    for place in places(section.shape()) {
        let (element, fills) = image(layout, rank, &place);
        let expected = match fills {
            2.. if stencil == Stencil::Star => vec![UNTOUCHED; section.itemsize()],
            0 => named(element + owned, section.itemsize()),
            _ => named(element + padding, section.itemsize()),
        };
        assert_eq!(item(section, &place), expected, "rank {rank} of {layout}, {stencil:?}, place {place:?}");
    }
}

fn exchange(comm: &Comm, halves: bool, seed: u8) {
    let shape = prop_oneof![prop::collection::vec(1..14_i64, 1..=2), prop::collection::vec(2..6_i64, 3)];
    let size = i64::from(comm.size());
    let layouts = shape.prop_flat_map(move |shape| layouts_of(shape, size));
    // Sections on the first ranks in order, or on any ranks.
    let all: Vec<i32> = (0..comm.size()).collect();
    let ranks = prop_oneof![Just(all.clone()), Just(all).prop_shuffle()];
    for (layout, dtype, at, star, ranks) in values((layouts, dtypes(), memories(), any::<bool>(), ranks), 40, seed) {
        let ranks = &ranks[..layout.processes() as usize];
        let rank = ranks.iter().position(|&rank| rank == comm.rank()).map(|section| Rank(section as i64));
        let mut section = rank.map(|rank| buffer(comm, &layout, rank, &dtype, at));
        let stencil = if star { Stencil::Star } else { Stencil::Box };
        let mut halo = HaloExchange::new(comm, on(&layout, ranks), &dtype, stencil).expect("a plan");
        // Twice, since some state is kept between exchanges.
        for step in 0..2 {
            if let (Some(rank), Some(section)) = (rank, &mut section) {
                write(section, &layout, rank, step);
            }
            if halves {
                halo.start(section.as_ref()).expect("it starts");
                // Owned elements may be written during the exchange: the padding gets the earlier
                // values.
                if let (Some(rank), Some(section)) = (rank, &mut section) {
                    write(section, &layout, rank, step + LATER);
                }
                halo.finish(section.as_mut()).expect("it ends");
            } else {
                halo.exchange(section.as_mut()).expect("it works");
            }
            let (Some(rank), Some(section)) = (rank, &section) else { continue };
            let owned = if halves { step + LATER } else { step };
            check(section, &layout, rank, stencil, [owned, step]);
        }
    }
}

pub(crate) fn random_layouts(comm: &Comm) {
    exchange(comm, false, 5);
}

pub(crate) fn in_two_halves(comm: &Comm) {
    exchange(comm, true, 6);
}
