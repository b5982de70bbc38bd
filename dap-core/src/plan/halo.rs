//! Halos: the elements that a process's communication padding and periodic boundary image, and
//! their owners.
//!
//! A block section is cut into zones, each imaging consecutive elements of one process: its own
//! elements in the middle, padding around it. The zones of all dimensions multiply, as everything
//! in a plan does: a zone of padding in one dimension is a face, in two an edge, in three a corner.
//! Edges and corners come from their owners in the same single round as faces.
//!
//! On a periodic dimension the boundary padding `(L, R)`, though owned, images the other end: index
//! `i < L` is refreshed from `i + size - L - R`, and `size - R + j` from `L + j` (the protocol
//! leaves this to its readers).
//!
//! ```
//! use dap_core::dim::Block;
//! use dap_core::index::Rank;
//! use dap_core::layout::Layout;
//! use dap_core::plan::{Halo, Stencil};
//! let dim = || Block::new(8, 2).and_then(|block| block.with_halo(1));
//! let layout = Layout::new(vec![dim()?.into(), dim()?.into()])?;
//! let halo = Halo::new(&layout, Rank(0), Stencil::Box)?;
//! let received: Vec<_> = halo.receives().iter().map(|message| (message.peer(), message.elements())).collect();
//! assert_eq!(received, [(Rank(1), 4), (Rank(2), 4), (Rank(3), 1)]); // two faces and a corner
//! # Ok::<(), dap_core::error::Error>(())
//! ```

use std::collections::BTreeMap;

use super::coordinates;
use super::overlaps::Overlaps;
use super::transfer::Transfer;
use crate::dim::{Block, Dim};
use crate::error::{Error, ErrorKind, Result};
use crate::index::{GlobalIndex, GridRank, Rank};
use crate::layout::Layout;
use crate::runs::Overlap;

/// The padding that a computation reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stencil {
    /// Neighbours along one dimension at a time: faces only.
    Star,
    /// Diagonal neighbours as well: faces, edges and corners.
    Box,
}

/// One process's part in filling the padding of an array.
#[derive(Debug, Clone)]
pub struct Halo {
    sends: Vec<Message>,
    receives: Vec<Message>,
    local: Vec<Message>,
}

/// The elements that one process sends to another to fill padding: boxes, in an order that both
/// know.
#[derive(Debug, Clone)]
pub struct Message {
    peer: Rank,
    boxes: Vec<Vec<Overlaps>>,
}

impl Message {
    /// The other process.
    pub fn peer(&self) -> Rank {
        self.peer
    }

    /// The boxes, in the order of the message.
    pub fn boxes(&self) -> impl Iterator<Item = Transfer<'_>> {
        self.boxes.iter().map(|dims| Transfer::of_dims(self.peer, dims))
    }

    /// The number of elements.
    pub fn elements(&self) -> i64 {
        self.boxes().map(|part| part.elements()).sum()
    }
}

impl Halo {
    /// The greatest number of boxes of a process's padding; three to the power of 12 fit.
    pub const MOST_BOXES: usize = 1 << 20;

    /// The part of process `rank`.
    ///
    /// # Errors
    /// No such rank; more than [`Halo::MOST_BOXES`] boxes.
    pub fn new(layout: &Layout, rank: Rank, stencil: Stencil) -> Result<Halo> {
        let at = coordinates(layout.grid(), rank)?;
        let dims = || layout.dims().iter().zip(&at);
        let wanted: Vec<Vec<Zone>> = dims().map(|(dim, &at)| zones(dim, at)).collect();
        let asked: Vec<Vec<Zone>> = dims().map(|(dim, &at)| asked_of(dim, at)).collect();
        let receives = messages(layout, &wanted, stencil)?;
        let sends = messages(layout, &asked, stencil)?;
        let (local, receives) = receives.into_iter().partition(|message| message.peer == rank);
        Ok(Halo { sends: sends.into_iter().filter(|message| message.peer != rank).collect(), receives, local })
    }

    /// The messages to other processes, by ascending rank.
    pub fn sends(&self) -> &[Message] {
        &self.sends
    }

    /// The messages from other processes, by ascending rank.
    pub fn receives(&self) -> &[Message] {
        &self.receives
    }

    /// Padding that images elements of this process itself, on a periodic dimension that is not
    /// distributed.
    pub fn local(&self) -> impl Iterator<Item = Transfer<'_>> {
        self.local.iter().flat_map(Message::boxes)
    }
}

/// Consecutive positions of a buffer that image consecutive elements of one process.
#[derive(Debug, Clone, Copy)]
struct Zone {
    /// The owner for a zone of this process's buffer; the receiver for a zone of another process's
    /// buffer.
    peer: GridRank,
    /// The source and target position, as one run.
    run: Overlap,
    /// Whether it is padding to be filled, and not owned by the process.
    fill: bool,
}

