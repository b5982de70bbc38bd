//! The number of elements that are not zero; whether all, or any, are not.
//!
//! NaN is not zero. Elements of `bool` are reduced as bytes ([`View::as_bytes`]), of which each but
//! 0 is true.
//!
//! [`View::as_bytes`]: crate::view::View::as_bytes

use super::driver::Reducer;
use crate::element::Element;
use crate::isa::{Kernel, dispatch};

/// The numbers of elements, and of those that are not zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Elements that are not zero.
    pub nonzero: u64,
    /// Elements that were looked at.
    pub total: u64,
    /// Whether an element is known to be zero.
    pub zero: bool,
}

impl Count {
    /// Whether no element is zero; true without elements.
    #[must_use]
    pub fn all(&self) -> bool {
        !self.zero
    }

    /// Whether an element is not zero; false without elements.
    #[must_use]
    pub fn any(&self) -> bool {
        self.nonzero > 0
    }

    fn merge(&mut self, other: &Self) {
        self.nonzero += other.nonzero;
        self.total += other.total;
        self.zero |= other.zero;
    }
}

/// Counts elements that are not zero.
#[derive(Debug, Clone, Copy)]
pub struct CountNonzero<T> {
    wanted: Wanted,
    item: std::marker::PhantomData<fn(T)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Count,
    All,
    Any,
}

impl<T> CountNonzero<T> {
    /// Counts all elements.
    #[must_use]
    pub fn new() -> Self {
        Self { wanted: Wanted::Count, item: std::marker::PhantomData }
    }

    /// Ends at an element that is zero: only [`Count::all`] is meant.
    #[must_use]
    pub fn all() -> Self {
        Self { wanted: Wanted::All, ..Self::new() }
    }

    /// Ends at an element that is not zero: only [`Count::any`] is meant.
    #[must_use]
    pub fn any() -> Self {
        Self { wanted: Wanted::Any, ..Self::new() }
    }
}

impl<T> Default for CountNonzero<T> {
    fn default() -> Self {
        Self::new()
    }
}

struct Nonzero<'a, T> {
    items: &'a [T],
}

/// Lanes count in numbers as wide as the elements, in blocks that these can count.
macro_rules! count {
    ($items:expr, $number:ty) => {{
        const LANES: usize = 64;
        let mut total = 0_u64;
        for block in $items.chunks(LANES * 255) {
            let mut lanes: [$number; LANES] = [0; LANES];
            let (chunks, tail) = block.as_chunks::<LANES>();
            for chunk in chunks {
                for lane in 0..LANES {
                    lanes[lane] += <$number>::from(chunk[lane] != T::default());
                }
            }
            total += lanes.iter().map(|lane| u64::from(*lane)).sum::<u64>();
            total += tail.iter().filter(|item| **item != T::default()).count() as u64;
        }
        total
    }};
}

impl<T: Element> Kernel for Nonzero<'_, T> {
    type Output = u64;

    #[inline(always)]
    fn run(self) -> u64 {
        match size_of::<T>() {
            1 => count!(self.items, u8),
            2 => count!(self.items, u16),
            4 => count!(self.items, u32),
            _ => count!(self.items, u64),
        }
    }
}

struct Rows<'a, T> {
    columns: &'a mut [Count],
    rows: &'a [&'a [T]],
}

impl<T: Element> Kernel for Rows<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (at, column) in self.columns.iter_mut().enumerate() {
            let nonzero: u64 = self.rows.iter().map(|row| u64::from(row[at] != T::default())).sum();
            column.nonzero += nonzero;
            column.total += self.rows.len() as u64;
            column.zero |= nonzero < self.rows.len() as u64;
        }
    }
}

/// The elements that are looked at before the next test whether the result is known.
const BLOCK: usize = 1 << 14;

impl<T: Element> Reducer for CountNonzero<T> {
    type Item = T;
    type State = Count;
    type Output = Count;
    type Columns = Vec<Count>;

    fn start(&self) -> Count {
        Count::default()
    }

    fn add(&self, state: &mut Count, items: &[T]) {
        for block in items.chunks(BLOCK) {
            if (self.wanted == Wanted::All && state.zero) || (self.wanted == Wanted::Any && state.any()) {
                return;
            }
            let (nonzero, total) = (dispatch(Nonzero { items: block }), block.len() as u64);
            state.merge(&Count { nonzero, total, zero: nonzero < total });
        }
    }

    fn done(&self, state: Count) -> Count {
        state
    }

    fn merge(&self, state: &mut Count, other: &Count) {
        state.merge(other);
    }

    fn columns(&self, count: usize) -> Vec<Count> {
        vec![Count::default(); count]
    }

    fn add_rows(&self, columns: &mut Vec<Count>, rows: &[&[T]]) {
        dispatch(Rows { columns, rows });
    }

    fn finish(&self, columns: Vec<Count>) -> Vec<Count> {
        columns
    }
}
