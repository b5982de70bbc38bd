//! Frequencies and shifts beside their definitions.

use dap_array::{Context, DynArray};
use dap_array_testing::{Twin, check, placements_of, ranks_of, shapes};
use dap_fft::{fftfreq, fftshift, ifftshift, rfftfreq};
use dap_launch::values;
use ndarray::{ArrayD, Axis, concatenate};
use proptest::prelude::*;

pub(crate) fn all(context: &Context) {
    let ranks = ranks_of(context);
    for n in [1_i64, 2, 3, 8, 9, 30] {
        for d in [1.0, 0.1] {
            let unit = 1.0 / (n as f64 * d);
            // 0, 1, ... up to the middle, then the negative ones up to -1.
            let positive = (0..n).filter(|at| 2 * at < n);
            let numbers: Vec<f64> = positive.chain(-(n / 2)..0).map(|number| number as f64 * unit).collect();
            let half: Vec<f64> = (0..=n / 2).map(|number| number as f64 * unit).collect();
            for placement in values(placements_of(vec![n], ranks), 3, 61) {
                let found = fftfreq(context, n, d, placement).expect("frequencies");
                check(&found, &ArrayD::from_shape_vec(vec![n as usize], numbers.clone()).expect("a line"), "fftfreq");
            }
            for placement in values(placements_of(vec![n / 2 + 1], ranks), 3, 62) {
                let found = rfftfreq(context, n, d, placement).expect("frequencies");
                check(&found, &ArrayD::from_shape_vec(vec![half.len()], half.clone()).expect("a line"), "rfftfreq");
            }
        }
    }
    let placement = values(placements_of(vec![4], ranks), 1, 63).remove(0);
    assert!(fftfreq(context, 5, 1.0, placement.clone()).is_err());
    assert!(rfftfreq(context, 4, 1.0, placement.clone()).is_err());
    assert!(fftfreq(context, 0, 1.0, placement).is_err());
}

/// Both halves change places; the middle one belongs to the second half.
fn swapped(whole: &ArrayD<f64>, axis: usize, cut: usize) -> ArrayD<f64> {
    let (front, back) = whole.view().split_at(Axis(axis), cut);
    concatenate(Axis(axis), &[back, front]).expect("parts of one array").as_standard_layout().into_owned()
}

pub(crate) fn shifts(context: &Context) {
    let ranks = ranks_of(context);
    let placements = shapes().prop_flat_map(move |shape| placements_of(shape, ranks));
    for (placement, picked) in values((placements, any::<u8>()), 40, 64) {
        let Twin { array, whole } = Twin::new(context, &placement, 5);
        let axes: Vec<usize> = (0..array.ndim()).filter(|axis| picked >> axis & 1 == 1).collect();
        let signed: Vec<i64> = axes.iter().map(|&axis| axis as i64 - array.ndim() as i64).collect();
        let shifted = |to: fn(usize) -> usize, axes: &[usize]| {
            axes.iter().fold(whole.clone(), |whole, &axis| swapped(&whole, axis, to(whole.shape()[axis])))
        };
        let all: Vec<usize> = (0..array.ndim()).collect();
        let expect = |found: dap_mpi::Result<DynArray>, whole: &ArrayD<f64>, what: &str| {
            check(&found.unwrap_or_else(|error| panic!("{what}: {error}")), whole, what);
        };
        expect(fftshift(&array, Some(&signed)), &shifted(|n| n.div_ceil(2), &axes), "fftshift");
        expect(ifftshift(&array, Some(&signed)), &shifted(|n| n / 2, &axes), "ifftshift");
        expect(fftshift(&array, None), &shifted(|n| n.div_ceil(2), &all), "fftshift of all axes");
        assert!(fftshift(&array, Some(&[array.ndim() as i64])).is_err());
    }
}
