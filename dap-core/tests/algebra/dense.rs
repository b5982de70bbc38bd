//! Arrays that hold indices of another array, one by one: the slow truth about views.

use dap_core::algebra::{CommRank, Placement, Slice, Subscript, View};
use dap_core::index::{GlobalIndex, LocalIndex, Rank};
use dap_core::layout::Layout;
use dap_core::random_layouts::layouts_of;
use proptest::prelude::*;

/// An array in C order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dense<T = Vec<i64>> {
    pub(crate) shape: Vec<i64>,
    pub(crate) items: Vec<T>,
}

/// Every index of a shape, the last one fastest.
pub(crate) fn indices(shape: &[i64]) -> Vec<Vec<i64>> {
    shape.iter().fold(vec![vec![]], |indices, &extent| {
        indices.iter().flat_map(|index| (0..extent).map(move |k| [index.as_slice(), &[k]].concat())).collect()
    })
}

impl<T: Clone> Dense<T> {
    pub(crate) fn build(shape: &[i64], item: impl FnMut(Vec<i64>) -> T) -> Dense<T> {
        Dense { shape: shape.to_vec(), items: indices(shape).into_iter().map(item).collect() }
    }

    pub(crate) fn at(&self, index: &[i64]) -> &T {
        assert!(index.len() == self.shape.len() && index.iter().zip(&self.shape).all(|(&k, &n)| 0 <= k && k < n));
        &self.items[index.iter().zip(&self.shape).fold(0, |at, (&k, &n)| at * n + k) as usize]
    }

    /// The array whose element at an index is that of this one at another.
    pub(crate) fn gather(&self, shape: &[i64], from: impl Fn(&[i64]) -> Vec<i64>) -> Dense<T> {
        Dense::build(shape, |index| self.at(&from(&index)).clone())
    }
}

impl Dense {
    /// Each index of an array.
    pub(crate) fn of(shape: &[i64]) -> Dense {
        Dense::build(shape, |index| index)
    }
}

/// A source of choices.
#[derive(Debug, Clone)]
pub(crate) struct Choices(std::vec::IntoIter<u16>);

impl Choices {
    pub(crate) fn new(choices: Vec<u16>) -> Choices {
        Choices(choices.into_iter())
    }

    /// A number below `end`; 0 once the choices have run out, so that shorter lists are simpler.
    pub(crate) fn below(&mut self, end: i64) -> i64 {
        i64::from(self.0.next().unwrap_or(0)) % end.max(1)
    }

    /// One of -`reach` to `reach`.
    pub(crate) fn about(&mut self, reach: i64) -> i64 {
        self.below(2 * reach + 1) - reach
    }
}

/// Python's indices of a slice, by walking.
fn walked(slice: &Slice, size: i64) -> Vec<i64> {
    let step = slice.step.unwrap_or(1);
    let fix = |bound: i64| if bound < 0 { bound + size } else { bound };
    let (mut at, stop) = if step > 0 {
        (slice.start.map_or(0, |s| fix(s).clamp(0, size)), slice.stop.map_or(size, |s| fix(s).clamp(0, size)))
    } else {
        let clip = |bound: i64| fix(bound).clamp(-1, size - 1);
        (slice.start.map_or(size - 1, clip), slice.stop.map_or(-1, clip))
    };
    let mut indices = Vec::new();
    while (step > 0 && at < stop) || (step < 0 && at > stop) {
        indices.push(at);
        at += step;
    }
    indices
}

