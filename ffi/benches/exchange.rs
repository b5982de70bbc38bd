//! What an exchange costs: a section of three dimensions is made from memory, given away, taken over and released.
//!
//! `make bench-exchange` runs this beside the same from C, and prints the median of many rounds; the machine's noise is in
//! the two quartiles beside it.

use std::hint::black_box;
use std::time::Instant;

use dap_core::check::{Checker, Profile};
use dap_core::dtype::DType;
use dap_core::export::{DimDict, Field};
use dap_ndarray::{Access, Buffer, Section};
use daparray::{Owned, describe};

const ROUNDS: usize = 201;
const TIMES: u32 = 2000;

/// Nanoseconds of one call: quartiles over the rounds.
fn measure(name: &str, mut work: impl FnMut()) {
    let mut rounds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            (0..TIMES).for_each(|_| work());
            start.elapsed().as_nanos() as f64 / f64::from(TIMES)
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    let [low, median, high] = [1, 2, 3].map(|quarter| rounds[ROUNDS * quarter / 4]);
    println!("{name:<58} {median:7.0} ns   ({low:.0} to {high:.0})");
}

fn main() {
    let mut memory = vec![0.0_f64; 6 * 4 * 3];
    let address = memory.as_mut_ptr();
    let dtype = DType::parse("<f8").expect("a type");
    let padded = DimDict { padding: Field::Is([1, 1]), ..DimDict::block(12, 3, 9).on_grid(1, 3) };
    let cyclic = DimDict { start: Field::Is(2), ..DimDict::cyclic(8, 2).on_grid(1, 2) };
    let dims = vec![padded, cyclic, DimDict::block(6, 3, 6).on_grid(1, 2)];
    let section = || {
        // SAFETY: `memory` outlives all sections, and nobody reads or writes it.
        let buffer =
            unsafe { Buffer::from_raw(address.cast(), dtype.clone(), &[6, 4, 3], None, Access::ReadWrite, ()) };
        Section::assume_checked(dims.clone(), buffer.expect("memory"))
    };
    let give = || Owned::new(section()).expect("can be said");

    println!("3 dimensions: block with padding, block-cyclic, block");
    measure("a section from memory, dropped", || drop(black_box(section())));
    measure("... exported, released", || drop(black_box(give())));
    measure("... exported, imported, released: no rules", || {
        drop(black_box(give().into_section_unchecked().expect("taken over")));
    });
    measure("... exported, imported, released: all local rules", || {
        drop(black_box(give().into_section().expect("taken over")));
    });
    let owned = give();
    // SAFETY: `owned` is there, and not changed.
    measure("a lent struct, described", || drop(black_box(unsafe { describe(owned.as_ptr()) })));
    // SAFETY: as above.
    let export = unsafe { describe(owned.as_ptr()) }.expect("described");
    let checker = Checker::new(Profile::Auto);
    measure("the local rules alone", || drop(black_box(checker.local(&export))));
}
