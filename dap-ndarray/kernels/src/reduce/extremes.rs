//! The least and the greatest element, in one pass.
//!
//! A NaN makes both NaN, as in NumPy. Of zeros, -0 is less than +0, so that the result does not
//! depend on the order.

use super::driver::Reducer;
use crate::element::Element;
use crate::isa::{Isa, Kernel, dispatch};

/// A type with an order; floats have NaN apart.
pub trait Ordered: Element {
    /// The least and the greatest value.
    const ENDS: (Self, Self);

    /// Whether the value is a NaN.
    fn is_nan(self) -> bool;

    /// The value of NaN; of other types any.
    const NAN: Self;

    /// `self < other`, which is false for NaN.
    fn less(self, other: Self) -> bool;

    /// The value, or of a zero the one with this sign.
    fn zero_with_sign(self, negative: bool) -> Self;

    /// Whether the value is -0.
    fn is_negative_zero(self) -> bool;

    /// Whether the value is a zero of a type that has two.
    fn is_signed_zero(self) -> bool;
}

macro_rules! ordered {
    (integers $($type:ty)*) => {
        $(impl Ordered for $type {
            const ENDS: (Self, Self) = (Self::MIN, Self::MAX);
            const NAN: Self = 0;
            #[inline(always)]
            fn is_nan(self) -> bool { false }
            #[inline(always)]
            fn less(self, other: Self) -> bool { self < other }
            #[inline(always)]
            fn zero_with_sign(self, _negative: bool) -> Self { self }
            #[inline(always)]
            fn is_negative_zero(self) -> bool { false }
            #[inline(always)]
            fn is_signed_zero(self) -> bool { false }
        })*
    };
    (floats $($type:ty)*) => {
        $(impl Ordered for $type {
            const ENDS: (Self, Self) = (Self::NEG_INFINITY, Self::INFINITY);
            const NAN: Self = Self::NAN;
            #[inline(always)]
            fn is_nan(self) -> bool { self != self }
            #[inline(always)]
            fn less(self, other: Self) -> bool { self < other }
            #[inline(always)]
            fn zero_with_sign(self, negative: bool) -> Self {
                if self == 0.0 { if negative { -0.0 } else { 0.0 } } else { self }
            }
            #[inline(always)]
            fn is_negative_zero(self) -> bool { (self == 0.0) & self.is_sign_negative() }
            #[inline(always)]
            fn is_signed_zero(self) -> bool { self == 0.0 }
        })*
    };
}

ordered!(integers i8 i16 i32 i64 u8 u16 u32 u64);
ordered!(floats f32 f64);

/// The least and the greatest of some elements; a value that is merged in any order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range<T> {
    low: T,
    high: T,
    nan: bool,
    count: u64,
}

impl<T: Ordered> Default for Range<T> {
    fn default() -> Self {
        let (least, greatest) = T::ENDS;
        Self { low: greatest, high: least, nan: false, count: 0 }
    }
}

impl<T: Ordered> Range<T> {
    /// The least element, NaN if there is one; `None` without elements.
    #[must_use]
    pub fn least(&self) -> Option<T> {
        (self.count > 0).then_some(if self.nan { T::NAN } else { self.low })
    }

    /// The greatest element, NaN if there is one; `None` without elements.
    #[must_use]
    pub fn greatest(&self) -> Option<T> {
        (self.count > 0).then_some(if self.nan { T::NAN } else { self.high })
    }

    /// The number of elements.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Low and high end, whether there is a NaN, the count: the values to be sent.
    #[must_use]
    pub fn parts(&self) -> (T, T, bool, u64) {
        (self.low, self.high, self.nan, self.count)
    }

    /// The value that has these parts.
    #[must_use]
    pub fn from_parts((low, high, nan, count): (T, T, bool, u64)) -> Self {
        Self { low, high, nan, count }
    }

    /// Adds the elements of another partial result.
    #[inline(always)]
    pub fn merge(&mut self, other: &Self) {
        if other.low.less(self.low) || other.low.is_negative_zero() && self.low.is_signed_zero() {
            self.low = other.low;
        }
        if self.high.less(other.high) || self.high.is_negative_zero() && other.high.is_signed_zero() {
            self.high = other.high;
        }
        self.nan |= other.nan;
        self.count += other.count;
    }
}

/// The elements that are taken at once, and looked at again if an end is a zero.
const BLOCK: usize = 2048;

