//! A dimension cut into bands for drawing: one for each stretch with the same claims, or, where
//! these are too narrow to see, one for each group of indices, coloured by the owner of most of
//! them.
//!
//! Three things can be done about stretches that are too narrow. Bands of several indices show the
//! greatest share. Where every band holds many processes that follow one another, a colour stands
//! for several of them in a row. Where all processes take turns within a band (a fine deal), no
//! share is the greatest, and the bands show the turn itself, so the page says that it is
//! schematic.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use super::axis::{Axis, Claim};

/// Neighbouring positions that are drawn alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Band {
    pub(super) start: i64,
    pub(super) stop: i64,
    /// In pixels from the start of the view.
    pub(super) from: i32,
    pub(super) to: i32,
    pub(super) claims: Vec<Claim>,
    /// Beyond the declared size.
    pub(super) outside: bool,
}

/// All bands of a view along one dimension.
#[derive(Debug, Clone)]
pub(super) struct Bands {
    pub(super) list: Vec<Band>,
    /// The positions that they cover.
    pub(super) window: Range<i64>,
    /// And the pixels.
    pub(super) pixels: i32,
    /// How many indices a band stands for; `None` when bands are exact.
    pub(super) indices: Option<i64>,
    /// How many grid ranks a colour stands for.
    pub(super) group: i64,
    /// Whether some bands show nothing but the order of dealing.
    pub(super) schematic: bool,
}

/// Bands that stand for several indices are at least so wide, in pixels.
const NARROWEST: i32 = 3;
/// The number of places in a band that are sampled.
const SAMPLES: i64 = 32;

impl Bands {
    /// The bands of a window of `pixels` pixels, at most `most` of them.
    pub(super) fn new(axis: &Axis, window: Range<i64>, pixels: i32, most: usize) -> Self {
        let scale = Scale { window: window.clone(), pixels };
        let most = most.min(usize::try_from(pixels / NARROWEST).unwrap_or(0)).max(1);
        let blank =
            Self { list: Vec::new(), window: window.clone(), pixels, indices: None, group: 1, schematic: false };
        if let Some(list) = exact(axis, &scale, most) {
            return Self { list, ..blank };
        }
        let indices = nice(((window.end - window.start) / i64::try_from(most).unwrap_or(1)).saturating_add(1));
        let group = group(axis, &window, indices);
        let mut bands = Self { indices: Some(indices), group: group.unwrap_or(1), ..blank };
        let mut start = window.start;
        while start < window.end {
            let stop = start.saturating_add(indices).min(window.end);
            let share = Share::of(axis, start, stop, bands.group);
            let claims = share.most().unwrap_or_else(|| {
                bands.schematic = true;
                share.in_turn(bands.list.len())
            });
            let (from, to) = (scale.pixel(start), scale.pixel(stop));
            bands.push(Band { start, stop, from, to, claims, outside: start >= axis.declared });
            start = stop;
        }
        bands
    }

    /// The one band of a dimension that is not there.
    pub(super) fn single(pixels: i32) -> Self {
        let band = Band { start: 0, stop: 1, from: 0, to: pixels, claims: Vec::new(), outside: false };
        Self { list: vec![band], window: 0..1, pixels, indices: None, group: 1, schematic: false }
    }

    /// The bands with `group` grid ranks to a colour.
    pub(super) fn coarser(&self, group: i64) -> Self {
        let mut bands = Self { list: Vec::new(), group: self.group.saturating_mul(group), ..self.clone() };
        for mut band in self.list.iter().cloned() {
            band.claims.iter_mut().for_each(|claim| *claim = Claim { grid_rank: claim.grid_rank / group, part: None });
            band.claims.dedup();
            bands.push(band);
        }
        bands
    }

    /// How many different colours the bands have.
    pub(super) fn owners(&self) -> usize {
        let claims = self.list.iter().flat_map(|band| &band.claims);
        claims.map(|claim| claim.grid_rank).collect::<HashSet<_>>().len()
    }

    /// How wide bands are on average, in pixels.
    pub(super) fn average(&self) -> i32 {
        self.pixels / i32::try_from(self.list.len().max(1)).unwrap_or(i32::MAX)
    }

