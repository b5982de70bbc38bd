//! The indices of an axis that get a label.

use super::axis::PlotAxis;
use super::bands::{Bands, nice};
use super::text;

/// A label and its place in pixels along the axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tick {
    pub(super) at: i32,
    pub(super) label: String,
}

/// Labels for a view: every index, if all fit in the middle of their cells; else the indices where
/// owners change; else round numbers.
pub(super) fn of(axis: &PlotAxis, bands: &Bands, size: f32, along: TickDirection) -> Vec<Tick> {
    let room = |label: &str| match along {
        TickDirection::Row => text::width(label, size) + 8.0,
        TickDirection::Column => size * 1.5,
    };
    let window = &bands.window;
    let len = window.end.saturating_sub(window.start);
    if len <= 0 {
        return Vec::new();
    }
    let label = |position: i64| axis.index(position).to_string();
    let widest = [window.start, window.end - 1].map(|end| room(&label(end))).into_iter().fold(0.0, f32::max);
    // A label lies in the middle of its cell, or at its left bound if cells are narrow.
    let cell = bands.pixels as f32 / len as f32;
    let at = |position: i64| {
        if cell < 4.0 { bands.pixel(position) } else { (bands.pixel(position) + bands.pixel(position + 1)) / 2 }
    };
    let tick = |position: i64| Tick { at: at(position), label: label(position) };
    let last = window.end - 1;
    let positions: Vec<i64> = if cell >= widest {
        (window.start..window.end).collect()
    } else {
        let starts: Vec<i64> = bands.list.iter().map(|band| band.start).chain([last]).collect();
        let apart = |pair: &[i64]| (at(pair[1]) - at(pair[0])) as f32 >= widest;
        if bands.indices.is_none() && starts.len() > 2 && starts.len() < 24 && starts.windows(2).all(apart) {
            starts
        } else {
            let most = (bands.pixels as f32 / (widest + 14.0)).max(1.0) as i64;
            let step = nice((len / most.max(1)).saturating_add(1));
            let round = (0..=len / step).map(|k| window.start + k * step).filter(|position| *position <= last);
            round.collect()
        }
    };
    let mut ticks: Vec<Tick> = positions.into_iter().map(tick).collect();
    // The last index shows the length of the axis, unless its label would touch its neighbour.
    let end = tick(last);
    if ticks.last().is_some_and(|before| before.label != end.label && (end.at - before.at) as f32 >= widest) {
        ticks.push(end);
    }
    ticks
}

/// The direction of an axis: labels need their width or their height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TickDirection {
    Row,
    Column,
}
