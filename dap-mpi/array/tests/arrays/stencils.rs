//! Stencils beside a loop over all elements and neighbours.

use dap_array::{Boundary, Context, DistArray, DynArray, ElementType, Stencil};
use dap_array_testing::{Step, Twin, check, placements_of, ranks_of, shapes, steps};
use dap_core::algebra::Placement;
use dap_core::layout::{DimSpec, Layout};
use dap_launch::values;
use dap_mpi::Traffic;
use ndarray::{ArrayD, Dimension, IxDyn};
use proptest::prelude::*;

/// The index of the neighbour, found by steps of one; `None` outside.
pub(crate) fn neighbour(boundary: Boundary<f64>, index: i64, size: i64) -> Option<i64> {
    let (mut at, mut direction) = (0, index.signum());
    for _ in 0..index.abs() {
        let next = at + direction;
        if (0..size).contains(&next) {
            at = next;
            continue;
        }
        match boundary {
            Boundary::None | Boundary::Constant(_) => return None,
            Boundary::Periodic => at = next.rem_euclid(size),
            Boundary::Nearest => {}
            Boundary::Reflect if size == 1 => {}
            Boundary::Reflect => {
                direction = -direction;
                at += direction;
            }
        }
    }
    Some(at)
}

/// The neighbours of an element; `None` if it is not computed.
fn neighbours(whole: &ArrayD<f64>, at: &IxDyn, offsets: &[Vec<i64>], boundary: Boundary<f64>) -> Option<Vec<f64>> {
    let value = |offset: &Vec<i64>| {
        let place: Option<Vec<usize>> = (0..at.ndim())
            .map(|axis| neighbour(boundary, at[axis] as i64 + offset[axis], whole.shape()[axis] as i64))
            .map(|place| place.map(|place| place as usize))
            .collect();
        match (place, boundary) {
            (Some(place), _) => Some(whole[&place[..]]),
            (None, Boundary::Constant(value)) => Some(value),
            (None, _) => None,
        }
    };
    offsets.iter().map(value).collect()
}

/// The result of a function of the neighbours; `before` where it is not computed.
fn expected(
    whole: &ArrayD<f64>,
    offsets: &[Vec<i64>],
    boundary: Boundary<f64>,
    before: &ArrayD<f64>,
    function: impl Fn(f64, &[f64]) -> f64,
) -> ArrayD<f64> {
    ArrayD::from_shape_fn(whole.raw_dim(), |at: IxDyn| {
        neighbours(whole, &at, offsets, boundary).map_or(before[&at], |values| function(before[&at], &values))
    })
}

pub(crate) fn boundaries() -> impl Strategy<Value = Boundary<f64>> {
    prop_oneof![
        Just(Boundary::None),
        Just(Boundary::Constant(2.5)),
        Just(Boundary::Periodic),
        Just(Boundary::Reflect),
        Just(Boundary::Nearest),
    ]
}

/// Offsets: near ones along the axes, near ones anywhere, far ones.
fn offsets() -> impl Strategy<Value = Vec<Vec<i64>>> {
    let near = prop::collection::vec(-2..3_i64, 6);
    let star = (0..6_usize, -2..3_i64).prop_map(|(axis, at)| {
        let mut offset = vec![0; 6];
        offset[axis] = at;
        offset
    });
    let far = prop::collection::vec(-17..18_i64, 6);
    prop_oneof![
        3 => prop::collection::vec(star, 1..6),
        2 => prop::collection::vec(near, 1..5),
        1 => prop::collection::vec(far, 1..3),
    ]
}

fn summed(values: &[f64]) -> f64 {
    let term = |tap: usize| weight(tap) * values[tap];
    (1..values.len()).fold(term(0), |sum, tap| sum + term(tap))
}

fn weight(tap: usize) -> f64 {
    0.5 + tap as f64 / 3.0
}

/// The bytes and messages that all ranks have posted.
pub(crate) fn posted(context: &Context) -> [u64; 2] {
    let Traffic { messages, bytes } = context.comm().posted();
    let all = context.comm().gather_words(&[bytes, messages]).expect("all ranks are there");
    all.chunks(2).fold([0, 0], |sum, it| [sum[0] + it[0], sum[1] + it[1]])
}

/// The bytes and messages of the halos in the text of `explain`.
pub(crate) fn explained(text: &str) -> [u64; 2] {
    let halos = text.lines().filter(|line| line.trim_start().starts_with("halo of"));
    halos.fold([0, 0], |sum, line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let before = |unit: &str| {
            let at = words.iter().position(|word| *word == unit).expect("the unit");
            words[at - 1].parse::<u64>().expect("a number")
        };
        [sum[0] + before("bytes"), sum[1] + before("messages")]
    })
}

