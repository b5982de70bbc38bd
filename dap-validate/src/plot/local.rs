//! The view of single buffers: what a rank holds, by local index, with padding told apart.

use std::collections::HashSet;

use super::axis::{Piece, Pieces, Role};
use super::board::{Board, Holder};
use super::global::slant;
use super::marks::Marks;
use super::palette::{Color, Shades};
use super::scene::{Anchor, Area, Outline, Paint, Rect, Scene, Text};
use super::text;

/// How buffers are put on the page.
pub(super) struct Sheet<'a> {
    pub(super) board: &'a Board<'a>,
    pub(super) shades: &'a Shades,
    /// The left upper corner, and the width to use.
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    /// As many buffers as may be drawn.
    pub(super) most: i64,
}

const GAP: i32 = 18;
/// Room for local indices at the left, and for name and indices above.
const LEFT: i32 = 22;
const ABOVE: i32 = 42;
const LABEL: i32 = 90;

impl Sheet<'_> {
    /// Draws the first buffers, in the order of the process grid; gives the lower edge.
    pub(super) fn draw(&self, marks: &mut Marks, scene: &mut Scene) -> i32 {
        let [all_rows, all_columns] = self.board.grid();
        let strips = self.board.rows.is_none();
        let (rows, columns) = if strips {
            (1, all_columns.min(self.most))
        } else {
            let columns = all_columns.min(i64::from((self.width / 118).clamp(1, 4))).min(self.most);
            (all_rows.min(self.most / columns.max(1)).min(if columns > 2 { 4 } else { 8 }), columns)
        };
        let from = self.board.first_wrong([rows, columns]);
        let holders = self.board.ranks(from, [rows, columns]);
        if holders.is_empty() {
            return self.y;
        }
        let shown = rows.saturating_mul(columns);
        let all = all_rows.saturating_mul(all_columns);
        if shown < all {
            marks.notes.push(match strips {
                true => format!("Buffers: {columns} of {all_columns} grid ranks, from {} on.", from[1]),
                false => {
                    format!("Buffers: {rows} \u{d7} {columns} of the {all_rows} \u{d7} {all_columns} grid, from ({}, {}) on.", from[0], from[1])
                }
            });
        }
        scene.open("local", Vec::new());
        let bottom = if strips {
            self.strips(&holders, marks, scene)
        } else {
            self.panels(&holders, [rows, columns], marks, scene)
        };
        scene.close();
        bottom
    }

    /// One dimension: a strip for each rank, its name at the left.
    fn strips(&self, holders: &[Holder], marks: &mut Marks, scene: &mut Scene) -> i32 {
        let widest = holders.iter().map(|holder| holder.columns.extent).max().unwrap_or(0).max(1);
        let scale = Scale::fit(widest, self.width - LABEL, 44);
        // Short strips stand in several columns, which are read downwards.
        let pitch = LABEL + scale.pixel(widest).max(72) + 2 * GAP;
        let columns = ((self.width + 2 * GAP) / pitch).clamp(1, 4);
        let count = i32::try_from(holders.len()).unwrap_or(i32::MAX);
        let rows = if count <= 4 { count } else { (count - 1) / columns + 1 }.max(1);
        let mut bottom = self.y;
        for (at, holder) in (0..).zip(holders) {
            let (x, y) = (self.x + at / rows * pitch, self.y + 14 + at % rows * 48);
            bottom = bottom.max(y + 34);
            let colors = self.board.colors(&holder.owner, [1, 1]);
            let name = text::cut(&holder.owner.words(), 11.0, (LABEL - 8) as f32);
            scene.text(Text::new(x, y + 18, 110, self.shades.ink, name));
            let at = Rect { x: x + LABEL, y, width: scale.pixel(holder.columns.extent), height: 26 };
            let panel = Panel { sheet: self, holder, at, rows: Scale { pixels: 26, extent: 1 }, columns: scale };
            if at.width == 0 {
                scene.text(Text::new(at.x, y + 18, 110, self.shades.muted, "owns nothing"));
            } else {
                panel.draw(colors.text, marks, scene);
                panel.ticks_above(scene);
            }
        }
        bottom
    }

    /// Two dimensions: panels on a grid.
    fn panels(&self, holders: &[Holder], grid: [i64; 2], marks: &mut Marks, scene: &mut Scene) -> i32 {
        let [rows, columns] = grid.map(|extent| i32::try_from(extent).unwrap_or(1));
        let pitch = (self.width + GAP) / columns;
        let most = pitch - GAP - LEFT;
        let widest = holders.iter().map(|holder| holder.columns.extent).max().unwrap_or(0).max(1);
        let highest = holders.iter().map(|holder| holder.rows.extent).max().unwrap_or(0).max(1);
        let high = (620 / rows - ABOVE).clamp(84, 260);
        let (across, down) = fit(widest, highest, most.min(260), high, 40);
        let width = across.pixel(widest);
        // As high as the highest of each row.
        let mut tops = vec![self.y + ABOVE];
        for row in 0..i64::from(rows) {
            let heights = holders.iter().filter(|holder| holder.grid[0] == row).map(|holder| holder.rows.extent);
            tops.push(tops[tops.len() - 1] + down.pixel(heights.max().unwrap_or(0)).max(12) + ABOVE + 6);
        }
        let (mut bottom, mut taken) = (self.y, HashSet::new());
        for holder in holders {
            let [mut row, column] = holder.grid.map(|at| i32::try_from(at).unwrap_or(0));
            // Where several ranks claim one place of the grid, all but the first go below the others.
            if !taken.insert((row, column)) {
                row = (rows..).find(|below| taken.insert((*below, column))).unwrap_or(row);
            }
            let x = self.x + column * pitch.min(width.max(100) + LEFT + GAP) + LEFT;
            let further = (row - rows).max(0) * (down.pixel(highest) + ABOVE + 6);
            let y = usize::try_from(row).ok().and_then(|row| tops.get(row)).or(tops.last()).copied().unwrap_or(self.y)
                + further;
            bottom = bottom.max(y + down.pixel(holder.rows.extent).max(12));
            let room = (pitch.min(width.max(100) + LEFT + GAP) - 4) as f32;
            let name = text::cut(&holder.owner.words(), 11.0, room);
            scene.text(Text::new(x, y - 28, 110, self.shades.ink, name));
            scene.text(Text::new(x, y - 16, 95, self.shades.muted, extents(holder, room)));
            let at = Rect { x, y, width: across.pixel(holder.columns.extent), height: down.pixel(holder.rows.extent) };
            let panel = Panel { sheet: self, holder, at, rows: down, columns: across };
            if at.is_empty() {
                scene.text(Text::new(x, y + 10, 110, self.shades.muted, "owns nothing"));
                continue;
            }
            let colors = self.board.colors(&holder.owner, [1, 1]);
            panel.draw(colors.text, marks, scene);
            panel.ticks_above(scene);
            panel.ticks_left(scene);
        }
        bottom
    }
}

