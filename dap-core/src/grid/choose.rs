//! The choice of a process grid for an array's shape.
//!
//! The grid is the factoring of the number of processes whose extents are in the ratios of the
//! array's: the one with the least sum, over all pairs of dimensions, of
//! `(shape[i] / shape[j] - grid[i] / grid[j])^2`, where i has the larger extent of the two. The
//! measure is that of DistArray 0.6 (`make_grid_shape`), with three differences: the larger extent
//! is always the numerator, so the grid of a reversed shape is the reversed grid; a dimension may
//! get one process, so that every number of processes has a factoring; and where no factoring fits
//! the shape, the largest smaller number of processes that has one is used.

use super::Grid;
use crate::error::{Error, ErrorKind, Result, at_least, at_most};

/// The most processes that a grid is chosen for; a larger grid has to be given.
const MOST_PROCESSES: i64 = 1 << 40;

/// The most factorings that are compared. Numbers of processes below 10^9 have fewer.
const MOST_FACTORINGS: usize = 1 << 16;

impl Grid {
    /// A grid of at most `processes` processes for an array of this shape, with one process along
    /// each dimension that is not `distributed`.
    ///
    /// All processes are used where a factoring of their number fits: along no dimension more
    /// processes than elements (one along a dimension without elements). Otherwise the grid has
    /// the largest number of processes that fits, and the others hold nothing.
    ///
    /// ```
    /// use dap_core::grid::Grid;
    /// let choose = |shape: &[i64], processes| {
    ///     Grid::choose(shape, &vec![true; shape.len()], processes).map(|grid| grid.shape().to_vec())
    /// };
    /// assert_eq!(choose(&[20, 20], 12)?, [3, 4]);
    /// assert_eq!(choose(&[64, 64], 16)?, [4, 4]);
    /// assert_eq!(choose(&[100, 50, 25], 24)?, [6, 2, 2]);
    /// assert_eq!(choose(&[3, 3], 16)?, [3, 3]); // 7 processes hold nothing
    /// # Ok::<(), dap_core::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// An extent below 0, `processes` below 1 or above 2^40, or another number of flags than of
    /// extents.
    pub fn choose(shape: &[i64], distributed: &[bool], processes: i64) -> Result<Grid> {
        at_least("processes", processes, 1)?;
        at_most("processes", processes, MOST_PROCESSES)?;
        if shape.len() != distributed.len() {
            let len = |len: usize| i64::try_from(len).unwrap_or(i64::MAX);
            let error = Error::new(ErrorKind::Count).with_value("distributed", len(distributed.len()));
            return Err(error.with_expected(len(shape.len())));
        }
        for (dim, &extent) in shape.iter().enumerate() {
            at_least("size", extent, 0).map_err(|error| error.with_dim(dim))?;
        }
        // A dimension without elements gets one process, as does one of a single element.
        let mut extents: Vec<i64> =
            shape.iter().zip(distributed).filter(|(_, on)| **on).map(|(&extent, _)| extent.max(1)).collect();
        let mirrored = extents.iter().lt(extents.iter().rev());
        if mirrored {
            extents.reverse();
        }
        let mut chosen = fit(&extents, processes);
        if mirrored {
            chosen.reverse();
        }
        let mut chosen = chosen.into_iter();
        let along = |&on: &bool| if on { chosen.next().unwrap_or(1) } else { 1 };
        Grid::new(distributed.iter().map(along).collect::<Vec<_>>())
    }
}

/// The grid over dimensions of these extents, each at least 1.
fn fit(extents: &[i64], processes: i64) -> Vec<i64> {
    let elements = extents.iter().fold(1_i64, |product, &extent| product.saturating_mul(extent));
    // Descending extents; equal ones in their order, which the stable sort keeps.
    let mut order: Vec<usize> = (0..extents.len()).collect();
    order.sort_by_key(|&dim| std::cmp::Reverse(extents[dim]));
    let sorted: Vec<i64> = order.iter().map(|&dim| extents[dim]).collect();
    let mut used = processes.min(elements);
    let best = loop {
        // One process always fits.
        match Search::best(&sorted, used) {
            Some(best) => break best,
            None => used -= 1,
        }
    };
    let mut grid = vec![1; extents.len()];
    for (&dim, factor) in order.iter().zip(best) {
        grid[dim] = factor;
    }
    grid
}

