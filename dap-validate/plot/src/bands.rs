//! A dimension cut into bands for drawing: one for each interval with the same owners. If these are
//! too narrow to see, there is one band for each group of indices, in the colour of the process
//! that owns most of them.
//!
//! Intervals that are too narrow are simplified in three ways. A band of several indices shows its
//! majority owner. If every band holds many consecutive processes, a colour stands for several of
//! them in a row. If all processes own equal parts of each band (a fine cyclic distribution), there
//! is no majority: the bands show the order of the processes in the cycle, and the page says that
//! it is schematic.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use super::axis::{AxisOwner, PlotAxis};

/// Consecutive positions that are drawn alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Band {
    pub(super) start: i64,
    pub(super) stop: i64,
    /// The first pixel and the end, from the start of the view.
    pub(super) from: i32,
    pub(super) to: i32,
    pub(super) owners: Vec<AxisOwner>,
    /// Whether the band lies beyond the declared size.
    pub(super) outside: bool,
}

/// All bands of a view along one dimension.
#[derive(Debug, Clone)]
pub(super) struct Bands {
    pub(super) list: Vec<Band>,
    /// The positions that the bands cover.
    pub(super) window: Range<i64>,
    /// The pixels that the bands cover.
    pub(super) pixels: i32,
    /// The number of indices that a band stands for; `None` if bands are exact.
    pub(super) indices: Option<i64>,
    /// The number of grid ranks that a colour stands for.
    pub(super) group: i64,
    /// Whether some bands show only the order of the processes in a cycle.
    pub(super) schematic: bool,
}

/// The least width of a band that stands for several indices, in pixels.
const NARROWEST: i32 = 3;
/// The number of places in a band that are sampled.
const SAMPLES: i64 = 32;

impl Bands {
    /// The bands of a window of `pixels` pixels, at most `most` of them.
    pub(super) fn new(axis: &PlotAxis, window: Range<i64>, pixels: i32, most: usize) -> Self {
        let scale = PositionScale { window: window.clone(), pixels };
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
            let share = OwnerShares::of(axis, start, stop, bands.group);
            let owners = share.majority().unwrap_or_else(|| {
                bands.schematic = true;
                share.in_turn(bands.list.len())
            });
            let (from, to) = (scale.pixel(start), scale.pixel(stop));
            bands.push(Band { start, stop, from, to, owners, outside: start >= axis.declared });
            start = stop;
        }
        bands
    }

    /// The one band of a dimension that does not exist.
    pub(super) fn single(pixels: i32) -> Self {
        let band = Band { start: 0, stop: 1, from: 0, to: pixels, owners: Vec::new(), outside: false };
        Self { list: vec![band], window: 0..1, pixels, indices: None, group: 1, schematic: false }
    }

    /// The bands with one colour for `group` grid ranks.
    pub(super) fn coarser(&self, group: i64) -> Self {
        let mut bands = Self { list: Vec::new(), group: self.group.saturating_mul(group), ..self.clone() };
        for mut band in self.list.iter().cloned() {
            band.owners
                .iter_mut()
                .for_each(|owner| *owner = AxisOwner { grid_rank: owner.grid_rank / group, part: None });
            band.owners.dedup();
            bands.push(band);
        }
        bands
    }

    /// The number of different colours of the bands.
    pub(super) fn owners(&self) -> usize {
        let owners = self.list.iter().flat_map(|band| &band.owners);
        owners.map(|owner| owner.grid_rank).collect::<HashSet<_>>().len()
    }

    /// The average width of a band, in pixels.
    pub(super) fn average(&self) -> i32 {
        self.pixels / i32::try_from(self.list.len().max(1)).unwrap_or(i32::MAX)
    }

    fn push(&mut self, band: Band) {
        match self.list.last_mut() {
            Some(last) if last.owners == band.owners && last.outside == band.outside => {
                (last.stop, last.to) = (band.stop, band.to);
            }
            _ => self.list.push(band),
        }
    }

    /// The pixel at which a position begins.
    pub(super) fn pixel(&self, position: i64) -> i32 {
        PositionScale { window: self.window.clone(), pixels: self.pixels }.pixel(position)
    }

    /// The pixels of one position; `None` if positions have different numbers of pixels.
    pub(super) fn cell(&self) -> Option<i32> {
        let len = i32::try_from(self.window.end - self.window.start).ok().filter(|len| *len > 0)?;
        (self.pixels % len == 0).then(|| self.pixels / len)
    }
}

/// The map from positions to pixels. Bounds are rounded, so that areas meet without a seam.
struct PositionScale {
    window: Range<i64>,
    pixels: i32,
}

