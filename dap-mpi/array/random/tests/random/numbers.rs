//! The same global array for all placements, and NumPy's.

use dap_array::{Context, DynArray, Element, ElementType, Value};
use dap_array_testing::{check_items, extents, placements_of, ranks_of, shapes};
use dap_core::algebra::Placement;
use dap_core::layout::Layout;
use dap_kernels::random::{
    ComplexNormal, Distribution, Exponential, Fraction, Integers, Normal, Philox, SeedSequence, Uniform, fill_run,
};
use dap_launch::values;
use dap_ndarray::Item;
use dap_random::Generator;
use ndarray::{ArrayD, Dimension};
use num_complex::Complex;
use proptest::prelude::*;

/// The elements of a distribution from a unit of the stream of seed 5 on.
fn whole<D>(distribution: &D, unit: u128, shape: &[i64]) -> ArrayD<D::Item>
where
    D: Distribution<Item: Item + Element + Default>,
{
    let shape = extents(shape);
    let mut items = vec![D::Item::default(); shape.iter().product()];
    fill_run(&Philox::of(&SeedSequence::new(&[5])), distribution, unit, &mut items);
    ArrayD::from_shape_vec(shape, items).expect("as many items")
}

pub(crate) fn random(context: &Context) {
    let ranks = ranks_of(context);
    let cases = shapes().prop_flat_map(move |shape| (placements_of(shape, ranks), 0..1000_u32));
    for (placement, skipped) in values(cases, 30, 70) {
        let what = format!("{placement}, from word {skipped}");
        let shape = placement.shape().to_vec();
        let at = u128::from(skipped);
        let draw = |draw: &dyn Fn(&mut Generator, Placement) -> dap_array::Result<DynArray>| {
            let mut generator = Generator::new(5);
            generator.set_position(at);
            let array = draw(&mut generator, placement.clone()).unwrap_or_else(|error| panic!("{what}: {error}"));
            (array, generator.position() - at)
        };
        let len = shape.iter().product::<i64>() as u128;
        let (doubles, used) = draw(&|generator, at| generator.random(context, at, ElementType::F64));
        let expected = whole(&Fraction::<f64>::default(), at, &shape);
        assert_eq!(used, len, "{what}");
        check_items(&doubles, &expected, |item| item.to_bits(), &what);
        check_padding(doubles, &placement, &expected, &what);
        let (floats, used) = draw(&|generator, at| generator.random(context, at, ElementType::F32));
        assert_eq!(used, len.div_ceil(2), "{what}");
        check_items(&floats, &whole(&Fraction::<f32>::default(), 2 * at, &shape), |item| item.to_bits(), &what);
        let (wide, _) = draw(&|generator, at| generator.uniform(context, at, ElementType::F32, (-2.0, 7.5)));
        let expected = Uniform::<f32>::between(-2.0, 7.5).expect("bounds");
        check_items(&wide, &whole(&expected, at, &shape), |item| item.to_bits(), &what);
        let (bytes, used) = draw(&|generator, at| generator.integers(context, at, ElementType::I8, -100..28));
        assert_eq!(used, len, "{what}");
        let expected = Integers::<i8>::between(-100, 28).expect("a range");
        check_items(&bytes, &whole(&expected, at, &shape), |item| *item, &what);
        let all = i128::from(u64::MAX);
        let (words, _) = draw(&|generator, at| generator.integers(context, at, ElementType::U64, 0..all));
        let expected = Integers::<u64>::between(0, all).expect("a range");
        check_items(&words, &whole(&expected, at, &shape), |item| *item, &what);
        let (normal, _) = draw(&|generator, at| generator.normal(context, at, ElementType::F64, 1, 3.0));
        let expected = Normal::<f64>::new(1.0, 3.0).expect("a deviation");
        check_items(&normal, &whole(&expected, at, &shape), |item| item.to_bits(), &what);
        let mean = Value::Complex(1.0, -1.0);
        let (complex, used) = draw(&|generator, at| generator.normal(context, at, ElementType::C64, mean, 2.0));
        assert_eq!(used, 2 * len, "{what}");
        let expected = ComplexNormal::<f32>::new(Complex::new(1.0, -1.0), 2.0).expect("a deviation");
        check_items(&complex, &whole(&expected, at, &shape), |it| (it.re.to_bits(), it.im.to_bits()), &what);
        let (times, _) = draw(&|generator, at| generator.exponential(context, at, ElementType::F64, 0.25));
        let expected = Exponential::<f64>::new(0.25).expect("a scale");
        check_items(&times, &whole(&expected, at, &shape), |item| item.to_bits(), &what);
    }
}

