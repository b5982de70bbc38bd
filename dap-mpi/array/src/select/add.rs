//! Values that are added to rows: exactly, whatever their order.

use dap_kernels::element::ElementType;
use dap_kernels::sum::{Accumulator, Real};

use super::rows::{Sink, Update};

/// Rows that are to be added, until all have arrived.
pub(super) struct Additions {
    element: ElementType,
    /// The number of each row, and their bytes one behind the other.
    numbers: Vec<u64>,
    bytes: Vec<u8>,
}

impl Additions {
    pub(super) fn new(element: ElementType) -> Additions {
        Additions { element, numbers: Vec::new(), bytes: Vec::new() }
    }
}

impl Sink for Additions {
    fn take(&mut self, _places: &mut [u8], update: Update<'_>) {
        self.numbers.push(update.number);
        self.bytes.extend_from_slice(update.row);
    }

    fn finish(&mut self, places: &mut [u8], bytes: usize) {
        let mut order: Vec<usize> = (0..self.numbers.len()).collect();
        order.sort_unstable_by_key(|&at| self.numbers[at]);
        let item = self.element.size();
        let mut parts: Vec<&[u8]> = Vec::new();
        for same in order.chunk_by(|&left, &right| self.numbers[left] == self.numbers[right]) {
            let place = &mut places[self.numbers[same[0]] as usize * bytes..][..bytes];
            for (at, target) in place.chunks_exact_mut(item).enumerate() {
                parts.clear();
                parts.extend(same.iter().map(|&row| &self.bytes[row * bytes + at * item..][..item]));
                add(self.element, target, &parts);
            }
        }
    }
}

/// Adds items to one, all given by their bytes.
fn add(element: ElementType, target: &mut [u8], items: &[&[u8]]) {
    match element {
        ElementType::Bool => target[0] |= items.iter().fold(0, |any, item| any | item[0]),
        ElementType::I8 | ElementType::U8 => wrapped(target, items, |sum: [u8; 1], item| {
            u8::from_ne_bytes(sum).wrapping_add(u8::from_ne_bytes(item)).to_ne_bytes()
        }),
        ElementType::I16 | ElementType::U16 => wrapped(target, items, |sum: [u8; 2], item| {
            u16::from_ne_bytes(sum).wrapping_add(u16::from_ne_bytes(item)).to_ne_bytes()
        }),
        ElementType::I32 | ElementType::U32 => wrapped(target, items, |sum: [u8; 4], item| {
            u32::from_ne_bytes(sum).wrapping_add(u32::from_ne_bytes(item)).to_ne_bytes()
        }),
        ElementType::I64 | ElementType::U64 => wrapped(target, items, |sum: [u8; 8], item| {
            u64::from_ne_bytes(sum).wrapping_add(u64::from_ne_bytes(item)).to_ne_bytes()
        }),
        ElementType::F32 => exact(target, items, 0, f32::from_ne_bytes, f32::to_ne_bytes),
        ElementType::F64 => exact(target, items, 0, f64::from_ne_bytes, f64::to_ne_bytes),
        ElementType::C64 => {
            [0, 4].into_iter().for_each(|at| exact(target, items, at, f32::from_ne_bytes, f32::to_ne_bytes))
        }
        ElementType::C128 => {
            [0, 8].into_iter().for_each(|at| exact(target, items, at, f64::from_ne_bytes, f64::to_ne_bytes))
        }
    }
}

/// Sums of integers, signed or not: the same bits.
fn wrapped<const N: usize>(target: &mut [u8], items: &[&[u8]], plus: impl Fn([u8; N], [u8; N]) -> [u8; N]) {
    let sum = items.iter().fold(part(target, 0), |sum, item| plus(sum, part(item, 0)));
    target.copy_from_slice(&sum);
}

/// The exact sum of floats at a byte of the items, rounded once.
fn exact<T: Real, const N: usize>(
    target: &mut [u8],
    items: &[&[u8]],
    at: usize,
    read: impl Fn([u8; N]) -> T,
    write: impl Fn(T) -> [u8; N],
) {
    let mut sum = Accumulator::default();
    sum.add_term(read(part(target, at)));
    items.iter().for_each(|item| sum.add_term(read(part(item, at))));
    target[at..at + N].copy_from_slice(&write(sum.finish()));
}

fn part<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    std::array::from_fn(|byte| bytes.get(at + byte).copied().unwrap_or(0))
}