/// The owned ranges as Python slices them, or how many elements; as much as there is room for.
fn extents(holder: &Holder, room: f32) -> String {
    let (rows, columns) = (holder.rows.extent, holder.columns.extent);
    let ranges = holder.rows.range().zip(holder.columns.range()).map(|(rows, columns)| format!("[{rows}, {columns}]"));
    let all = [format!("{rows} \u{d7} {columns} elements"), format!("{rows} \u{d7} {columns}")];
    let fits = ranges.into_iter().chain(all).find(|words| text::width(words, 9.5) <= room);
    fits.unwrap_or_default()
}

/// Pixels for an extent; the same for all buffers of a sheet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    pub(super) pixels: i32,
    pub(super) extent: i64,
}

impl Scale {
    /// At most so many pixels in all and for each element; whole pixels for each where there is room.
    pub(super) fn fit(extent: i64, most: i32, cell: i32) -> Self {
        let extent = extent.max(1);
        let each = i32::try_from(i64::from(most) / extent).unwrap_or(0).min(cell);
        let pixels = if each > 0 { i32::try_from(i64::from(each) * extent).unwrap_or(most) } else { most };
        // Whole pixels would leave much of the room unused where there is one for each element and not two.
        Self { pixels: if each < 4 { most.min(pixels.saturating_mul(4)).max(pixels) } else { pixels }, extent }
    }

    pub(super) fn pixel(&self, index: i64) -> i32 {
        let scaled =
            (2 * i128::from(index) * i128::from(self.pixels) + i128::from(self.extent)) / (2 * i128::from(self.extent));
        i32::try_from(scaled).unwrap_or(i32::MAX / 4)
    }

    fn cell(&self) -> i32 {
        i32::try_from(i64::from(self.pixels) / self.extent).unwrap_or(0)
    }
}

/// Two scales at once: square cells unless that makes one side too small.
pub(super) fn fit(columns: i64, rows: i64, width: i32, height: i32, cell: i32) -> (Scale, Scale) {
    let (across, down) = (Scale::fit(columns, width, cell), Scale::fit(rows, height, cell));
    let (x, y) = (f64::from(across.pixels) / columns.max(1) as f64, f64::from(down.pixels) / rows.max(1) as f64);
    let square = x.min(y);
    let smallest = f64::from(width.min(height).min(120));
    let wanted = |count: i64, most: i32| {
        let pixels = (square * count.max(1) as f64).max(smallest.min(f64::from(cell) * count.max(1) as f64));
        Scale::fit(count, (pixels.round() as i32).min(most), cell)
    };
    (wanted(columns, width), wanted(rows, height))
}