/// The buffers, padding included, are those of an array that a function of the index makes.
fn check_padding(array: DynArray, placement: &Placement, whole: &ArrayD<f64>, what: &str) {
    let value = |index: &[i64]| whole[&index.iter().map(|&at| at as usize).collect::<Vec<_>>()[..]];
    let expected = DynArray::from_fn(array.context(), placement.clone(), value).expect("an array");
    let bits = |array: DynArray| {
        let section = array.into_section().expect("the only handle")?;
        let view = section.buffer().view::<f64>().expect("floats").map(|item| item.to_bits());
        Some((view.raw_dim().slice().to_vec(), view))
    };
    assert_eq!(bits(array), bits(expected), "{what}");
}

/// `g = Generator(Philox(7))`: `g.random((2, 3))`, then `g.uniform(-1, 1, 5)`, by NumPy 2.4.6.
pub(crate) fn numpy(context: &Context) {
    let of = |shape: &[i64]| Layout::builder(shape.to_vec()).processes(ranks_of(context)).build().expect("a layout");
    let mut generator = Generator::new(7);
    let first = generator.random(context, of(&[2, 3]), ElementType::F64).expect("numbers");
    let bits: [u64; 6] = [
        0x3fde_011b_0f91_315e,
        0x3fdb_45f9_2f7e_53e2,
        0x3fd7_3b17_9988_1d06,
        0x3fce_619c_e662_4f20,
        0x3fc1_c215_6d9d_cccc,
        0x3fe0_6231_691e_cb86,
    ];
    let expected = ArrayD::from_shape_vec(vec![2, 3], bits.map(f64::from_bits).to_vec()).expect("six");
    check_items(&first, &expected, |item| item.to_bits(), "random");
    let second = generator.uniform(context, of(&[5]), ElementType::F64, (-1.0, 1.0)).expect("numbers");
    let bits: [u64; 5] = [
        0xbfd9_3f13_170b_2e14,
        0x3fef_19ce_7b81_3a50,
        0xbfe9_8de9_ad07_6fd6,
        0x3fe0_a743_9131_6340,
        0x3fe3_58f8_1c64_0d48,
    ];
    let expected = ArrayD::from_shape_vec(vec![5], bits.map(f64::from_bits).to_vec()).expect("five");
    check_items(&second, &expected, |item| item.to_bits(), "uniform");
    assert_eq!(generator.position(), 11);
}

/// A longer array begins with the shorter one, two calls are one longer call, and streams differ.
pub(crate) fn positions(context: &Context) {
    let of = |len: i64| Layout::builder([len]).processes(ranks_of(context)).build().expect("a layout");
    let normal = |generator: &mut Generator, len| {
        generator.standard_normal(context, of(len), ElementType::F64).expect("numbers").gather(0).expect("all")
    };
    let mut generator = Generator::new(5);
    let (first, second) = (normal(&mut generator, 100), normal(&mut generator, 50));
    assert_eq!(generator.position(), 150);
    let long = normal(&mut Generator::new(5), 150);
    let other = normal(&mut Generator::with_stream(5, 1), 150);
    if context.comm().rank() == 0 {
        let items =
            |array: &DynArray| array.local::<f64>().expect("rank 0 has all").view().iter().copied().collect::<Vec<_>>();
        assert_eq!(items(&long), [items(&first), items(&second)].concat());
        assert!(items(&long).iter().zip(items(&other)).all(|(left, right)| *left != right));
    }
}
