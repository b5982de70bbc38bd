//! Sources of words.

use dap_kernels::math::erfc;
use dap_kernels::random::{Distribution, Fraction, Integers, Normal, Philox, SeedSequence, fill_run};

/// Words without end.
pub(crate) type Source = Box<dyn FnMut() -> u64>;

pub(crate) const NAMES: [&str; 7] = ["words", "streams", "seeds", "columns", "fractions", "integers", "normals"];

/// The source with a name; `None` if there is none.
pub(crate) fn source(name: &str, seed: u64) -> Option<Source> {
    let stream = move |number: u128| Philox::of(&SeedSequence::with_stream(&[seed.into()], &[number]));
    let mut at = 0_u128;
    Some(match name {
        "words" => {
            let (stream, mut block, mut next) = (Philox::of(&SeedSequence::new(&[seed.into()])), [0; 1024], 1024);
            Box::new(move || {
                if next == block.len() {
                    stream.words(at, &mut block);
                    (at, next) = (at + block.len() as u128, 0);
                }
                next += 1;
                block[next - 1]
            })
        }
        "streams" => {
            let streams: Vec<Philox> = (0..16).map(stream).collect();
            Box::new(move || {
                at += 1;
                streams[(at % 16) as usize].word(at / 16)
            })
        }
        "seeds" => Box::new(move || {
            at += 1;
            Philox::of(&SeedSequence::new(&[u128::from(seed) + at])).word(0)
        }),
        "columns" => {
            let stream = stream(0);
            Box::new(move || {
                at += 1000;
                stream.word(at)
            })
        }
        // Numbers have fewer bits than words: two of them make a word.
        "fractions" => {
            let mut fractions = items(stream(1), Fraction::<f64>::default());
            let mut half = move || (fractions() * 4_294_967_296.0) as u64;
            Box::new(move || half() << 32 | half())
        }
        "integers" => {
            // A range that rejects a quarter of the words.
            let mut integers = items(stream(2), Integers::<u64>::between(0, 3 << 62).expect("a range"));
            Box::new(move || integers() << 32 | integers() & 0xffff_ffff)
        }
        "normals" => {
            let mut normals = items(stream(3), Normal::<f64>::new(0.0, 1.0).expect("a deviation"));
            let mut half = move || (0.5 * erfc(normals() * std::f64::consts::FRAC_1_SQRT_2) * 4_294_967_296.0) as u64;
            Box::new(move || half() << 32 | half() & 0xffff_ffff)
        }
        _ => return None,
    })
}

/// The elements of a distribution, one after the other.
fn items<D: Distribution<Item: Default>>(stream: Philox, distribution: D) -> impl FnMut() -> D::Item {
    let (mut strip, mut next, mut at) = ([D::Item::default(); 128], 128, 0_u128);
    move || {
        if next == strip.len() {
            fill_run(&stream, &distribution, at, &mut strip);
            (at, next) = (at + strip.len() as u128, 0);
        }
        next += 1;
        strip[next - 1]
    }
}
