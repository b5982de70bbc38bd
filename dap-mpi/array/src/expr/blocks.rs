//! The results of an expression block by block, none of which is stored for long.

use std::ops::Range;

use dap_kernels::threads::threads;
use dap_kernels::view::View;
use dap_mpi::{Pieces, Result};
use dap_ndarray::Buffer;
use dap_ndarray::copy::Order;

use super::evaluate::Ready;
use crate::access::{in_ranges, read_all, view, view_mut};
use crate::error::no_elements;

/// The elements of a block for each thread: at most half a megabyte, which a core's cache holds.
const BLOCK: i64 = 1 << 15;

impl Ready {
    /// This process's elements of the result, block by block. Local.
    pub(crate) fn each_block(&self, mut body: impl FnMut(&View<'_>) -> Result<()>) -> Result<()> {
        let Some(section) = self.placement.ranks().section(self.context().rank()) else { return Ok(()) };
        let shape = self.placement.layout().owned_shape(section).unwrap_or_default();
        if shape.contains(&0) {
            return Ok(());
        }
        let readings = read_all(&self.operands)?;
        let inputs: Vec<View<'_>> =
            readings.iter().map(|reading| reading.as_ref().ok_or_else(no_elements)?.view()).collect::<Result<_>>()?;
        let pieces = Pieces::new(&shape, Order::C, BLOCK * threads() as i64);
        let axes: Vec<usize> = (0..shape.len()).collect();
        let mut memory: Option<Buffer> = None;
        for number in 0..pieces.count() {
            let ranges = pieces.get(number);
            let parts = inputs.iter().map(|input| in_ranges(input, &axes, &ranges)).collect::<Result<Vec<_>>>()?;
            let extent =
                |(range, &whole): (&Option<Range<i64>>, &i64)| range.as_ref().map_or(whole, |it| it.end - it.start);
            let extents: Vec<i64> = ranges.iter().zip(&shape).map(extent).collect();
            let mut block = match memory.take() {
                Some(block) if block.shape() == extents => block,
                _ => Buffer::zeros(self.element.dtype(), &extents)?,
            };
            self.run(view_mut(&mut block)?, &parts)?;
            body(&view(&block)?)?;
            memory = Some(block);
        }
        Ok(())
    }
}
