//! A slice of a cyclic dimension, as a sequence of template cells modulo one round of the blocks.

use super::{Form, MOST_BOUNDS};
use crate::algebra::progression::Progression;
use crate::dim::{CyclicSlice, Dim};
use crate::error::Result;
use crate::index::GridRank;
use crate::runs::gcd;

/// Index k lies at cell `start + k * step`; blocks of `block` cells go to `processes` grid ranks in
/// turn, from grid rank 0. `start` lies in the first round, and the step is the shorter way round.
#[derive(Debug, Clone, Copy)]
pub(in crate::algebra) struct Sequence {
    block: i64,
    processes: i64,
    start: i128,
    step: i128,
}

impl Sequence {
    /// Of a cyclic dimension, or of a slice of one; `None` for others.
    pub(in crate::algebra) fn of(dim: &Dim, slice: &Progression) -> Option<Sequence> {
        let (first, by) = (i128::from(slice.start()), i128::from(slice.step()));
        let (block, processes, start, step) = match dim {
            Dim::Cyclic(cyclic) => {
                let source = i128::from(cyclic.source().0) * i128::from(cyclic.block_size());
                (cyclic.block_size(), cyclic.grid_size(), source + first, by)
            }
            Dim::CyclicSlice(base) => {
                let step = i128::from(base.step());
                (base.block_size(), base.grid_size(), i128::from(base.start()) + first * step, by * step)
            }
            _ => return None,
        };
        let round = i128::from(block) * i128::from(processes);
        let step = step.rem_euclid(round);
        let step = if step > round - step { step - round } else { step };
        Some(Sequence { block, processes, start: start.rem_euclid(round), step })
    }

    /// The same as a dimension without a closed form, whether there is one or not.
    pub(in crate::algebra) fn slice(&self, len: i64) -> Result<CyclicSlice> {
        let round = i128::from(self.block) * i128::from(self.processes);
        // Beyond 64 bits the constructor refuses the round.
        let number = |number: i128| i64::try_from(number.rem_euclid(round)).unwrap_or(i64::MAX);
        CyclicSlice::new(len, self.processes, self.block, number(self.start), number(self.step))
    }

    /// The simplest form.
    pub(super) fn form(&self, len: i64) -> Result<Form> {
        let Sequence { block, processes, start, step } = *self;
        if len == 0 {
            return Ok(Form::Cyclic { block_size: block, processes, first: 0, step: 1 });
        }
        let block = i128::from(block);
        // Within the grid, for the start lies in the first round.
        let first = (start / block) as i64;
        if len == 1 || processes == 1 || step == 0 {
            return Ok(Form::Single(GridRank(first)));
        }
        let stride = step.abs();
        if step % block == 0 {
            // A fraction of a round.
            let by = (step / block) as i64;
            let reached = processes / gcd(by.abs(), processes);
            return Ok(Form::Cyclic { block_size: 1, processes: reached, first, step: by });
        }
        let within = start % block;
        let direction = if step > 0 { 1 } else { -1 };
        let is_complete = if step > 0 { within < stride } else { within >= block - stride };
        if block % stride == 0 && is_complete {
            let block_size = (block / stride) as i64;
            return Ok(Form::Cyclic { block_size, processes, first, step: direction });
        }
        let last = start + step * (i128::from(len) - 1);
        let visited = (last.div_euclid(block) - start.div_euclid(block)).abs() + 1;
        if stride <= block && visited <= i128::from(processes.min(MOST_BOUNDS)) {
            if visited == 1 {
                return Ok(Form::Single(GridRank(first)));
            }
            // Up to the far edge of block number k, in the direction of the step.
            let near = if step > 0 { within } else { block - 1 - within };
            let bound = |k: i128| ((k * block - near + stride - 1).div_euclid(stride)).clamp(0, i128::from(len)) as i64;
            let bounds = (0..=visited).map(|k| if k == 0 { 0 } else { bound(k) }).collect();
            return Ok(Form::Blocks { bounds, first, step: direction });
        }
        self.slice(len).map(Form::Slice)
    }
}