/// The search for the best factoring of one number of processes.
struct Search<'e> {
    /// Extents, descending.
    extents: &'e [i64],
    divisors: Vec<i64>,
    /// Factors of the leading dimensions, descending.
    factors: Vec<i64>,
    best: Option<(f64, Vec<i64>)>,
    compared: usize,
}

impl<'e> Search<'e> {
    fn best(extents: &'e [i64], processes: i64) -> Option<Vec<i64>> {
        let divisors = divisors(processes);
        let mut search = Search { extents, divisors, factors: Vec::new(), best: None, compared: 0 };
        search.extend(processes);
        search.best.map(|(_, factors)| factors)
    }

    /// Tries all factors of the next dimension, `rest` being the product of those to come.
    fn extend(&mut self, rest: i64) {
        let dim = self.factors.len();
        if dim == self.extents.len() {
            if rest == 1 {
                self.compare();
            }
            return;
        }
        let most = self.factors.last().copied().unwrap_or(rest).min(rest).min(self.extents[dim]);
        for at in (0..self.divisors.partition_point(|&divisor| divisor <= most)).rev() {
            let factor = self.divisors[at];
            let left = self.extents.len() - dim - 1;
            if rest % factor != 0 {
                continue;
            }
            // The factors to come are no larger than this one.
            let reach = u32::try_from(left).ok().and_then(|left| factor.checked_pow(left)).unwrap_or(i64::MAX);
            if rest / factor > reach || self.compared >= MOST_FACTORINGS {
                break;
            }
            self.factors.push(factor);
            self.extend(rest / factor);
            self.factors.pop();
        }
    }

    fn compare(&mut self) {
        self.compared += 1;
        let mut factors = self.factors.clone();
        // Among equal extents the smaller factor comes first: its ratio is nearer to 1.
        for group in self.extents.chunk_by(|a, b| a == b) {
            let from = self.extents.partition_point(|extent| *extent > group[0]);
            factors[from..from + group.len()].reverse();
        }
        let mut distance = 0.0;
        for i in 0..factors.len() {
            for j in i + 1..factors.len() {
                let ratio = |numbers: &[i64]| numbers[i] as f64 / numbers[j] as f64;
                distance += (ratio(self.extents) - ratio(&factors)).powi(2);
            }
        }
        if self.best.as_ref().is_none_or(|(least, _)| distance < *least) {
            self.best = Some((distance, factors));
        }
    }
}