pub(crate) fn random(context: &Context) {
    let ranks = ranks_of(context);
    let placements = shapes().prop_flat_map(move |shape| placements_of(shape, ranks));
    let cases = (placements, prop::collection::vec(steps(), 0..3), offsets(), boundaries(), any::<u8>());
    for (placement, steps, offsets, boundary, seed) in values(cases, 80, 21) {
        let mut twin = Twin::new(context, &placement, 5);
        for step in &steps {
            twin = twin.step(step);
        }
        let ndim = twin.whole.ndim();
        if ndim == 0 {
            continue;
        }
        let offsets: Vec<Vec<i64>> = offsets.iter().map(|offset| offset[..ndim].to_vec()).collect();
        let what = format!("{placement}, {steps:?}, {offsets:?}, {boundary:?}");
        let taps: Vec<(&[i64], f64)> =
            offsets.iter().enumerate().map(|(tap, offset)| (&offset[..], weight(tap))).collect();
        let weighted = Stencil::weighted(&taps).expect("a stencil");
        let before = posted(context);
        let found = twin.array.stencil(&weighted, boundary).unwrap_or_else(|error| panic!("{what}: {error}"));
        let after = posted(context);
        let text = twin.array.explain_stencil(&weighted, boundary).expect("a plan");
        assert_eq!([after[0] - before[0], after[1] - before[1]], explained(&text), "{what}: {text}");
        assert_eq!(found.placement(), twin.array.placement(), "{what}");
        let zeros = ArrayD::zeros(twin.whole.raw_dim());
        check(&found, &expected(&twin.whole, &offsets, boundary, &zeros, |_, values| summed(values)), &what);
        twin.check(&what);

        // Added to an array of any distribution.
        let other = values(placements_of(twin.array.shape().to_vec(), ranks), 1, seed).remove(0);
        let target = Twin::new(context, &other, 8);
        let added = Stencil::weighted(&taps).and_then(Stencil::added).expect("a stencil");
        twin.array.stencil_into(&added, boundary, &target.array).unwrap_or_else(|error| panic!("{what}: {error}"));
        let sum = expected(&twin.whole, &offsets, boundary, &target.whole, |before, values| before + summed(values));
        check(&target.array, &sum, &format!("{what}, added to {other}"));

        // In place, by a function.
        let is_repeated = |step: &Step| matches!(step, Step::Repeat { .. });
        if !steps.iter().any(is_repeated) {
            let pair = [&offsets[0][..], &offsets[offsets.len() - 1][..]];
            let function = Stencil::map(pair, |[a, b]: [f64; 2]| a * 2.0 - b).expect("a stencil");
            twin.array.stencil_into(&function, boundary, &twin.array).unwrap_or_else(|error| panic!("{what}: {error}"));
            let pair: Vec<Vec<i64>> = pair.iter().map(|offset| offset.to_vec()).collect();
            let whole = expected(&twin.whole, &pair, boundary, &twin.whole, |_, values| values[0] * 2.0 - values[1]);
            check(&twin.array, &whole, &format!("{what}, in place"));
        }
    }
}

/// The five distributions of a matrix over all ranks.
pub(crate) fn five(shape: [i64; 2], ranks: i64) -> Vec<Placement> {
    let irregular: Vec<i64> =
        (0..=ranks).map(|at| if at == ranks { shape[0] } else { shape[0] * at * at / (ranks * ranks) }).collect();
    let lists: Vec<Vec<i64>> = (0..ranks)
        .map(|rank| (0..shape[0]).rev().filter(|row| (row * row + row / 3) % ranks == rank).collect())
        .collect();
    let specs = [
        DimSpec::Block,
        DimSpec::Bounds(irregular.into()),
        DimSpec::Cyclic,
        DimSpec::BlockCyclic(3),
        DimSpec::Unstructured(lists.into()),
    ];
    let layout = |spec: DimSpec| Layout::builder(shape).dims([spec]).grid([ranks, 1]).build().expect("a layout").into();
    specs.into_iter().map(layout).collect()
}

