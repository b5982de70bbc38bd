//! The view of the whole array, or of a window of it: who owns what, with padding and faults over
//! it.

mod faults;
mod frame;
mod labels;
mod padding;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use dap_core::finding::plural;

use super::bands::{Band, Bands, nice};
use super::board::{Board, Owner, Verdict};
use super::marks::Marks;
use super::palette::Shades;
use super::scene::{Area, Outline, Paint, Rect, Scene, Slant};
use super::subject::State;

/// A window of the array and where it goes on the page.
pub(super) struct View {
    pub(super) class: &'static str,
    pub(super) at: Rect,
    pub(super) rows: Range<i64>,
    pub(super) columns: Range<i64>,
}

/// The most rectangles, one for each crossing of two bands.
const MOST_CELLS: usize = 19_600;
/// The most ranks, or groups of ranks, that are areas of their own.
const MOST_OWNERS: usize = 4_096;
/// The same for a view of one dimension.
const MOST_ALONG: usize = 2_000;
/// More ranks than this have no labels.
const MOST_LABELS: usize = 1_200;

/// The view while it is drawn.
struct Drawing<'a> {
    board: &'a Board<'a>,
    shades: &'a Shades,
    at: Rect,
    rows: Bands,
    columns: Bands,
}

/// Draws the view; gives what its legend must explain.
pub(super) fn draw(board: &Board<'_>, view: View, shades: &Shades, scene: &mut Scene) -> Marks {
    let most = if board.rows.is_none() { MOST_ALONG } else { 140 };
    let rows = board.bands(board.rows, view.rows, view.at.height, most);
    let most = if board.rows.is_none() { MOST_ALONG } else { (MOST_CELLS / rows.list.len().max(1)).min(700) };
    let columns = board.bands(board.columns, view.columns, view.at.width, most);
    let (rows, columns) = within_owners(rows, columns);
    let drawing = Drawing { board, shades, at: view.at, rows, columns };
    let mut marks = Marks::of(board, &drawing.rows, &drawing.columns);
    scene.open(view.class, drawing.data());
    drawing.cells(&mut marks, scene);
    drawing.faults(&mut marks, scene);
    drawing.frame(scene);
    drawing.ticks(scene);
    scene.close();
    marks
}

/// Colours several ranks alike where each would be an area of its own, and they are too many.
fn within_owners(rows: Bands, columns: Bands) -> (Bands, Bands) {
    let mut group = 1;
    let mut coarser = (rows.clone(), columns.clone());
    while coarser.0.owners().saturating_mul(coarser.1.owners()) > MOST_OWNERS {
        group = nice(group + 1);
        coarser = (rows.coarser(group), columns.coarser(group));
    }
    coarser
}

