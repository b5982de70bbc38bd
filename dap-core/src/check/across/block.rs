//! Neighbouring blocks: they abut, and their padding fits.

use crate::check::Edition;
use crate::check::across::ghosts;
use crate::check::across::owned::{self, Owned};
use crate::check::across::part::{DimContext, DimPart};
use crate::check::section::BlockSection;
use crate::dim::{self, Block};
use crate::finding::{Diagnostics, Finding, Key, Place};
use crate::rules::RuleId;

type Parts<'a> = [DimPart<'a, BlockSection>];

/// Checks the blocks in order of their grid ranks.
pub(super) fn check_all(context: &DimContext<'_>, parts: &Parts<'_>, diagnostics: &mut Diagnostics) -> Option<Block> {
    if context.edition == Some(Edition::V0_9) && context.has_padding.unanimous().is_none() {
        presence_of_padding(context, diagnostics);
    }
    ghosts::explain(context, parts, context.surplus, diagnostics);
    let mut edges = Edges { context, parts, gaps: Vec::new() };
    for (left, pair) in parts.windows(2).enumerate() {
        if pair[1].grid_rank == pair[0].grid_rank + 1 {
            edges.check_edge(left, diagnostics);
        }
    }
    // Only version 0.9 has communication padding at the outer ends: the halo that wraps round them.
    if let (Some(first), Some(last)) = (parts.first(), parts.last())
        && context.periodic == Some(true)
        && context.complete
    {
        edges.check_padding(last, first, diagnostics);
    }
    edges.report_gaps(diagnostics);
    let periodic = context.periodic?;
    if !context.complete {
        return None;
    }
    check_periodic_images(context, parts, periodic, diagnostics);
    let mut sections: Vec<dim::BlockSection> = parts.iter().map(section).collect();
    if let [first, ..] = &mut *sections {
        first.boundary_lo = context.boundary[0];
    }
    if let [.., last] = &mut *sections {
        last.boundary_hi = context.boundary[1];
    }
    Block::from_sections(context.size, periodic, &sections).ok()
}

fn section(part: &DimPart<'_, BlockSection>) -> dim::BlockSection {
    let BlockSection { start, stop, communication: [comm_lo, comm_hi] } = *part.section;
    dim::BlockSection { owned_start: start, owned_stop: stop, comm_lo, comm_hi, boundary_lo: 0, boundary_hi: 0 }
}

fn presence_of_padding(context: &DimContext<'_>, diagnostics: &mut Diagnostics) {
    if let Some((_, ranks)) = context.has_padding.others().next() {
        diagnostics.add_over(ranks.clone(), context.finding(RuleId::PADDING_PRESENCE, Key::Padding));
    }
}

/// The inner edges of the dimension.
struct Edges<'a> {
    context: &'a DimContext<'a>,
    parts: &'a Parts<'a>,
    /// The edges where blocks do not abut, by the index of their left part.
    gaps: Vec<Gap>,
}

struct Gap {
    left: usize,
    right: usize,
    /// Whether the bounds would abut if communication padding lay outside of them.
    fits_v0_9: bool,
}

