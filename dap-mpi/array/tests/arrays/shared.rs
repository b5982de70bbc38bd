//! Expressions that are parts of several others.

use dap_array::{Context, DynArray, Expr, IntoExpr, Op, Reduction};
use dap_array_testing::{Twin, check, placements_of, ranks_of};
use dap_launch::values;

/// A loop in which each step is made of the one before, and reduced: what is computed for the
/// second time is kept, so that no expression becomes deep. The results are those of a loop over
/// elements.
pub(crate) fn steps_are_kept(context: &Context) {
    for placement in values(placements_of(vec![7, 5], ranks_of(context)), 4, 91) {
        let x = Twin::new(context, &placement, 92);
        let mut expected = x.whole.clone();
        let mut step: Expr<'_> = x.array.clone().into_expr();
        let mut before: Vec<Expr<'_>> = Vec::new();
        for _ in 0..100 {
            let half = (step.clone() * 0.5).shared();
            step = (half.apply(Op::Cos) + half.clone()).shared();
            before.push(step.clone());
            expected.mapv_inplace(|item| {
                let half = item * 0.5;
                half.cos() + half
            });
            let greatest = step.reduce(Reduction::Max).expect("a maximum").to_f64();
            let wanted = expected.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            assert!((greatest - wanted).abs() < 1e-12, "{placement}: {greatest}, not {wanted}");
        }
        // All but the last step were computed twice: as the whole, and as a part of the next one.
        assert!(before[..99].iter().all(|step| step.kept().is_some()), "{placement}");
        assert!(step.kept().is_none(), "{placement}");
        assert!(step.depth().expect("a depth") <= 4);
        let result = step.eval().expect("elements");
        let wanted = |at: &[i64]| expected[[at[0] as usize, at[1] as usize]];
        let wanted = DynArray::from_fn(context, placement.clone(), wanted).expect("elements");
        let difference = (result.into_expr() - wanted).apply(Op::Abs);
        assert!(difference.reduce(Reduction::Max).expect("a maximum").to_f64() < 1e-12, "{placement}");
    }
}

/// The elements that are kept are those of a copy, and operands are read by what is left.
pub(crate) fn kept_elements(context: &Context) {
    for placement in values(placements_of(vec![6, 4], ranks_of(context)), 4, 93) {
        let (x, y) = (Twin::new(context, &placement, 94), Twin::new(context, &placement, 95));
        let sum = (x.array.clone().into_expr() + y.array.clone()).shared();
        let twice = sum.clone() * 2.0;
        assert!(twice.reads(&x.array) && sum.kept().is_none());
        let first = twice.reduce(Reduction::Sum).expect("a sum").to_f64();
        assert!(sum.kept().is_none(), "one computation stores nothing");
        assert_eq!(twice.reduce(Reduction::Sum).expect("a sum").to_f64(), first);
        let kept = sum.kept().expect("the second computation stores it");
        check(&kept, &(&x.whole + &y.whole), "kept");
        assert!(!twice.reads(&x.array) && twice.reads(&kept), "the operands are not needed any more");
        check(&twice.eval().expect("elements"), &((&x.whole + &y.whole) * 2.0), "twice");
    }
}
