//! The first element that two layouts give to different owners or places, without enumerating
//! elements.
//!
//! Along one dimension both maps are walked in steps within which neither changes its owner. A
//! block is one step, and an unstructured dimension has a step for each run. A cyclic dimension has
//! a step for each block. Of two different cyclic dimensions, one changes its owner where the other
//! does not within the first two cycles; beside a block dimension, the second cycle differs; two
//! equal ones are not walked. The cost therefore follows the processes and the listed runs, never
//! the size.
//!
//! Over several dimensions, an element's rank is the sum of its grid coordinates times the grid's
//! strides. If the very first element agrees, the first disagreeing element differs from it in one
//! coordinate only: that of the last dimension in which any index disagrees.

use dap_core::dim::Dim;
use dap_core::index::{GlobalIndex, GridRank};
use dap_core::layout::Layout;
use dap_core::runs::Run;

/// The first element, in C order, whose owner is another rank or that is in one array only. Both
/// have the same number of dimensions.
pub(super) fn other_owner(a: &Layout, b: &Layout) -> Option<Vec<GlobalIndex>> {
    first(a, b, false)
}

/// As [`other_owner`], or the first element with another place in its owner's buffer.
pub(super) fn other_place(a: &Layout, b: &Layout) -> Option<Vec<GlobalIndex>> {
    first(a, b, true)
}

fn first(a: &Layout, b: &Layout, places_count: bool) -> Option<Vec<GlobalIndex>> {
    let (first_a, first_b) = (first_element(a), first_element(b));
    if first_a != first_b {
        // The index behind the smaller size is in one array only.
        return first_a.into_iter().chain(first_b).min();
    }
    let first = first_a?;
    let (owner_a, owner_b) = (a.owner(&first)?, b.owner(&first)?);
    if owner_a.0 != owner_b.0 || places_count && owner_a.1 != owner_b.1 {
        return Some(first);
    }
    (0..a.ndim()).rev().find_map(|dim| {
        let sides = [a, b].map(|layout| (&layout.dims()[dim], layout.grid().stride(dim)));
        let mut element = first.clone();
        element[dim] = disagreement(sides, places_count)?;
        Some(element)
    })
}

/// The element with the least index in every dimension; `None` for an array without elements.
fn first_element(layout: &Layout) -> Option<Vec<GlobalIndex>> {
    layout.dims().iter().map(|dim| steps(dim).next().map(|step| step.run.global)).collect()
}

/// The first index at which two dimensions disagree, each given with its stride in the grid: where
/// only one has it, or where their shares of the rank differ by more or less than at the first
/// index.
fn disagreement([a, b]: [(&Dim, i64); 2], places_count: bool) -> Option<GlobalIndex> {
    if a == b {
        return None;
    }
    if let (Dim::Cyclic(x), Dim::Cyclic(y)) = (a.0, b.0)
        && a.1 == b.1
        && (x.grid_size(), x.block_size(), x.source()) == (y.grid_size(), y.block_size(), y.source())
    {
        let end = x.size().min(y.size());
        return (x.size() != y.size()).then_some(GlobalIndex(end));
    }
    // Below the number of processes, which fits; so does a difference of two such.
    let apart = |x: &Step, y: &Step| x.rank.0 * a.1 - y.rank.0 * b.1;
    let (mut steps_a, mut steps_b) = (steps(a.0), steps(b.0));
    let (mut next_a, mut next_b) = (steps_a.next(), steps_b.next());
    let at_first = next_a.as_ref().zip(next_b.as_ref()).map(|(x, y)| apart(x, y));
    loop {
        let (x, y) = match (&mut next_a, &mut next_b) {
            (None, None) => return None,
            (Some(only), None) | (None, Some(only)) => return Some(only.run.global),
            (Some(x), Some(y)) => (x, y),
        };
        let same_place = !places_count || x.run.local == y.run.local;
        if x.run.global != y.run.global || Some(apart(x, y)) != at_first || !same_place {
            return Some(x.run.global.min(y.run.global));
        }
        let len = x.run.len.min(y.run.len);
        for (next, steps) in [(&mut next_a, &mut steps_a), (&mut next_b, &mut steps_b)] {
            *next = next.take().and_then(|step| step.without(len)).or_else(|| steps.next());
        }
    }
}

/// Indices that lie one behind the other in their owner's buffer.
struct Step {
    rank: GridRank,
    run: Run,
}

impl Step {
    /// The rest without the first `len` indices.
    fn without(mut self, len: i64) -> Option<Self> {
        if self.run.len == len {
            return None;
        }
        self.run.global.0 += len;
        self.run.local.0 += len;
        self.run.len -= len;
        Some(self)
    }
}

/// All indices of a dimension in ascending order, each with its owner.
fn steps(dim: &Dim) -> Box<dyn Iterator<Item = Step> + '_> {
    match dim {
        // Found one after another: a block is where the one before it ends.
        Dim::Block(_) | Dim::Cyclic(_) => {
            let mut next = 0;
            Box::new(std::iter::from_fn(move || {
                let global = GlobalIndex(next);
                let (rank, local) = dim.owner(global)?;
                let end = end_of_step(dim, rank, next);
                next = end;
                Some(Step { rank, run: Run { global, local, len: end - global.0 } })
            }))
        }
        _ => Box::new(listed(dim).into_iter()),
    }
}

/// Where the stretch that `global` lies in ends, its owner being `rank`.
fn end_of_step(dim: &Dim, rank: GridRank, global: i64) -> i64 {
    match dim {
        Dim::Block(block) => block.section(rank).owned_stop,
        Dim::Cyclic(cyclic) if cyclic.grid_size() > 1 => {
            let left = cyclic.block_size() - global % cyclic.block_size();
            global.saturating_add(left).min(cyclic.size())
        }
        _ => dim.size(),
    }
}

