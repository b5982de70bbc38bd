//! The meaning of the marks in a picture, and notes.

use dap_core::index::Rank;
use dap_core::ranks::RankSet;

use super::marks::Marks;
use super::paint::{Color, Paint, Slant};
use super::palette::{self, Shades};
use super::scene::{Area, Outline, Rect, Scene, SceneText};
use super::subject::Subject;
use super::text;

const LINE: i32 = 20;

/// Draws the legend in a box of left, top and width. Returns its lower edge.
pub(super) fn draw(
    marks: &Marks,
    notes: &[String],
    shades: &Shades,
    [x, top, width]: [i32; 3],
    scene: &mut Scene,
) -> i32 {
    let own = palette::of(&[0], &[2]);
    let other = palette::of(&[1], &[2]);
    let solid = |color: Color| Paint::Solid(color);
    let wrong = |pattern: fn(Color) -> Paint| pattern(shades.wrong);
    let rising: fn(Color) -> Paint = |color| Paint::Hatch(color, Slant::Rising);
    let entries = [
        (
            marks.communication,
            solid(other.fill),
            Some(own.hatch(Slant::Rising)),
            "communication padding, in its holder's colour",
        ),
        (marks.boundary, solid(own.fill), Some(Paint::Dots(Color(0x1B_1F_24))), "boundary padding"),
        (marks.shared, solid(own.fill), Some(other.hatch(Slant::Rising)), "held by others as well"),
        (marks.periodic, Paint::Nothing, None, "periodic"),
        (marks.gap, solid(shades.blank), Some(wrong(rising)), "without an owner"),
        (marks.missing, solid(shades.blank), Some(wrong(rising)), "its rank is missing"),
        (marks.overlap, solid(own.fill), Some(wrong(Paint::Cross)), "owned by several ranks"),
        (marks.outside, solid(own.fill), Some(wrong(Paint::Cross)), "beyond the array's size"),
        (marks.unknown, solid(shades.blank), Some(rising(shades.line)), "not known"),
    ];
    scene.open("legend", Vec::new());
    let (mut at, mut y) = (x, top);
    for (_, ground, pattern, words) in entries.into_iter().filter(|(there, ..)| *there) {
        let wide = 34 + text::width(words, 11.0).ceil() as i32 + 14;
        if at > x && at + wide > x + width {
            (at, y) = (x, y + LINE);
        }
        let swatch = Rect { x: at, y, width: 26, height: 14 };
        if ground == Paint::Nothing {
            let (left, right) = (swatch.x, swatch.right());
            scene.lines(vec![[left, y + 7, right, y + 7]], Outline { color: shades.ink, tenths: 25, dashed: true });
        } else {
            let rim = Outline { color: shades.line, tenths: 10, dashed: false };
            for (paint, outline) in [(Some(ground), None), (pattern, Some(rim))] {
                let Some(paint) = paint else { continue };
                scene.area(Area { rects: vec![swatch], paint, outline, data: Vec::new(), title: String::new() });
            }
        }
        scene.text(SceneText::new(at + 34, y + 11, 110, shades.ink, words));
        at += wide;
    }
    if at > x {
        y += LINE + 6;
    }
    for note in notes {
        for line in text::wrap(note, 11.0, width as f32) {
            scene.text(SceneText::new(x, y + 11, 110, shades.muted, line));
            y += 16;
        }
        y += 2;
    }
    scene.close();
    y
}

/// A sentence about the ranks that own nothing: their numbers, or how many they are.
pub(super) fn empty_ranks(subject: &Subject) -> Option<String> {
    const COUNTED: i64 = 1 << 20;
    if subject.axes.iter().all(|axis| axis.empty() == 0) {
        return None;
    }
    let processes = subject.processes()?;
    if processes > COUNTED {
        return Some("Some ranks own nothing.".to_owned());
    }
    let owns_nothing = |rank: &Rank| {
        let mut rest = rank.0;
        subject.axes.iter().rev().any(|axis| {
            let at = rest % axis.grid_size;
            rest /= axis.grid_size;
            axis.owned(at, *rank) == Some(0)
        })
    };
    let empty: RankSet = match &subject.present {
        // A stated part is found by search, so the search is limited to a few ranks.
        Some(_) if processes > 4096 => return Some("Some ranks own nothing.".to_owned()),
        Some(present) => (0..processes).map(Rank).filter(|rank| present.contains(*rank)).filter(owns_nothing).collect(),
        None => (0..processes).map(Rank).filter(owns_nothing).collect(),
    };
    match empty.len() {
        0 => None,
        1 => Some(format!("Empty: rank {empty}.")),
        count => Some(format!("Empty: {count} ranks ({}).", empty.describe(6))),
    }
}
