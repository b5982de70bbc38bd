//! From the counts along each dimension to the totals: products, over classes of ranks or rank by
//! rank.

use std::collections::HashMap;

use super::{Largest, Spread, Totals};
use crate::error::{Error, ErrorKind, Result};
use crate::grid::Grid;
use crate::index::Rank;
use crate::plan::factor::{Factor, MAX_PROCESSES, SharedPairs, Source, Sum};
use crate::plan::overlap_counts::Top;
use crate::plan::product;

/// For each dimension, the pairs of grid ranks that one process has in the two grids.
pub(super) fn shared_pairs(from: &Grid, to: &Grid) -> Result<Vec<SharedPairs>> {
    if from == to {
        let along = |&extent: &i64| {
            let extent = u32::try_from(check_count(extent)?).unwrap_or(u32::MAX);
            Ok(SharedPairs::new((0..extent).map(|at| (at, at)).collect()))
        };
        return from.shape().iter().map(along).collect();
    }
    let ranks = check_count(from.processes().max(to.processes()))?.min(from.processes()).min(to.processes());
    let mut pairs: Vec<Vec<(u32, u32)>> = vec![Vec::new(); from.ndim()];
    let mut counter = GridCounter::new([from, to]);
    for _ in 0..ranks {
        for (pairs, at) in pairs.iter_mut().zip(counter.sides[0].iter().zip(&counter.sides[1])) {
            let pair = (*at.0 as u32, *at.1 as u32);
            if pairs.last() != Some(&pair) {
                pairs.push(pair);
            }
        }
        counter.step();
    }
    Ok(pairs.into_iter().map(SharedPairs::new).collect())
}

fn check_count(processes: i64) -> Result<i64> {
    if processes <= MAX_PROCESSES {
        return Ok(processes);
    }
    Err(Error::new(ErrorKind::PlanTooLarge).with_value("proc_grid_size", processes).with_expected(MAX_PROCESSES))
}

/// The coordinates of one rank after another, in two grids.
struct GridCounter {
    shapes: [Vec<i64>; 2],
    sides: [Vec<i64>; 2],
}

impl GridCounter {
    fn new(grids: [&Grid; 2]) -> GridCounter {
        GridCounter { shapes: grids.map(|grid| grid.shape().to_vec()), sides: grids.map(|grid| vec![0; grid.ndim()]) }
    }

    fn step(&mut self) {
        for (shape, at) in self.shapes.iter().zip(&mut self.sides) {
            for (at, extent) in at.iter_mut().zip(shape).rev() {
                *at += 1;
                if *at < *extent {
                    break;
                }
                *at = 0;
            }
        }
    }
}

/// The counts of a process, or of each process of a class, along one dimension.
#[derive(Debug, Clone, Copy, Default)]
struct DimNumbers {
    source: Source,
    target: Sum,
    kept: i64,
    /// The grid rank among the targets.
    own: i64,
}

/// A process, or the representative of equal ones.
struct ProcessClass<'a> {
    rank: Rank,
    alike: i64,
    is_source: bool,
    is_target: bool,
    dims: &'a [DimNumbers],
}

pub(super) fn totals(from: &Grid, to: &Grid, factors: &[Factor]) -> Result<Totals> {
    let overflow = || Error::new(ErrorKind::Overflow).with_value("elements", i64::MAX);
    let sums = factors
        .iter()
        .map(|factor| factor.targets.iter().try_fold(0_i64, |sum, target| sum.checked_add(target.elements)));
    let sums: Vec<i64> = sums.collect::<Option<_>>().ok_or_else(overflow)?;
    let elements = match sums.contains(&0) {
        true => 0,
        false => sums.into_iter().try_fold(1_i64, i64::checked_mul).ok_or_else(overflow)?,
    };
    let mut sum_of_all = TotalsSum::new(to, elements);
    if from == to {
        classes(from, factors, &mut sum_of_all)?
    } else {
        ranks(from, to, factors, &mut sum_of_all)
    }
    Ok(sum_of_all.finish(from, to))
}