/// Every run of every process, sorted.
fn listed(dim: &Dim) -> Vec<Step> {
    let ranks = (0..dim.grid_size()).map(GridRank);
    let mut steps: Vec<Step> =
        ranks.flat_map(|rank| dim.source_runs(rank).iter().map(|run| Step { rank, run }).collect::<Vec<_>>()).collect();
    steps.sort_unstable_by_key(|step| step.run.global);
    steps
}

#[cfg(test)]
mod tests {
    use dap_core::dim::{Block, Cyclic, Unstructured};

    use super::*;

    /// All dimensions of a few kinds with at most `size` indices on at most three processes.
    fn dims(size: i64) -> Vec<Dim> {
        let mut dims: Vec<Dim> = Vec::new();
        for (size, processes) in [(0, 1), (0, 2), (size - 1, 2), (size, 1), (size, 2), (size, 3)] {
            dims.push(Block::new(size, processes).unwrap().into());
            dims.push(Block::new(size, processes).unwrap().with_halo(i64::from(size > 3)).unwrap().into());
            for block_size in 1..=size + 1 {
                let cyclic = Cyclic::new(size, processes, block_size).unwrap();
                dims.push(cyclic.clone().with_source(GridRank(processes - 1)).unwrap().into());
                dims.push(cyclic.into());
            }
        }
        for bounds in [[0, 0, 4], [0, 3, 4], [0, 4, 4]] {
            dims.push(Block::from_bounds(bounds.to_vec()).unwrap().into());
        }
        for lists in [[&[0, 1][..], &[2, 3][..]], [&[1, 0], &[3, 2]], [&[0, 1], &[1, 2, 3]], [&[-2], &[0, 7, 1]]] {
            let held: i64 = lists.iter().map(|list| list.len() as i64).sum();
            dims.push(Unstructured::new(held, false, &lists).unwrap().into());
        }
        dims
    }

    /// Every index there is, one after another.
    fn slow(a: &Layout, b: &Layout, places_count: bool) -> Option<Vec<GlobalIndex>> {
        let mut elements = vec![Vec::new()];
        for _ in 0..a.ndim() {
            let longer = |element: Vec<GlobalIndex>| {
                (-3..9).map(move |index| [element.clone(), vec![GlobalIndex(index)]].concat()).collect::<Vec<_>>()
            };
            elements = elements.into_iter().flat_map(longer).collect();
        }
        let place = |layout: &Layout, element: &[GlobalIndex]| {
            layout.owner(element).map(|(rank, local)| (rank, if places_count { local } else { Vec::new() }))
        };
        elements.into_iter().find(|element| place(a, element) != place(b, element))
    }

    fn agree(a: &Layout, b: &Layout) {
        for places_count in [false, true] {
            assert_eq!(first(a, b, places_count), slow(a, b, places_count), "{a} and {b}, {places_count}");
        }
    }

    #[test]
    fn one_dimension() {
        let layouts: Vec<Layout> = dims(4).into_iter().map(|dim| Layout::new(vec![dim]).unwrap()).collect();
        assert!(layouts.len() > 50);
        for a in &layouts {
            layouts.iter().for_each(|b| agree(a, b));
        }
    }

    #[test]
    fn two_dimensions() {
        let dims = dims(4);
        // A few thousand of the millions of pairs of pairs, spread by steps without a common
        // divisor.
        let layout = |at: usize| {
            let (first, second) = (at * 7 % dims.len(), at * 11 / 3 % dims.len());
            Layout::new(vec![dims[first].clone(), dims[second].clone()]).unwrap()
        };
        for at in 0..4000 {
            agree(&layout(at), &layout(at * 13 + at / 7));
            // Two that differ in one dimension only.
            let (one, other) = (dims[at % dims.len()].clone(), dims[at * 5 % dims.len()].clone());
            let same = dims[at / 3 % dims.len()].clone();
            agree(
                &Layout::new(vec![same.clone(), one.clone()]).unwrap(),
                &Layout::new(vec![same.clone(), other.clone()]).unwrap(),
            );
            agree(&Layout::new(vec![one, same.clone()]).unwrap(), &Layout::new(vec![other, same]).unwrap());
        }
    }

    #[test]
    fn without_dimensions() {
        let layout = Layout::new(Vec::new()).unwrap();
        assert_eq!(first(&layout, &layout, true), None);
    }

    /// Neither the size nor the number of blocks costs anything.
    #[test]
    fn huge_ones() {
        let size = 1 << 61;
        let layout = |dim: Dim| Layout::new(vec![Dim::undistributed(2).unwrap(), dim]).unwrap();
        let cyclic = |size, block_size| layout(Cyclic::new(size, 3, block_size).unwrap().into());
        let place = |index| Some(vec![GlobalIndex(0), GlobalIndex(index)]);
        assert_eq!(other_place(&cyclic(size, 1), &cyclic(size, 1)), None);
        assert_eq!(other_place(&cyclic(size, 5), &cyclic(size, 3)), place(3));
        assert_eq!(other_place(&cyclic(size, 1), &cyclic(size - 1, 1)), place(size - 1));
        assert_eq!(other_owner(&cyclic(size, 1), &layout(Block::new(size, 3).unwrap().into())), place(1));
        let one_block_each = (size + 2) / 3;
        assert_eq!(other_place(&cyclic(size, one_block_each), &layout(Block::new(size, 3).unwrap().into())), None);
    }
}
