//! The page: heading, the whole array, the legend, the buffers.

use std::ops::Range;

use super::axis::PlotAxis;
use super::bands::{Bands, nice};
use super::canvas::Canvas;
use super::drawn::DrawnSlice;
use super::global::{self, View};
use super::legend;
use super::local::{PixelScale, Sheet, fit};
use super::marks::has_halo;
use super::options::{PlotError, PlotOptions, Theme};
use super::paint::{Color, Paint};
use super::palette::{DARK, LIGHT, PAGE, Shades};
use super::scene::{Anchor, Rect, Scene, SceneText};
use super::subject::{Subject, SubjectState};
use super::{svg, text};

/// A finished page.
pub(super) struct Page {
    pub(super) scene: Scene,
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) title: String,
    /// The distribution in words, and the errors.
    pub(super) description: String,
}

const MARGIN: i32 = 24;
/// Room for global indices and for the name of the axis.
const LEFT: i32 = 62;
const ABOVE: i32 = 44;

struct PageWriter<'a> {
    drawn: DrawnSlice<'a>,
    canvas: Canvas,
    width: i32,
    y: i32,
}

pub(super) fn page(subject: &Subject, options: &PlotOptions) -> Result<Page, PlotError> {
    let drawn = DrawnSlice::new(subject, options.slice.as_ref())?;
    let shades = match options.theme {
        Theme::Light => LIGHT,
        Theme::Dark => DARK,
        Theme::Page => PAGE,
    };
    let width = i32::try_from(options.width.clamp(PlotOptions::NARROWEST, PlotOptions::WIDEST)).unwrap_or(960);
    let mut writer = PageWriter { drawn, canvas: Canvas::new(shades), width, y: 0 };
    let title = options.title.clone().unwrap_or_else(|| "Distributed array".to_owned());
    let description = writer.heading(&title, options.heading);
    writer.body(options);
    let height = writer.y + MARGIN;
    let ground = Rect { x: 0, y: 0, width, height };
    let mut scene = Scene::default();
    scene.fill(vec![ground], Paint::Solid(shades.paper));
    scene.items.append(&mut writer.canvas.scene.items);
    Ok(Page { scene, width, height, title, description })
}

impl Page {
    /// The head of the SVG; all ids begin with `ids`.
    pub(super) fn head<'a>(&'a self, ids: &'a str) -> svg::SvgHead<'a> {
        svg::SvgHead { width: self.width, height: self.height, title: &self.title, description: &self.description, ids }
    }
}