    fn push(&mut self, band: Band) {
        match self.list.last_mut() {
            Some(last) if last.claims == band.claims && last.outside == band.outside => {
                (last.stop, last.to) = (band.stop, band.to);
            }
            _ => self.list.push(band),
        }
    }

    /// The pixel at which a position begins.
    pub(super) fn pixel(&self, position: i64) -> i32 {
        Scale { window: self.window.clone(), pixels: self.pixels }.pixel(position)
    }

    /// The pixels of one position, where all have the same number.
    pub(super) fn cell(&self) -> Option<i32> {
        let len = i32::try_from(self.window.end - self.window.start).ok().filter(|len| *len > 0)?;
        (self.pixels % len == 0).then(|| self.pixels / len)
    }
}

/// From positions to pixels. Bounds are rounded, so that areas meet without a seam.
struct Scale {
    window: Range<i64>,
    pixels: i32,
}

impl Scale {
    fn pixel(&self, position: i64) -> i32 {
        let len = i128::from(self.window.end) - i128::from(self.window.start);
        let along = i128::from(position) - i128::from(self.window.start);
        if len <= 0 {
            return 0;
        }
        let pixel = (2 * along * i128::from(self.pixels) + len).div_euclid(2 * len);
        i32::try_from(pixel).unwrap_or(if pixel < 0 { i32::MIN / 4 } else { i32::MAX / 4 })
    }
}

/// The bands by claims, unless there are too many.
fn exact(axis: &Axis, scale: &Scale, most: usize) -> Option<Vec<Band>> {
    let mut bands = Bands {
        list: Vec::new(),
        window: scale.window.clone(),
        pixels: scale.pixels,
        indices: None,
        group: 1,
        schematic: false,
    };
    let mut start = scale.window.start;
    // A run of equal claims may come in several steps.
    for _ in 0..most.saturating_add(1 << 14) {
        if start >= scale.window.end {
            return Some(bands.list);
        }
        let mut claims = Vec::new();
        let stop = axis.claims(start, &mut claims).min(scale.window.end);
        let (from, to) = (scale.pixel(start), scale.pixel(stop));
        bands.push(Band { start, stop, from, to, claims, outside: start >= axis.declared });
        if bands.list.len() > most {
            return None;
        }
        start = stop;
    }
    None
}

/// How many grid ranks in a row to colour alike, so that most bands have a greatest share; `None`
/// when that does not help.
fn group(axis: &Axis, window: &Range<i64>, indices: i64) -> Option<i64> {
    let bands = ((window.end - window.start) / indices).saturating_add(1);
    let clear = |group: i64| {
        // A few bands, evenly spread, speak for all.
        let tried = bands.min(40);
        let starts = (0..tried)
            .map(|k| window.start.saturating_add((bands / tried * k).saturating_mul(indices)))
            .filter(|start| *start < window.end);
        let (mut clear, mut all) = (0, 0);
        for start in starts {
            all += 1;
            let stop = start.saturating_add(indices).min(window.end);
            clear += usize::from(Share::of(axis, start, stop, group).is_clear());
        }
        clear * 10 >= all * 7
    };
    if clear(1) {
        return Some(1);
    }
    let mut group = 2;
    while group <= axis.grid_size / 8 {
        if clear(group) {
            // Wide enough to be told apart, if enough colours remain.
            let wider = [3, 2].map(|times| nice(group.saturating_mul(times)));
            return Some(wider.into_iter().find(|wider| *wider <= axis.grid_size / 4).unwrap_or(group));
        }
        group = nice(group + 1);
    }
    None
}

/// The number of elements of a stretch that each set of processes claims.
struct Share {
    shares: BTreeMap<Vec<Claim>, i64>,
    all: i64,
}

