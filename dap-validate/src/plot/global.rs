//! The view of the whole array, or of a window of it: who owns what, with padding and faults over it.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::axis::Role;
use super::bands::{Band, Bands};
use super::board::{Board, Holder, Owner, Verdict};
use super::marks::Marks;
use super::palette::{Color, Shades};
use super::scene::{Anchor, Area, Outline, Paint, Rect, Scene, Slant, Text};
use super::subject::State;
use super::text;
use super::ticks::{self, Along};

/// A window of the array and where it goes on the page.
pub(super) struct View {
    pub(super) class: &'static str,
    pub(super) at: Rect,
    pub(super) rows: Range<i64>,
    pub(super) columns: Range<i64>,
}

/// So many rectangles at most: as many crossings of bands.
const MOST_CELLS: usize = 19_600;
/// And so many along a view that has but one dimension.
const MOST_ALONG: usize = 2_000;
/// Blocks of more ranks than this have no labels, and their padding is left out.
const MOST_LABELS: usize = 1_200;
const MOST_HALOS: i64 = 256;

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

impl Drawing<'_> {
    /// What a program needs to find the element under the pointer.
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

    /// The areas of all owners and of what nobody owns.
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
        // What came out of the hash tables has no order yet.
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

    /// Who owns it, or would.
    fn ground(&self, verdict: &Verdict, rects: &[Rect], marks: &mut Marks, scene: &mut Scene) {
        match verdict {
            Verdict::Owned(owner, others) => {
                self.owned(owner, rects, scene);
                for other in others {
                    marks.shared = true;
                    let ink = self.board.colors(other, [self.rows.group, self.columns.group]).ink;
                    scene.fill(rects.to_vec(), Paint::Hatch(ink, slant(other)));
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

    /// What is wrong with it, in red.
    fn fault(&self, verdict: &Verdict, rects: &[Rect], marks: &mut Marks, scene: &mut Scene) {
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
        let Some(largest) = rects.iter().max_by_key(|rect| size(rect)) else { return };
        let (label, rim) = match verdict {
            Verdict::Missing(rank) => (format!("rank {rank}?"), self.shades.blank),
            Verdict::Overlap(owners) => (ranks(owners).replace(',', "+"), self.shades.paper),
            _ => return,
        };
        self.label(*largest, &label, color, Some(rim), scene);
    }

    fn owned(&self, owner: &Owner, rects: &[Rect], scene: &mut Scene) {
        let colors = self.board.colors(owner, [self.rows.group, self.columns.group]);
        let narrow = rects.iter().any(|rect| rect.width < 5 || rect.height < 5);
        let mut title = owner.words();
        let mut data = Vec::new();
        let coordinates: Vec<String> = owner.coordinates.iter().map(ToString::to_string).collect();
        match owner.rank {
            Some(rank) => {
                data.push(("rank", rank.to_string()));
                data.push(("coordinates", coordinates.join(",")));
                if let Some(owned) = self.board.owned(owner) {
                    title += &format!(" owns {owned} elements");
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

    /// Faint lines between elements that are large enough.
    fn cell_lines(&self, scene: &mut Scene) {
        let (Some(width), Some(height)) = (self.columns.cell(), self.rows.cell()) else { return };
        let (one_row, one_column) = (self.board.rows.is_none(), self.board.columns.is_none());
        if width < 9 || height < 9 {
            return;
        }
        let mut lines = Vec::new();
        let steps = |pixels: i32, cell: i32, off: bool| (1..if off { 1 } else { pixels / cell }).map(move |k| k * cell);
        lines.extend(
            steps(self.at.width, width, one_column)
                .map(|x| [self.at.x + x, self.at.y, self.at.x + x, self.at.bottom()]),
        );
        lines.extend(
            steps(self.at.height, height, one_row).map(|y| [self.at.x, self.at.y + y, self.at.right(), self.at.y + y]),
        );
        scene.lines(lines, Outline { color: self.shades.paper, tenths: 4, dashed: false });
    }

    /// Boundary padding, across the whole of the other dimension.
    fn boundary(&self, marks: &mut Marks, scene: &mut Scene) {
        let mut rects = Vec::new();
        for (dim, bands, down) in [(self.board.rows, &self.rows, true), (self.board.columns, &self.columns, false)] {
            let Some(axis) = self.board.axis(dim) else { continue };
            let [lower, upper] = axis.boundary;
            for (start, stop) in [(0, lower), (axis.declared.saturating_sub(upper), axis.declared)] {
                let (start, stop) = (start.max(bands.window.start), stop.min(bands.window.end));
                if start < stop {
                    let (from, to) = (bands.pixel(start), bands.pixel(stop));
                    rects.push(match down {
                        true => Rect { y: self.at.y + from, height: (to - from).max(2), ..self.at },
                        false => Rect { x: self.at.x + from, width: (to - from).max(2), ..self.at },
                    });
                }
            }
        }
        marks.boundary |= !rects.is_empty();
        scene.fill(rects, Paint::Dots(Color(0x1B_1F_24)));
    }

    /// Communication padding: where a rank's buffer reaches into what others own.
    fn halos(&self, marks: &mut Marks, scene: &mut Scene) {
        let [rows, columns] = self.board.grid();
        if self.grouped() || !self.exact() || rows.saturating_mul(columns) > MOST_HALOS {
            marks.halos_left_out = true;
            return;
        }
        for holder in self.board.first_ranks(rows, columns) {
            let rects: Vec<Rect> = self.halo(&holder);
            if rects.is_empty() {
                continue;
            }
            if rects.iter().any(|rect| rect.width < 2 || rect.height < 2) {
                marks.halos_left_out = true;
                continue;
            }
            marks.communication = true;
            let ink = self.board.colors(&holder.owner, [1, 1]).ink;
            let title = format!("{} holds copies of this", holder.owner.words());
            let data = vec![("halo", holder.owner.rank.unwrap_or(0).to_string())];
            let paint = Paint::Hatch(ink, slant(&holder.owner));
            scene.area(Area { rects, paint, outline: None, data, title });
        }
    }

    /// The rectangles of a rank's communication padding; a halo that wraps round lies at the other end.
    fn halo(&self, holder: &Holder) -> Vec<Rect> {
        let mut rects = Vec::new();
        for (row, column) in holder.parts() {
            if row.role != Role::Communication && column.role != Role::Communication {
                continue;
            }
            for (top, bottom) in self.pixels(self.board.rows, &self.rows, row.global, row.len) {
                for (left, right) in self.pixels(self.board.columns, &self.columns, column.global, column.len) {
                    rects.push(Rect::edges(self.at.x + left, self.at.y + top, self.at.x + right, self.at.y + bottom));
                }
            }
        }
        rects.retain(|rect| !rect.is_empty());
        rects
    }

    /// Where a range of global indices lies in the view, wrapped round the ends.
    fn pixels(&self, dim: Option<usize>, bands: &Bands, start: i64, len: i64) -> Vec<(i32, i32)> {
        let Some(axis) = self.board.axis(dim) else { return vec![(0, bands.pixels)] };
        let stop = start.saturating_add(len);
        let size = axis.declared;
        let wrapped =
            [(start.saturating_add(size), size), (start.max(0), stop.min(size)), (0, stop.saturating_sub(size))];
        let clipped = wrapped.iter().map(|(from, to)| ((*from).max(bands.window.start), (*to).min(bands.window.end)));
        // The first is there only below 0, the last only beyond the end.
        let there = [start < 0, true, stop > size];
        let kept = clipped.zip(there).filter(|((from, to), there)| *there && from < to);
        kept.map(|((from, to), _)| (bands.pixel(from), bands.pixel(to))).collect()
    }

    /// Rank numbers, in every rectangle if there are few, else in the largest of each rank.
    fn labels(&self, owned: &[(&Owner, &Vec<Rect>)], marks: &mut Marks, scene: &mut Scene) {
        let all = owned.iter().map(|(_, rects)| rects.len()).sum::<usize>() <= MOST_LABELS / 4;
        for (owner, rects) in owned {
            let Some(rank) = owner.rank else { continue };
            let mut colors = self.board.colors(owner, [1, 1]);
            if self.board.subject.is_misplaced(rank) {
                marks.misplaced = true;
                (colors.text, colors.fill) = (self.shades.wrong, self.shades.paper);
            }
            let largest = rects.iter().max_by_key(|rect| size(rect));
            let chosen: Vec<Rect> = if all { rects.to_vec() } else { largest.into_iter().copied().collect() };
            let mut any = false;
            for rect in chosen {
                any |= self.label(rect, &rank.to_string(), colors.text, Some(colors.fill), scene);
            }
            marks.unlabelled |= !any;
        }
    }

    /// A label in the middle of a rectangle, if it fits in one of three sizes.
    fn label(&self, rect: Rect, label: &str, color: Color, rim: Option<Color>, scene: &mut Scene) -> bool {
        let fits = |tenths: &i32| {
            let size = *tenths as f32 / 10.0;
            text::width(label, size) + 2.0 <= rect.width as f32 && size + 1.0 <= rect.height as f32
        };
        let Some(tenths) = [140, 110, 85, 70].into_iter().find(fits) else { return false };
        let (x, y) = (rect.x + rect.width / 2, rect.y + rect.height / 2 + tenths * 36 / 1000);
        scene.text(Text { rim, ..Text::new(x, y, tenths, color, label).anchor(Anchor::Middle) });
        true
    }

    /// Faults that bands of several indices may have swallowed.
    fn faults(&self, marks: &mut Marks, scene: &mut Scene) {
        const MOST: usize = 500;
        let mut rects = [Vec::new(), Vec::new()];
        for (dim, bands, down) in [(self.board.rows, &self.rows, true), (self.board.columns, &self.columns, false)] {
            let Some(axis) = self.board.axis(dim).filter(|_| bands.indices.is_some()) else { continue };
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
        scene.fill(gaps, Paint::Solid(self.shades.wrong));
        scene.fill(overlaps, Paint::Cross(self.shades.wrong));
    }

    /// The rim; dashed where the array is periodic, as it goes on there.
    fn frame(&self, scene: &mut Scene) {
        let Rect { x, y, .. } = self.at;
        let (right, bottom) = (self.at.right(), self.at.bottom());
        let periodic = |dim| self.board.axis(dim).is_some_and(|axis| axis.periodic);
        let sides = [
            (periodic(self.board.rows), [[x, y, right, y], [x, bottom, right, bottom]]),
            (periodic(self.board.columns), [[x, y, x, bottom], [right, y, right, bottom]]),
        ];
        for (dashed, lines) in sides {
            let (color, tenths) = if dashed { (self.shades.ink, 25) } else { (self.shades.line, 10) };
            scene.lines(lines.to_vec(), Outline { color, tenths, dashed });
        }
    }

    /// Global indices above and at the left.
    fn ticks(&self, scene: &mut Scene) {
        const TENTHS: i32 = 100;
        let size = TENTHS as f32 / 10.0;
        let color = self.shades.muted;
        if let Some(axis) = self.board.axis(self.board.columns) {
            for tick in ticks::of(axis, &self.columns, size, Along::Row) {
                let at = Text::new(self.at.x + tick.at, self.at.y - 5, TENTHS, color, tick.label);
                scene.text(at.anchor(Anchor::Middle));
            }
        }
        if let Some(axis) = self.board.axis(self.board.rows) {
            for tick in ticks::of(axis, &self.rows, size, Along::Column) {
                let at = Text::new(self.at.x - 5, self.at.y + tick.at + 4, TENTHS, color, tick.label);
                scene.text(at.anchor(Anchor::End));
            }
        }
    }
}

fn size(rect: &Rect) -> i64 {
    i64::from(rect.width) * i64::from(rect.height)
}

/// Neighbours' hatchings cross.
pub(super) fn slant(owner: &Owner) -> Slant {
    if owner.coordinates.iter().fold(0, |sum, at| sum + at % 2) % 2 == 0 { Slant::Rising } else { Slant::Falling }
}