/// The zones of a process's buffer, ascending.
fn zones(dim: &Dim, at: GridRank) -> Vec<Zone> {
    match dim {
        Dim::Block(block) => block_zones(block, at),
        _ => whole(dim, at).into_iter().collect(),
    }
}

fn whole(dim: &Dim, at: GridRank) -> Option<Zone> {
    let len = dim.extent(at);
    (len > 0).then(|| Zone { peer: at, run: run(0, 0, len), fill: false })
}

fn block_zones(block: &Block, at: GridRank) -> Vec<Zone> {
    let section = block.section(at);
    let (begin, end) = (section.buffer_start(), section.buffer_stop());
    // Between these bounds, neither the owner of an index nor whether it is an image changes,
    // except at the ends of owners' sections.
    let (lower, upper) = block.boundary();
    let bounds = [section.owned_start, section.owned_stop, 0, lower, block.size() - upper, block.size()];
    let mut zones = Vec::new();
    let mut index = begin;
    while index < end {
        let global = GlobalIndex(if block.wraps() { index.rem_euclid(block.size()) } else { index });
        let image = block.image(global);
        let source = image.unwrap_or(global);
        let Some((peer, place)) = block.owner(source) else { break };
        let owned = block.section(peer).owned_stop;
        // An image may not run past the padding of the other end, which is an image itself.
        let limit = if image.is_some() { owned.min(block.size() - upper) } else { owned };
        let next_bound = bounds.into_iter().filter(|&bound| bound > index).min().unwrap_or(end);
        let len = (limit - source.0).min(next_bound.min(end) - index);
        let mine = section.owned_start <= index && index < section.owned_stop;
        zones.push(Zone { peer, run: run(place.0, index - begin, len), fill: !mine || image.is_some() });
        index += len;
    }
    zones
}

/// The zones of other processes' buffers that image elements of the process at `at`.
fn asked_of(dim: &Dim, at: GridRank) -> Vec<Zone> {
    let Dim::Block(_) = dim else { return whole(dim, at).into_iter().collect() };
    let last = dim.grid_size() - 1;
    // Padding images a neighbour's elements, or through a periodic boundary elements at the other
    // end. That boundary may be padding of the second process from there.
    let mut asking = vec![at.0 - 1, at.0, at.0 + 1, 0, 1, last - 1, last];
    asking.retain(|rank| (0..=last).contains(rank));
    asking.sort_unstable();
    asking.dedup();
    let theirs = |peer: i64| zones(dim, GridRank(peer)).into_iter().map(move |zone| (GridRank(peer), zone));
    let of_mine = asking.into_iter().flat_map(theirs).filter(|(_, zone)| zone.peer == at);
    of_mine.map(|(peer, zone)| Zone { peer, ..zone }).collect()
}

fn run(from: i64, to: i64, len: i64) -> Overlap {
    // The global index does not matter here.
    Overlap::single(0, from, to, len)
}

/// Multiplies the zones: a message for each peer, its boxes in C order of the zones.
fn messages(layout: &Layout, zones: &[Vec<Zone>], stencil: Stencil) -> Result<Vec<Message>> {
    // The number of products with no filled zone, with one, and in all.
    let (none, one, all) = zones.iter().fold((1_i64, 0_i64, 1_i64), |(none, one, all), zones| {
        let fill = zones.iter().filter(|zone| zone.fill).count() as i64;
        let len = zones.len() as i64;
        let one = one.saturating_mul(len - fill).saturating_add(none.saturating_mul(fill));
        (none.saturating_mul(len - fill), one, all.saturating_mul(len))
    });
    let count = if stencil == Stencil::Box { all } else { none.saturating_add(one) };
    let most = Halo::MOST_BOXES as i64;
    if count > most {
        return Err(Error::new(ErrorKind::TooManyBoxes).with_value("boxes", count).with_expected(most));
    }
    let mut products: Vec<(i64, usize, Vec<Zone>)> = vec![(0, 0, Vec::new())];
    for (zones, extent) in zones.iter().zip(layout.grid().shape()) {
        let longer = products.iter().flat_map(|(rank, fills, product)| {
            zones.iter().map(move |zone| {
                let product = product.iter().copied().chain([*zone]).collect();
                (rank * extent + zone.peer.0, fills + usize::from(zone.fill), product)
            })
        });
        let wanted = |fills: usize| stencil == Stencil::Box || fills < 2;
        products = longer.filter(|(_, fills, _)| wanted(*fills)).collect();
    }
    let mut messages: BTreeMap<i64, Vec<Vec<Overlaps>>> = BTreeMap::new();
    for (rank, _, product) in products.into_iter().filter(|(_, fills, _)| *fills > 0) {
        let dims = product.into_iter().map(|zone| Overlaps::groups_of(vec![zone.run])).collect();
        messages.entry(rank).or_default().push(dims);
    }
    Ok(messages.into_iter().map(|(rank, boxes)| Message { peer: Rank(rank), boxes }).collect())
}
