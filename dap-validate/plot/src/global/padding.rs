//! Boundary and communication padding, over the owned areas.

use super::{Drawing, slant};
use crate::axis::{BufferPiece, BufferPieces, PlotAxis, Role};
use crate::bands::Bands;
use crate::drawn::BufferHolder;
use crate::marks::Marks;
use crate::paint::{Color, Paint};
use crate::scene::{Area, Rect, Scene};

/// The largest number of ranks whose padding is drawn.
const MOST_HALOS: i64 = 256;
/// The largest number of rectangles of padding.
const MOST_RECTS: usize = 8_000;

impl Drawing<'_> {
    /// Boundary padding, across the whole of the other dimension.
    pub(super) fn boundary(&self, marks: &mut Marks, scene: &mut Scene) {
        let mut rects = Vec::new();
        for (dim, bands, down) in [(self.drawn.rows, &self.rows, true), (self.drawn.columns, &self.columns, false)] {
            let Some(axis) = self.drawn.axis(dim) else { continue };
            let [lower, upper] = axis.boundary;
            for (start, stop) in [(0, lower), (axis.declared.saturating_sub(upper), axis.declared)] {
                let (start, stop) = (start.max(bands.window.start), stop.min(bands.window.end));
                if start < stop {
                    let (from, to) = (bands.pixel(start), bands.pixel(stop));
                    rects.push(match down {
                        true => Rect { y: self.at.y + from, height: (to - from).max(2), ..self.at },
                        false => Rect { x: self.at.x + from, width: (to - from).max(2), ..self.at },
                    });
                }
            }
        }
        marks.boundary |= !rects.is_empty();
        scene.fill(rects, Paint::Dots(Color(0x1B_1F_24)));
    }

    /// Communication padding: the elements of other owners that a rank's buffer holds.
    pub(super) fn halos(&self, marks: &mut Marks, scene: &mut Scene) {
        let [rows, columns] = self.drawn.grid();
        if self.grouped() || !self.exact() || rows.saturating_mul(columns) > MOST_HALOS {
            marks.halos_left_out = true;
            return;
        }
        let mut count = 0;
        for holder in self.drawn.ranks([0, 0], [rows, columns]) {
            let rects: Vec<Rect> = self.halo(&holder);
            if rects.is_empty() {
                continue;
            }
            count += rects.len();
            if count > MOST_RECTS || rects.iter().any(|rect| rect.width < 2 || rect.height < 2) {
                marks.halos_left_out = true;
                continue;
            }
            marks.communication = true;
            let paint = self.drawn.colors(&holder.owner, [1, 1]).hatch(slant(&holder.owner));
            let title = format!("{} holds copies of this", holder.owner.words());
            let data = vec![("halo", holder.owner.rank.unwrap_or(0).to_string())];
            scene.area(Area { rects, paint, outline: None, data, title });
        }
    }

    /// The rectangles of a rank's communication padding.
    fn halo(&self, holder: &BufferHolder) -> Vec<Rect> {
        let at = |dim: Option<usize>| dim.and_then(|dim| holder.owner.coordinates.get(dim)).copied().unwrap_or(0);
        let rows = self.spans(self.drawn.rows, &self.rows, &holder.rows, at(self.drawn.rows));
        let columns = self.spans(self.drawn.columns, &self.columns, &holder.columns, at(self.drawn.columns));
        let mut rects = Vec::new();
        for (row, top, bottom) in &rows {
            for (column, left, right) in &columns {
                if [row, column].contains(&&Role::Communication) {
                    rects.push(Rect::edges(self.at.x + left, self.at.y + top, self.at.x + right, self.at.y + bottom));
                }
            }
        }
        rects.retain(|rect| !rect.is_empty());
        rects
    }

    /// The pieces of a buffer along a dimension, in pixels of the view.
    fn spans(&self, dim: Option<usize>, bands: &Bands, pieces: &BufferPieces, grid_rank: i64) -> Vec<(Role, i32, i32)> {
        match self.drawn.axis(dim) {
            None => vec![(Role::Owned, 0, bands.pixels)],
            Some(axis) if axis.is_block() => {
                let of = |piece: &BufferPiece| {
                    let role = piece.role;
                    pixels(axis, bands, piece).into_iter().map(move |(from, to)| (role, from, to))
                };
                pieces.list.iter().flat_map(of).collect()
            }
            // Such a dimension has no padding, and may have more runs than are listed: the bands
            // show the owners.
            Some(_) => {
                let own = bands.list.iter().filter(|band| band.owners.iter().any(|owner| owner.grid_rank == grid_rank));
                own.map(|band| (Role::Owned, band.from, band.to)).collect()
            }
        }
    }
}

/// The pixels of a range of global indices in the view. A halo that wraps round lies at the other
/// end.
fn pixels(axis: &PlotAxis, bands: &Bands, piece: &BufferPiece) -> Vec<(i32, i32)> {
    let (start, stop, size) = (piece.global, piece.global.saturating_add(piece.len), axis.declared);
    let wrapped = [(start.saturating_add(size), size), (start.max(0), stop.min(size)), (0, stop.saturating_sub(size))];
    let clipped = wrapped.iter().map(|(from, to)| ((*from).max(bands.window.start), (*to).min(bands.window.end)));
    // The first part exists only below 0, the last only beyond the end.
    let there = [start < 0, true, stop > size];
    let kept = clipped.zip(there).filter(|((from, to), there)| *there && from < to);
    kept.map(|((from, to), _)| (bands.pixel(from), bands.pixel(to))).collect()
}
