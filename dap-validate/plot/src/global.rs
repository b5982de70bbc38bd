//! The view of the whole array, or of a window of it: the owners of all elements, with padding and
//! faults over them.

mod faults;
mod frame;
mod labels;
mod padding;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use dap_core::finding::plural;

use super::bands::{Band, Bands, nice};
use super::drawn::{DrawnOwner, DrawnSlice, Ownership};
use super::marks::Marks;
use super::paint::{Paint, Slant};
use super::palette::Shades;
use super::scene::{Area, Outline, Rect, Scene};
use super::subject::SubjectState;

/// A window of the array and its rectangle on the page.
pub(super) struct View {
    pub(super) class: &'static str,
    pub(super) at: Rect,
    pub(super) rows: Range<i64>,
    pub(super) columns: Range<i64>,
}

/// The largest number of rectangles, one for each crossing of two bands.
const MOST_CELLS: usize = 19_600;
/// The largest number of ranks, or groups of ranks, with areas of their own.
const MOST_OWNERS: usize = 4_096;
/// The largest number of bands in a view of one dimension.
const MOST_ALONG: usize = 2_000;
/// The largest number of ranks with labels.
const MOST_LABELS: usize = 1_200;

/// The view while it is drawn.
struct Drawing<'a> {
    drawn: &'a DrawnSlice<'a>,
    shades: &'a Shades,
    at: Rect,
    rows: Bands,
    columns: Bands,
}

/// Draws the view. Returns the marks that its legend must explain.
pub(super) fn draw(drawn: &DrawnSlice<'_>, view: View, shades: &Shades, scene: &mut Scene) -> Marks {
    let most = if drawn.rows.is_none() { MOST_ALONG } else { 140 };
    let rows = drawn.bands(drawn.rows, view.rows, view.at.height, most);
    let most = if drawn.rows.is_none() { MOST_ALONG } else { (MOST_CELLS / rows.list.len().max(1)).min(700) };
    let columns = drawn.bands(drawn.columns, view.columns, view.at.width, most);
    let (rows, columns) = within_owners(rows, columns);
    let drawing = Drawing { drawn, shades, at: view.at, rows, columns };
    let mut marks = Marks::of(drawn, &drawing.rows, &drawing.columns);
    scene.open(view.class, drawing.data());
    drawing.cells(&mut marks, scene);
    drawing.faults(&mut marks, scene);
    drawing.frame(scene);
    drawing.ticks(scene);
    scene.close();
    marks
}

