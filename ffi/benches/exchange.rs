//! The cost of an exchange: a section of three dimensions is made from memory, exported, imported
//! and released.
//!
//! `make bench-exchange` runs this program beside its C counterpart, and prints the median of many
//! rounds; the quartiles beside it show the machine's noise.

use std::hint::black_box;
use std::time::{Duration, Instant};

use dap_core::check::{Checker, Profile};
use dap_core::dtype::DType;
use dap_core::export::{DimDict, Field};
use dap_ffi::{Owned, describe};
use dap_ndarray::{Access, Buffer, Section};

const ROUNDS: usize = 201;
const BATCHES: u32 = 64;
const BATCH: u32 = 32;

/// Nanoseconds of `work` on the value of `prepare`, whose own time does not count: quartiles over
/// the rounds.
fn measure<T>(name: &str, mut prepare: impl FnMut() -> T, mut work: impl FnMut(T)) {
    let mut round = || {
        let batch = |_| {
            let items: Vec<T> = (0..BATCH).map(|_| prepare()).collect();
            let start = Instant::now();
            items.into_iter().for_each(&mut work);
            start.elapsed()
        };
        (0..BATCHES).map(batch).sum::<Duration>().as_nanos() as f64 / f64::from(BATCHES * BATCH)
    };
    let mut rounds: Vec<f64> = (0..ROUNDS).map(|_| round()).collect();
    rounds.sort_by(f64::total_cmp);
    let [low, median, high] = [1, 2, 3].map(|quarter| rounds[ROUNDS * quarter / 4]);
    println!("{name:<58} {median:7.0} ns   ({low:.0} to {high:.0})");
}

/// Makes the compiler assume that a value in memory is read.
fn see<T>(value: &T) {
    black_box(std::ptr::from_ref(value));
}

fn main() {
    let mut memory = vec![0.0_f64; 6 * 4 * 3];
    let address = memory.as_mut_ptr();
    let dtype = DType::parse("<f8").expect("a type");
    let padded = DimDict { padding: Field::Is([1, 1]), ..DimDict::block(12, 3, 9).on_grid(1, 3) };
    let cyclic = DimDict { start: Field::Is(2), ..DimDict::cyclic(8, 2).on_grid(1, 2) };
    let dims = vec![padded, cyclic, DimDict::block(6, 3, 6).on_grid(1, 2)];
    let section = || {
        // SAFETY: `memory` outlives all sections, and no code reads or writes it.
        let buffer =
            unsafe { Buffer::from_raw(address.cast(), dtype.clone(), &[6, 4, 3], None, Access::ReadWrite, ()) };
        Section::assume_checked(dims.clone(), buffer.expect("memory"))
    };
    let give = |section| Owned::new(section).expect("can be said");
    let nothing = || ();

    println!("3 dimensions: block with padding, block-cyclic, block");
    measure("a section, made from memory and dropped", nothing, |()| see(&section()));
    measure("... exported, released", section, |section| see(&give(section)));
    measure("... exported, imported, released: no rules", section, |section| {
        see(&give(section).into_section_unchecked().expect("taken over"));
    });
    measure("... exported, imported, released: all local rules", section, |section| {
        see(&give(section).into_section().expect("taken over"));
    });
    let owned = give(section());
    // SAFETY: `owned` is alive, and not changed.
    measure("a lent struct, described", nothing, |()| see(&unsafe { describe(owned.as_ptr()) }));
    // SAFETY: `owned` is alive here too, and not changed.
    let export = unsafe { describe(owned.as_ptr()) }.expect("described");
    let checker = Checker::new(Profile::Auto);
    measure("the local rules alone", nothing, |()| see(&checker.local(&export)));
}
