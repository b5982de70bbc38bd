//! Sorts and searches beside an insertion sort by NumPy's rules of comparison.

use num_complex::Complex;
use proptest::prelude::*;

use super::*;

/// NumPy's "less than" of sorts: NaN behind all numbers.
trait Less: Sortable {
    fn less(&self, other: &Self) -> bool;
    /// All bits, those of NaN aside: what a sort must not change.
    fn bits(&self) -> u128;
    /// A value from a number, with many duplicates.
    fn from_number(number: i64) -> Self;
}

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl Less for $type {
            fn less(&self, other: &Self) -> bool { self < other }
            fn bits(&self) -> u128 { *self as u128 }
            fn from_number(number: i64) -> Self { number as $type }
        }
    )*};
}
integers!(u8, u16, u32, u64, i8, i16, i32, i64);

impl Less for bool {
    fn less(&self, other: &Self) -> bool {
        !self & other
    }
    fn bits(&self) -> u128 {
        u128::from(*self)
    }
    fn from_number(number: i64) -> Self {
        number % 3 == 0
    }
}

macro_rules! floats {
    ($($type:ty),*) => {$(
        impl Less for $type {
            fn less(&self, other: &Self) -> bool { self < other || (other.is_nan() && !self.is_nan()) }
            fn bits(&self) -> u128 { if self.is_nan() { u128::MAX } else { self.to_bits().into() } }
            fn from_number(number: i64) -> Self {
                match number.rem_euclid(23) {
                    0 => <$type>::NAN,
                    1 => -0.0,
                    2 => 0.0,
                    3 => <$type>::NEG_INFINITY,
                    4 => -<$type>::NAN,
                    _ => (number % 1000) as $type * 1.5,
                }
            }
        }

        impl Less for Complex<$type> {
            // As `npy_clt` is documented: both parts numbers; imaginary part, real part, both NaN.
            fn less(&self, other: &Self) -> bool {
                let class = |it: &Self| (it.re.is_nan(), it.im.is_nan());
                if class(self) != class(other) {
                    return class(self) < class(other);
                }
                self.re < other.re || ((self.re == other.re || self.re.is_nan()) && self.im < other.im)
            }
            fn bits(&self) -> u128 { self.re.bits() << 64 | self.im.bits() & u128::from(u64::MAX) }
            fn from_number(number: i64) -> Self {
                Complex::new(<$type>::from_number(number), <$type>::from_number(number / 7))
            }
        }
    )*};
}
floats!(f32, f64);

/// The indices in their stable order, by insertion.
fn order_of<T: Less>(items: &[T]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let place = order.iter().rposition(|&other| !item.less(&items[other])).map_or(0, |place| place + 1);
        order.insert(place, at);
    }
    order
}

fn check<T: Less>(numbers: &[i64]) {
    let items: Vec<T> = numbers.iter().map(|&number| T::from_number(number)).collect();
    let order = order_of(&items);
    let mut sorted = items.clone();
    sort(&mut sorted);
    let bits = |items: &[T]| {
        let mut bits: Vec<u128> = items.iter().map(Less::bits).collect();
        bits.sort_unstable();
        bits
    };
    assert_eq!(bits(&sorted), bits(&items), "{items:?} {sorted:?}");
    assert!(sorted.windows(2).all(|pair| !pair[1].less(&pair[0])), "{items:?} {sorted:?}");
    let mut mirrored = items.clone();
    sort_descending(&mut mirrored);
    assert!(mirrored.iter().rev().map(Less::bits).eq(sorted.iter().map(Less::bits)));
    for direction in [Order::Ascending, Order::Descending] {
        let mut records: Vec<_> = items.iter().zip(0..).map(|(item, at)| item.indexed(at, direction)).collect();
        // Records of any order: the index decides.
        records.reverse();
        sort_records(&mut records);
        let found: Vec<usize> = records.iter().map(|record| T::index_of(record) as usize).collect();
        let expected = match direction {
            Order::Ascending => order.clone(),
            Order::Descending => {
                // Groups of equal elements in reverse order, each as it was.
                let equal = |&left: &usize, &right: &usize| !items[left].less(&items[right]);
                order.chunk_by(equal).rev().flatten().copied().collect()
            }
        };
        assert_eq!(found, expected, "{items:?}");
    }
    for probe in items.iter().take(5) {
        let records: Vec<_> = order.iter().map(|&at| items[at].indexed(0, Order::Ascending)).collect();
        let record = probe.indexed(0, Order::Ascending);
        let before = order.iter().filter(|&&at| items[at].less(probe)).count();
        let not_behind = order.iter().filter(|&&at| !probe.less(&items[at])).count();
        assert_eq!(insertion_point(&records, &record, Side::Left), before);
        assert_eq!(insertion_point(&records, &record, Side::Right), not_behind);
    }
}

fn check_all(numbers: &[i64]) {
    check::<bool>(numbers);
    check::<i8>(numbers);
    check::<i16>(numbers);
    check::<i32>(numbers);
    check::<i64>(numbers);
    check::<u8>(numbers);
    check::<u16>(numbers);
    check::<u32>(numbers);
    check::<u64>(numbers);
    check::<f32>(numbers);
    check::<f64>(numbers);
    check::<Complex<f32>>(numbers);
    check::<Complex<f64>>(numbers);
}

/// Uniform, few different values, constant, sorted, reversed, or spread over all magnitudes.
fn numbers() -> impl Strategy<Value = Vec<i64>> {
    let of = |element: BoxedStrategy<i64>| {
        prop_oneof![0..14_usize, 0..600_usize].prop_flat_map(move |len| prop::collection::vec(element.clone(), len))
    };
    prop_oneof![
        of(any::<i64>().boxed()),
        of((-20..20_i64).boxed()),
        of(Just(7).boxed()),
        of((any::<i64>(), 0..63_u32).prop_map(|(number, shift)| number >> shift).boxed()),
        of(any::<i32>().prop_map(i64::from).boxed()).prop_map(|mut all| {
            all.sort_unstable();
            all
        }),
        of(any::<i32>().prop_map(i64::from).boxed()).prop_map(|mut all| {
            all.sort_unstable();
            all.reverse();
            all
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn all_types_are_in_numpys_order(numbers in numbers()) {
        check_all(&numbers);
    }

    /// Records of several processes, counted and put into buckets.
    #[test]
    fn buckets_have_all_records(numbers in numbers(), cut in 0..600_usize, bits in 1..16_u32) {
        let mut expected: Vec<u64> = numbers.iter().map(|&number| number as u64).collect();
        let (left, right) = expected.split_at(cut.min(expected.len()));
        let mut varying = Varying::none::<u64>();
        varying.add(left);
        let mut other = Varying::none::<u64>();
        other.add(right);
        varying.add_words(&other.words());
        let digit = varying.digit(bits).unwrap_or(Digit { word: 0, shift: 0, bits: 1 });
        let mut histogram = Histogram::new(digit);
        histogram.add(left);
        histogram.add(right);
        let mut buckets = Buckets::new(&histogram);
        let mut memory = vec![0; expected.len()];
        buckets.put(right, &mut memory);
        buckets.put(left, &mut memory);
        buckets.sort(&mut memory);
        expected.sort_unstable();
        prop_assert_eq!(memory, expected);
    }
}

/// More records than are sorted by one thread.
#[test]
fn many_records_are_sorted_by_several_threads() {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 20
    };
    let mut skewed: Vec<u64> = (0..200_000).map(|_| next() >> (next() % 40)).collect();
    let mut expected = skewed.clone();
    expected.sort_unstable();
    sort_records(&mut skewed);
    assert_eq!(skewed, expected);
}
