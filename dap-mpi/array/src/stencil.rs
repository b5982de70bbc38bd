//! Stencils: each element from its neighbours, which other processes may hold.
//!
//! A process reads its own elements where they lie, and the neighbours' in messages that travel
//! while it computes the interior ([`halo`](crate::halo)). The radius may be larger than a
//! process's part. An array whose processes do not own intervals (cyclic and most unstructured
//! dimensions) is moved to blocks along those dimensions, unless the stencil does not reach along
//! them, and the result is moved back; [`DynArray::explain_stencil`] says so.

mod kernel;

use std::fmt::Write;

use dap_core::algebra::{Placement, Slice, Subscript};
use dap_core::dim::Dim;
use dap_kernels::element::Element;
use dap_kernels::stencil::Store;
use dap_kernels::view::View;
use dap_mpi::Result;

use crate::align;
use crate::array::DynArray;
use crate::calls::Same;
use crate::error::{Checked, argument};
use crate::halo::{Exchange, Halo, Offset, Outside, region_of};
use crate::owned::in_blocks;
use crate::typed::DistArray;
pub use kernel::{Boundary, Stencil};

impl<T: Element> Boundary<T> {
    fn outside(&self) -> Outside {
        match self {
            Boundary::None => Outside::Nothing,
            Boundary::Constant(_) => Outside::Constant,
            Boundary::Periodic => Outside::Periodic,
            Boundary::Reflect => Outside::Reflect,
            Boundary::Nearest => Outside::Nearest,
        }
    }
}

/// Where a stencil is computed, and what each process reads there.
struct Plan {
    placement: Placement,
    halo: Halo,
}

impl DynArray {
    /// A new array of the results of a stencil, in this distribution. Elements that are not
    /// computed ([`Boundary::None`]) are 0. Collective.
    ///
    /// # Errors
    /// A stencil of another type or number of axes; a failure of the array on some rank, or not
    /// enough memory.
    #[track_caller]
    pub fn stencil<T: Element>(&self, stencil: &Stencil<'_, T>, boundary: Boundary<T>) -> Result<DynArray> {
        let _call = self.enter("stencil", std::any::type_name::<T>())?;
        let plan = self.planned(stencil, &boundary)?;
        let result = match boundary {
            Boundary::None => DynArray::zeros(self.context(), self.placement(), self.dtype())?,
            _ if stencil.adds() => DynArray::zeros(self.context(), self.placement(), self.dtype())?,
            _ => self.empty_like_on(self.placement())?,
        };
        self.computed_into(stencil, boundary, &plan, &result)?;
        Ok(result)
    }

    /// Writes the results of a stencil into an array of the same shape and type. Elements that are
    /// not computed ([`Boundary::None`]) keep their values. If the arrays share memory, the stencil
    /// reads the elements as they were before the first write. Collective.
    ///
    /// # Errors
    /// As [`stencil`](DynArray::stencil); a target of another shape, type or context, or that
    /// cannot be written. Nothing is written then.
    #[track_caller]
    pub fn stencil_into<T: Element>(
        &self,
        stencil: &Stencil<'_, T>,
        boundary: Boundary<T>,
        target: &DynArray,
    ) -> Result<()> {
        let _call = self.enter("stencil_into", Same(target))?;
        if target.shape() != self.shape() || target.dtype() != self.dtype() {
            return argument(format!(
                "{target:?} cannot hold results of {self:?}: shapes and types are to be the same"
            ));
        }
        align::check_contexts([target], self)?;
        target.check_single()?;
        let plan = self.planned(stencil, &boundary)?;
        self.computed_into(stencil, boundary, &plan, target)
    }

    /// What [`stencil`](DynArray::stencil) moves: the array, if it moves to blocks, and the halo.
    /// Local.
    ///
    /// # Errors
    /// As [`stencil`](DynArray::stencil), failures of a rank excepted.
    pub fn explain_stencil<T: Element>(&self, stencil: &Stencil<'_, T>, boundary: Boundary<T>) -> Result<String> {
        let Plan { placement, halo } = self.planned(stencil, &boundary)?;
        let itemsize = self.dtype().itemsize();
        let mut text = format!("x0: {} {}\n", self.dtype().name(), self.placement());
        let moves = |text: &mut String, from: &Placement, to: &Placement| -> Result<()> {
            let cost = from.cost_to(to).checked()?;
            let bytes = cost.elements.saturating_mul(itemsize);
            // Writing to a string does not fail.
            let _ = writeln!(text, "    moves to {to}: {bytes} bytes in {} messages", cost.messages);
            Ok(())
        };
        if placement != *self.placement() {
            moves(&mut text, self.placement(), &placement)?;
        }
        let _ = writeln!(text, "    {}", halo.text(itemsize, None)?);
        if placement != *self.placement() {
            let _ = writeln!(text, "y0: {} {placement}", self.dtype().name());
            moves(&mut text, &placement, self.placement())?;
        } else {
            let _ = writeln!(text, "y0: {} {placement}", self.dtype().name());
        }
        Ok(text)
    }

