//! The view of single buffers: the elements that a rank holds, by local index, with padding marked.

mod indices;
mod panel;
mod scale;
mod sheet;
mod style;

use dap_core::finding::plural;
use std::collections::HashSet;

use super::canvas::Canvas;
use super::drawn::BufferHolder;
use super::scene::{Anchor, Rect, SceneText};
use super::text;
use panel::Panel;
pub(super) use scale::{PixelScale, fit};
pub(super) use sheet::Sheet;
use style::IndexStyle;

const GAP: i32 = 18;
/// Room below the heading.
const BELOW: i32 = 10;
/// Room for local indices at the left, and for name and indices above.
const LEFT: i32 = 22;
const ABOVE: i32 = 42;
const LABEL: i32 = 90;

impl Sheet<'_> {
    /// Draws the first buffers, in the order of the process grid. Returns the lower edge.
    pub(super) fn draw(&self, canvas: &mut Canvas) -> i32 {
        let [all_rows, all_columns] = self.drawn.grid();
        let strips = self.drawn.rows.is_none();
        let side_by_side = i64::from((self.width / 118).clamp(1, 4)).min(self.most);
        // A grid with one row or one column is broken into lines.
        let in_lines = all_rows.min(all_columns) == 1 && all_rows.max(all_columns) > side_by_side;
        let [rows, columns] = if strips {
            [1, all_columns.min(self.most)]
        } else if in_lines {
            [all_rows, all_columns].map(|extent| extent.min(self.most.min(4 * side_by_side)))
        } else {
            let columns = all_columns.min(side_by_side);
            [all_rows.min(self.most / columns.max(1)).min(if columns > 2 { 4 } else { 8 }), columns]
        };
        let from = self.drawn.first_wrong([rows, columns]);
        let mut holders = self.drawn.ranks(from, [rows, columns]);
        if holders.is_empty() {
            return self.y;
        }
        if rows.saturating_mul(columns) < all_rows.saturating_mul(all_columns) {
            canvas.marks.notes.push(match strips {
                true => format!("Buffers: {columns} of {all_columns} grid ranks, from {} on.", from[1]),
                false => {
                    format!("Buffers: {rows} \u{d7} {columns} of the {all_rows} \u{d7} {all_columns} grid, from ({}, {}) on.", from[0], from[1])
                }
            });
        }
        canvas.scene.open("local", Vec::new());
        let bottom = if strips {
            self.strips(&holders, canvas)
        } else if in_lines {
            for (at, holder) in (0..).zip(&mut holders) {
                holder.grid = [at / side_by_side, at % side_by_side];
            }
            let count = i64::try_from(holders.len()).unwrap_or(1);
            self.panels(&holders, [(count - 1) / side_by_side + 1, side_by_side.min(count)], canvas)
        } else {
            self.panels(&holders, [rows, columns], canvas)
        };
        canvas.scene.close();
        bottom
    }

    fn heading(&self, inside: &str, canvas: &mut Canvas) {
        let words = format!("Buffers, with local indices at their rims{inside}");
        let words = if self.drawn.columns.is_none() { "Buffer".to_owned() } else { words };
        canvas.scene.text(SceneText::new(
            self.x,
            self.y,
            110,
            canvas.shades.muted,
            text::cut(&words, 11.0, self.width as f32),
        ));
    }

    /// One dimension: a strip for each rank, its name at the left.
    fn strips(&self, holders: &[BufferHolder], canvas: &mut Canvas) -> i32 {
        let widest = holders.iter().map(|holder| holder.columns.extent).max().unwrap_or(0).max(1);
        let scale = PixelScale::fit(widest, self.width - LABEL, 44);
        // Short strips are arranged in several columns, in column order.
        let pitch = LABEL + scale.pixel(widest).max(72) + 2 * GAP;
        let columns = ((self.width + 2 * GAP) / pitch).clamp(1, 4);
        let count = i32::try_from(holders.len()).unwrap_or(i32::MAX);
        let rows = if count <= 4 { count } else { (count - 1) / columns + 1 }.max(1);
        let style = IndexStyle::of(self.drawn, holders, scale.cell(), 26);
        let inside = if style.is_some() { " and global indices inside" } else { " and what they own inside" };
        self.heading(inside, canvas);
        let mut bottom = self.y;
        for (at, holder) in (0..).zip(holders) {
            let (x, y) = (self.x + at / rows * pitch, self.y + BELOW + 14 + at % rows * 48);
            bottom = bottom.max(y + 34);
            let name = text::cut(&holder.owner.words(), 11.0, (LABEL - 8) as f32);
            canvas.scene.text(SceneText::new(x, y + 18, 110, canvas.shades.ink, name));
            let at = Rect { x: x + LABEL, y, width: scale.pixel(holder.columns.extent), height: 26 };
            let panel = Panel { sheet: self, holder, at, rows: PixelScale { pixels: 26, extent: 1 }, columns: scale };
            if at.width == 0 {
                canvas.scene.text(SceneText::new(at.x, y + 18, 110, canvas.shades.muted, "owns nothing"));
                continue;
            }
            panel.draw(style, canvas);
            if style.is_none() {
                let colors = self.drawn.colors(&holder.owner, [1, 1]);
                let elements = || plural(holder.columns.extent, "element");
                let words = holder.columns.range().map_or_else(elements, |range| format!("[{range}]"));
                if text::width(&words, 10.0) + 8.0 <= at.width as f32 {
                    let text = SceneText::new(at.x + at.width / 2, y + 17, 100, colors.text, words);
                    canvas.scene.text(text.anchor(Anchor::Middle).background(colors.fill));
                }
            }
        }
        bottom
    }

    /// Two dimensions: panels on a grid.
    fn panels(&self, holders: &[BufferHolder], grid: [i64; 2], canvas: &mut Canvas) -> i32 {
        let [rows, columns] = grid.map(|extent| i32::try_from(extent).unwrap_or(1));
        let pitch = (self.width + GAP) / columns;
        let most = pitch - GAP - LEFT;
        let widest = holders.iter().map(|holder| holder.columns.extent).max().unwrap_or(0).max(1);
        let highest = holders.iter().map(|holder| holder.rows.extent).max().unwrap_or(0).max(1);
        let high = (620 / rows - ABOVE).clamp(84, 260);
        let (across, down) = fit(widest, highest, most.min(260), high, 40);
        let style = IndexStyle::of(self.drawn, holders, across.cell(), down.cell());
        self.heading(if style.is_some() { " and global indices inside" } else { "" }, canvas);
        let width = across.pixel(widest);
        let pitch = pitch.min(width.max(100) + LEFT + GAP);
        // Each row is as high as its highest panel.
        let mut tops = vec![self.y + BELOW + ABOVE];
        for row in 0..i64::from(rows) {
            let heights = holders.iter().filter(|holder| holder.grid[0] == row).map(|holder| holder.rows.extent);
            tops.push(tops[tops.len() - 1] + down.pixel(heights.max().unwrap_or(0)).max(12) + ABOVE + 6);
        }
        let (mut bottom, mut taken) = (self.y, HashSet::new());
        for holder in holders {
            let [mut row, column] = holder.grid.map(|at| i32::try_from(at).unwrap_or(0));
            // If several ranks have the same grid coordinates, all but the first go below the grid.
            if !taken.insert((row, column)) {
                row = (rows..).find(|below| taken.insert((*below, column))).unwrap_or(row);
            }
            let x = self.x + column * pitch + LEFT;
            let further = (row - rows).max(0) * (down.pixel(highest) + ABOVE + 6);
            let y = usize::try_from(row).ok().and_then(|row| tops.get(row)).or(tops.last()).copied().unwrap_or(self.y)
                + further;
            bottom = bottom.max(y + down.pixel(holder.rows.extent).max(12));
            let room = (pitch - 4) as f32;
            canvas.scene.text(SceneText::new(
                x,
                y - 28,
                110,
                canvas.shades.ink,
                text::cut(&holder.owner.words(), 11.0, room),
            ));
            canvas.scene.text(SceneText::new(x, y - 16, 95, canvas.shades.muted, extents(holder, room)));
            let at = Rect { x, y, width: across.pixel(holder.columns.extent), height: down.pixel(holder.rows.extent) };
            if at.is_empty() {
                canvas.scene.text(SceneText::new(x, y + 10, 110, canvas.shades.muted, "owns nothing"));
            } else {
                Panel { sheet: self, holder, at, rows: down, columns: across }.draw(style, canvas);
            }
        }
        bottom
    }
}

/// The owned ranges as slices of Python, or the number of elements, or nothing: the first that fits
/// into `room`.
fn extents(holder: &BufferHolder, room: f32) -> String {
    let (rows, columns) = (holder.rows.extent, holder.columns.extent);
    let ranges = holder.rows.range().zip(holder.columns.range()).map(|(rows, columns)| format!("[{rows}, {columns}]"));
    let all = [format!("{rows} \u{d7} {columns} elements"), format!("{rows} \u{d7} {columns}")];
    let fits = ranges.into_iter().chain(all).find(|words| text::width(words, 9.5) <= room);
    fits.unwrap_or_default()
}
