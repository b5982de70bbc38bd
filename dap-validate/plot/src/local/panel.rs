//! One buffer: owned elements, padding, local indices.

use super::scale::PixelScale;
use super::sheet::Sheet;
use super::style::IndexStyle;
use crate::axis::{BufferPiece, Role};
use crate::canvas::Canvas;
use crate::drawn::BufferHolder;
use crate::global::slant;
use crate::paint::{Color, Paint};
use crate::scene::{Anchor, Area, Outline, Rect, SceneText};
use crate::text;

/// A buffer and its place on the page.
pub(super) struct Panel<'a> {
    pub(super) sheet: &'a Sheet<'a>,
    pub(super) holder: &'a BufferHolder,
    pub(super) at: Rect,
    pub(super) rows: PixelScale,
    pub(super) columns: PixelScale,
}

/// The largest number of parts of a buffer with a title that gives their ranges.
const MOST_TITLES: usize = 64;
/// The least width of padding, in pixels, at which hatching is visible.
const NARROWEST: i32 = 4;

impl Panel<'_> {
    pub(super) fn draw(&self, style: Option<IndexStyle>, canvas: &mut Canvas) {
        let (drawn, shades) = (self.sheet.drawn, canvas.shades);
        let own = drawn.colors(&self.holder.owner, [1, 1]);
        canvas.scene.open("buffer", self.data());
        let parts: Vec<(BufferPiece, BufferPiece)> = self.holder.parts().collect();
        let is_copy =
            |(row, column): &&(BufferPiece, BufferPiece)| [row.role, column.role].contains(&Role::Communication);
        parts.iter().filter(is_copy).for_each(|(row, column)| self.communication(*row, *column, canvas));
        let owned: Vec<&(BufferPiece, BufferPiece)> = parts.iter().filter(|part| !is_copy(part)).collect();
        let outline = Outline { color: shades.paper, tenths: 10, dashed: false };
        let outline = (self.columns.cell() > 4 && self.rows.cell() > 4).then_some(outline);
        let together = if owned.len() > MOST_TITLES { owned.len() } else { 1 };
        for some in owned.chunks(together.max(1)) {
            let title = match some {
                [(row, column)] => format!("{} owns this: {}", self.holder.owner.words(), self.words(*row, *column)),
                _ => format!("{} owns this", self.holder.owner.words()),
            };
            let rects = some.iter().map(|(row, column)| self.rect(*row, *column)).collect();
            let data = vec![("owned-by", self.rank())];
            canvas.scene.area(Area { rects, paint: Paint::Solid(own.fill), outline, data, title });
        }
        let boundary = owned.iter().filter(|(row, column)| [row.role, column.role].contains(&Role::Boundary));
        let boundary: Vec<Rect> = boundary.map(|(row, column)| self.rect(*row, *column)).collect();
        canvas.marks.boundary |= !boundary.is_empty();
        canvas.scene.fill(boundary, Paint::Dots(Color(0x1B_1F_24)));
        self.cell_lines(canvas);
        canvas.scene.outline(self.at, Outline { color: shades.line, tenths: 10, dashed: false });
        if let Some(style) = style {
            self.indices(style, own, canvas);
        }
        canvas.scene.close();
        self.ticks_above(canvas);
        self.ticks_left(canvas);
    }

    fn rank(&self) -> String {
        self.holder.owner.rank.unwrap_or(0).to_string()
    }

    /// The attributes by which a program finds the element under the pointer.
    fn data(&self) -> Vec<(&'static str, String)> {
        let drawn = self.sheet.drawn;
        let joined = |numbers: Vec<i64>| numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let extents = [(drawn.rows, &self.holder.rows), (drawn.columns, &self.holder.columns)];
        let shape = extents.iter().filter(|(dim, _)| dim.is_some()).map(|(_, pieces)| pieces.extent).collect();
        let Rect { x, y, width, height } = self.at;
        vec![
            ("rank", self.rank()),
            ("coordinates", joined(self.holder.owner.coordinates.clone())),
            ("shape", joined(shape)),
            ("box", format!("{x},{y},{width},{height}")),
        ]
    }

    fn rect(&self, row: BufferPiece, column: BufferPiece) -> Rect {
        let (left, right) =
            (self.columns.pixel(column.local), self.columns.pixel(column.local.saturating_add(column.len)));
        let (top, bottom) = (self.rows.pixel(row.local), self.rows.pixel(row.local.saturating_add(row.len)));
        Rect::edges(self.at.x + left, self.at.y + top, self.at.x + right, self.at.y + bottom)
    }

    /// `local [1:3, 0:5] is global [4:6, 0:5]`.
    fn words(&self, row: BufferPiece, column: BufferPiece) -> String {
        let drawn = self.sheet.drawn;
        let pieces = [(drawn.rows, row), (drawn.columns, column)];
        let along_dims = || pieces.iter().filter(|(dim, _)| dim.is_some());
        if !self.holder.rows.complete || !self.holder.columns.complete || along_dims().next().is_none() {
            return "all of its buffer".to_owned();
        }
        let range = |start: i64, len: i64| format!("{start}:{}", start.saturating_add(len));
        let local: Vec<String> = along_dims().map(|(_, piece)| range(piece.local, piece.len)).collect();
        let global: Vec<String> = along_dims().map(|(_, piece)| range(piece.global, piece.len)).collect();
        format!("local [{}] is global [{}]", local.join(", "), global.join(", "))
    }

    /// The colour of the rank that owns the copied elements, hatched in this rank's ink, as in the
    /// view of the whole array.
    fn communication(&self, row: BufferPiece, column: BufferPiece, canvas: &mut Canvas) {
        let drawn = self.sheet.drawn;
        let wrapped = |dim, piece: BufferPiece| match drawn.axis(dim) {
            Some(axis) if axis.declared > 0 && piece.role == Role::Communication => {
                piece.global.rem_euclid(axis.declared)
            }
            _ => piece.global,
        };
        let owner = drawn.owner_at(wrapped(drawn.rows, row), wrapped(drawn.columns, column));
        let fill = owner.as_ref().map_or(canvas.shades.blank, |owner| drawn.colors(owner, [1, 1]).fill);
        let rect = self.rect(row, column);
        let of = owner
            .map_or_else(|| "elements without an owner".to_owned(), |owner| format!("elements of {}", owner.words()));
        let title = format!("communication padding, copies of {of}: {}", self.words(row, column));
        let area = |paint, title| Area {
            rects: vec![rect],
            paint,
            outline: None,
            data: vec![("copies", String::new())],
            title,
        };
        if rect.width.min(rect.height) < NARROWEST {
            canvas.marks.halos_left_out = true;
            canvas.scene.area(area(Paint::Solid(fill), title));
            return;
        }
        canvas.marks.communication = true;
        canvas.scene.fill(vec![rect], Paint::Solid(fill));
        let own = drawn.colors(&self.holder.owner, [1, 1]);
        canvas.scene.area(area(own.hatch(slant(&self.holder.owner)), title));
    }

    fn cell_lines(&self, canvas: &mut Canvas) {
        let (width, height) = (self.columns.cell(), self.rows.cell());
        if width < 9 || height < 9 {
            return;
        }
        let mut lines = Vec::new();
        lines.extend(
            (1..self.at.width / width).map(|k| self.at.x + k * width).map(|x| [x, self.at.y, x, self.at.bottom()]),
        );
        if self.sheet.drawn.rows.is_some() {
            let ys = (1..self.at.height / height).map(|k| self.at.y + k * height);
            lines.extend(ys.map(|y| [self.at.x, y, self.at.right(), y]));
        }
        canvas.scene.lines(lines, Outline { color: canvas.shades.paper, tenths: 4, dashed: false });
    }

    fn ticks_above(&self, canvas: &mut Canvas) {
        if self.sheet.drawn.columns.is_none() {
            return;
        }
        for (at, label) in ticks(self.columns, self.holder.columns.extent, |label| text::width(label, 8.5) + 4.0) {
            let text = SceneText::new(self.at.x + at, self.at.y - 4, 85, canvas.shades.muted, label);
            canvas.scene.text(text.anchor(Anchor::Middle));
        }
    }

    fn ticks_left(&self, canvas: &mut Canvas) {
        if self.sheet.drawn.rows.is_none() {
            return;
        }
        for (at, label) in ticks(self.rows, self.holder.rows.extent, |_| 11.0) {
            let text = SceneText::new(self.at.x - 4, self.at.y + at + 3, 85, canvas.shades.muted, label);
            canvas.scene.text(text.anchor(Anchor::End));
        }
    }
}

/// Local indices with their pixels: all of them if they fit, else the first and the last.
fn ticks(scale: PixelScale, extent: i64, room: impl Fn(&str) -> f32) -> Vec<(i32, String)> {
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
