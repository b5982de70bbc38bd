//! Operands that are views of one array, shifted against one another: `a[2:] + a[:-2]`.
//!
//! Each process has most of their elements itself, wherever the result lies in blocks. Only the
//! elements of its neighbours' parts move, once for all operands: the halo of the view that holds
//! all of them. The interior of the result is computed while they travel.

use std::ops::Range;

use dap_core::algebra::{Alignment, OperandMove, Placement, View as ArrayView, ViewAxis};
use dap_core::cost_model::Machine;
use dap_kernels::view::View;
use dap_mpi::Result;

use super::compiled::Compiled;
use crate::access::{Reading, Writing};
use crate::array::DynArray;
use crate::context::Context;
use crate::error::{Checked, no_elements};
use crate::halo::{Exchange, Halo, MOST_EXTENT, Offset, Outside, region_of};

/// The operands of an expression that are read with halos.
pub(super) struct Shifted {
    groups: Vec<Group>,
    /// For each operand its group, and its tap there; `None` if it is read where it lies, or moves.
    operands: Vec<Option<(usize, Offset)>>,
}

/// Shifted views of one array.
struct Group {
    /// The view that holds all of them.
    hull: DynArray,
    halo: Halo,
}

/// The bytes on a rank, on average, that the halo of one operand has at most.
const HALO_BYTES: i64 = 16 << 20;

impl Shifted {
    /// All operands are read where they lie, or move.
    pub(super) fn none(arrays: &[DynArray]) -> Shifted {
        Shifted { groups: Vec::new(), operands: vec![None; arrays.len()] }
    }

    /// The operands that are read with halos because they would move otherwise.
    pub(super) fn of(arrays: &[DynArray], alignment: &Alignment) -> Result<Shifted> {
        let mut shifted = Shifted::none(arrays);
        if alignment.moves().is_empty() {
            return Ok(shifted);
        }
        let result = alignment.result().without_padding().checked()?;
        for it in alignment.moves() {
            if shifted.operands[it.operand].is_none() {
                shifted.add(arrays, it.operand, alignment.moves(), &result)?;
            }
        }
        Ok(shifted)
    }

    /// Adds the group of an operand, if a halo moves no more elements than its operands' moves.
    fn add(&mut self, arrays: &[DynArray], first: usize, moves: &[OperandMove], result: &Placement) -> Result<()> {
        let is_whole = |view: &ArrayView| view.axes().iter().all(|axis| matches!(axis, ViewAxis::Dim { .. }));
        let base = &arrays[first];
        let fits = base.ndim() > 0 && base.shape() == result.shape() && is_whole(base.view());
        if !fits || base.shape().iter().any(|&extent| extent > MOST_EXTENT) {
            return Ok(());
        }
        let shift = |array: &DynArray| {
            let is_candidate = array.shares_memory(base) && array.shape() == result.shape();
            is_candidate.then(|| array.view().shift_from(base.view())).flatten()
        };
        let members: Vec<(usize, Offset)> =
            arrays.iter().enumerate().filter_map(|(number, array)| Some((number, shift(array)?))).collect();
        let end = |axis: usize, pick: fn(i64, i64) -> i64| members.iter().map(|(_, shift)| shift[axis]).fold(0, pick);
        let low: Offset = (0..base.ndim()).map(|axis| end(axis, i64::min)).collect();
        let high: Offset = (0..base.ndim()).map(|axis| end(axis, i64::max)).collect();
        let before: Offset = low.iter().map(|&at| -at).collect();
        // A slice of another dimension than a block may be too irregular where its parts are not.
        let Ok(hull) = base.viewed(base.view().widened(&before, &high)) else { return Ok(()) };
        let taps: Vec<Offset> =
            members.iter().map(|(_, shift)| shift.iter().zip(&low).map(|(at, low)| at - low).collect()).collect();
        let Some(halo) = Halo::new(hull.placement(), result, &taps, Outside::Nothing)? else { return Ok(()) };
        let is_member = |it: &&OperandMove| members.iter().any(|(number, _)| *number == it.operand);
        let moved = moves.iter().filter(is_member).fold(0, |sum: i64, it| sum.saturating_add(it.cost.elements));
        let elements = halo.cost()?.elements;
        // One operand that moves as a whole is copied straight to where it belongs, without
        // messages that are held beside it.
        let bytes = elements.saturating_mul(hull.dtype().itemsize()) / result.layout().processes().max(1);
        let is_mostly_here = elements <= result.layout().len() / 2 && bytes <= HALO_BYTES;
        if elements > moved || members.len() == 1 && !is_mostly_here {
            return Ok(());
        }
        for ((number, _), tap) in members.into_iter().zip(taps) {
            self.operands[number] = Some((self.groups.len(), tap));
        }
        self.groups.push(Group { hull, halo });
        Ok(())
    }

    /// Whether no operand is read with a halo.
    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Whether an operand is read with a halo, so that it does not move.
    pub(super) fn has(&self, operand: usize) -> bool {
        self.operands[operand].is_some()
    }