struct Ends<'a, T> {
    items: &'a [T],
}

impl<T: Ordered> Kernel for Ends<'_, T> {
    type Output = Range<T>;

    #[inline(always)]
    fn run(self) -> Range<T> {
        let mut all = Range::default();
        for block in self.items.chunks(BLOCK) {
            // Twice from the nearest cache: both ends at once take more registers than there are.
            let (low, high) = (ends::<T, true, false>(block), ends::<T, false, true>(block));
            all.merge(&Range { high: high.high, ..low });
        }
        all
    }
}

/// The wanted ends, one or both of each element at once; the other one is unspecified.
pub(super) struct SomeEnds<'a, T, const LOW: bool, const HIGH: bool> {
    pub(super) items: &'a [T],
}

impl<T: Ordered, const LOW: bool, const HIGH: bool> Kernel for SomeEnds<'_, T, LOW, HIGH> {
    type Output = Range<T>;

    #[inline(always)]
    fn run(self) -> Range<T> {
        let mut all = Range::default();
        for block in self.items.chunks(BLOCK) {
            all.merge(&ends::<T, LOW, HIGH>(block));
        }
        all
    }
}

/// Both ends: at once where the instruction set has registers for that.
pub(super) fn both_ends<T: Ordered>(items: &[T]) -> Range<T> {
    match Isa::in_use() {
        Isa::Avx512 => dispatch(SomeEnds::<T, true, true> { items }),
        _ => dispatch(Ends { items }),
    }
}

/// Elements that are compared at once.
const LANES: usize = 32;

/// The ends of each lane. All of it is `#[inline(always)]`, which a closure cannot be: one that is
/// not inlined is compiled for the baseline.
struct Lanes<T> {
    low: [T; LANES],
    high: [T; LANES],
    /// The last NaN of each lane: as wide as the items, so that it stays in vector registers.
    nan: [T; LANES],
}

impl<T: Ordered> Lanes<T> {
    #[inline(always)]
    fn new() -> Self {
        let (least, greatest) = T::ENDS;
        Self { low: [greatest; LANES], high: [least; LANES], nan: [T::default(); LANES] }
    }

    /// As [`Self::step`], of both ends; of zeros, -0 is less than +0.
    #[inline(always)]
    fn step_signed(&mut self, items: &[T; LANES]) {
        for (lane, &item) in items.iter().enumerate() {
            let (low, high) = (self.low[lane], self.high[lane]);
            let is_low = item.less(low) | (item.is_negative_zero() & low.is_signed_zero());
            let is_high = high.less(item) | (high.is_negative_zero() & item.is_signed_zero());
            self.low[lane] = if is_low { item } else { low };
            self.high[lane] = if is_high { item } else { high };
            self.nan[lane] = if item.is_nan() { item } else { self.nan[lane] };
        }
    }

    #[inline(always)]
    fn step<const LOW: bool, const HIGH: bool>(&mut self, items: &[T; LANES]) {
        for (lane, &item) in items.iter().enumerate() {
            if LOW {
                self.low[lane] = if item.less(self.low[lane]) { item } else { self.low[lane] };
            }
            if HIGH {
                self.high[lane] = if self.high[lane].less(item) { item } else { self.high[lane] };
            }
            self.nan[lane] = if item.is_nan() { item } else { self.nan[lane] };
        }
    }

    /// Reduces the lanes, half of them at a time: one after the other would take as long as a
    /// hundred items.
    #[inline(always)]
    fn finish<const LOW: bool, const HIGH: bool>(mut self, count: u64) -> Range<T> {
        let mut half = LANES / 2;
        while half > 0 {
            for lane in 0..half {
                let (low, high) = (self.low[lane + half], self.high[lane + half]);
                if LOW {
                    self.low[lane] = if low.less(self.low[lane]) { low } else { self.low[lane] };
                }
                if HIGH {
                    self.high[lane] = if self.high[lane].less(high) { high } else { self.high[lane] };
                }
            }
            half /= 2;
        }
        let nan = self.nan.iter().fold(false, |nan, lane| nan | lane.is_nan());
        Range { low: self.low[0], high: self.high[0], nan, count }
    }
}