/// All divisors, ascending.
fn divisors(number: i64) -> Vec<i64> {
    let mut small: Vec<i64> = (1..).take_while(|divisor| divisor * divisor <= number).collect();
    small.retain(|divisor| number % divisor == 0);
    let large: Vec<i64> = small.iter().rev().map(|divisor| number / divisor).collect();
    if small.last() == large.first() {
        small.pop();
    }
    small.extend(large);
    small
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chosen(shape: &[i64], processes: i64) -> Vec<i64> {
        Grid::choose(shape, &vec![true; shape.len()], processes).unwrap().shape().to_vec()
    }

    /// The definition, by listing every grid.
    fn best_by_listing(shape: &[i64], processes: i64) -> f64 {
        let mut grids = vec![Vec::new()];
        for &extent in shape {
            let longer = |grid: &Vec<i64>| {
                let grid = grid.clone();
                (1..=extent.clamp(1, processes)).map(move |along| [&grid[..], &[along]].concat())
            };
            grids = grids.iter().flat_map(longer).collect();
        }
        let used = |grid: &[i64]| grid.iter().product::<i64>();
        let most = grids.iter().map(|grid| used(grid)).filter(|used| *used <= processes).max().unwrap();
        let ordered = |grid: &[i64]| {
            (0..shape.len()).all(|i| (0..shape.len()).all(|j| shape[i] <= shape[j] || grid[i] >= grid[j]))
        };
        let fitting = grids.iter().filter(|grid| used(grid) == most && ordered(grid));
        fitting.map(|grid| distance(shape, grid)).min_by(f64::total_cmp).unwrap_or(f64::INFINITY)
    }

    fn distance(shape: &[i64], grid: &[i64]) -> f64 {
        let mut distance = 0.0;
        for i in 0..shape.len() {
            for j in i + 1..shape.len() {
                let (a, b) = if shape[i] >= shape[j] { (i, j) } else { (j, i) };
                let ratio = |numbers: &[i64]| numbers[a] as f64 / numbers[b] as f64;
                distance += (ratio(shape) - ratio(grid)).powi(2);
            }
        }
        distance
    }

    proptest! {
        #[test]
        fn is_the_nearest_grid(shape in prop::collection::vec(1_i64..30, 1..4), processes in 1_i64..40) {
            let grid = chosen(&shape, processes);
            let best = best_by_listing(&shape, processes);
            if best.is_finite() {
                // The measure of equal extents depends on which of the two is the numerator.
                let mut sorted = shape.clone();
                sorted.sort_unstable();
                sorted.dedup();
                if sorted.len() == shape.len() {
                    prop_assert!(distance(&shape, &grid) <= best + 1e-12, "{grid:?}");
                }
            }
            prop_assert!(grid.iter().zip(&shape).all(|(along, extent)| along <= extent));
        }

        #[test]
        fn is_symmetric(shape in prop::collection::vec(0_i64..100, 1..5), processes in 1_i64..200) {
            let reversed: Vec<i64> = shape.iter().rev().copied().collect();
            let mut grid = chosen(&reversed, processes);
            if reversed != shape {
                grid.reverse();
            }
            prop_assert_eq!(chosen(&shape, processes), grid);
        }
    }

    #[test]
    fn worked_values() {
        assert_eq!(chosen(&[20, 20], 12), [3, 4]);
        assert_eq!(chosen(&[64, 64], 16), [4, 4]);
        assert_eq!(chosen(&[100, 50, 25], 24), [6, 2, 2]);
        assert_eq!(chosen(&[25, 50, 100], 24), [2, 2, 6]);
        assert_eq!(chosen(&[12, 8], 6), [3, 2]);
        assert_eq!(chosen(&[3, 3], 16), [3, 3]);
        assert_eq!(chosen(&[1000, 3], 1009), [504, 2]);
        assert_eq!(chosen(&[7], 100), [7]);
        assert_eq!(chosen(&[0, 5], 4), [1, 4]);
        assert_eq!(chosen(&[], 4), [0_i64; 0]);
        let some = Grid::choose(&[40, 9, 40], &[true, false, true], 4).unwrap();
        assert_eq!(some.shape(), [2, 1, 2]);
    }

    #[test]
    fn extremes_end() {
        let most = vec![i64::MAX; 64];
        assert_eq!(chosen(&most, 1 << 40).iter().product::<i64>(), 1 << 40);
        assert_eq!(chosen(&[i64::MAX, 2], 720_720).iter().product::<i64>(), 720_720);
        assert_eq!(chosen(&vec![2; 64], 1_000_003).iter().filter(|along| **along == 2).count(), 19);
        let refused = |shape: &[i64], processes| Grid::choose(shape, &[true], processes).unwrap_err().kind();
        assert_eq!(refused(&[4], 0), ErrorKind::TooSmall);
        assert_eq!(refused(&[4], i64::MAX), ErrorKind::TooLarge);
        assert_eq!(refused(&[-1], 2), ErrorKind::TooSmall);
        assert_eq!(refused(&[4, 4], 2), ErrorKind::Count);
    }
}