/// One random step from a view to another, done both ways.
pub(crate) fn step(view: &View, dense: &Dense, choices: &mut Choices) -> (View, Dense) {
    let ndim = dense.shape.len();
    match choices.below(6) {
        0..=2 => index(view, dense, choices),
        3 => {
            let mut order: Vec<usize> = (0..ndim).collect();
            for at in (1..ndim).rev() {
                order.swap(at, choices.below(at as i64 + 1) as usize);
            }
            let negative = choices.below(2) * ndim as i64;
            let named: Vec<i64> = order.iter().map(|&at| at as i64 - negative).collect();
            let shape: Vec<i64> = order.iter().map(|&at| dense.shape[at]).collect();
            let turned = dense.gather(&shape, |index| {
                let mut from = vec![0; ndim];
                order.iter().zip(index).for_each(|(&at, &k)| from[at] = k);
                from
            });
            (view.transpose(&named).unwrap(), turned)
        }
        4 => {
            let flipped: Vec<usize> = (0..ndim).filter(|_| choices.below(2) == 1).collect();
            let named: Vec<i64> = flipped.iter().map(|&at| at as i64).collect();
            let turned = dense.gather(&dense.shape, |index| {
                let turn = |(at, &k): (usize, &i64)| if flipped.contains(&at) { dense.shape[at] - 1 - k } else { k };
                index.iter().enumerate().map(turn).collect()
            });
            (view.flip(&named).unwrap(), turned)
        }
        _ => {
            let mut shape: Vec<i64> = dense
                .shape
                .iter()
                .map(|&n| if n == 1 && choices.below(2) == 1 { choices.below(4) } else { n })
                .collect();
            if choices.below(2) == 1 && ndim < 4 {
                shape.insert(0, choices.below(3));
            }
            let new = shape.len() - ndim;
            let repeated = dense.gather(&shape, |index| {
                index[new..].iter().zip(&dense.shape).map(|(&k, &n)| if n == 1 { 0 } else { k }).collect()
            });
            (view.broadcast_to(&shape).unwrap(), repeated)
        }
    }
}

/// The kind of each axis of a result.
enum Axis {
    New,
    Of(usize, Vec<i64>),
}

fn index(view: &View, dense: &Dense, choices: &mut Choices) -> (View, Dense) {
    let mut subscripts = Vec::new();
    let mut axes = Vec::new();
    let mut fixed = vec![0; dense.shape.len()];
    let written = choices.below(dense.shape.len() as i64 + 1) as usize;
    // An ellipsis in place of some axes, or behind all.
    let skipped = dense.shape.len() - written;
    let ellipsis_at = choices.below(dense.shape.len() as i64 + 1) as usize;
    let ellipsis = (ellipsis_at <= written && choices.below(2) == 1).then_some(ellipsis_at);
    let mut at = 0;
    for part in 0..=written {
        if choices.below(5) == 1 && axes.len() < 4 {
            subscripts.push(Subscript::NewAxis);
            axes.push(Axis::New);
        }
        if ellipsis == Some(part) {
            subscripts.push(Subscript::Ellipsis);
            axes.extend((at..at + skipped).map(|at| Axis::Of(at, (0..dense.shape[at]).collect())));
            at += skipped;
        }
        if part == written {
            break;
        }
        let size = dense.shape[at];
        if size > 0 && choices.below(5) == 1 {
            let index = choices.below(size);
            subscripts.push(Subscript::Index(if choices.below(2) == 1 { index - size } else { index }));
            fixed[at] = index;
        } else {
            let mut bound = || (choices.below(3) > 0).then(|| choices.about(size + 2));
            let (start, stop) = (bound(), bound());
            let step = (choices.below(3) > 0).then(|| choices.about(4)).filter(|&step| step != 0);
            let slice = Slice { start, stop, step };
            subscripts.push(Subscript::Slice(slice));
            axes.push(Axis::Of(at, walked(&slice, size)));
        }
        at += 1;
    }
    axes.extend((at..dense.shape.len()).map(|at| Axis::Of(at, (0..dense.shape[at]).collect())));
    let extent = |axis: &Axis| match axis {
        Axis::New => 1,
        Axis::Of(_, indices) => indices.len() as i64,
    };
    let shape: Vec<i64> = axes.iter().map(extent).collect();
    let selected = dense.gather(&shape, |index| {
        let mut from = fixed.clone();
        for (axis, &k) in axes.iter().zip(index) {
            if let Axis::Of(at, indices) = axis {
                from[*at] = indices[k as usize];
            }
        }
        from
    });
    (view.index(&subscripts).unwrap(), selected)
}

/// A placement of an array on some ranks of a communicator, in any order.
pub(crate) fn placements(shape: Vec<i64>) -> impl Strategy<Value = Placement> {
    (layouts_of(shape, 6), any::<u16>()).prop_map(|(layout, seed)| shuffled(&layout, seed))
}