    /// The halo of a stencil, on this array or on the same elements in blocks.
    fn planned<T: Element>(&self, stencil: &Stencil<'_, T>, boundary: &Boundary<T>) -> Result<Plan> {
        self.check_type::<T>()?;
        if stencil.ndim() != self.ndim() {
            let (found, expected) = (stencil.ndim(), self.ndim());
            return argument(format!("the stencil has {found} axes, the array {expected}: they are to be as many"));
        }
        let outside = boundary.outside();
        let reduced = |offset: &Offset| -> Offset {
            offset.iter().zip(self.shape()).map(|(&at, &extent)| outside.reduced(at, extent)).collect()
        };
        let taps: Vec<Offset> = stencil.offsets().iter().map(reduced).collect();
        let placement = self.placement();
        if let Some(halo) = Halo::new(placement, placement, &taps, outside)? {
            return Ok(Plan { placement: placement.clone(), halo });
        }
        let reaches = |axis: usize| taps.iter().any(|tap| tap[axis] != 0);
        let blocks = in_blocks(placement, |axis, dim| reaches(axis) && !matches!(dim, Dim::Block(_)))?;
        match Halo::new(&blocks, &blocks, &taps, outside)? {
            Some(halo) => Ok(Plan { placement: blocks, halo }),
            None => argument(format!("{blocks} has no neighbours along its axes")),
        }
    }

    /// Computes a stencil where it was planned, and brings the results to the target.
    fn computed_into<T: Element>(
        &self,
        stencil: &Stencil<'_, T>,
        boundary: Boundary<T>,
        plan: &Plan,
        target: &DynArray,
    ) -> Result<()> {
        let source =
            if plan.placement == *self.placement() { self.clone() } else { self.redistribute(&plan.placement)? };
        if plan.placement == *target.placement() {
            // The neighbours are as they were before the first write.
            let source = if source.shares_memory(target) { source.copy()? } else { source };
            return source.compute_stencil(stencil, &boundary, &plan.halo, target, stencil.store());
        }
        let results = target.empty_like_on(&plan.placement)?;
        source.compute_stencil(stencil, &boundary, &plan.halo, &results, Store::Set)?;
        let computed: Vec<Subscript> =
            plan.halo.computed().iter().map(|range| Subscript::Slice(Slice::range(range.start, range.end))).collect();
        let (target, results) = (target.part(&computed)?, results.part(&computed)?);
        if stencil.adds() { target.assign(target.expr() + results.expr()) } else { target.copy_from(&results) }
    }

    /// Computes a stencil into an array of the halo's placement. Collective.
    fn compute_stencil<T: Element>(
        &self,
        stencil: &Stencil<'_, T>,
        boundary: &Boundary<T>,
        halo: &Halo,
        target: &DynArray,
        store: Store,
    ) -> Result<()> {
        let constant = match boundary {
            Boundary::Constant(value) => std::slice::from_ref(value),
            _ => &[],
        };
        let constant = (!constant.is_empty()).then(|| View::of(constant));
        let sides = Exchange::prepare(&[(halo, self, constant)]).and_then(|exchange| Ok((exchange, target.write()?)));
        let (exchange, mut writing) = target.context().comm().agree(sides)?;
        let taps: Vec<Vec<isize>> = halo.taps().iter().map(|tap| tap.iter().map(|&at| at as isize).collect()).collect();
        let computed = exchange.run(target.context().comm(), |region, views| {
            let (Some(writing), [view]) = (&mut writing, views) else { return Ok(()) };
            stencil.apply(&taps, view, region_of(writing.view_mut()?, region)?, store).checked()
        });
        let finished = computed.and_then(|()| writing.map_or(Ok(()), crate::access::Writing::finish));
        if let Err(error) = finished {
            target.storage().fail(error);
        }
        Ok(())
    }
}

impl<T: Element> DistArray<T> {
    /// As [`DynArray::stencil`]. Collective.
    ///
    /// # Errors
    /// As [`DynArray::stencil`].
    #[track_caller]
    pub fn stencil(&self, stencil: &Stencil<'_, T>, boundary: Boundary<T>) -> Result<DistArray<T>> {
        DynArray::stencil(self, stencil, boundary)?.typed()
    }

    /// Overwrites the elements by the results of a stencil on another array, as
    /// [`DynArray::stencil_into`]. Collective.
    ///
    /// # Errors
    /// As [`DynArray::stencil_into`].
    #[track_caller]
    pub fn assign_stencil(&mut self, source: &DynArray, stencil: &Stencil<'_, T>, boundary: Boundary<T>) -> Result<()> {
        source.stencil_into(stencil, boundary, self)
    }
}