impl Drawing<'_> {
    /// The attributes by which a program finds the element under the pointer.
    fn data(&self) -> Vec<(&'static str, String)> {
        let range = |range: &Range<i64>| format!("{},{}", range.start, range.end);
        let dims: Vec<String> = [self.board.rows, self.board.columns].iter().flatten().map(usize::to_string).collect();
        vec![
            ("dims", dims.join(",")),
            ("slice", self.board.slice.to_string()),
            ("box", format!("{},{},{},{}", self.at.x, self.at.y, self.at.width, self.at.height)),
            ("rows", range(&self.rows.window)),
            ("columns", range(&self.columns.window)),
        ]
    }

    fn grouped(&self) -> bool {
        self.rows.group > 1 || self.columns.group > 1
    }

    fn exact(&self) -> bool {
        self.rows.indices.is_none() && self.columns.indices.is_none()
    }

    /// The areas of all owners, and of elements without an owner.
    fn cells(&self, marks: &mut Marks, scene: &mut Scene) {
        scene.fill(vec![self.at], Paint::Solid(self.shades.blank));
        let areas = self.areas();
        for (verdict, rects) in &areas {
            self.ground(verdict, rects, marks, scene);
        }
        self.cell_lines(scene);
        self.boundary(marks, scene);
        self.halos(marks, scene);
        // Over all of this, so that they are seen.
        for (verdict, rects) in &areas {
            self.fault(verdict, rects, marks, scene);
        }
        let owned = areas.iter().filter_map(|(verdict, rects)| match verdict {
            Verdict::Owned(owner, _) if owner.rank.is_some() => Some((owner, rects)),
            _ => None,
        });
        let owned: Vec<(&Owner, &Vec<Rect>)> = owned.collect();
        if self.exact() && owned.len() <= MOST_LABELS {
            self.labels(&owned, marks, scene);
        } else {
            marks.unlabelled = true;
        }
    }

    /// Rectangles by verdict; those that lie side by side or below one another are joined.
    fn areas(&self) -> BTreeMap<Verdict, Vec<Rect>> {
        let mut areas: BTreeMap<Verdict, Vec<Rect>> = BTreeMap::new();
        let mut above: HashMap<(i32, i32), (Verdict, Rect)> = HashMap::new();
        let mut close = |verdict: Verdict, rect: Rect| areas.entry(verdict).or_default().push(rect);
        for row in &self.rows.list {
            let mut here: HashMap<(i32, i32), (Verdict, Rect)> = HashMap::new();
            for (from, to, verdict) in self.strips(row) {
                let span = (from, to);
                let grown = match above.remove(&span) {
                    Some((before, mut rect)) if before == verdict => {
                        rect.height = self.at.y + row.to - rect.y;
                        rect
                    }
                    other => {
                        if let Some((before, rect)) = other {
                            close(before, rect);
                        }
                        let (left, top) = (self.at.x, self.at.y);
                        Rect::edges(left + from, top + row.from, left + to, top + row.to)
                    }
                };
                here.insert(span, (verdict, grown));
            }
            above.into_values().for_each(|(verdict, rect)| close(verdict, rect));
            above = here;
        }
        above.into_values().for_each(|(verdict, rect)| close(verdict, rect));
        // Rectangles from the hash tables have no order yet.
        areas.values_mut().for_each(|rects| rects.sort_by_key(|rect| (rect.y, rect.x, rect.height)));
        areas
    }

    /// The verdicts along a row, equal neighbours joined.
    fn strips(&self, row: &Band) -> Vec<(i32, i32, Verdict)> {
        let mut strips: Vec<(i32, i32, Verdict)> = Vec::with_capacity(self.columns.list.len());
        for column in &self.columns.list {
            let verdict = self.board.verdict(row, column, self.grouped());
            match strips.last_mut() {
                Some((_, to, last)) if *last == verdict => *to = column.to,
                _ => strips.push((column.from, column.to, verdict)),
            }
        }
        strips
    }

    /// The colour of the owner, present or not.
    fn ground(&self, verdict: &Verdict, rects: &[Rect], marks: &mut Marks, scene: &mut Scene) {
        match verdict {
            Verdict::Owned(owner, others) => {
                self.owned(owner, rects, scene);
                for other in others {
                    marks.shared = true;
                    let colors = self.board.colors(other, [self.rows.group, self.columns.group]);
                    scene.fill(rects.to_vec(), colors.hatch(slant(other)));
                }
            }
            Verdict::Gap | Verdict::Missing(_) if self.board.subject.state == State::Partial => {
                marks.unknown = true;
                scene.fill(rects.to_vec(), Paint::Hatch(self.shades.line, Slant::Rising));
            }
            Verdict::Overlap(owners) | Verdict::Outside(owners) => {
                if let Some(first) = owners.first() {
                    self.owned(first, rects, scene);
                }
            }
            Verdict::Gap | Verdict::Missing(_) => {}
        }
    }

    fn owned(&self, owner: &Owner, rects: &[Rect], scene: &mut Scene) {
        let colors = self.board.colors(owner, [self.rows.group, self.columns.group]);
        let narrow = self.rows.average().min(self.columns.average()) < 7
            || rects.iter().any(|rect| rect.width < 3 || rect.height < 3);
        let mut title = owner.words();
        let mut data = Vec::new();
        let coordinates: Vec<String> = owner.coordinates.iter().map(ToString::to_string).collect();
        match owner.rank {
            Some(rank) => {
                data.push(("rank", rank.to_string()));
                data.push(("coordinates", coordinates.join(",")));
                if let Some(owned) = self.board.owned(owner) {
                    let range = self.board.range(owner).map(|range| format!(" {range},")).unwrap_or_default();
                    title += &format!(" owns{range} {}", plural(owned, "element"));
                    data.push(("owned", owned.to_string()));
                }
            }
            None => {
                title = self.group_words(owner);
                data.push(("group", coordinates.join(",")));
            }
        }
        let outline = (!narrow).then_some(Outline { color: self.shades.paper, tenths: 10, dashed: false });
        scene.area(Area { rects: rects.to_vec(), paint: Paint::Solid(colors.fill), outline, data, title });
    }

    /// `grid ranks 0-9 of dimension 0`.
    fn group_words(&self, owner: &Owner) -> String {
        let mut words = Vec::new();
        for (dim, bands) in [(self.board.rows, &self.rows), (self.board.columns, &self.columns)] {
            let Some((dim, axis)) = dim.zip(self.board.axis(dim)) else { continue };
            let first = owner.coordinates[dim].saturating_mul(bands.group);
            let last = first.saturating_add(bands.group).min(axis.grid_size) - 1;
            words.push(match first == last {
                true => format!("grid rank {first} of dimension {dim}"),
                false => format!("grid ranks {first}-{last} of dimension {dim}"),
            });
        }
        words.join(", ")
    }
}

/// Neighbours' hatchings cross.
pub(super) fn slant(owner: &Owner) -> Slant {
    if owner.coordinates.iter().fold(0, |sum, at| sum + at % 2) % 2 == 0 { Slant::Rising } else { Slant::Falling }
}