/// Conway's game of life on a torus, against cells that are counted one by one.
pub(crate) fn life(context: &Context) {
    let (rows, columns) = (13, 11);
    let is_alive = |index: &[i64]| u8::from((index[0] * 5 + index[1] * 3 + index[0] * index[1]) % 7 < 3);
    let offsets: Vec<[i64; 2]> = (-1..2).flat_map(|row| (-1..2).map(move |column| [row, column])).collect();
    let offsets: [&[i64]; 9] = std::array::from_fn(|tap| &offsets[tap][..]);
    let rule = |cells: [u8; 9]| {
        let alive: u8 = cells.iter().sum::<u8>() - cells[4];
        u8::from(alive == 3 || alive == 2 && cells[4] == 1)
    };
    let stencil = Stencil::map(offsets, rule).expect("a stencil");
    for placement in five([rows, columns], ranks_of(context)) {
        let mut cells = DistArray::<u8>::from_fn(context, &placement, is_alive).expect("cells");
        let mut whole: Vec<Vec<u8>> =
            (0..rows).map(|row| (0..columns).map(|column| is_alive(&[row, column])).collect()).collect();
        for _ in 0..8 {
            cells = cells.stencil(&stencil, Boundary::Periodic).expect("a generation");
            let old = whole.clone();
            for (row, cells) in whole.iter_mut().enumerate() {
                for (column, cell) in cells.iter_mut().enumerate() {
                    let mut alive = 0;
                    for (down, right) in (0..9).map(|at| (at / 3, at % 3)).filter(|at| *at != (1, 1)) {
                        let row = (row + rows as usize + down - 1) % rows as usize;
                        alive += old[row][(column + columns as usize + right - 1) % columns as usize];
                    }
                    *cell = u8::from(alive == 3 || alive == 2 && *cell == 1);
                }
            }
        }
        let found = cells.gather(0).expect("the cells");
        if context.comm().rank() == 0 {
            let local = found.local::<u8>().expect("cells");
            let whole: Vec<u8> = whole.into_iter().flatten().collect();
            assert_eq!(local.view().iter().copied().collect::<Vec<u8>>(), whole, "{placement}");
            assert!(whole.contains(&1), "some cell lives");
        }
    }
}

/// Cells that are true or false.
pub(crate) fn booleans(context: &Context) {
    let layout = Layout::builder([9]).processes(ranks_of(context)).build().expect("a layout");
    let cells = DistArray::<bool>::from_fn(context, &layout, |index| index[0] % 4 == 1).expect("cells");
    let either = Stencil::map([&[-1], &[1]], |[left, right]: [bool; 2]| left | right).expect("a stencil");
    let found = cells.stencil(&either, Boundary::Constant(true)).expect("cells").gather(0).expect("the cells");
    if context.comm().rank() == 0 {
        let local = found.local::<bool>().expect("cells");
        let expected: Vec<bool> =
            (0..9).map(|at| at == 0 || (at - 1) % 4 == 1 || at == 8 || (at + 1) % 4 == 1).collect();
        assert_eq!(local.view().iter().copied().collect::<Vec<bool>>(), expected);
    }
}

/// Mistakes are errors on all ranks, and nothing is written.
pub(crate) fn mistakes(context: &Context) {
    let layout = Layout::builder([6, 4]).processes(ranks_of(context)).build().expect("a layout");
    let x = Twin::new(context, &layout.clone().into(), 1);
    let y = Twin::new(context, &layout.into(), 2);
    let text = |result: dap_array::Result<()>| result.expect_err("a mistake").to_string();
    let line = Stencil::<f64>::sum(&[&[0]]).expect("a stencil");
    let axes = text(x.array.stencil(&line, Boundary::Periodic).map(drop));
    assert!(axes.contains("1 axes") && axes.contains('2'), "{axes}");
    let single = Stencil::<f32>::sum(&[&[0, 0]]).expect("a stencil");
    let element = text(x.array.stencil(&single, Boundary::Periodic).map(drop));
    assert!(element.contains("float64") && element.contains("float32"), "{element}");
    let plane = Stencil::<f64>::sum(&[&[0, 0], &[1, 1]]).expect("a stencil");
    let turned = y.array.reversed_axes().expect("a view");
    let shape = text(x.array.stencil_into(&plane, Boundary::Periodic, &turned));
    assert!(shape.contains("shapes"), "{shape}");
    let row = y.array.index("0").and_then(|row| row.broadcast_to(&[6, 4])).expect("a view");
    let repeated = text(x.array.stencil_into(&plane, Boundary::Periodic, &row));
    assert!(repeated.contains("written"), "{repeated}");
    let none = text(Stencil::<f64>::sum(&[]).map(drop)) + &text(Stencil::<f64>::sum(&[&[0], &[0, 1]]).map(drop));
    assert!(none.contains("no offset") && none.contains("2 numbers"), "{none}");
    let function = text(Stencil::map([&[0]], |[a]: [f64; 1]| a).and_then(Stencil::added).map(drop));
    assert!(function.contains("function"), "{function}");
    // Offsets of any size.
    let far = Stencil::<f64>::sum(&[&[i64::MAX, i64::MIN]]).expect("a stencil");
    for boundary in [Boundary::Constant(1.0), Boundary::Periodic, Boundary::Reflect, Boundary::Nearest, Boundary::None]
    {
        let result = x.array.stencil(&far, boundary).unwrap_or_else(|error| panic!("{boundary:?}: {error}"));
        assert_eq!(result.shape(), [6, 4]);
    }
    let empty = DynArray::zeros(context, Layout::builder([0]).build().expect("a layout"), &ElementType::F64.dtype());
    let empty = empty.and_then(|empty| empty.stencil(&line, Boundary::Periodic)).expect("no element");
    assert!(empty.is_empty());
    x.check("nothing was written");
    y.check("nothing was written");
}
