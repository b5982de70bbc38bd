//! Calls that no array can serve, and arrays without elements.

use dap_array::{Context, DynArray, ElementType};
use dap_array_testing::ranks_of;
use dap_core::dtype::DType;
use dap_core::layout::Layout;
use dap_fft::Norm;

use crate::small;

pub(crate) fn mistakes(context: &Context) {
    let layout = Layout::builder([6, 4]).processes(ranks_of(context)).build().expect("a layout");
    let (x, _) = small::array(context, &layout.clone().into(), ElementType::C128);
    let norm = Norm::Backward;
    let refused = |found: dap_mpi::Result<DynArray>, words: &str| {
        let message = found.expect_err(words).to_string();
        assert!(message.contains(words), "{message:?} without {words:?}");
    };
    refused(dap_fft::fft(&x, Some(0), 0, norm), "invalid number of FFT data points (0)");
    refused(dap_fft::fft(&x, Some(-1), 0, norm), "data points (-1)");
    refused(dap_fft::fft(&x, None, 2, norm), "axis 2 is not there");
    refused(dap_fft::rfft(&x, None, 0, norm), "complex");
    refused(dap_fft::rfftn(&x, None, None, norm), "complex");
    refused(dap_fft::fftn(&x, Some(&[2]), Some(&[0, 1]), norm), "1 lengths and 2 axes");
    refused(dap_fft::fftn(&x, Some(&[2, 2, 2]), None, norm), "3 lengths");
    refused(dap_fft::irfftn(&x, None, Some(&[]), norm), "no axis");
    // A line that no memory has: the same error on all ranks, and the communicator goes on.
    assert!(dap_fft::fft(&x, Some(1 << 60), 1, norm).is_err());
    assert!(dap_fft::fft(&x, Some(1 << 60), 0, norm).is_err());
    let strings = DType::parse("S4").expect("a type");
    let strings = DynArray::zeros(context, layout, &strings).expect("an array");
    refused(dap_fft::fft(&strings, None, 0, norm), "can be moved");
    assert!("otro".parse::<Norm>().is_err());
    assert_eq!("ortho".parse::<Norm>().expect("a norm"), Norm::Ortho);
}

pub(crate) fn empty(context: &Context) {
    let ranks = ranks_of(context);
    let layout = |shape: [i64; 2]| Layout::builder(shape).processes(ranks).build().expect("a layout");
    let (x, _) = small::array(context, &layout([0, 3]).into(), ElementType::F32);
    let found = dap_fft::fft(&x, None, 1, Norm::Backward).expect("no element");
    assert_eq!((found.shape(), found.element()), (&[0, 3][..], Some(ElementType::C64)));
    let found = dap_fft::irfft(&x, None, 1, Norm::Backward).expect("no element");
    assert_eq!((found.shape(), found.element()), (&[0, 4][..], Some(ElementType::F32)));
    assert!(dap_fft::fft(&x, None, 0, Norm::Backward).is_err());
    // Zeros in place of all elements.
    let found = dap_fft::rfft(&x, Some(6), 0, Norm::Backward).expect("zeros");
    assert_eq!((found.shape(), found.element()), (&[4, 3][..], Some(ElementType::C64)));
    let is_any = found.expr().reduce(dap_array::Reduction::Any).expect("a value");
    assert!(!is_any.is_true());
}