/// Gives several consecutive ranks one colour, if single ranks would have too many areas.
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
        let dims: Vec<String> = [self.drawn.rows, self.drawn.columns].iter().flatten().map(usize::to_string).collect();
        vec![
            ("dims", dims.join(",")),
            ("slice", self.drawn.slice.to_string()),
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
        for (ownership, rects) in &areas {
            self.ground(ownership, rects, marks, scene);
        }
        self.cell_lines(scene);
        self.boundary(marks, scene);
        self.halos(marks, scene);
        // Faults are drawn last: nothing covers them.
        for (ownership, rects) in &areas {
            self.fault(ownership, rects, marks, scene);
        }
        let owned = areas.iter().filter_map(|(ownership, rects)| match ownership {
            Ownership::Owned(owner, _) if owner.rank.is_some() => Some((owner, rects)),
            _ => None,
        });
        let owned: Vec<(&DrawnOwner, &Vec<Rect>)> = owned.collect();
        if self.exact() && owned.len() <= MOST_LABELS {
            self.labels(&owned, marks, scene);
        } else {
            marks.unlabelled = true;
        }
    }

    /// Rectangles by ownership; rectangles side by side or below one another are joined.
    fn areas(&self) -> BTreeMap<Ownership, Vec<Rect>> {
        let mut areas: BTreeMap<Ownership, Vec<Rect>> = BTreeMap::new();
        let mut above: HashMap<(i32, i32), (Ownership, Rect)> = HashMap::new();
        let mut close = |ownership: Ownership, rect: Rect| areas.entry(ownership).or_default().push(rect);
        for row in &self.rows.list {
            let mut here: HashMap<(i32, i32), (Ownership, Rect)> = HashMap::new();
            for (from, to, ownership) in self.strips(row) {
                let span = (from, to);
                let grown = match above.remove(&span) {
                    Some((before, mut rect)) if before == ownership => {
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
                here.insert(span, (ownership, grown));
            }
            above.into_values().for_each(|(ownership, rect)| close(ownership, rect));
            above = here;
        }
        above.into_values().for_each(|(ownership, rect)| close(ownership, rect));
        // Rectangles from the hash tables have no order yet.
        areas.values_mut().for_each(|rects| rects.sort_by_key(|rect| (rect.y, rect.x, rect.height)));
        areas
    }

    /// The ownership along a row, equal neighbours joined.
    fn strips(&self, row: &Band) -> Vec<(i32, i32, Ownership)> {
        let mut strips: Vec<(i32, i32, Ownership)> = Vec::with_capacity(self.columns.list.len());
        for column in &self.columns.list {
            let ownership = self.drawn.ownership(row, column, self.grouped());
            match strips.last_mut() {
                Some((_, to, last)) if *last == ownership => *to = column.to,
                _ => strips.push((column.from, column.to, ownership)),
            }
        }
        strips
    }

    /// The colour of the owner, present or not.
    fn ground(&self, ownership: &Ownership, rects: &[Rect], marks: &mut Marks, scene: &mut Scene) {
        match ownership {
            Ownership::Owned(owner, others) => {
                self.owned(owner, rects, scene);
                for other in others {
                    marks.shared = true;
                    let colors = self.drawn.colors(other, [self.rows.group, self.columns.group]);
                    scene.fill(rects.to_vec(), colors.hatch(slant(other)));
                }
            }
            Ownership::Gap | Ownership::Missing(_) if self.drawn.subject.state == SubjectState::Partial => {
                marks.unknown = true;
                scene.fill(rects.to_vec(), Paint::Hatch(self.shades.line, Slant::Rising));
            }
            Ownership::Overlap(owners) | Ownership::Outside(owners) => {
                if let Some(first) = owners.first() {
                    self.owned(first, rects, scene);
                }
            }
            Ownership::Gap | Ownership::Missing(_) => {}
        }
    }

    fn owned(&self, owner: &DrawnOwner, rects: &[Rect], scene: &mut Scene) {
        let colors = self.drawn.colors(owner, [self.rows.group, self.columns.group]);
        let narrow = self.rows.average().min(self.columns.average()) < 7
            || rects.iter().any(|rect| rect.width < 3 || rect.height < 3);
        let mut title = owner.words();
        let mut data = Vec::new();
        let coordinates: Vec<String> = owner.coordinates.iter().map(ToString::to_string).collect();
        match owner.rank {
            Some(rank) => {
                data.push(("rank", rank.to_string()));
                data.push(("coordinates", coordinates.join(",")));
                if let Some(owned) = self.drawn.owned(owner) {
                    let range = self.drawn.range(owner).map(|range| format!(" {range},")).unwrap_or_default();
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
    fn group_words(&self, owner: &DrawnOwner) -> String {
        let mut words = Vec::new();
        for (dim, bands) in [(self.drawn.rows, &self.rows), (self.drawn.columns, &self.columns)] {
            let Some((dim, axis)) = dim.zip(self.drawn.axis(dim)) else { continue };
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

/// The hatching of a rank: neighbours on the grid have different slants.
pub(super) fn slant(owner: &DrawnOwner) -> Slant {
    if owner.coordinates.iter().fold(0, |sum, at| sum + at % 2) % 2 == 0 { Slant::Rising } else { Slant::Falling }
}