#[inline(always)]
fn ends<T: Ordered, const LOW: bool, const HIGH: bool>(items: &[T]) -> Range<T> {
    let mut lanes = Lanes::new();
    let (chunks, tail) = items.as_chunks::<LANES>();
    for chunk in chunks {
        lanes.step::<LOW, HIGH>(chunk);
    }
    if let Some(first) = tail.first() {
        let mut last = [*first; LANES];
        last[..tail.len()].copy_from_slice(tail);
        lanes.step::<LOW, HIGH>(&last);
    }
    let mut range = lanes.finish::<LOW, HIGH>(items.len() as u64);
    // Of zeros the lanes keep any.
    if range.low.is_signed_zero() {
        range.low = range.low.zero_with_sign(items.iter().any(|item| item.is_negative_zero()));
    }
    if range.high.is_signed_zero() {
        range.high =
            range.high.zero_with_sign(!items.iter().any(|item| item.is_signed_zero() && !item.is_negative_zero()));
    }
    range
}

/// Reduces to the least and the greatest element.
#[derive(Debug, Clone, Copy)]
pub struct Extremes<T> {
    ends: Wanted,
    item: std::marker::PhantomData<fn(T)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Both,
    Least,
    Greatest,
}

impl<T> Extremes<T> {
    /// Both ends.
    #[must_use]
    pub fn new() -> Self {
        Self { ends: Wanted::Both, item: std::marker::PhantomData }
    }

    /// Only the least element; the greatest is unspecified.
    #[must_use]
    pub fn least() -> Self {
        Self { ends: Wanted::Least, ..Self::new() }
    }

    /// Only the greatest element; the least is unspecified.
    #[must_use]
    pub fn greatest() -> Self {
        Self { ends: Wanted::Greatest, ..Self::new() }
    }
}

impl<T> Default for Extremes<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// The ends of columns, `LANES` columns side by side.
pub struct Columns<T> {
    lanes: Vec<Lanes<T>>,
    width: usize,
    rows: u64,
}

impl<T: Ordered> Columns<T> {
    fn new(width: usize) -> Self {
        Self { lanes: (0..width.div_ceil(LANES)).map(|_| Lanes::new()).collect(), width, rows: 0 }
    }

    fn finish(self) -> Vec<Range<T>> {
        let count = self.rows;
        let range = |lanes: Lanes<T>| {
            (0..LANES).map(move |lane| {
                let (low, high, nan) = (lanes.low[lane], lanes.high[lane], lanes.nan[lane].is_nan());
                Range { low, high, nan, count }
            })
        };
        let mut ranges: Vec<Range<T>> = self.lanes.into_iter().flat_map(range).collect();
        ranges.truncate(self.width);
        ranges
    }
}

/// Adds rows to columns.
struct Rows<'a, T> {
    columns: &'a mut Columns<T>,
    rows: &'a [&'a [T]],
}

impl<T: Ordered> Kernel for Rows<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        self.columns.rows += self.rows.len() as u64;
        for (at, lanes) in self.columns.lanes.iter_mut().enumerate() {
            for row in self.rows {
                let items = &row[at * LANES..];
                match items.first_chunk() {
                    Some(items) => lanes.step_signed(items),
                    None => {
                        let mut last = [T::default(); LANES];
                        last[..items.len()].copy_from_slice(items);
                        lanes.step_signed(&last);
                    }
                }
            }
        }
    }
}

impl<T: Ordered> Reducer for Extremes<T> {
    type Item = T;
    type State = Range<T>;
    type Output = Range<T>;
    type Columns = Columns<T>;

    fn start(&self) -> Range<T> {
        Range::default()
    }

    fn add(&self, state: &mut Range<T>, items: &[T]) {
        state.merge(&match self.ends {
            Wanted::Both => both_ends(items),
            Wanted::Least => dispatch(SomeEnds::<T, true, false> { items }),
            Wanted::Greatest => dispatch(SomeEnds::<T, false, true> { items }),
        });
    }

    fn done(&self, state: Range<T>) -> Range<T> {
        state
    }

    fn merge(&self, state: &mut Range<T>, other: &Range<T>) {
        state.merge(other);
    }

    fn columns(&self, count: usize) -> Columns<T> {
        Columns::new(count)
    }

    fn add_rows(&self, columns: &mut Columns<T>, rows: &[&[T]]) {
        dispatch(Rows { columns, rows });
    }

    fn finish(&self, columns: Columns<T>) -> Vec<Range<T>> {
        columns.finish()
    }
}
