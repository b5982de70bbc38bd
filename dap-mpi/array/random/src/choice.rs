//! Choices among the numbers from 0 to n - 1.

use dap_array::{Context, DynArray, Result, argument};
use dap_core::algebra::Placement;
use dap_kernels::math::log;
use dap_kernels::random::{Exponential, Fraction, Integers, Philox, fill_run};

use crate::fill::{Each, Numbered, filled};
use crate::generator::Generator;

/// The numbers to choose from, and the rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Choice<'p> {
    /// Among 0 to n - 1, each number any number of times.
    Repeated(i64),
    /// Among 0 to n - 1, each number at most once: the beginning of a permutation.
    Once(i64),
    /// Among the indices of these probabilities, which are the same list on all ranks, each index
    /// any number of times: NumPy's `choice(len(p), p=p)`, with its bits.
    Weighted(&'p [f64]),
    /// Among the indices of these probabilities, each at most once, as if one after the other were
    /// drawn and taken away (P. Efraimidis and P. Spirakis, "Weighted random sampling with a
    /// reservoir", 2006): index i waits for an exponential time of mean 1 / p(i), and the indices
    /// come in the order of their times. Each rank computes all times.
    WeightedOnce(&'p [f64]),
}

impl Generator {
    /// Numbers that are chosen at random, as `i64`. It sends no message. `array.take(0, &chosen)`
    /// has the elements.
    ///
    /// # Errors
    /// Nothing to choose from; fewer numbers (with a probability above 0) than elements, where each
    /// is chosen once; probabilities that are negative, not finite, or whose sum is not 1 to within
    /// 1.5e-8; more ranks than the context has.
    #[track_caller]
    pub fn choice(&mut self, context: &Context, placement: impl Into<Placement>, from: Choice<'_>) -> Result<DynArray> {
        let bits: Vec<u64> = match from {
            Choice::Repeated(n) | Choice::Once(n) => vec![n as u64],
            Choice::Weighted(p) | Choice::WeightedOnce(p) => p.iter().map(|p| p.to_bits()).collect(),
        };
        let _call = self.enter(context, "choice", (std::mem::discriminant(&from), bits))?;
        let placement = placement.into();
        let wanted = placement.layout().len();
        let few = |found: i64| {
            argument::<DynArray>(format!("{wanted} numbers are to be chosen once each, and there are {found}"))
        };
        match from {
            Choice::Repeated(n) => {
                let numbers = Integers::<i64>::between(0, n.into());
                self.draw(context, &placement, numbers, &format!("a choice among {n} numbers: there is none"))
            }
            Choice::Once(n) if wanted > n => few(n.max(0)),
            Choice::Once(n) => self.permutation_of(context, &placement, n as u64),
            Choice::Weighted(p) => {
                check(p)?;
                let drawn = Weighted { cumulated: cumulated(p), stream: self.stream(), word: self.position() };
                let array = filled(context, &placement, &drawn)?;
                self.use_words(array.len() as u128);
                Ok(array)
            }
            Choice::WeightedOnce(p) => {
                check(p)?;
                let possible = p.iter().filter(|p| **p > 0.0).count() as i64;
                if wanted > possible {
                    return few(possible);
                }
                let (stream, position) = self.use_words(p.len() as u128);
                let order = by_time(&stream, position, p, wanted as usize);
                filled(context, &placement, &Each(|at: u64| order[at as usize] as i64))
            }
        }
    }
}

fn check(p: &[f64]) -> Result<()> {
    if let Some(index) = p.iter().position(|p| !p.is_finite() || *p < 0.0) {
        return argument(format!("probability {index} is {}: expected a number from 0 to 1", p[index]));
    }
    // NumPy's tolerance.
    let sum: f64 = p.iter().sum();
    if (sum - 1.0).abs() > f64::EPSILON.sqrt() {
        return argument(format!("the sum of {} probabilities is {sum}, not 1", p.len()));
    }
    Ok(())
}

/// The probability of each index and all before it, as NumPy computes it.
fn cumulated(p: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let mut cumulated: Vec<f64> = p
        .iter()
        .map(|p| {
            sum += p;
            sum
        })
        .collect();
    cumulated.iter_mut().for_each(|it| *it /= sum);
    cumulated
}

/// Indices with probabilities.
struct Weighted {
    cumulated: Vec<f64>,
    stream: Philox,
    word: u128,
}

impl Weighted {
    fn index(&self, fraction: f64) -> i64 {
        // The last probability is 1, which no fraction reaches.
        self.cumulated.partition_point(|&below| below <= fraction) as i64
    }
}

impl Numbered for Weighted {
    type Item = i64;

    fn run(&self, first: u64, out: &mut [i64]) {
        let mut fractions = [0.0; 256];
        for (at, out) in (first..).step_by(fractions.len()).zip(out.chunks_mut(fractions.len())) {
            let fractions = &mut fractions[..out.len()];
            fill_run(&self.stream, &Fraction::<f64>::default(), self.word.wrapping_add(at.into()), fractions);
            out.iter_mut().zip(fractions).for_each(|(out, fraction)| *out = self.index(*fraction));
        }
    }

    fn list(&self, numbers: &[u64], out: &mut [i64]) {
        numbers.iter().zip(out).for_each(|(&number, out)| self.run(number, std::slice::from_mut(out)));
    }
}

/// The first `count` indices in the order of their times.
fn by_time(stream: &Philox, position: u128, p: &[f64], count: usize) -> Vec<usize> {
    let mut times = vec![0.0; p.len()];
    fill_run(stream, &Exponential::<f64>::default(), position, &mut times);
    times.iter_mut().zip(p).for_each(|(time, p)| *time = log(*time) - log(*p));
    // Indices with probability 0 have an infinite time, and stand at the end.
    let mut order: Vec<usize> = (0..p.len()).collect();
    let by_time = |left: &usize, right: &usize| times[*left].total_cmp(&times[*right]).then(left.cmp(right));
    if count < order.len() {
        order.select_nth_unstable_by(count, by_time);
        order.truncate(count);
    }
    order.sort_unstable_by(by_time);
    order
}
