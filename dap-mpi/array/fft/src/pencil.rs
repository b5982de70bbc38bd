//! The intermediate distributions of a transform of several axes.
//!
//! An axis that is distributed becomes local in exchange with others: the processes along it are
//! laid along an axis that is done already or comes later (*pencils*), or over all other axes. The
//! choice has the least cost to the end, the move to the result's distribution included.
//!
//! The cost of a move is that of one rank, in elements: those of its section that leave it, and for
//! each message as many as are sent in the time that a message takes. A rank's elements in the new
//! distribution count as well, so that uneven sections are avoided.

use dap_array::DynArray;
use dap_core::algebra::Placement;
use dap_core::dim::{Block, Dim};
use dap_core::grid::Grid;
use dap_core::layout::Layout;
use dap_mpi::Result;

use crate::line::Kind;
use crate::steps::Step;

/// The elements that are sent in the time that a message takes.
const MESSAGE: f64 = 256.0;
/// The greatest number of distributed axes of which all subsets are tried.
const MOST_SUBSETS: usize = 3;

/// The order of the kinds within a transform: all steps of one kind end before the next one begins.
pub(crate) fn turn(kind: Kind) -> u8 {
    match kind {
        Kind::FromReal => 0,
        Kind::Complex(_) => 1,
        Kind::ToReal => 2,
    }
}

/// Whether each rank has all indices of a dimension, in order.
pub(crate) fn is_local(dim: &Dim) -> bool {
    dim.grid_size() == 1 && matches!(dim, Dim::Block(_) | Dim::Cyclic(_))
}

/// The next distribution.
#[derive(Debug)]
pub(crate) enum Next {
    /// The array moves here; then an axis of the next turn is local.
    Move(Box<Placement>),
    /// The other axes are too short to be distributed over the ranks: this step transforms a
    /// distributed axis.
    Long(usize),
}

/// The next distribution of an array for steps of which none is local; `goal` is the one at the
/// end, if there is one.
///
/// # Errors
/// None of an array that exists.
pub(crate) fn next(array: &DynArray, steps: &[Step], goal: Option<&Placement>) -> Result<Next> {
    let layout = array.layout();
    let search = Search {
        shape: layout.shape(),
        processes: layout.processes(),
        goal: goal.map(|goal| goal.layout().grid().shape()),
    };
    let first = steps.iter().map(|step| turn(step.kind)).min().unwrap_or(0);
    let mut waiting = Vec::new();
    for step in steps {
        if search.is_even(&search.spread(&[step.axis])?) {
            waiting.push(Waiting { axis: step.axis, turn: turn(step.kind) });
        }
    }
    if !waiting.iter().any(|it| it.turn == first) {
        let long = steps.iter().position(|step| turn(step.kind) == first);
        return Ok(Next::Long(long.unwrap_or(0)));
    }
    let local: Vec<bool> = layout.dims().iter().map(is_local).collect();
    let (_, grid) = search.best(layout.grid().shape(), &local, &waiting)?;
    let dims = layout.dims().iter().zip(grid).enumerate().map(|(axis, (dim, processes))| {
        let stays = dim.grid_size() == processes && (processes > 1 || local[axis] || !is_waiting(&waiting, axis));
        if stays { Ok(dim.clone()) } else { Block::balanced(dim.size(), processes).map(Dim::from) }
    });
    let layout = Layout::new(dims.collect::<std::result::Result<_, _>>()?)?;
    Ok(Next::Move(Box::new(array.placement().on_first_ranks(layout)?)))
}

/// A step whose axis is not local yet.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    axis: usize,
    turn: u8,
}

fn is_waiting(waiting: &[Waiting], axis: usize) -> bool {
    waiting.iter().any(|it| it.axis == axis)
}

/// The search for the cheapest sequence of process grids.
struct Search<'a> {
    shape: &'a [i64],
    processes: i64,
    goal: Option<&'a [i64]>,
}

