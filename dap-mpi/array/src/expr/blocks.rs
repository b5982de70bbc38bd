//! The results of an expression block by block, none of which is stored for long.

use std::ops::Range;

use dap_kernels::threads::threads;
use dap_kernels::view::View;
use dap_mpi::{Pieces, Result};
use dap_ndarray::Buffer;
use dap_ndarray::copy::Order;

use super::evaluate::Ready;
use super::shifted::broadcast_part;
use crate::access::{read_all, view, view_mut};
use crate::error::no_elements;

/// The elements of a block for each thread: at most half a megabyte, which a core's cache holds.
const BLOCK: i64 = 1 << 15;

impl Ready {
    /// This process's elements of the result, block by block. Collective if operands are read with
    /// halos: then the blocks of the interior come first.
    ///
    /// # Errors
    /// A failure of an operand on this process, or on some rank; that of `body`.
    pub(crate) fn each_block(&self, mut body: impl FnMut(&View<'_>) -> Result<()>) -> Result<()> {
        let section = self.placement.ranks().section(self.context().rank());
        let shape = section.and_then(|section| self.placement.layout().owned_shape(section)).unwrap_or_default();
        let mut memory = None;
        if !self.shifted.is_empty() {
            return self.shifted.each_region(self.context(), &self.operands, &sizes(&shape), |region, inputs| {
                let extents: Vec<i64> = region.iter().map(|range| range.end - range.start).collect();
                self.blocks_of(&extents, inputs, &mut memory, &mut body)
            });
        }
        if section.is_none() || shape.contains(&0) {
            return Ok(());
        }
        let readings = read_all(&self.operands)?;
        let inputs: Vec<View<'_>> =
            readings.iter().map(|reading| reading.as_ref().ok_or_else(no_elements)?.view()).collect::<Result<_>>()?;
        self.blocks_of(&shape, &inputs, &mut memory, &mut body)
    }

    /// The blocks of a part of this process's elements, of these extents, from the same part of
    /// each operand. `memory` is that of the last block.
    fn blocks_of(
        &self,
        extents: &[i64],
        inputs: &[View<'_>],
        memory: &mut Option<Buffer>,
        body: &mut impl FnMut(&View<'_>) -> Result<()>,
    ) -> Result<()> {
        let pieces = Pieces::new(extents, Order::C, BLOCK * threads() as i64);
        for number in 0..pieces.count() {
            let ranges = pieces.get(number);
            let range = |(range, &extent): (Option<Range<i64>>, &i64)| range.unwrap_or(0..extent);
            let region: Vec<Range<i64>> = ranges.into_iter().zip(extents).map(range).collect();
            let whole = sizes(extents);
            let parts = inputs.iter().map(|input| broadcast_part(input.clone(), &whole, &region));
            let parts = parts.collect::<Result<Vec<_>>>()?;
            let shape: Vec<i64> = region.iter().map(|range| range.end - range.start).collect();
            let mut block = match memory.take() {
                Some(block) if block.shape() == shape => block,
                _ => Buffer::zeros(self.element.dtype(), &shape)?,
            };
            self.run(view_mut(&mut block)?, &parts)?;
            body(&view(&block)?)?;
            *memory = Some(block);
        }
        Ok(())
    }
}

/// Extents that are not negative.
fn sizes(extents: &[i64]) -> Vec<usize> {
    extents.iter().map(|&extent| usize::try_from(extent).unwrap_or(0)).collect()
}
