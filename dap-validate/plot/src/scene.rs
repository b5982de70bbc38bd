//! The contents of a picture: a list of a few kinds of shapes in whole pixels, which
//! [`svg`](super::svg) writes and [`png`](super::png) paints.

use super::paint::{Color, Paint};
use super::text;

/// A rectangle in pixels; empty ones are not drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rect {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

impl Rect {
    /// From the left, upper, right and lower edges.
    pub(super) fn edges(left: i32, top: i32, right: i32, bottom: i32) -> Self {
        Self { x: left, y: top, width: right - left, height: bottom - top }
    }

    pub(super) fn is_empty(self) -> bool {
        self.width <= 0 || self.height <= 0
    }

    pub(super) fn right(self) -> i32 {
        self.x + self.width
    }

    pub(super) fn bottom(self) -> i32 {
        self.y + self.height
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Rectangles that belong together.
#[derive(Debug, Clone)]
pub(super) struct Area {
    pub(super) rects: Vec<Rect>,
    pub(super) paint: Paint,
    /// The line around each rectangle.
    pub(super) outline: Option<Outline>,
    /// The `data-` attributes of SVG, by which programs read the area.
    pub(super) data: Vec<(&'static str, String)>,
    /// The text that appears when the pointer rests on it.
    pub(super) title: String,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Outline {
    pub(super) color: Color,
    /// In tenths of a pixel.
    pub(super) tenths: i32,
    pub(super) dashed: bool,
}

/// A line of text; `y` is its base line.
#[derive(Debug, Clone)]
pub(super) struct SceneText {
    pub(super) x: i32,
    pub(super) y: i32,
    /// In tenths of a pixel.
    pub(super) tenths: i32,
    pub(super) anchor: Anchor,
    pub(super) color: Color,
    /// The colour of a rectangle below the text, which sets it off from lines and patterns.
    pub(super) background: Option<Color>,
    /// Whether the text is rotated by a quarter, to be read upwards.
    pub(super) upwards: bool,
    pub(super) text: String,
}

#[derive(Debug, Clone)]
pub(super) enum SceneItem {
    /// Begins a group of this class.
    Open(&'static str, Vec<(&'static str, String)>),
    Close,
    Area(Area),
    /// Lines from point to point.
    Lines(Vec<[i32; 4]>, Outline),
    Text(SceneText),
}

/// The list, in the order of drawing.
#[derive(Debug, Clone, Default)]
pub(super) struct Scene {
    pub(super) items: Vec<SceneItem>,
}

impl Scene {
    pub(super) fn open(&mut self, class: &'static str, data: Vec<(&'static str, String)>) {
        self.items.push(SceneItem::Open(class, data));
    }

    pub(super) fn close(&mut self) {
        self.items.push(SceneItem::Close);
    }

    pub(super) fn area(&mut self, mut area: Area) {
        area.rects.retain(|rect| !rect.is_empty());
        if !area.rects.is_empty() {
            self.items.push(SceneItem::Area(area));
        }
    }

    /// Rectangles without a meaning of their own.
    pub(super) fn fill(&mut self, rects: Vec<Rect>, paint: Paint) {
        self.area(Area { rects, paint, outline: None, data: Vec::new(), title: String::new() });
    }

    pub(super) fn outline(&mut self, rect: Rect, outline: Outline) {
        let area = Area {
            rects: vec![rect],
            paint: Paint::Nothing,
            outline: Some(outline),
            data: Vec::new(),
            title: String::new(),
        };
        self.area(area);
    }

    pub(super) fn lines(&mut self, lines: Vec<[i32; 4]>, outline: Outline) {
        if !lines.is_empty() {
            self.items.push(SceneItem::Lines(lines, outline));
        }
    }

    pub(super) fn text(&mut self, text: SceneText) {
        if !text.text.is_empty() {
            if let Some(color) = text.background {
                self.fill(vec![text.bounds()], Paint::Solid(color));
            }
            self.items.push(SceneItem::Text(text));
        }
    }
}

impl SceneText {
    /// At the left, in a size in tenths of a pixel.
    pub(super) fn new(x: i32, y: i32, tenths: i32, color: Color, text: impl Into<String>) -> Self {
        Self { x, y, tenths, anchor: Anchor::Start, color, background: None, upwards: false, text: text.into() }
    }

    pub(super) fn anchor(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    pub(super) fn background(self, color: Color) -> Self {
        Self { background: Some(color), ..self }
    }

    /// The approximate rectangle of the letters.
    fn bounds(&self) -> Rect {
        let size = self.tenths as f32 / 10.0;
        let width = text::width(&self.text, size).ceil() as i32 + 2;
        let height = (size * 0.98).ceil() as i32;
        let x = match self.anchor {
            Anchor::Start => self.x - 1,
            Anchor::Middle => self.x - width / 2,
            Anchor::End => self.x - width + 1,
        };
        Rect { x, y: self.y - (size * 0.86).ceil() as i32, width, height }
    }

    pub(super) fn upwards(self) -> Self {
        Self { upwards: true, ..self }
    }
}
