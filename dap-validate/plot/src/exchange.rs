//! The message matrix: a row for each source, a column for each target, darker cells for larger
//! amounts.
//!
//! One hue in a few lightnesses keeps the order of the shades visible in print and to colour-blind
//! readers. The legend gives the amount of each shade. Amounts that stay on their process are
//! framed.

use std::ops::Range;

use dap_core::finding::plural;
use dap_core::plan::Matrix;

use super::bands::nice;
use super::options::{PlotOptions, Theme};
use super::page::Page;
use super::paint::{Color, Paint};
use super::palette::{DARK, LIGHT, PAGE, Shades};
use super::scene::{Anchor, Area, Outline, Rect, Scene, SceneText};
use super::text;

/// The amounts that ranks exchange, to be drawn.
#[derive(Debug)]
pub struct Exchange<'a> {
    /// The heading.
    pub title: String,
    /// Sentences below it.
    pub words: Vec<String>,
    /// The number of elements that each source sends to each target.
    pub matrix: &'a Matrix,
    /// The size of an element in bytes, if known: the title of a cell gives the bytes.
    pub itemsize: Option<i64>,
}

const MARGIN: i32 = 24;
/// Room for ranks at the left, and for the name of the axis.
const LEFT: i32 = 92;
const ABOVE: i32 = 48;
const LEGEND: i32 = 250;
/// The largest side of a cell, in pixels.
const WIDEST: i32 = 56;
/// The least side of a cell that has room for a number.
const ROOMY: i32 = 40;

/// A single hue, in the order of growing amounts: darker on light paper, lighter on dark paper.
const ON_LIGHT: [u32; 6] = [0xDC_E9_F7, 0xB3_D1_EE, 0x7F_B2_E0, 0x4A_8E_C9, 0x1F_66_A5, 0x0A_3D_6E];
const ON_DARK: [u32; 6] = [0x1D_36_50, 0x25_51_7C, 0x34_72_AB, 0x58_97_D0, 0x93_BF_E8, 0xD6_E8_F9];

/// Numbers of elements in classes, each with its shade.
struct ShadeScale {
    least: i64,
    most: i64,
    shades: [u32; 6],
}

impl ShadeScale {
    fn new(matrix: &Matrix, theme: Theme) -> Self {
        let present = || cells(matrix).map(|(_, _, elements)| elements).filter(|elements| *elements > 0);
        let shades = if theme == Theme::Dark { ON_DARK } else { ON_LIGHT };
        Self { least: present().min().unwrap_or(0), most: present().max().unwrap_or(0), shades }
    }

    /// Classes of equal width if sizes are alike, by order of magnitude if they are not.
    fn class(&self, elements: i64) -> usize {
        let (least, most, here) = (self.least as f64, self.most as f64, elements as f64);
        let last = self.shades.len() - 1;
        if self.least == self.most {
            return last - 1;
        }
        let share = if most / least < 10.0 {
            (here - least) / (most - least)
        } else {
            (here / least).ln() / (most / least).ln()
        };
        ((share * self.shades.len() as f64) as usize).min(last)
    }

    fn color(&self, elements: i64) -> Color {
        Color(self.shades[self.class(elements)])
    }

    /// The colour of text on a shade.
    fn ink(&self, elements: i64) -> Color {
        let dark = self.shades == ON_DARK;
        let deep = if dark { self.class(elements) < 3 } else { self.class(elements) > 3 };
        Color(if deep { 0xFF_FF_FF } else { 0x1B_1F_24 })
    }
}

fn cells(matrix: &Matrix) -> impl Iterator<Item = (usize, usize, i64)> + '_ {
    let columns = matrix.targets().len();
    (0..matrix.sources().len())
        .flat_map(move |row| (0..columns).map(move |column| (row, column, matrix.elements(row, column))))
}

/// The page with the matrix.
pub(super) fn page(exchange: &Exchange<'_>, options: &PlotOptions) -> Page {
    let shades = match options.theme {
        Theme::Light => LIGHT,
        Theme::Dark => DARK,
        Theme::Page => PAGE,
    };
    let width = i32::try_from(options.width.clamp(PlotOptions::NARROWEST, PlotOptions::WIDEST)).unwrap_or(960);
    let scale = ShadeScale::new(exchange.matrix, options.theme);
    let mut writer = MatrixWriter { exchange, shades, scale, width, scene: Scene::default() };
    let top = writer.heading();
    let beside = width >= 2 * LEGEND + LEFT;
    let room = width - 2 * MARGIN - LEFT - if beside { LEGEND + 28 } else { 0 };
    let at = writer.matrix(top + ABOVE, room);
    let bottom = if beside {
        writer.legend(at.right() + 36, at.y, LEGEND - 8).max(at.bottom())
    } else {
        writer.legend(MARGIN, at.bottom() + 24, width - 2 * MARGIN)
    };
    let height = bottom + MARGIN;
    let mut scene = Scene::default();
    scene.fill(vec![Rect { x: 0, y: 0, width, height }], Paint::Solid(shades.paper));
    scene.items.append(&mut writer.scene.items);
    Page { scene, width, height, title: exchange.title.clone(), description: exchange.words.join(". ") }
}