    /// The sentence of `explain` about an operand, with the predicted time if a machine is
    /// described.
    pub(super) fn text(&self, operand: usize, itemsize: i64, machine: Option<&Machine>) -> Result<Option<String>> {
        let Some((group, _)) = &self.operands[operand] else { return Ok(None) };
        let first = self.operands.iter().position(|it| it.as_ref().is_some_and(|(other, _)| other == group));
        match first {
            Some(first) if first != operand => Ok(Some(format!("shares the halo of x{first}"))),
            _ => self.groups[*group].halo.text(itemsize, machine).map(Some),
        }
    }

    /// Calls `body` with the operands of the whole result, in boxes of this process's part: each is
    /// read once. Operands without a halo lie where the result does, whose elements on this process
    /// have these extents. Collective.
    ///
    /// # Errors
    /// A failure of an operand on some rank; that of `body`.
    pub(super) fn each_region(
        &self,
        context: &Context,
        operands: &[DynArray],
        extents: &[usize],
        mut body: impl FnMut(&[Range<i64>], &[View<'_>]) -> Result<()>,
    ) -> Result<()> {
        let sides = Exchange::prepare(&self.sources()).and_then(|exchange| Ok((exchange, self.readings(operands)?)));
        let (exchange, readings) = context.comm().agree(sides)?;
        exchange.run(context.comm(), |region, views| body(region, &self.inputs(views, &readings, extents, region)?))
    }

    /// The arrays that are read with halos.
    fn sources(&self) -> Vec<(&Halo, &DynArray, Option<View<'_>>)> {
        self.groups.iter().map(|group| (&group.halo, &group.hull, None)).collect()
    }

    /// This process's elements of the operands without a halo.
    fn readings<'a>(&self, operands: &'a [DynArray]) -> Result<Vec<Option<Reading<'a>>>> {
        let read = |(number, operand)| if self.has(number) { Ok(None) } else { DynArray::read(operand) };
        operands.iter().enumerate().map(read).collect()
    }

    /// The elements of all operands in a region of the result.
    fn inputs<'v>(
        &self,
        views: &[View<'v>],
        readings: &'v [Option<Reading<'_>>],
        extents: &[usize],
        region: &[Range<i64>],
    ) -> Result<Vec<View<'v>>> {
        let input = |(shifted, reading): (&Option<(usize, Offset)>, &'v Option<Reading<'_>>)| match shifted {
            Some((group, tap)) => tapped(&views[*group], tap, region),
            None => part_of(reading.as_ref(), extents, region),
        };
        self.operands.iter().zip(readings).map(input).collect()
    }

    /// Computes an expression into an array, whose elements it does not read but in place. The
    /// operands without a halo lie where the target's elements are. Collective.
    ///
    /// # Errors
    /// A failure of an operand or of the target on some rank. Nothing is written then.
    pub(super) fn run(mut self, compiled: &Compiled, operands: &[DynArray], target: &DynArray) -> Result<()> {
        // The right side is as it was before the first write.
        for group in self.groups.iter_mut().filter(|group| group.hull.shares_memory(target)) {
            group.hull = group.hull.copy()?;
        }
        let sides = Exchange::prepare(&self.sources())
            .and_then(|exchange| Ok((exchange, self.readings(operands)?, target.write()?)));
        let (exchange, readings, mut writing) = target.context().comm().agree(sides)?;
        let computed = exchange.run(target.context().comm(), |region, views| {
            let Some(writing) = &mut writing else { return Ok(()) };
            let output = writing.view_mut()?;
            let extents = output.shape().to_vec();
            let inputs = self.inputs(views, &readings, &extents, region)?;
            compiled.compute(region_of(output, region)?, &inputs)
        });
        let finished = computed.and_then(|()| writing.map_or(Ok(()), Writing::finish));
        if let Err(error) = finished {
            target.storage().fail(error);
        }
        Ok(())
    }
}

/// The elements of a region at one tap.
fn tapped<'v>(view: &View<'v>, tap: &[i64], region: &[Range<i64>]) -> Result<View<'v>> {
    region.iter().zip(tap).enumerate().try_fold(view.clone(), |view, (axis, (range, &tap))| {
        // The view reaches as far as the taps, which are not below 0.
        view.slice_axis(axis, tap as usize, (range.end - range.start) as usize, 1).checked()
    })
}

/// The elements of a region of an operand that lies where the target's elements do.
fn part_of<'v>(reading: Option<&'v Reading<'_>>, extents: &[usize], region: &[Range<i64>]) -> Result<View<'v>> {
    let Some(reading) = reading else { return Err(no_elements()) };
    broadcast_part(reading.view()?, extents, region)
}

/// The elements of an operand in a region of elements with these extents; along axes of one element
/// the operand is broadcast.
pub(super) fn broadcast_part<'v>(view: View<'v>, extents: &[usize], region: &[Range<i64>]) -> Result<View<'v>> {
    let new = extents.len().saturating_sub(view.ndim());
    (0..view.ndim()).try_fold(view, |view, axis| {
        let range = &region[new + axis];
        if view.shape()[axis] != extents[new + axis] {
            return Ok(view);
        }
        view.slice_axis(axis, range.start as usize, (range.end - range.start) as usize, 1).checked()
    })
}