impl PositionScale {
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

/// The bands with the same owners; `None` if there are too many.
fn exact(axis: &PlotAxis, scale: &PositionScale, most: usize) -> Option<Vec<Band>> {
    let mut bands = Bands {
        list: Vec::new(),
        window: scale.window.clone(),
        pixels: scale.pixels,
        indices: None,
        group: 1,
        schematic: false,
    };
    let mut start = scale.window.start;
    // A run of equal owners may take several steps.
    for _ in 0..most.saturating_add(1 << 14) {
        if start >= scale.window.end {
            return Some(bands.list);
        }
        let mut owners = Vec::new();
        let stop = axis.owners(start, &mut owners).min(scale.window.end);
        let (from, to) = (scale.pixel(start), scale.pixel(stop));
        bands.push(Band { start, stop, from, to, owners, outside: start >= axis.declared });
        if bands.list.len() > most {
            return None;
        }
        start = stop;
    }
    None
}

/// The number of consecutive grid ranks to draw in one colour, so that most bands have a clear
/// majority; `None` if no number helps.
fn group(axis: &PlotAxis, window: &Range<i64>, indices: i64) -> Option<i64> {
    let bands = ((window.end - window.start) / indices).saturating_add(1);
    let clear = |group: i64| {
        // A few bands, evenly spread, are a sample of all.
        let tried = bands.min(40);
        let starts = (0..tried)
            .map(|k| window.start.saturating_add((bands / tried * k).saturating_mul(indices)))
            .filter(|start| *start < window.end);
        let (mut clear, mut all) = (0, 0);
        for start in starts {
            all += 1;
            let stop = start.saturating_add(indices).min(window.end);
            clear += usize::from(OwnerShares::of(axis, start, stop, group).is_clear());
        }
        clear * 10 >= all * 7
    };
    if clear(1) {
        return Some(1);
    }
    let mut group = 2;
    while group <= axis.grid_size / 8 {
        if clear(group) {
            // A larger group makes wider areas; it is taken if enough colours remain.
            let wider = [3, 2].map(|times| nice(group.saturating_mul(times)));
            return Some(wider.into_iter().find(|wider| *wider <= axis.grid_size / 4).unwrap_or(group));
        }
        group = nice(group + 1);
    }
    None
}

/// The number of elements of an interval that each set of processes owns.
struct OwnerShares {
    shares: BTreeMap<Vec<AxisOwner>, i64>,
    all: i64,
}

impl OwnerShares {
    fn of(axis: &PlotAxis, start: i64, stop: i64, group: i64) -> Self {
        let mut share = Self { shares: BTreeMap::new(), all: 0 };
        let mut owners = Vec::new();
        let (mut at, mut steps) = (start, 0);
        while at < stop && steps < SAMPLES {
            let end = axis.owners(at, &mut owners).min(stop);
            share.add(&owners, group, end - at);
            (at, steps) = (end, steps + 1);
        }
        if at >= stop {
            return share;
        }
        // The interval has too many changes of owners: it is sampled.
        share = Self { shares: BTreeMap::new(), all: 0 };
        for sample in 0..SAMPLES {
            let offset = i128::from(stop - start) * i128::from(2 * sample + 1) / i128::from(2 * SAMPLES);
            axis.owners(start + i64::try_from(offset).unwrap_or(0), &mut owners);
            share.add(&owners, group, 1);
        }
        share
    }

    fn add(&mut self, owners: &[AxisOwner], group: i64, len: i64) {
        let mut key = owners.to_vec();
        if group > 1 {
            key.iter_mut().for_each(|owner| *owner = AxisOwner { grid_rank: owner.grid_rank / group, part: None });
            key.dedup();
        }
        *self.shares.entry(key).or_default() += len;
        self.all += len;
    }

    /// The set of owners of at least half of the interval.
    fn majority(&self) -> Option<Vec<AxisOwner>> {
        let (owners, len) = self.shares.iter().max_by_key(|(_, len)| **len)?;
        (len.saturating_mul(2) >= self.all).then(|| owners.clone())
    }

    /// Whether one set of owners has at least 7/10 of the interval.
    fn is_clear(&self) -> bool {
        let most = self.shares.values().max().copied().unwrap_or(0);
        i128::from(most) * 10 >= i128::from(self.all) * 7
    }

    /// The set of owners number `turn` in a cycle over all sets.
    fn in_turn(&self, turn: usize) -> Vec<AxisOwner> {
        let count = self.shares.len().max(1);
        self.shares.keys().nth(turn % count).cloned().unwrap_or_default()
    }
}

/// The smallest of 1, 2, 5, 10, 20, 50, ... that is at least `number`.
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
        let axis = PlotAxis::settled(&dim.into());
        Bands::new(&axis, 0..axis.len, pixels, 200)
    }

    #[test]
    fn small_dimensions_are_exact() {
        let bands = bands(Cyclic::new(9, 2, 2).expect("valid"), 90);
        let found: Vec<_> = bands.list.iter().map(|band| (band.start, band.from, band.owners[0].grid_rank)).collect();
        assert_eq!(found, [(0, 0, 0), (2, 20, 1), (4, 40, 0), (6, 60, 1), (8, 80, 0)]);
        assert_eq!((bands.indices, bands.cell()), (None, Some(10)));
    }

    #[test]
    fn many_blocks_are_grouped() {
        let bands = bands(Block::new(3_000_000, 1_000_000).expect("valid"), 800);
        assert!(bands.group > 1 && !bands.schematic);
        assert!((8..=200).contains(&bands.list.len()), "{}", bands.list.len());
        let owners: Vec<i64> = bands.list.iter().map(|band| band.owners[0].grid_rank).collect();
        assert!(owners.is_sorted(), "{owners:?}");
    }

    #[test]
    fn fine_cyclic_distributions_are_schematic() {
        let bands = bands(Cyclic::new(i64::MAX, 3, 1).expect("valid"), 300);
        assert!(bands.schematic && bands.group == 1);
        let owners: Vec<i64> = bands.list.iter().take(4).map(|band| band.owners[0].grid_rank).collect();
        assert_eq!(owners, [0, 1, 2, 0]);
    }

    #[test]
    fn nice_numbers() {
        assert_eq!([1, 3, 6, 11, 64].map(nice), [1, 5, 10, 20, 100]);
        assert_eq!(nice(i64::MAX), i64::MAX);
    }
}
