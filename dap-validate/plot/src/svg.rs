//! A scene as SVG text. Numbers are whole pixels or tenths, so that the bytes are the same on every
//! machine.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::paint::{Color, HALO_STROKE, LINE, PATTERN, Paint, Slant};
use super::scene::{Anchor, Area, Outline, Scene, SceneItem, SceneText};

/// The head of the document.
pub(super) struct SvgHead<'a> {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) title: &'a str,
    pub(super) description: &'a str,
    /// The prefix of all ids.
    pub(super) ids: &'a str,
}

const FONTS: &str = "system-ui,'Helvetica Neue',Arial,'DejaVu Sans',sans-serif";

/// The attribute of shapes without a title: the pointer shows the title of the area below.
const UNTOUCHED: &str = " pointer-events=\"none\"";

/// The document, without an XML declaration, so that it can be put into HTML as it is.
pub(super) fn write(scene: &Scene, head: &SvgHead<'_>) -> String {
    let mut out = String::with_capacity(4096);
    let SvgHead { width, height, .. } = *head;
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" class=\"dap-plot\" font-family=\"{FONTS}\">\n<title>{}</title>\n<desc>{}</desc>\n",
        Escaped(head.title),
        Escaped(head.description)
    );
    patterns(scene, head.ids, &mut out);
    for item in &scene.items {
        match item {
            SceneItem::Open(class, data) => {
                let _ = write!(out, "<g class=\"{class}\"");
                attributes(data, &mut out);
                out += ">\n";
            }
            SceneItem::Close => out += "</g>\n",
            SceneItem::Area(shape) => area(shape, head.ids, &mut out),
            SceneItem::Lines(list, outline) => lines(list, *outline, &mut out),
            SceneItem::Text(shape) => text(shape, &mut out),
        }
    }
    out + "</svg>\n"
}

/// The patterns that are used, each once.
fn patterns(scene: &Scene, ids: &str, out: &mut String) {
    let paints =
        scene.items.iter().filter_map(|item| if let SceneItem::Area(area) = item { Some(area.paint) } else { None });
    let used: BTreeSet<Paint> = paints.filter(|paint| !matches!(paint, Paint::Nothing | Paint::Solid(_))).collect();
    if used.is_empty() {
        return;
    }
    *out += "<defs>\n";
    let side = PATTERN;
    for paint in used {
        let _ = write!(
            out,
            "<pattern id=\"{}\" width=\"{side}\" height=\"{side}\" patternUnits=\"userSpaceOnUse\">",
            pattern_id(ids, paint)
        );
        // The lines extend beyond the corners: a slanted line from corner to corner would lose its
        // ends.
        let rising = format!("M-1 1l2 -2M0 {side}L{side} 0M{} {}l2 -2", side - 1, side + 1);
        let falling = format!("M-1 {}l2 2M0 0L{side} {side}M{} -1l2 2", side - 1, side - 1);
        let line = |path: &str, color, tenths| {
            format!("<path d=\"{path}\" stroke=\"{}\" stroke-width=\"{}\"/>", Hex(color), Tenths(tenths))
        };
        let slanted = |slant| if slant == Slant::Rising { &rising } else { &falling };
        *out += &match paint {
            Paint::Hatch(color, slant) => line(slanted(slant), color, LINE),
            Paint::HaloHatch(color, halo, slant) => {
                line(slanted(slant), halo, HALO_STROKE) + &line(slanted(slant), color, LINE)
            }
            Paint::Cross(color) => line(&(rising + &falling), color, LINE),
            Paint::Dots(color) => {
                let circles = "M2 1a1 1 0 0 1 0 2a1 1 0 0 1 0 -2zM6 5a1 1 0 0 1 0 2a1 1 0 0 1 0 -2z";
                format!("<path d=\"{circles}\" fill=\"{}\"/>", Hex(color))
            }
            Paint::Nothing | Paint::Solid(_) => String::new(),
        };
        *out += "</pattern>\n";
    }
    *out += "</defs>\n";
}