impl PageWriter<'_> {
    fn inner(&self) -> i32 {
        self.width - 2 * MARGIN
    }

    /// Writes title, distribution and errors, if they are wanted. Returns the last two as one text.
    fn heading(&mut self, title: &str, wanted: bool) -> String {
        let subject = self.drawn.subject;
        let mut distribution = subject.words();
        if self.drawn.slice.0.iter().any(Option::is_some) {
            distribution += &format!("; slice [{}]", self.drawn.slice);
        }
        let partial = (subject.state == SubjectState::Partial)
            .then_some("Some ranks are missing; the rest of the array is not known.");
        let mut sentences = vec![&*distribution];
        sentences.extend(partial);
        sentences.extend(subject.errors.iter().map(String::as_str));
        let description = sentences.join(". ");
        if wanted {
            let room = self.inner() as f32;
            let Shades { ink, muted, wrong, .. } = self.canvas.shades;
            self.y += MARGIN + 12;
            self.canvas.scene.text(SceneText::new(MARGIN, self.y, 170, ink, text::cut(title, 17.0, room)));
            self.lines(&distribution, 3, muted);
            partial.iter().for_each(|sentence| self.lines(sentence, 1, ink));
            subject.errors.iter().for_each(|error| self.lines(error, 2, wrong));
        }
        self.y += 14;
        description
    }

    /// A sentence of the heading.
    fn lines(&mut self, sentence: &str, most: usize, color: Color) {
        for line in text::wrap(sentence, 12.0, self.inner() as f32).into_iter().take(most) {
            self.y += 19;
            self.canvas.scene.text(SceneText::new(MARGIN, self.y, 120, color, line));
        }
    }

    fn body(&mut self, options: &PlotOptions) {
        let subject = self.drawn.subject;
        let empty = subject.axes.iter().any(|axis| axis.len == 0);
        let unread = subject.state != SubjectState::Whole && (subject.axes.is_empty() || empty);
        if unread || empty {
            self.y += 24;
            let sentence =
                if unread { "Nothing could be read that can be drawn." } else { "The array has no elements." };
            self.canvas.scene.text(SceneText::new(MARGIN, self.y, 130, self.canvas.shades.muted, sentence));
            self.y += 20;
        }
        let most = i64::try_from(options.buffers).unwrap_or(i64::MAX);
        if unread || empty {
            self.legend(MARGIN, self.y, self.inner());
        } else if self.drawn.rows.is_none() {
            self.one_dimension(most);
        } else {
            self.two_dimensions(most);
        }
    }

    fn window(&self, dim: Option<usize>) -> Range<i64> {
        0..self.drawn.axis(dim).map_or(1, |axis| axis.len)
    }

    /// A strip, the legend and a strip for each rank below one another.
    fn one_dimension(&mut self, most: i64) {
        let columns = self.window(self.drawn.columns);
        let left = MARGIN + LEFT + 28;
        let across = PixelScale::fit(columns.end, self.width - MARGIN - left, 44);
        let above = if self.drawn.columns.is_some() { ABOVE } else { 14 };
        let at = Rect { x: left, y: self.y + above, width: across.pixels, height: 48 };
        self.axis_names(at);
        let whole = View { class: "global", at, rows: 0..1, columns };
        let details = self.view(whole);
        self.y = at.bottom();
        if let Some([rows, columns]) = details {
            let across = PixelScale::fit(columns.end - columns.start, self.width - MARGIN - left, 44);
            self.detail(Rect { x: left, y: self.y + 58, width: across.pixels, height: 36 }, rows, columns);
        }
        self.y += 8;
        let sheet_top = self.y + 24;
        let bottom = if most > 0 {
            let sheet = Sheet { drawn: &self.drawn, x: MARGIN, y: sheet_top, width: self.inner(), most };
            sheet.draw(&mut self.canvas)
        } else {
            self.y
        };
        self.legend(MARGIN, bottom + 14, self.inner());
    }

    /// The array and the legend at the left, the buffers at the right.
    fn two_dimensions(&mut self, most: i64) {
        let (rows, columns) = (self.window(self.drawn.rows), self.window(self.drawn.columns));
        let narrow = self.width < 640;
        let buffers = most > 0;
        let half = if narrow || !buffers { self.inner() } else { self.inner() * 52 / 100 };
        let left = MARGIN + LEFT;
        let room = half - LEFT;
        let (across, down) = fit(columns.end, rows.end, room, if buffers { room } else { room.min(620) }, 44);
        let top = self.y;
        let at = Rect { x: left, y: self.y + ABOVE, width: across.pixels, height: down.pixels };
        self.axis_names(at);
        let details = self.view(View { class: "global", at, rows, columns });
        self.y = at.bottom();
        if let Some([rows, columns]) = details {
            let (across, down) = fit(columns.end - columns.start, rows.end - rows.start, room.min(300), 300, 24);
            self.detail(Rect { x: left, y: self.y + 58, width: across.pixels, height: down.pixels }, rows, columns);
        }
        let mut bottom = self.y;
        if buffers {
            let (x, y) = if narrow { (MARGIN, self.y + 34) } else { (MARGIN + half + 26, top + 14) };
            let width = self.width - MARGIN - x;
            let sheet = Sheet { drawn: &self.drawn, x, y, width, most };
            bottom = bottom.max(sheet.draw(&mut self.canvas));
        }
        // The legend lies below the array if the buffers are at its right, otherwise below both.
        let under = if narrow { bottom } else { self.y };
        self.legend(MARGIN, under + 20, half);
        self.y = self.y.max(bottom);
    }

    /// Draws the whole array. Returns the window to show in detail, if the view had to be
    /// simplified.
    fn view(&mut self, view: View) -> Option<[Range<i64>; 2]> {
        let (rows, columns) = (view.rows.clone(), view.columns.clone());
        let pixels = [view.at.height, view.at.width];
        self.canvas.marks = global::draw(&self.drawn, view, &self.canvas.shades, &mut self.canvas.scene);
        let simplified = |dim: Option<usize>, window: &Range<i64>, pixels: i32| {
            self.drawn.axis(dim).is_some_and(|axis| Bands::new(axis, window.clone(), pixels, 140).indices.is_some())
        };
        let simplified =
            [simplified(self.drawn.rows, &rows, pixels[0]), simplified(self.drawn.columns, &columns, pixels[1])];
        let closer = |dim, simplified: bool, window: Range<i64>, count| {
            // A dimension that is drawn in full need not be cut.
            if simplified { self.first_intervals(dim, count) } else { window }
        };
        // The number of intervals that have room for labels.
        let along = if self.drawn.rows.is_some() { 10 } else { 18 };
        simplified.contains(&true).then(|| {
            [closer(self.drawn.rows, simplified[0], rows, 8), closer(self.drawn.columns, simplified[1], columns, along)]
        })
    }

    /// The window with `count` intervals of different owners, or `count` elements: around the first
    /// fault, or at the beginning.
    fn first_intervals(&self, dim: Option<usize>, count: i64) -> Range<i64> {
        let Some(axis) = self.drawn.axis(dim) else { return 0..1 };
        let (mut owners, mut end) = (Vec::new(), 0);
        for _ in 0..count {
            if end >= axis.len {
                break;
            }
            end = axis.owners(end, &mut owners);
        }
        // A few wide intervals show no more than a few elements.
        let wide = if end > 20 * count { nice(count).max(count) } else { end.max(count) }.min(axis.len);
        let fault = axis.faults(1).first().map_or(0, |(start, _, _)| *start);
        let start = (fault - wide / 2).clamp(0, axis.len - wide);
        start..start + wide
    }

    /// The first elements, large enough to be told apart.
    fn detail(&mut self, at: Rect, rows: Range<i64>, columns: Range<i64>) {
        let range = |range: &Range<i64>| format!("{}:{}", range.start, range.end);
        let ranges = match self.drawn.rows {
            Some(_) => format!("{}, {}", range(&rows), range(&columns)),
            None => range(&columns),
        };
        let words = text::cut(&format!("Closer: [{ranges}]"), 11.0, self.inner() as f32);
        self.canvas.scene.text(SceneText::new(at.x, at.y - 22, 110, self.canvas.shades.muted, words));
        let detail = View { class: "detail", at, rows, columns };
        let marks = global::draw(&self.drawn, detail, &self.canvas.shades, &mut self.canvas.scene);
        self.canvas.marks.merge(&marks);
        self.y = at.bottom();
    }

    /// The names of the dimensions that run down and to the right.
    fn axis_names(&mut self, at: Rect) {
        let names = |dim: usize, axis: &PlotAxis| {
            let periodic = if axis.periodic { ", periodic" } else { "" };
            (format!("dimension {dim}{periodic}"), format!("dimension {dim}: {}", axis.words))
        };
        let axis = |dim: Option<usize>| dim.zip(self.drawn.axis(dim));
        if let Some((dim, axis)) = axis(self.drawn.columns) {
            let (mut words, full) = names(dim, axis);
            if text::width(&full, 11.0) <= (at.width.max(140)) as f32 {
                words = full;
            }
            self.canvas.scene.text(SceneText::new(at.x, at.y - 20, 110, self.canvas.shades.ink, words));
        }
        if let Some((dim, axis)) = axis(self.drawn.rows) {
            let (mut words, full) = names(dim, axis);
            if text::width(&full, 11.0) <= at.height as f32 {
                words = full;
            }
            let text = SceneText::new(MARGIN + 10, at.y + at.height / 2, 110, self.canvas.shades.ink, words);
            self.canvas.scene.text(text.anchor(Anchor::Middle).upwards());
        }
    }

    /// Writes the legend: the meaning of the marks, the empty ranks, and the parts that were left
    /// out.
    fn legend(&mut self, x: i32, y: i32, width: i32) {
        let mut notes = std::mem::take(&mut self.canvas.marks.notes);
        let halo = [self.drawn.rows, self.drawn.columns].iter().filter_map(|dim| self.drawn.axis(*dim)).any(has_halo);
        if self.canvas.marks.halos_left_out && halo {
            let place = if self.canvas.marks.communication { " everywhere" } else { "" };
            notes.push(format!("Communication padding is too narrow to be drawn{place}."));
        }
        if self.canvas.marks.misplaced {
            notes.push("Red rank numbers: in C order these ranks have other places on the grid.".to_owned());
        }
        if let Some(sentence) = legend::empty_ranks(self.drawn.subject) {
            notes.push(sentence);
        }
        let bottom =
            legend::draw(&self.canvas.marks, &notes, &self.canvas.shades, [x, y, width], &mut self.canvas.scene);
        self.y = self.y.max(bottom);
    }
}