struct MatrixWriter<'a> {
    exchange: &'a Exchange<'a>,
    shades: Shades,
    scale: ShadeScale,
    width: i32,
    scene: Scene,
}

impl MatrixWriter<'_> {
    fn heading(&mut self) -> i32 {
        let room = (self.width - 2 * MARGIN) as f32;
        let mut y = MARGIN + 12;
        let title = text::cut(&self.exchange.title, 17.0, room);
        self.scene.text(SceneText::new(MARGIN, y, 170, self.shades.ink, title));
        for sentence in &self.exchange.words {
            for line in text::wrap(sentence, 12.0, room).into_iter().take(3) {
                y += 19;
                self.scene.text(SceneText::new(MARGIN, y, 120, self.shades.muted, line));
            }
        }
        y + 14
    }

    /// Cells, frame, and ranks.
    fn matrix(&mut self, top: i32, room: i32) -> Rect {
        let matrix = self.exchange.matrix;
        // At most `Matrix::MOST_GROUPS`.
        let (rows, columns) = (matrix.sources().len() as i32, matrix.targets().len() as i32);
        let side = (room / rows.max(columns)).clamp(2, WIDEST);
        let at = Rect { x: MARGIN + LEFT, y: top, width: side * columns, height: side * rows };
        self.scene.open("exchange", vec![("box", format!("{} {} {} {}", at.x, at.y, at.width, at.height))]);
        self.scene.fill(vec![at], Paint::Solid(self.shades.blank));
        for (row, column, elements) in cells(matrix).filter(|(_, _, elements)| *elements > 0) {
            self.cell(at, side, row, column, elements);
        }
        if side >= 6 {
            let line = Outline { color: self.shades.paper, tenths: if side >= 20 { 15 } else { 6 }, dashed: false };
            let down = (1..columns).map(|column| at.x + column * side).map(|x| [x, at.y, x, at.bottom()]);
            let across = (1..rows).map(|row| at.y + row * side).map(|y| [at.x, y, at.right(), y]);
            self.scene.lines(down.chain(across).collect(), line);
        }
        self.scene.outline(at, Outline { color: self.shades.line, tenths: 10, dashed: false });
        self.kept(at, side);
        self.scene.close();
        self.names(at, side);
        at
    }

    fn cell(&mut self, at: Rect, side: i32, row: usize, column: usize, elements: i64) {
        let matrix = self.exchange.matrix;
        let rect = Rect { x: at.x + column as i32 * side, y: at.y + row as i32 * side, width: side, height: side };
        let (source, target) = (name(&matrix.sources()[row]), name(&matrix.targets()[column]));
        let bytes = self.exchange.itemsize.and_then(|size| elements.checked_mul(size));
        let bytes = bytes.map_or_else(String::new, |bytes| format!(", {}", plural(bytes, "byte")));
        self.scene.area(Area {
            rects: vec![rect],
            paint: Paint::Solid(self.scale.color(elements)),
            outline: None,
            data: vec![("source", source.clone()), ("target", target.clone()), ("elements", elements.to_string())],
            title: format!("rank {source} to rank {target}: {}{bytes}", plural(elements, "element")),
        });
        if side >= ROOMY {
            let (x, y) = (rect.x + side / 2, rect.y + side / 2 + 4);
            let words = short(elements);
            self.scene.text(SceneText::new(x, y, 110, self.scale.ink(elements), words).anchor(Anchor::Middle));
        }
    }

    /// Frames around the amounts that stay on their process.
    fn kept(&mut self, at: Rect, side: i32) {
        if !self.has_kept() {
            return;
        }
        let inset = if side >= 16 { 2 } else { 0 };
        // A halo stroke below the frame makes it visible on dark shades.
        let (halo, line) = if side >= 16 { (40, 15) } else { (18, 8) };
        let outline = |color, tenths| Outline { color, tenths, dashed: false };
        let outlines = [outline(self.shades.paper, halo), outline(self.shades.ink, line)];
        for (row, _, _) in cells(self.exchange.matrix).filter(|(row, column, elements)| row == column && *elements > 0)
        {
            let (x, y) = (at.x + row as i32 * side + inset, at.y + row as i32 * side + inset);
            for outline in outlines {
                self.scene.outline(Rect { x, y, width: side - 2 * inset, height: side - 2 * inset }, outline);
            }
        }
    }

    fn has_kept(&self) -> bool {
        let matrix = self.exchange.matrix;
        matrix.is_exact() && cells(matrix).any(|(row, column, elements)| row == column && elements > 0)
    }

    /// The names of both sides, and of those ranks that have room.
    fn names(&mut self, at: Rect, side: i32) {
        let matrix = self.exchange.matrix;
        let ink = self.shades.ink;
        self.scene.text(SceneText::new(at.x, at.y - 30, 110, ink, "to rank"));
        let from = SceneText::new(MARGIN + 10, at.y + (at.height / 2).max(30), 110, ink, "from rank");
        self.scene.text(from.anchor(Anchor::Middle).upwards());
        let first = |groups: &[Range<i64>], group: usize| groups[group].start.to_string();
        let across = matrix.targets();
        let widest = text::width(&first(across, across.len() - 1), 11.0) as i32 + 10;
        for column in (0..across.len()).step_by(every(widest, side)) {
            let x = at.x + column as i32 * side + side / 2;
            let label = SceneText::new(x, at.y - 8, 110, self.shades.muted, first(across, column));
            self.scene.text(label.anchor(Anchor::Middle));
        }
        let down = matrix.sources();
        for row in (0..down.len()).step_by(every(16, side)) {
            let y = at.y + row as i32 * side + side / 2 + 4;
            let label = SceneText::new(at.x - 8, y, 110, self.shades.muted, first(down, row));
            self.scene.text(label.anchor(Anchor::End));
        }
    }

    /// The shades that occur, with the numbers of elements that they stand for.
    fn legend(&mut self, x: i32, top: i32, width: i32) -> i32 {
        let matrix = self.exchange.matrix;
        let mut y = top;
        let has_kept = self.has_kept();
        let rim = Outline { color: self.shades.line, tenths: 10, dashed: false };
        self.scene.open("legend", Vec::new());
        let mut entry = |paint: Paint, outline: Outline, words: String| {
            let rects = vec![Rect { x, y, width: 26, height: 14 }];
            self.scene.area(Area { rects, paint, outline: Some(outline), data: Vec::new(), title: String::new() });
            self.scene.text(SceneText::new(x + 34, y + 11, 110, self.shades.ink, words));
            y += 20;
        };
        for class in (0..self.scale.shades.len()).rev() {
            let amounts = cells(matrix).map(|(_, _, elements)| elements);
            let of_class = amounts.filter(|elements| *elements > 0 && self.scale.class(*elements) == class);
            let (least, most) = of_class.fold((i64::MAX, 0), |(least, most), n| (least.min(n), most.max(n)));
            if most == 0 {
                continue;
            }
            let words = if least == most { least.to_string() } else { format!("{least} to {most}") };
            let noun = if most == 1 { "element" } else { "elements" };
            entry(Paint::Solid(Color(self.scale.shades[class])), rim, format!("{words} {noun}"));
        }
        if cells(matrix).any(|(_, _, elements)| elements == 0) {
            entry(Paint::Solid(self.shades.blank), rim, "nothing".to_owned());
        }
        if has_kept {
            let frame = Outline { color: self.shades.ink, tenths: 15, dashed: false };
            entry(Paint::Nothing, frame, "stays on its process".to_owned());
        }
        let ranks = [matrix.sources(), matrix.targets()].map(|groups| groups[0].end - groups[0].start);
        let note = match ranks {
            [1, 1] => None,
            [rows, columns] => Some(format!(
                "1 cell = {rows} \u{d7} {columns} ranks, labelled with the first; what stays on its process is counted."
            )),
        };
        for line in note.iter().flat_map(|note| text::wrap(note, 11.0, width as f32)) {
            self.scene.text(SceneText::new(x, y + 11, 110, self.shades.muted, line));
            y += 16;
        }
        self.scene.close();
        y
    }
}

/// The distance between labels in cells, so that each has room.
fn every(room: i32, side: i32) -> usize {
    let cells = (room + side - 1) / side.max(1);
    if cells <= 1 { 1 } else { usize::try_from(nice(i64::from(cells))).unwrap_or(1) }
}

fn name(ranks: &Range<i64>) -> String {
    match ranks.end - ranks.start {
        1 => ranks.start.to_string(),
        _ => format!("{}-{}", ranks.start, ranks.end - 1),
    }
}

/// At most five characters: `9999`, `16.8M`.
fn short(number: i64) -> String {
    const UNITS: [&str; 7] = ["", "k", "M", "G", "T", "P", "E"];
    if number < 10_000 {
        return number.to_string();
    }
    let (mut value, mut unit) = (number as f64, 0);
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let digits = usize::from(value < 99.95);
    format!("{value:.digits$}{}", UNITS[unit])
}