pub(crate) fn shuffled(layout: &Layout, seed: u16) -> Placement {
    if seed.is_multiple_of(3) {
        return Placement::new(layout.clone());
    }
    let count = layout.processes();
    let ranks: Vec<i64> = (0..count).map(|rank| (rank * 5 + i64::from(seed)) % 7).collect();
    let ranks = dap_core::algebra::RankMap::listed(layout.grid(), ranks).unwrap();
    Placement::with_ranks(layout.clone(), ranks).unwrap()
}

pub(crate) fn shapes() -> impl Strategy<Value = Vec<i64>> {
    prop_oneof![
        1 => Just(vec![]),
        4 => prop::collection::vec(0..40_i64, 1),
        4 => prop::collection::vec(0..12_i64, 2),
        2 => prop::collection::vec(0..6_i64, 3),
    ]
}

/// The rank of the communicator that owns an element, and where in its buffer.
pub(crate) fn owner(placement: &Placement, index: &[i64]) -> (CommRank, Vec<i64>) {
    let global: Vec<GlobalIndex> = index.iter().copied().map(GlobalIndex).collect();
    let (section, local) = placement.layout().owner(&global).unwrap();
    (placement.ranks().holder(section).unwrap(), local.into_iter().map(|local| local.0).collect())
}

/// The element at a place of a section's buffer.
pub(crate) fn element(layout: &Layout, section: Rank, local: &[i64]) -> Option<Vec<i64>> {
    let local: Vec<LocalIndex> = local.iter().copied().map(LocalIndex).collect();
    Some(layout.global(section, &local)?.into_iter().map(|index| index.0).collect())
}

/// Everything that a view says, against the indices that it holds.
pub(crate) fn compare(view: &View, dense: &Dense) {
    let base = view.base();
    assert_eq!(view.shape().to_vec(), dense.shape);
    let placement = view.placement().unwrap();
    assert_eq!(placement.shape(), dense.shape);
    for index in indices(&dense.shape) {
        let expected = dense.at(&index);
        assert_eq!(view.base_index(&index).as_ref(), Some(expected));
        // No element moves.
        let (holder, local) = owner(&placement, &index);
        let (base_holder, base_local) = owner(base, expected);
        assert_eq!(holder, base_holder, "holder of {index:?} of {placement}, {expected:?} of {base}");
        let section = placement.ranks().section(holder).unwrap();
        let window = view.window(section).unwrap().unwrap();
        assert_eq!(window.base_local(&local), Some(base_local), "{index:?} of {placement} in {base}");
    }
    for section in (0..placement.layout().processes()).map(Rank) {
        let holder = placement.ranks().holder(section).unwrap();
        assert_eq!(placement.ranks().section(holder), Some(section));
        let window = view.window(section).unwrap().unwrap();
        assert_eq!(view.base_rank(section).unwrap(), Some(window.base_rank()));
        assert_eq!(base.ranks().holder(window.base_rank()), Some(holder));
        let shape = placement.layout().local_shape(section).unwrap();
        assert_eq!(window.shape(), shape, "section {section} of {placement} in {base}");
        let extents = base.layout().local_shape(window.base_rank()).unwrap();
        // In a buffer of C order.
        let mut strides = vec![1; extents.len()];
        for at in (1..extents.len()).rev() {
            strides[at - 1] = strides[at] * extents[at];
        }
        let strided = window.strided(&strides);
        for local in indices(&shape) {
            let index = element(placement.layout(), section, &local).unwrap();
            let base_local = window.base_local(&local).unwrap();
            let held = element(base.layout(), window.base_rank(), &base_local);
            assert_eq!(
                held.as_ref(),
                Some(dense.at(&index)),
                "{local:?} of section {section} of {placement} in {base}"
            );
            if let Some(place) = &strided {
                let offset = place.offset + place.strides.iter().zip(&local).map(|(stride, k)| stride * k).sum::<i64>();
                assert_eq!(offset, base_local.iter().zip(&strides).map(|(local, stride)| local * stride).sum::<i64>());
            }
        }
        let behind: Vec<i64> = shape.iter().map(|_| i64::MAX).collect();
        assert_eq!(window.base_local(&behind).is_some(), behind.is_empty());
    }
    assert_eq!(view.window(Rank(placement.layout().processes())).unwrap(), None);
    assert_eq!(view.window(Rank(-1)).unwrap(), None);
}
