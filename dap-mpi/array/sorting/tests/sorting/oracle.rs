//! Sorts of whole arrays, line by line, by a stable sort with NumPy's comparison.

use std::cmp::Ordering;

use dap_sorting::Order;
use ndarray::{ArrayD, Axis};

use crate::elements::Value;

fn compare<T: Value>(left: &T, right: &T) -> Ordering {
    if left.less(right) {
        Ordering::Less
    } else if right.less(left) {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}

/// The indices that sort a line, equal elements in their order.
pub(crate) fn places<T: Value>(line: &[T], order: Order) -> Vec<i64> {
    let mut places: Vec<i64> = (0..line.len() as i64).collect();
    places.sort_by(|&left, &right| {
        let (left, right) = (&line[left as usize], &line[right as usize]);
        if order == Order::Ascending { compare(left, right) } else { compare(right, left) }
    });
    places
}

/// A line in order: -0 before +0, also as a part of a complex number.
fn sorted<T: Value>(line: &[T], order: Order) -> Vec<T> {
    let mut line = line.to_vec();
    // Of elements that are equal, signs decide: the sign of -0 is the highest bit.
    let signs = |item: &T| !item.bits() & (1 << 127 | 1 << 63 | 1 << 31);
    line.sort_by(|left, right| compare(left, right).then(signs(left).cmp(&signs(right))));
    if order == Order::Descending {
        line.reverse();
    }
    line
}

fn along<T: Value, R: Clone + Default>(
    whole: &ArrayD<T>,
    axis: Option<usize>,
    body: impl Fn(&[T]) -> Vec<R>,
) -> ArrayD<R> {
    let Some(axis) = axis else {
        let flat: Vec<T> = whole.iter().copied().collect();
        return ndarray::Array1::from_vec(body(&flat)).into_dyn();
    };
    let mut result = ArrayD::from_elem(whole.raw_dim(), R::default());
    for (line, mut to) in whole.lanes(Axis(axis)).into_iter().zip(result.lanes_mut(Axis(axis))) {
        let found = body(&line.to_vec());
        to.iter_mut().zip(found).for_each(|(to, item)| *to = item);
    }
    result
}

pub(crate) fn sort<T: Value>(whole: &ArrayD<T>, axis: Option<usize>, order: Order) -> ArrayD<T> {
    along(whole, axis, |line| sorted(line, order))
}

pub(crate) fn argsort<T: Value>(whole: &ArrayD<T>, axis: Option<usize>, order: Order) -> ArrayD<i64> {
    along(whole, axis, |line| places(line, order))
}
