//! A scene as PNG, painted by `tiny-skia`. DejaVu Sans is built in, so that a picture does not
//! depend on installed fonts.

mod letters;

use tiny_skia::{
    Color as SkiaColor, FillRule, FilterQuality, Paint as SkiaPaint, Path, PathBuilder, Pattern, Pixmap, Shader,
    SpreadMode, Stroke, StrokeDash, Transform,
};

use super::options::PlotError;
use super::page::Page;
use super::paint::{Color, HALO_STROKE, LINE, PATTERN, Paint, Slant};
use super::scene::{Anchor, Area, Outline, Rect, SceneItem, SceneText};
use letters::Letters;

/// Pixels of the picture for each of the page.
const SCALE: i32 = 2;
const MOST_PIXELS: i64 = 1 << 28;

struct Painter {
    pixmap: Pixmap,
    letters: Letters,
}

pub(super) fn paint(page: &Page) -> Result<Vec<u8>, PlotError> {
    let side = |pixels: i32| u32::try_from(pixels.saturating_mul(SCALE)).map_err(|_| PlotError::TooLarge);
    let (width, height) = (side(page.width)?, side(page.height)?);
    if i64::from(width) * i64::from(height) > MOST_PIXELS {
        return Err(PlotError::TooLarge);
    }
    let pixmap = Pixmap::new(width, height).ok_or(PlotError::TooLarge)?;
    let mut painter = Painter { pixmap, letters: Letters::new() };
    for item in &page.scene.items {
        match item {
            SceneItem::Area(area) => painter.area(area),
            SceneItem::Lines(lines, outline) => painter.lines(lines, *outline),
            SceneItem::Text(text) => painter.text(text),
            SceneItem::Open(..) | SceneItem::Close => {}
        }
    }
    painter.pixmap.encode_png().map_err(|_| PlotError::TooLarge)
}

fn zoom() -> Transform {
    Transform::from_scale(SCALE as f32, SCALE as f32)
}

fn skia(color: Color) -> SkiaColor {
    let [red, green, blue] = color.channels();
    SkiaColor::from_rgba8(red, green, blue, 255)
}

fn solid(color: Color) -> SkiaPaint<'static> {
    SkiaPaint { shader: Shader::SolidColor(skia(color)), anti_alias: true, ..SkiaPaint::default() }
}

fn rectangles(rects: &[Rect]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for rect in rects {
        let rect = tiny_skia::Rect::from_xywh(rect.x as f32, rect.y as f32, rect.width as f32, rect.height as f32);
        path.push_rect(rect?);
    }
    path.finish()
}

impl Painter {
    fn area(&mut self, area: &Area) {
        let Some(path) = rectangles(&area.rects) else { return };
        let tile;
        match area.paint {
            Paint::Nothing => {}
            Paint::Solid(color) => {
                // Bounds are whole pixels: smoothing would leave seams.
                let paint = SkiaPaint { anti_alias: false, ..solid(color) };
                self.pixmap.fill_path(&path, &paint, FillRule::Winding, zoom(), None);
            }
            pattern => {
                tile = pattern_tile(pattern);
                if let Some(tile) = &tile {
                    let back = Transform::from_scale(1.0 / SCALE as f32, 1.0 / SCALE as f32);
                    let shader = Pattern::new(tile.as_ref(), SpreadMode::Repeat, FilterQuality::Nearest, 1.0, back);
                    let paint = SkiaPaint { shader, anti_alias: false, ..SkiaPaint::default() };
                    self.pixmap.fill_path(&path, &paint, FillRule::Winding, zoom(), None);
                }
            }
        }
        if let Some(outline) = area.outline {
            self.stroke(&path, outline);
        }
    }

    fn stroke(&mut self, path: &Path, outline: Outline) {
        let dash = if outline.dashed { StrokeDash::new(vec![4.0, 3.0], 0.0) } else { None };
        let stroke = Stroke { width: outline.tenths as f32 / 10.0, dash, ..Stroke::default() };
        self.pixmap.stroke_path(path, &solid(outline.color), &stroke, zoom(), None);
    }

    fn lines(&mut self, lines: &[[i32; 4]], outline: Outline) {
        let mut path = PathBuilder::new();
        for [x, y, to_x, to_y] in lines {
            path.move_to(*x as f32, *y as f32);
            path.line_to(*to_x as f32, *to_y as f32);
        }
        if let Some(path) = path.finish() {
            self.stroke(&path, outline);
        }
    }

    fn text(&mut self, text: &SceneText) {
        let size = text.tenths as f32 / 10.0;
        let Some((path, width)) = self.letters.outline(&text.text, size) else { return };
        let shift = match text.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => -width / 2.0,
            Anchor::End => -width,
        };
        let turn = if text.upwards { Transform::from_rotate(-90.0) } else { Transform::identity() };
        let place = Transform::from_translate(shift, 0.0)
            .post_concat(turn)
            .post_concat(Transform::from_translate(text.x as f32, text.y as f32));
        let Some(path) = path.transform(place) else { return };
        self.pixmap.fill_path(&path, &solid(text.color), FillRule::Winding, zoom(), None);
    }
}

/// One square of a pattern.
fn pattern_tile(paint: Paint) -> Option<Pixmap> {
    let side = u32::try_from(PATTERN * SCALE).ok()?;
    let mut tile = Pixmap::new(side, side)?;
    let mut lines = |slants: &[Slant], color: Color, tenths: i32| {
        let mut path = PathBuilder::new();
        for slant in slants {
            // Each line is drawn three times, so that the corners are complete where squares meet.
            [-PATTERN, 0, PATTERN].iter().for_each(|shift| slanted(&mut path, *shift as f32, *slant));
        }
        let stroke = Stroke { width: tenths as f32 / 10.0, ..Stroke::default() };
        tile.stroke_path(&path.finish()?, &solid(color), &stroke, zoom(), None);
        Some(())
    };
    match paint {
        Paint::Hatch(color, slant) => lines(&[slant], color, LINE)?,
        Paint::HaloHatch(color, halo, slant) => {
            lines(&[slant], halo, HALO_STROKE)?;
            lines(&[slant], color, LINE)?;
        }
        Paint::Cross(color) => lines(&[Slant::Rising, Slant::Falling], color, LINE)?,
        Paint::Dots(color) => {
            let mut path = PathBuilder::new();
            path.push_circle(2.0, 2.0, 1.0);
            path.push_circle(6.0, 6.0, 1.0);
            tile.fill_path(&path.finish()?, &solid(color), FillRule::Winding, zoom(), None);
        }
        Paint::Solid(_) | Paint::Nothing => return None,
    }
    Some(tile)
}

fn slanted(path: &mut PathBuilder, shift: f32, slant: Slant) {
    let side = PATTERN as f32;
    let (low, high) = (-2.0, side + 2.0);
    match slant {
        Slant::Rising => {
            path.move_to(low + shift, side - low);
            path.line_to(high + shift, side - high);
        }
        Slant::Falling => {
            path.move_to(low + shift, low);
            path.line_to(high + shift, high);
        }
    }
}