/// One class for all processes with equal counts along every dimension.
fn classes(grid: &Grid, factors: &[Factor], sum_of_all: &mut TotalsSum) -> Result<()> {
    type Key = (Sum, [Top; 2], Sum, i64);
    let mut dims: Vec<Vec<(i64, i64, DimNumbers)>> = Vec::new();
    for factor in factors {
        let mut known: HashMap<Key, usize> = HashMap::new();
        let mut classes: Vec<(i64, i64, DimNumbers)> = Vec::new();
        for ((rank, source), target) in (0_u32..).zip(&factor.sources).zip(&factor.targets) {
            let kept = factor.shared_pairs.elements(rank, rank);
            // Of the peers only these counts matter, and whether the process itself is the first of
            // them.
            let [best, next] = source.tops;
            let own = best.elements > 0 && best.at == i64::from(rank);
            let tops = [Top { at: own.into(), ..best }, Top { at: 0, ..next }];
            let along = DimNumbers { source: *source, target: *target, kept, own: rank.into() };
            let class = *known.entry((source.sum, tops, *target, kept)).or_insert_with(|| {
                classes.push((rank.into(), 0, along));
                classes.len() - 1
            });
            classes[class].1 += 1;
        }
        dims.push(classes);
    }
    let count = dims.iter().try_fold(1_i64, |product, classes| product.checked_mul(classes.len() as i64));
    let Some(_) = count.filter(|count| *count <= MAX_PROCESSES) else {
        let error = Error::new(ErrorKind::PlanTooLarge).with_value("classes", count.unwrap_or(i64::MAX));
        return Err(error.with_expected(MAX_PROCESSES));
    };
    let mut at = vec![0; dims.len()];
    loop {
        let (mut rank, mut alike) = (0, 1);
        let mut along = Vec::with_capacity(dims.len());
        for ((classes, &at), extent) in dims.iter().zip(&at).zip(grid.shape()) {
            let (first, count, numbers) = classes[at];
            // Below the number of processes, so it fits.
            (rank, alike) = (rank * extent + first, alike * count);
            along.push(numbers);
        }
        sum_of_all.add(&ProcessClass { rank: Rank(rank), alike, is_source: true, is_target: true, dims: &along });
        let turned = (0..dims.len()).rev().find(|&dim| {
            at[dim] = (at[dim] + 1) % dims[dim].len();
            at[dim] > 0
        });
        if turned.is_none() {
            return Ok(());
        }
    }
}

fn ranks(from: &Grid, to: &Grid, factors: &[Factor], sum_of_all: &mut TotalsSum) {
    let mut counter = GridCounter::new([from, to]);
    let mut along = vec![DimNumbers::default(); factors.len()];
    for rank in 0..from.processes().max(to.processes()) {
        let (is_source, is_target) = (rank < from.processes(), rank < to.processes());
        for (dim, (along, factor)) in along.iter_mut().zip(factors).enumerate() {
            let (source, target) = (counter.sides[0][dim], counter.sides[1][dim]);
            *along = DimNumbers {
                source: factor.sources[source as usize],
                target: factor.targets[target as usize],
                kept: if is_source && is_target {
                    factor.shared_pairs.elements(source as u32, target as u32)
                } else {
                    0
                },
                own: target,
            };
        }
        sum_of_all.add(&ProcessClass { rank: Rank(rank), alike: 1, is_source, is_target, dims: &along });
        counter.step();
    }
}

/// Adds up classes.
struct TotalsSum {
    elements: i64,
    kept: i64,
    messages: i64,
    largest: Option<Largest>,
    sent: Option<Spread>,
    received: Option<Spread>,
    target_shape: Vec<i64>,
}

impl TotalsSum {
    fn new(to: &Grid, elements: i64) -> TotalsSum {
        TotalsSum {
            elements,
            kept: 0,
            messages: 0,
            largest: None,
            sent: None,
            received: None,
            target_shape: to.shape().to_vec(),
        }
    }

