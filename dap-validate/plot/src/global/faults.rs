//! Faults, in red over everything else.

use super::Drawing;
use super::labels::{SIZES, fits, label};
use crate::board::{Owner, Verdict};
use crate::marks::Marks;
use crate::scene::{Area, Outline, Paint, Rect, Scene, Slant};
use crate::subject::State;

/// The most faults of one kind that have labels, and that are searched for where bands may have
/// swallowed them.
const MOST_LABELS: usize = 300;
const MOST: usize = 500;

impl Drawing<'_> {
    /// The fault of a crossing, in red.
    pub(super) fn fault(&self, verdict: &Verdict, rects: &[Rect], marks: &mut Marks, scene: &mut Scene) {
        let color = self.shades.wrong;
        let slanted = Paint::Hatch(color, Slant::Rising);
        let names = |owners: &[Owner]| owners.iter().map(Owner::words).collect::<Vec<_>>().join(" and ");
        let ranks = |owners: &[Owner]| {
            owners.iter().filter_map(|owner| owner.rank).map(|rank| rank.to_string()).collect::<Vec<_>>().join(",")
        };
        let (paint, title, data) = match verdict {
            Verdict::Gap | Verdict::Missing(_) if self.board.subject.state == State::Partial => return,
            Verdict::Owned(..) => return,
            Verdict::Gap => {
                marks.gap = true;
                (slanted, "nobody owns this".to_owned(), ("gap", String::new()))
            }
            Verdict::Missing(rank) => {
                marks.missing = true;
                (slanted, format!("rank {rank} is missing"), ("missing", rank.to_string()))
            }
            Verdict::Overlap(owners) => {
                marks.overlap = true;
                (Paint::Cross(color), format!("owned by {}", names(owners)), ("overlap", ranks(owners)))
            }
            Verdict::Outside(owners) => {
                marks.outside = true;
                (Paint::Cross(color), format!("beyond the array's size: {}", names(owners)), ("outside", ranks(owners)))
            }
        };
        if paint == slanted {
            // Not the padding that reaches into it.
            scene.fill(rects.to_vec(), Paint::Solid(self.shades.blank));
        }
        let outline = Some(Outline { color, tenths: 20, dashed: false });
        scene.area(Area { rects: rects.to_vec(), paint, outline, data: vec![data], title });
        let (words, plate) = match verdict {
            Verdict::Missing(rank) => (format!("rank {rank}?"), self.shades.blank),
            Verdict::Overlap(owners) => (ranks(owners).replace(',', "+"), self.shades.paper),
            _ => return,
        };
        for rect in rects.iter().take(MOST_LABELS) {
            if let Some(tenths) = SIZES.into_iter().find(|tenths| fits(&words, *tenths, rect)) {
                label(*rect, &words, tenths, color, plate, scene);
            }
        }
    }

    /// Faults that bands of several indices may have swallowed.
    pub(super) fn faults(&self, marks: &mut Marks, scene: &mut Scene) {
        let mut rects = [Vec::new(), Vec::new()];
        for (dim, bands, down) in [(self.board.rows, &self.rows, true), (self.board.columns, &self.columns, false)] {
            let Some(axis) = self.board.axis(dim).filter(|_| bands.indices.is_some() || bands.group > 1) else {
                continue;
            };
            for (start, stop, claims) in axis.faults(MOST) {
                let (start, stop) = (start.max(bands.window.start), stop.min(bands.window.end));
                if start >= stop {
                    continue;
                }
                let (from, to) = (bands.pixel(start), bands.pixel(stop));
                let (from, wide) = (from.min(bands.pixels - 3), (to - from).max(3));
                rects[usize::from(claims > 0)].push(match down {
                    true => Rect { y: self.at.y + from, height: wide, ..self.at },
                    false => Rect { x: self.at.x + from, width: wide, ..self.at },
                });
            }
        }
        if self.board.subject.state != State::Wrong {
            return;
        }
        let [gaps, overlaps] = rects;
        marks.gap |= !gaps.is_empty();
        marks.overlap |= !overlaps.is_empty();
        for (rects, data) in [(gaps, "gap"), (overlaps, "overlap")] {
            let paint = Paint::Solid(self.shades.wrong);
            // Set off from fills that some eyes take for red.
            let outline = Some(Outline { color: self.shades.paper, tenths: 10, dashed: false });
            let title = if data == "gap" { "nobody owns an index here" } else { "several ranks own an index here" };
            let data = vec![(data, String::new())];
            scene.area(Area { rects, paint, outline, data, title: title.to_owned() });
        }
    }
}
