//! Rank numbers in their areas, if they fit.

use super::{Drawing, MOST_LABELS};
use crate::drawn::DrawnOwner;
use crate::marks::Marks;
use crate::paint::Color;
use crate::scene::{Anchor, Rect, Scene, SceneText};
use crate::text;

impl Drawing<'_> {
    /// Writes rank numbers, all in one size: into every rectangle if there are few, else into the
    /// largest one of each rank.
    pub(super) fn labels(&self, owned: &[(&DrawnOwner, &Vec<Rect>)], marks: &mut Marks, scene: &mut Scene) {
        let largest = |rects: &[Rect]| rects.iter().copied().max_by_key(size);
        let named = owned.iter().filter_map(|(owner, rects)| Some((*owner, owner.rank?, *rects, largest(rects)?)));
        let named: Vec<_> = named.collect();
        let fitting =
            |tenths: i32| named.iter().filter(|(_, rank, _, rect)| fits(&rank.to_string(), tenths, rect)).count();
        let nearly_all = |tenths: &i32| fitting(*tenths) * 10 >= named.len() * 9;
        let Some(tenths) = SIZES.into_iter().find(nearly_all) else {
            marks.unlabelled = !named.is_empty();
            return;
        };
        marks.unlabelled = fitting(tenths) < named.len();
        let all = named.iter().map(|(_, _, rects, _)| rects.len()).sum::<usize>() <= MOST_LABELS / 4;
        for (owner, rank, rects, largest) in named {
            let mut colors = self.drawn.colors(owner, [1, 1]);
            if self.drawn.subject.is_misplaced(rank) {
                marks.misplaced = true;
                (colors.text, colors.fill) = (self.shades.wrong, self.shades.paper);
            }
            for rect in if all { rects.clone() } else { vec![largest] } {
                if fits(&rank.to_string(), tenths, &rect) {
                    label(rect, &rank.to_string(), tenths, colors.text, colors.fill, scene);
                }
            }
        }
    }
}

fn size(rect: &Rect) -> i64 {
    i64::from(rect.width) * i64::from(rect.height)
}

/// Sizes of labels in tenths of a pixel.
pub(super) const SIZES: [i32; 5] = [140, 110, 85, 70, 60];

pub(super) fn fits(label: &str, tenths: i32, rect: &Rect) -> bool {
    let size = tenths as f32 / 10.0;
    text::width(label, size) + 2.0 <= rect.width as f32 && size + 1.0 <= rect.height as f32
}

/// A label in the middle of a rectangle, on a background that covers lines and patterns.
pub(super) fn label(rect: Rect, label: &str, tenths: i32, color: Color, background: Color, scene: &mut Scene) {
    let (x, y) = (rect.x + rect.width / 2, rect.y + rect.height / 2 + tenths * 36 / 1000);
    scene.text(SceneText::new(x, y, tenths, color, label).anchor(Anchor::Middle).background(background));
}