    /// Each product is at most the elements of one process, and each sum at most those of all.
    fn add(&mut self, class: &ProcessClass<'_>) {
        let along = |of: fn(&DimNumbers) -> i64| product(class.dims.iter().map(of));
        let both = class.is_source && class.is_target;
        let kept = if both { along(|along| along.kept) } else { 0 };
        self.kept += class.alike * kept;
        let stays = i64::from(kept > 0);
        if class.is_source {
            let sum = Sum {
                elements: along(|along| along.source.sum.elements) - kept,
                peers: along(|along| along.source.sum.peers) - stays,
            };
            self.messages += class.alike * sum.peers;
            spread(&mut self.sent, class, sum);
            if let Some(largest) = self.largest_of(class) {
                let order = |largest: &Largest| (-largest.elements, largest.source, largest.target);
                if self.largest.is_none_or(|before| order(&largest) < order(&before)) {
                    self.largest = Some(largest);
                }
            }
        }
        if class.is_target {
            let sum = Sum {
                elements: along(|along| along.target.elements) - kept,
                peers: along(|along| along.target.peers) - stays,
            };
            spread(&mut self.received, class, sum);
        }
    }

    /// The largest message of a process, if it can be the largest of all.
    fn largest_of(&self, class: &ProcessClass<'_>) -> Option<Largest> {
        let most = product(class.dims.iter().map(|along| along.source.tops[0].elements));
        if self.largest.is_some_and(|largest| most < largest.elements) {
            return None;
        }
        let along = |dim: usize| (class.dims[dim].source.tops, class.dims[dim].own);
        let (target, elements) = largest(class.dims.len(), class.is_target, along, &self.target_shape)?;
        Some(Largest { source: class.rank, target, elements })
    }

    fn finish(self, from: &Grid, to: &Grid) -> Totals {
        let none = |grid: &Grid| Spread {
            processes: grid.processes(),
            total: 0,
            most: (Rank(0), 0),
            least: (Rank(0), 0),
            most_messages: (Rank(0), 0),
        };
        let whole = |spread: Option<Spread>, grid: &Grid| Spread {
            processes: grid.processes(),
            total: self.elements - self.kept,
            ..spread.unwrap_or_else(|| none(grid))
        };
        Totals {
            elements: self.elements,
            kept: self.kept,
            messages: self.messages,
            largest: self.largest,
            sent: whole(self.sent, from),
            received: whole(self.received, to),
        }
    }
}

/// The largest message of a process to another one: from the two greatest counts along each
/// dimension, and its own grid rank there.
pub(in crate::plan) fn largest(
    dims: usize,
    is_target: bool,
    along: impl Fn(usize) -> ([Top; 2], i64),
    shape: &[i64],
) -> Option<(Rank, i64)> {
    let best = |dim: usize| along(dim).0[0];
    let elements = product((0..dims).map(|dim| best(dim).elements));
    if elements == 0 {
        return None;
    }
    let rank = |instead: Option<usize>| {
        let coordinates = (0..dims).map(|dim| along(dim).0[usize::from(Some(dim) == instead)].at);
        Rank(coordinates.zip(shape).fold(0, |rank, (at, extent)| rank * extent + at))
    };
    // The product of the greatest counts is a message to itself, unless a coordinate differs or the
    // process is no target.
    if is_target && (0..dims).all(|dim| along(dim).1 == best(dim).at) {
        // One dimension takes the second greatest count; two would lose more.
        let with = |dim: usize| (rank(Some(dim)), elements / best(dim).elements * along(dim).0[1].elements);
        let found = (0..dims).map(with).min_by_key(|&(target, elements)| (-elements, target))?;
        return (found.1 > 0).then_some(found);
    }
    Some((rank(None), elements))
}

/// Adds one process, or a class of them.
fn spread(spread: &mut Option<Spread>, class: &ProcessClass<'_>, sum: Sum) {
    let (elements, messages) = ((class.rank, sum.elements), (class.rank, sum.peers));
    let Some(spread) = spread else {
        *spread = Some(Spread { processes: 0, total: 0, most: elements, least: elements, most_messages: messages });
        return;
    };
    let falling = |(rank, number): (Rank, i64)| (-number, rank);
    let rising = |(rank, number): (Rank, i64)| (number, rank);
    spread.most = if falling(elements) < falling(spread.most) { elements } else { spread.most };
    spread.least = if rising(elements) < rising(spread.least) { elements } else { spread.least };
    spread.most_messages =
        if falling(messages) < falling(spread.most_messages) { messages } else { spread.most_messages };
}