impl Search<'_> {
    /// The cost from a grid to the end, and the first grid on the way.
    fn best(&self, grid: &[i64], local: &[bool], waiting: &[Waiting]) -> Result<(f64, Vec<i64>)> {
        let waiting = self.after_local_ones(local, waiting);
        let Some(turn) = waiting.iter().map(|it| it.turn).min() else {
            return Ok((self.goal.map_or(0.0, |goal| self.cost(grid, goal)), grid.to_vec()));
        };
        let mut best: Option<(f64, Vec<i64>)> = None;
        for candidate in self.candidates(grid, &waiting, turn)? {
            let local: Vec<bool> = (0..candidate.len()).map(|axis| candidate[axis] == 1).collect();
            let (rest, _) = self.best(&candidate, &local, &waiting)?;
            let cost = self.cost(grid, &candidate) + rest;
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                best = Some((cost, candidate));
            }
        }
        match best {
            Some(best) => Ok(best),
            // All processes over the other axes: each axis that waits has such a grid.
            None => {
                let first = waiting.iter().find(|it| it.turn == turn).map_or(0, |it| it.axis);
                Ok((f64::INFINITY, self.spread(&[first])?))
            }
        }
    }

    /// The steps that remain when those of local axes are done, turn by turn.
    fn after_local_ones(&self, local: &[bool], waiting: &[Waiting]) -> Vec<Waiting> {
        let mut waiting = waiting.to_vec();
        while let Some(turn) = waiting.iter().map(|it| it.turn).min() {
            waiting.retain(|it| it.turn != turn || !local[it.axis]);
            if waiting.iter().any(|it| it.turn == turn) {
                break;
            }
        }
        waiting
    }

    /// Grids in which an axis of this turn is local.
    fn candidates(&self, grid: &[i64], waiting: &[Waiting], turn: u8) -> Result<Vec<Vec<i64>>> {
        let mut axes: Vec<usize> = waiting.iter().map(|it| it.axis).collect();
        axes.sort_unstable();
        axes.dedup();
        let of_turn = |axis: &usize| waiting.iter().any(|it| it.axis == *axis && it.turn == turn);
        let mut sets: Vec<Vec<usize>> = if axes.len() <= MOST_SUBSETS {
            let subset = |bits: usize| (0..axes.len()).filter(|at| bits >> at & 1 == 1).map(|at| axes[at]).collect();
            (1..1 << axes.len()).map(subset).collect()
        } else {
            std::iter::once(axes.clone()).chain(axes.iter().map(|&axis| vec![axis])).collect()
        };
        sets.retain(|set| set.iter().any(of_turn));
        let mut candidates = Vec::new();
        for set in sets {
            let freed: i64 = set.iter().map(|&axis| grid[axis]).product();
            let mut without = grid.to_vec();
            set.iter().for_each(|&axis| without[axis] = 1);
            if freed == 1 {
                candidates.push(without);
                continue;
            }
            for axis in (0..grid.len()).filter(|axis| !set.contains(axis)) {
                let mut exchanged = without.clone();
                exchanged[axis] *= freed;
                candidates.push(exchanged);
            }
            candidates.push(self.spread(&set)?);
        }
        candidates.retain(|candidate| self.is_even(candidate));
        Ok(candidates)
    }

    /// All processes over the axes that are not in a set.
    fn spread(&self, set: &[usize]) -> Result<Vec<i64>> {
        let is_open: Vec<bool> = (0..self.shape.len()).map(|axis| !set.contains(&axis)).collect();
        Ok(Grid::choose(self.shape, &is_open, self.processes)?.shape().to_vec())
    }

    /// Whether no rank has more than twice its share, nor one rank everything.
    fn is_even(&self, grid: &[i64]) -> bool {
        let all: f64 = self.shape.iter().map(|&extent| extent as f64).product();
        let section = self.section(grid);
        self.processes == 1 || all <= 1.0 || (section < all && section <= 2.0 * (all / self.processes as f64).ceil())
    }

    /// The elements of the largest section.
    fn section(&self, grid: &[i64]) -> f64 {
        let along = |(&extent, &processes): (&i64, &i64)| (extent as f64 / processes as f64).ceil();
        self.shape.iter().zip(grid).map(along).product()
    }

    fn cost(&self, from: &[i64], to: &[i64]) -> f64 {
        if from == to {
            return 0.0;
        }
        let shared = |(&from, &to): (&i64, &i64)| (from as f64 / to as f64).min(1.0);
        let kept: f64 = from.iter().zip(to).map(shared).product();
        self.section(from) * (1.0 - kept) + (1.0 / kept - 1.0) * MESSAGE + self.section(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(shape: &[i64], grid: &[i64], axes: &[usize]) -> Vec<i64> {
        let search = Search { shape, processes: grid.iter().product(), goal: Some(grid) };
        let waiting: Vec<Waiting> = axes.iter().map(|&axis| Waiting { axis, turn: 1 }).collect();
        let local: Vec<bool> = grid.iter().map(|&processes| processes == 1).collect();
        search.best(grid, &local, &waiting).unwrap().1
    }

    #[test]
    fn slabs_are_exchanged_with_an_axis_that_is_done() {
        assert_eq!(first(&[2048, 2048], &[4, 1], &[0, 1]), [1, 4]);
        assert_eq!(first(&[2048, 2048], &[1, 4], &[0, 1]), [4, 1]);
        assert_eq!(first(&[64, 3, 64], &[8, 1, 1], &[0, 1, 2]), [1, 1, 8]);
    }

    /// Both distributed axes become local at once: two moves instead of three.
    #[test]
    fn pencils_need_two_moves_where_slabs_fit() {
        assert_eq!(first(&[256, 256, 256], &[2, 2, 1], &[0, 1, 2]), [1, 1, 4]);
        // 8 x 8 ranks do not fit along 32.
        let grid = first(&[1024, 1024, 32], &[8, 8, 1], &[0, 1, 2]);
        assert_eq!(grid.iter().product::<i64>(), 64, "{grid:?}");
        assert!(grid[2] <= 32, "{grid:?}");
    }

    /// The other axes are too short for all ranks: a grid that leaves all to one rank is refused.
    #[test]
    fn long_axes_are_found() {
        let is_long = |shape: &[i64], processes: i64, axis: usize| {
            let search = Search { shape, processes, goal: None };
            !search.is_even(&search.spread(&[axis]).unwrap())
        };
        assert!(is_long(&[1000], 2, 0) && is_long(&[1000], 7, 0) && is_long(&[1, 1000], 2, 1));
        assert!(is_long(&[1000, 2], 8, 0) && !is_long(&[1000, 2], 8, 1));
        assert!(!is_long(&[1000, 2], 4, 0) && !is_long(&[1000], 1, 0) && !is_long(&[2, 2, 3], 3, 2));
    }

    /// Each move ends with sections that are even, and makes an axis local that was not: nothing is
    /// gathered. The number of moves is at most that of the axes, without the last move.
    #[test]
    fn every_sequence_ends_and_is_even() {
        let extents = [1, 2, 3, 7, 16, 100];
        let mut moves = 0;
        for number in 0..216 {
            let shape = [extents[number % 6], extents[number / 6 % 6], extents[number / 36]];
            for grid in [[2, 1, 1], [1, 3, 1], [2, 2, 1], [1, 2, 3], [2, 2, 2], [1, 1, 13]] {
                let search = Search { shape: &shape, processes: grid.iter().product(), goal: Some(&grid) };
                let is_even = |axis: &usize| search.is_even(&search.spread(&[*axis]).unwrap());
                let mut waiting: Vec<Waiting> =
                    (0..3).filter(is_even).map(|axis| Waiting { axis, turn: u8::from(axis != 2) }).collect();
                let mut here = grid.to_vec();
                loop {
                    let local: Vec<bool> = here.iter().map(|&processes| processes == 1).collect();
                    let left = search.after_local_ones(&local, &waiting);
                    if left.is_empty() {
                        break;
                    }
                    assert!(here == grid || left.len() < waiting.len(), "{shape:?} over {grid:?}: {here:?}");
                    (_, here) = search.best(&here, &local, &left).unwrap();
                    assert!(search.is_even(&here), "{shape:?} over {grid:?}: {here:?}");
                    assert!(here.iter().product::<i64>() <= search.processes);
                    (waiting, moves) = (left, moves + 1);
                }
            }
        }
        assert!(moves > 500, "{moves}");
    }

    #[test]
    fn the_axis_of_the_first_turn_comes_first() {
        let search = Search { shape: &[100, 100, 100], processes: 4, goal: Some(&[1, 1, 4]) };
        let waiting = [Waiting { axis: 2, turn: 0 }, Waiting { axis: 0, turn: 1 }, Waiting { axis: 1, turn: 1 }];
        let (_, grid) = search.best(&[1, 1, 4], &[true, true, false], &waiting).unwrap();
        assert_eq!(grid[2], 1);
    }
}