impl Edges<'_> {
    /// Checks the edge between part `left` and the next.
    fn check_edge(&mut self, left: usize, diagnostics: &mut Diagnostics) {
        let right = left + 1;
        let (a, b) = (self.parts[left].section, self.parts[right].section);
        let widths_fit = self.check_padding(&self.parts[left], &self.parts[right], diagnostics);
        if widths_fit && a.stop != b.start {
            let written = (a.stop.saturating_add(a.communication[1]), b.start.saturating_sub(b.communication[0]));
            self.gaps.push(Gap { left, right, fits_v0_9: a.communication[1] > 0 && written.0 == written.1 });
        }
    }

    /// Whether the widths on both sides of an edge are equal and filled by the neighbour.
    fn check_padding(
        &self,
        left: &DimPart<'_, BlockSection>,
        right: &DimPart<'_, BlockSection>,
        diagnostics: &mut Diagnostics,
    ) -> bool {
        let (above, below) = (left.section.communication[1], right.section.communication[0]);
        if above != below {
            let finding = self
                .context
                .finding(RuleId::PADDING_UNEQUAL, Key::Padding)
                .with("left", left.grid_rank)
                .with("left_width", above)
                .with("right", right.grid_rank)
                .with("right_width", below)
                .related(left.rank, self.context.place(Key::Padding), format!("{above} above"));
            diagnostics.add(right.rank, finding);
            return false;
        }
        let narrow = |here: &DimPart<'_, BlockSection>, neighbour: &DimPart<'_, BlockSection>| {
            let owned = neighbour.section.owned();
            (above > owned).then(|| {
                let finding = self
                    .context
                    .finding(RuleId::PADDING_EXCEEDS_NEIGHBOUR, Key::Padding)
                    .with("proc_grid_rank", here.grid_rank)
                    .with("width", above)
                    .with("neighbour", neighbour.grid_rank)
                    .with("owned", owned)
                    .note("empty", owned == 0)
                    .related(neighbour.rank, self.context.place(Key::Dim), format!("owns {owned}"));
                (here.rank, finding)
            })
        };
        let found = [narrow(right, left), narrow(left, right)];
        let fits = found.iter().all(Option::is_none);
        for (rank, finding) in found.into_iter().flatten() {
            diagnostics.add(rank, finding);
        }
        fits
    }

    fn report_gaps(&self, diagnostics: &mut Diagnostics) {
        let each_owns_all = self.parts.iter().all(|part| {
            let BlockSection { start, stop, .. } = *part.section;
            start == 0 && stop == self.context.size
        });
        let all_fit_v0_9 = self.gaps.iter().all(|gap| gap.fits_v0_9);
        let sum = self.parts.iter().try_fold(0_i64, |sum, part| sum.checked_add(part.section.owned()));
        if self.gaps.is_empty() {
            return;
        }
        let all = self.context.complete.then(|| Owned::of(self.parts));
        for gap in &self.gaps {
            let (left_part, right_part) = (&self.parts[gap.left], &self.parts[gap.right]);
            let (left, right) = (left_part.grid_rank, right_part.grid_rank);
            let (left_end, right_start) = (left_part.section.stop, right_part.section.start);
            let at_stop: Place = self.context.place(Key::Stop);
            let mut finding = self
                .context
                .finding(RuleId::BLOCKS_DO_NOT_ABUT, Key::Start)
                .with("left", left)
                .with("left_range", owned::range(left_part.section))
                .with("right", right)
                .with("right_range", owned::range(right_part.section))
                .with("gap", owned::gap(left_part, right_part, all.as_ref()))
                .related(left_part.rank, at_stop, format!("grid rank {left} ends here"))
                .note("distarray-client", all_fit_v0_9 && self.context.edition == Some(Edition::V0_10))
                .note("local-size", each_owns_all && left_end > right_start);
            if let Some(sum) = sum.filter(|_| self.context.complete) {
                finding =
                    finding.with("sum", sum).with("size", self.context.size).note("sum", sum != self.context.size);
            }
            diagnostics.add(right_part.rank, finding);
        }
    }
}

/// The check_periodic_images of a periodic dimension must lie inside of it.
fn check_periodic_images(context: &DimContext<'_>, parts: &Parts<'_>, periodic: bool, diagnostics: &mut Diagnostics) {
    let Some(first) = parts.first() else { return };
    let [lo, hi] = context.boundary;
    let interior = context.size.saturating_sub(lo).saturating_sub(hi);
    if periodic && interior < lo.max(hi) {
        let finding: Finding = context.finding(RuleId::PERIODIC_OVERLAP, Key::Padding);
        diagnostics.add(
            first.rank,
            finding.with("lo", lo).with("hi", hi).with("interior", interior).with("size", context.size),
        );
    }
}