/// The id of a paint: the same in every picture with the same prefix of ids.
fn pattern_id(ids: &str, paint: Paint) -> String {
    let slanted = |slant| if slant == Slant::Rising { "rising" } else { "falling" };
    let (kind, color) = match paint {
        Paint::Hatch(color, slant) => (slanted(slant), color),
        Paint::HaloHatch(color, halo, slant) => {
            return format!("{ids}-{}-{:06x}-{:06x}", slanted(slant), color.0, halo.0);
        }
        Paint::Cross(color) => ("cross", color),
        Paint::Dots(color) => ("dots", color),
        Paint::Solid(color) => ("solid", color),
        Paint::Nothing => ("none", Color(0)),
    };
    format!("{ids}-{kind}-{:06x}", color.0)
}

fn area(area: &Area, ids: &str, out: &mut String) {
    *out += "<path";
    attributes(&area.data, out);
    let _ = match area.paint {
        Paint::Nothing => write!(out, " fill=\"none\""),
        Paint::Solid(color) => write!(out, " fill=\"{}\"", Hex(color)),
        pattern => write!(out, " fill=\"url(#{})\"", pattern_id(ids, pattern)),
    };
    if let Some(outline) = area.outline {
        stroke(outline, out);
    }
    if area.title.is_empty() {
        *out += UNTOUCHED;
    }
    *out += " d=\"";
    for rect in &area.rects {
        let _ = write!(out, "M{} {}h{}v{}h-{}z", rect.x, rect.y, rect.width, rect.height, rect.width);
    }
    close("path", &area.title, out);
}

/// Ends an element whose last attribute is open.
fn close(element: &str, title: &str, out: &mut String) {
    let _ = if title.is_empty() {
        writeln!(out, "\"/>")
    } else {
        writeln!(out, "\"><title>{}</title></{element}>", Escaped(title))
    };
}

fn lines(list: &[[i32; 4]], outline: Outline, out: &mut String) {
    *out += "<path fill=\"none\"";
    stroke(outline, out);
    *out += UNTOUCHED;
    *out += " d=\"";
    for [x, y, to_x, to_y] in list {
        let _ = match (to_x - x, to_y - y) {
            (0, down) => write!(out, "M{x} {y}v{down}"),
            (right, 0) => write!(out, "M{x} {y}h{right}"),
            (right, down) => write!(out, "M{x} {y}l{right} {down}"),
        };
    }
    close("path", "", out);
}

fn stroke(outline: Outline, out: &mut String) {
    let _ = write!(out, " stroke=\"{}\" stroke-width=\"{}\"", Hex(outline.color), Tenths(outline.tenths));
    if outline.dashed {
        *out += " stroke-dasharray=\"4 3\"";
    }
}

fn text(text: &SceneText, out: &mut String) {
    let SceneText { x, y, .. } = *text;
    let _ = write!(out, "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\" fill=\"{}\"", Tenths(text.tenths), Hex(text.color));
    *out += match text.anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    if text.upwards {
        let _ = write!(out, " transform=\"rotate(-90 {x} {y})\"");
    }
    let _ = writeln!(out, "{UNTOUCHED}>{}</text>", Escaped(&text.text));
}

fn attributes(data: &[(&'static str, String)], out: &mut String) {
    for (name, value) in data {
        let _ = write!(out, " data-{name}=\"{}\"", Escaped(value));
    }
}

struct Hex(Color);

impl std::fmt::Display for Hex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.variable() {
            Some(name) => write!(f, "var(--dap-{name})"),
            None => write!(f, "#{:06x}", self.0.0),
        }
    }
}

struct Tenths(i32);

impl std::fmt::Display for Tenths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 % 10 {
            0 => write!(f, "{}", self.0 / 10),
            rest => write!(f, "{}.{rest}", self.0 / 10),
        }
    }
}

/// Text as XML allows it: markup escaped, characters that XML does not have replaced.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => f.write_char('\u{fffd}')?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}