/// One buffer.
struct Panel<'a> {
    sheet: &'a Sheet<'a>,
    holder: &'a Holder,
    at: Rect,
    rows: Scale,
    columns: Scale,
}

impl Panel<'_> {
    fn draw(&self, ink: Color, marks: &mut Marks, scene: &mut Scene) {
        let board = self.sheet.board;
        let shades = self.sheet.shades;
        let own = board.colors(&self.holder.owner, [1, 1]);
        let rank = self.holder.owner.rank.unwrap_or(0).to_string();
        let extents = [(board.rows, &self.holder.rows), (board.columns, &self.holder.columns)];
        let shape: Vec<String> =
            extents.iter().filter(|(dim, _)| dim.is_some()).map(|(_, pieces)| pieces.extent.to_string()).collect();
        scene.open("buffer", vec![("rank", rank.clone()), ("shape", shape.join(","))]);
        let (mut owned, mut boundary) = (Vec::new(), Vec::new());
        for (row, column) in self.holder.parts() {
            let rect = self.rect(row, column);
            let roles = [row.role, column.role];
            if roles.contains(&Role::Communication) {
                self.communication(row, column, rect, scene);
                marks.communication = true;
            } else {
                owned.push(rect);
                if roles.contains(&Role::Boundary) {
                    boundary.push(rect);
                }
            }
        }
        let outline = (self.columns.cell() > 4 && self.rows.cell() > 4).then_some(Outline {
            color: shades.paper,
            tenths: 10,
            dashed: false,
        });
        let title = format!("{} owns this", self.holder.owner.words());
        scene.area(Area {
            rects: owned,
            paint: Paint::Solid(own.fill),
            outline,
            data: vec![("owned-by", rank)],
            title,
        });
        marks.boundary |= !boundary.is_empty();
        scene.fill(boundary, Paint::Dots(Color(0x1B_1F_24)));
        self.cell_lines(scene);
        scene.outline(self.at, Outline { color: shades.line, tenths: 10, dashed: false });
        self.indices(ink, own.fill, scene);
        scene.close();
    }

    fn rect(&self, row: Piece, column: Piece) -> Rect {
        let (left, right) =
            (self.columns.pixel(column.local), self.columns.pixel(column.local.saturating_add(column.len)));
        let (top, bottom) = (self.rows.pixel(row.local), self.rows.pixel(row.local.saturating_add(row.len)));
        Rect::edges(self.at.x + left, self.at.y + top, self.at.x + right, self.at.y + bottom)
    }

    /// The colour of the rank that owns what is imaged, hatched in this rank's ink: as in the view of the whole.
    fn communication(&self, row: Piece, column: Piece, rect: Rect, scene: &mut Scene) {
        let board = self.sheet.board;
        let wrapped = |dim, piece: Piece| match board.axis(dim) {
            Some(axis) if axis.declared > 0 && piece.role == Role::Communication => {
                piece.global.rem_euclid(axis.declared)
            }
            _ => piece.global,
        };
        let owner = board.owner_at(wrapped(board.rows, row), wrapped(board.columns, column));
        let fill = owner.as_ref().map_or(self.sheet.shades.blank, |owner| board.colors(owner, [1, 1]).fill);
        let own = board.colors(&self.holder.owner, [1, 1]);
        scene.fill(vec![rect], Paint::Solid(fill));
        let title = owner.map_or_else(String::new, |owner| format!("copies of what {} owns", owner.words()));
        let paint = own.hatch(slant(&self.holder.owner));
        scene.area(Area { rects: vec![rect], paint, outline: None, data: vec![("copies", String::new())], title });
    }

    fn cell_lines(&self, scene: &mut Scene) {
        let (width, height) = (self.columns.cell(), self.rows.cell());
        if width < 9 || height < 9 {
            return;
        }
        let mut lines = Vec::new();
        lines.extend(
            (1..self.at.width / width).map(|k| self.at.x + k * width).map(|x| [x, self.at.y, x, self.at.bottom()]),
        );
        if self.sheet.board.rows.is_some() {
            let ys = (1..self.at.height / height).map(|k| self.at.y + k * height);
            lines.extend(ys.map(|y| [self.at.x, y, self.at.right(), y]));
        }
        scene.lines(lines, Outline { color: self.sheet.shades.paper, tenths: 4, dashed: false });
    }

    /// The global indices of all elements, where they fit.
    fn indices(&self, ink: Color, rim: Color, scene: &mut Scene) {
        const MOST: i64 = 400;
        let (Pieces { complete: true, extent: rows, .. }, Pieces { complete: true, extent: columns, .. }) =
            (&self.holder.rows, &self.holder.columns)
        else {
            return;
        };
        if rows.saturating_mul(*columns) > MOST || self.rows.cell() < 12 {
            return;
        }
        let globals = |pieces: &Pieces, dim| {
            let size = self.sheet.board.axis(dim).map_or(0, |axis| axis.declared);
            let wrapped = move |piece: &Piece, global: i64| match piece.role {
                Role::Communication if size > 0 => global.rem_euclid(size),
                _ => global,
            };
            let each = pieces.list.iter().flat_map(move |piece| {
                let piece = *piece;
                (0..piece.len)
                    .map(move |k| (piece.local + k, wrapped(&piece, piece.global.saturating_add(k)), piece.role))
            });
            each.collect::<Vec<_>>()
        };
        let board = self.sheet.board;
        let (rows, columns) = (globals(&self.holder.rows, board.rows), globals(&self.holder.columns, board.columns));
        let two = board.rows.is_some();
        let one = board.columns.is_some();
        let words = |row: i64, column: i64| match (two, one) {
            (true, _) => format!("{row},{column}"),
            (false, true) => column.to_string(),
            (false, false) => "()".to_owned(),
        };
        let widest = |list: &[(i64, i64, Role)]| {
            list.iter().map(|(_, global, _)| *global).max_by_key(|global| global.to_string().len()).unwrap_or(0)
        };
        let label = words(widest(&rows), widest(&columns));
        let Some(tenths) = [100, 85, 70, 60]
            .into_iter()
            .find(|tenths| text::width(&label, *tenths as f32 / 10.0) + 3.0 <= self.columns.cell() as f32)
        else {
            return;
        };
        for (row_at, row, row_role) in &rows {
            for (column_at, column, column_role) in &columns {
                let (left, right) = (self.columns.pixel(*column_at), self.columns.pixel(column_at + 1));
                let (top, bottom) = (self.rows.pixel(*row_at), self.rows.pixel(row_at + 1));
                let (x, y) = (self.at.x + (left + right) / 2, self.at.y + (top + bottom) / 2 + tenths * 36 / 1000);
                let text = Text::new(x, y, tenths, ink, words(*row, *column)).anchor(Anchor::Middle);
                let plain = *row_role == Role::Owned && *column_role == Role::Owned;
                let copied = *row_role == Role::Communication || *column_role == Role::Communication;
                scene.text(match (plain, copied) {
                    (true, _) => text,
                    (false, false) => text.rim(rim),
                    (false, true) => match board.owner_at(*row, *column).map(|owner| board.colors(&owner, [1, 1])) {
                        Some(colors) => Text { color: colors.text, ..text.rim(colors.fill) },
                        None => Text { color: self.sheet.shades.ink, ..text.rim(self.sheet.shades.blank) },
                    },
                });
            }
        }
    }

    /// Local indices: all where they fit, else the first and the last.
    fn ticks_above(&self, scene: &mut Scene) {
        for (at, label) in self.ticks(self.columns, self.holder.columns.extent, |label| text::width(label, 8.5) + 4.0) {
            let text = Text::new(self.at.x + at, self.at.y - 4, 85, self.sheet.shades.muted, label);
            scene.text(text.anchor(Anchor::Middle));
        }
    }

    fn ticks_left(&self, scene: &mut Scene) {
        for (at, label) in self.ticks(self.rows, self.holder.rows.extent, |_| 11.0) {
            let text = Text::new(self.at.x - 4, self.at.y + at + 3, 85, self.sheet.shades.muted, label);
            scene.text(text.anchor(Anchor::End));
        }
    }

    fn ticks(&self, scale: Scale, extent: i64, room: impl Fn(&str) -> f32) -> Vec<(i32, String)> {
        let last = extent - 1;
        let widest = room(&last.to_string());
        let middle = |index: i64| (scale.pixel(index) + scale.pixel(index + 1)) / 2;
        let shown: Vec<i64> = if scale.cell() as f32 >= widest {
            (0..extent).collect()
        } else if (middle(last) - middle(0)) as f32 >= widest {
            vec![0, last]
        } else {
            Vec::new()
        };
        shown.into_iter().map(|index| (middle(index), index.to_string())).collect()
    }
}
