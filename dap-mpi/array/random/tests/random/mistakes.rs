//! Mistakes are the same errors on all ranks, and use no word.

use dap_array::{Context, DynArray, ElementType, Value};
use dap_array_testing::ranks_of;
use dap_core::layout::Layout;
use dap_random::{Choice, Generator};

pub(crate) fn mistakes(context: &Context) {
    let of = |shape: &[i64]| Layout::builder(shape.to_vec()).processes(ranks_of(context)).build().expect("a layout");
    let mut generator = Generator::new(1);
    let text = |result: dap_array::Result<DynArray>| result.expect_err("a mistake").to_string();
    let g = &mut generator;
    let layout = of(&[6]);
    let contains = |text: String, words: &[&str]| assert!(words.iter().all(|word| text.contains(word)), "{text}");
    contains(text(g.random(context, &layout, ElementType::I32)), &["int32", "float64"]);
    contains(text(g.uniform(context, &layout, ElementType::C64, (0.0, 1.0))), &["complex64"]);
    contains(text(g.uniform(context, &layout, ElementType::F64, (f64::MIN, f64::MAX))), &["finite"]);
    contains(text(g.integers(context, &layout, ElementType::F64, 0..3)), &["float64"]);
    contains(text(g.integers(context, &layout, ElementType::U8, 0..257)), &["uint8", "257"]);
    contains(text(g.integers(context, &layout, ElementType::U8, 3..3)), &["empty"]);
    contains(text(g.normal(context, &layout, ElementType::F64, 0.0, -1.0)), &["-1"]);
    contains(
        text(g.normal(context, &layout, ElementType::F32, Value::Complex(0.0, 1.0), 1.0)),
        &["complex", "float32"],
    );
    contains(text(g.exponential(context, &layout, ElementType::F64, f64::NAN)), &["NaN"]);
    contains(text(g.permutation(context, of(&[2, 3]))), &["one axis", "2"]);
    contains(text(g.choice(context, &layout, Choice::Repeated(0))), &["0 numbers"]);
    contains(text(g.choice(context, &layout, Choice::Once(5))), &["6 numbers", "5"]);
    contains(text(g.choice(context, &layout, Choice::Once(-5))), &["are 0"]);
    contains(text(g.choice(context, &layout, Choice::Weighted(&[0.5, 0.4]))), &["0.9", "not 1"]);
    contains(text(g.choice(context, &layout, Choice::Weighted(&[1.5, -0.5]))), &["probability 1", "-0.5"]);
    contains(text(g.choice(context, &layout, Choice::Weighted(&[]))), &["0 probabilities"]);
    contains(text(g.choice(context, &layout, Choice::WeightedOnce(&[0.5, 0.5, 0.0]))), &["6 numbers", "2"]);
    let x = g.random(context, &layout, ElementType::F64).expect("numbers");
    let position = g.position();
    contains(text(g.permuted(&x, 1)), &["axis 1"]);
    assert_eq!(g.position(), position);
    assert_eq!(position, 6);
    let wide = Layout::builder([100]).processes(ranks_of(context) + 1).build().expect("a layout");
    contains(text(g.random(context, &wide, ElementType::F64)), &["ranks"]);
    assert_eq!(g.position(), 6);
}
