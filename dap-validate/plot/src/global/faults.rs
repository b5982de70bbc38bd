//! Faults, in red over everything else.

use super::Drawing;
use super::labels::{SIZES, fits, label};
use crate::drawn::{DrawnOwner, Ownership};
use crate::marks::Marks;
use crate::paint::{Paint, Slant};
use crate::scene::{Area, Outline, Rect, Scene};
use crate::subject::SubjectState;

/// The largest number of faults of one kind that have labels, and that are searched for where a
/// band of several indices may hide them.
const MOST_LABELS: usize = 300;
const MOST: usize = 500;

impl Drawing<'_> {
    /// The fault of a crossing, in red.
    pub(super) fn fault(&self, ownership: &Ownership, rects: &[Rect], marks: &mut Marks, scene: &mut Scene) {
        let color = self.shades.wrong;
        let slanted = Paint::Hatch(color, Slant::Rising);
        let names = |owners: &[DrawnOwner]| owners.iter().map(DrawnOwner::words).collect::<Vec<_>>().join(" and ");
        let ranks = |owners: &[DrawnOwner]| {
            owners.iter().filter_map(|owner| owner.rank).map(|rank| rank.to_string()).collect::<Vec<_>>().join(",")
        };
        let (paint, title, data) = match ownership {
            Ownership::Gap | Ownership::Missing(_) if self.drawn.subject.state == SubjectState::Partial => return,
            Ownership::Owned(..) => return,
            Ownership::Gap => {
                marks.gap = true;
                (slanted, "no rank owns this".to_owned(), ("gap", String::new()))
            }
            Ownership::Missing(rank) => {
                marks.missing = true;
                (slanted, format!("rank {rank} is missing"), ("missing", rank.to_string()))
            }
            Ownership::Overlap(owners) => {
                marks.overlap = true;
                (Paint::Cross(color), format!("owned by {}", names(owners)), ("overlap", ranks(owners)))
            }
            Ownership::Outside(owners) => {
                marks.outside = true;
                (Paint::Cross(color), format!("beyond the array's size: {}", names(owners)), ("outside", ranks(owners)))
            }
        };
        if paint == slanted {
            // Padding of other ranks may reach into a gap: only the gap itself is marked.
            scene.fill(rects.to_vec(), Paint::Solid(self.shades.blank));
        }
        let outline = Some(Outline { color, tenths: 20, dashed: false });
        scene.area(Area { rects: rects.to_vec(), paint, outline, data: vec![data], title });
        let (words, background) = match ownership {
            Ownership::Missing(rank) => (format!("rank {rank}?"), self.shades.blank),
            Ownership::Overlap(owners) => (ranks(owners).replace(',', "+"), self.shades.paper),
            _ => return,
        };
        for rect in rects.iter().take(MOST_LABELS) {
            if let Some(tenths) = SIZES.into_iter().find(|tenths| fits(&words, *tenths, rect)) {
                label(*rect, &words, tenths, color, background, scene);
            }
        }
    }

    /// Faults that bands of several indices may hide.
    pub(super) fn faults(&self, marks: &mut Marks, scene: &mut Scene) {
        let mut rects = [Vec::new(), Vec::new()];
        for (dim, bands, down) in [(self.drawn.rows, &self.rows, true), (self.drawn.columns, &self.columns, false)] {
            let Some(axis) = self.drawn.axis(dim).filter(|_| bands.indices.is_some() || bands.group > 1) else {
                continue;
            };
            for (start, stop, owners) in axis.faults(MOST) {
                let (start, stop) = (start.max(bands.window.start), stop.min(bands.window.end));
                if start >= stop {
                    continue;
                }
                let (from, to) = (bands.pixel(start), bands.pixel(stop));
                let (from, wide) = (from.min(bands.pixels - 3), (to - from).max(3));
                rects[usize::from(owners > 0)].push(match down {
                    true => Rect { y: self.at.y + from, height: wide, ..self.at },
                    false => Rect { x: self.at.x + from, width: wide, ..self.at },
                });
            }
        }
        if self.drawn.subject.state != SubjectState::Wrong {
            return;
        }
        let [gaps, overlaps] = rects;
        marks.gap |= !gaps.is_empty();
        marks.overlap |= !overlaps.is_empty();
        for (rects, data) in [(gaps, "gap"), (overlaps, "overlap")] {
            let paint = Paint::Solid(self.shades.wrong);
            // A light rim sets the mark off from fills that look red to colour-blind readers.
            let outline = Some(Outline { color: self.shades.paper, tenths: 10, dashed: false });
            let title = if data == "gap" { "no rank owns an index here" } else { "several ranks own an index here" };
            let data = vec![(data, String::new())];
            scene.area(Area { rects, paint, outline, data, title: title.to_owned() });
        }
    }
}