impl Share {
    fn of(axis: &Axis, start: i64, stop: i64, group: i64) -> Self {
        let mut share = Self { shares: BTreeMap::new(), all: 0 };
        let mut claims = Vec::new();
        let (mut at, mut steps) = (start, 0);
        while at < stop && steps < SAMPLES {
            let end = axis.claims(at, &mut claims).min(stop);
            share.add(&claims, group, end - at);
            (at, steps) = (end, steps + 1);
        }
        if at >= stop {
            return share;
        }
        // Too many to look at all of them.
        share = Self { shares: BTreeMap::new(), all: 0 };
        for sample in 0..SAMPLES {
            let offset = i128::from(stop - start) * i128::from(2 * sample + 1) / i128::from(2 * SAMPLES);
            axis.claims(start + i64::try_from(offset).unwrap_or(0), &mut claims);
            share.add(&claims, group, 1);
        }
        share
    }

    fn add(&mut self, claims: &[Claim], group: i64, len: i64) {
        let mut key = claims.to_vec();
        if group > 1 {
            key.iter_mut().for_each(|claim| *claim = Claim { grid_rank: claim.grid_rank / group, part: None });
            key.dedup();
        }
        *self.shares.entry(key).or_default() += len;
        self.all += len;
    }

    /// The claims to half of it or more.
    fn most(&self) -> Option<Vec<Claim>> {
        let (claims, len) = self.shares.iter().max_by_key(|(_, len)| **len)?;
        (len.saturating_mul(2) >= self.all).then(|| claims.clone())
    }

    /// Whether one of them has so much that the others may be left out.
    fn is_clear(&self) -> bool {
        let most = self.shares.values().max().copied().unwrap_or(0);
        i128::from(most) * 10 >= i128::from(self.all) * 7
    }

    /// The claims whose turn it is.
    fn in_turn(&self, turn: usize) -> Vec<Claim> {
        let count = self.shares.len().max(1);
        self.shares.keys().nth(turn % count).cloned().unwrap_or_default()
    }
}

/// The next of 1, 2, 5, 10, 20, 50, ... that is not less.
pub(super) fn nice(number: i64) -> i64 {
    let mut unit = 1_i64;
    loop {
        for step in [1, 2, 5] {
            match unit.checked_mul(step) {
                Some(nice) if nice >= number => return nice,
                Some(_) => {}
                None => return number,
            }
        }
        match unit.checked_mul(10) {
            Some(next) => unit = next,
            None => return number,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dap_core::dim::{Block, Cyclic, Dim};

    fn bands(dim: impl Into<Dim>, pixels: i32) -> Bands {
        let axis = Axis::settled(&dim.into());
        Bands::new(&axis, 0..axis.len, pixels, 200)
    }

    #[test]
    fn small_dimensions_are_exact() {
        let bands = bands(Cyclic::new(9, 2, 2).expect("valid"), 90);
        let found: Vec<_> = bands.list.iter().map(|band| (band.start, band.from, band.claims[0].grid_rank)).collect();
        assert_eq!(found, [(0, 0, 0), (2, 20, 1), (4, 40, 0), (6, 60, 1), (8, 80, 0)]);
        assert_eq!((bands.indices, bands.cell()), (None, Some(10)));
    }

    #[test]
    fn many_blocks_are_grouped() {
        let bands = bands(Block::new(3_000_000, 1_000_000).expect("valid"), 800);
        assert!(bands.group > 1 && !bands.schematic);
        assert!((8..=200).contains(&bands.list.len()), "{}", bands.list.len());
        let owners: Vec<i64> = bands.list.iter().map(|band| band.claims[0].grid_rank).collect();
        assert!(owners.is_sorted(), "{owners:?}");
    }

    #[test]
    fn fine_deals_are_schematic() {
        let bands = bands(Cyclic::new(i64::MAX, 3, 1).expect("valid"), 300);
        assert!(bands.schematic && bands.group == 1);
        let owners: Vec<i64> = bands.list.iter().take(4).map(|band| band.claims[0].grid_rank).collect();
        assert_eq!(owners, [0, 1, 2, 0]);
    }

    #[test]
    fn nice_numbers() {
        assert_eq!([1, 3, 6, 11, 64].map(nice), [1, 5, 10, 20, 100]);
        assert_eq!(nice(i64::MAX), i64::MAX);
    }
}
