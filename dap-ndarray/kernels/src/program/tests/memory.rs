//! Memory of random arrangement, filled with telling values.

use num_complex::Complex;
use proptest::prelude::*;

use crate::element::ElementType;
use crate::program::oracle::Item;
use crate::view::{View, ViewMut};

/// How one dimension lies in memory: the order of dimensions, gaps, direction.
#[derive(Debug, Clone)]
pub(super) struct Arrangement {
    /// Sorts the dimensions.
    keys: [u8; 4],
    gaps: [u8; 4],
    backwards: [bool; 4],
    /// Dimensions of extent 1 (inputs only), and dimensions that are missing in front.
    broadcast: [bool; 4],
    missing: u8,
    offset: u8,
    seed: u64,
}

pub(super) fn arrangement() -> impl Strategy<Value = Arrangement> {
    let plain = prop_oneof![Just(true), Just(false)];
    let parts =
        (any::<[u8; 4]>(), [0_u8..3, 0..3, 0..3, 0..3], any::<[bool; 4]>(), any::<[bool; 4]>(), 0_u8..4, 0_u8..9);
    (plain, parts, any::<u64>()).prop_map(|(plain, (keys, gaps, backwards, broadcast, missing, offset), seed)| {
        if plain {
            let (keys, none) = ([0, 1, 2, 3], [false; 4]);
            return Arrangement { keys, gaps: [0; 4], backwards: none, broadcast: none, missing: 0, offset, seed };
        }
        Arrangement { keys, gaps, backwards, broadcast, missing, offset, seed }
    })
}

/// An array in memory of its own.
#[derive(Debug, Clone)]
pub(super) struct Array {
    memory: Vec<u64>,
    pub(super) element: ElementType,
    pub(super) shape: Vec<usize>,
    strides: Vec<isize>,
    /// In bytes.
    first: usize,
}

impl Array {
    /// An array of `shape`, or one that broadcasts to it.
    pub(super) fn new(element: ElementType, shape: &[usize], arrangement: &Arrangement, broadcast: bool) -> Array {
        let missing = if broadcast { usize::from(arrangement.missing).min(shape.len()) } else { 0 };
        let mut shape = shape[missing..].to_vec();
        if broadcast {
            for (extent, narrow) in shape.iter_mut().zip(arrangement.broadcast) {
                *extent = if narrow { 1 } else { *extent };
            }
        }
        let mut order: Vec<usize> = (0..shape.len()).collect();
        order.sort_by_key(|dim| arrangement.keys[*dim]);
        let size = element.size();
        let (mut strides, mut step, mut first) = (vec![0; shape.len()], size, usize::from(arrangement.offset) * size);
        for dim in order.into_iter().rev() {
            step *= 1 + usize::from(arrangement.gaps[dim]) % 2;
            strides[dim] = step as isize;
            if arrangement.backwards[dim] {
                strides[dim] = -strides[dim];
                first += step * shape[dim].saturating_sub(1);
            }
            step = step * shape[dim].max(1) + usize::from(arrangement.gaps[dim]) / 2 * size;
        }
        let bytes = step + (usize::from(arrangement.offset) + 1) * size;
        let mut array = Array { memory: vec![0; bytes.div_ceil(8) + 2], element, shape, strides, first };
        let mut state = arrangement.seed | 1;
        for index in array.indices() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = array.at(&index);
            let value = telling(element, (state >> 33) as usize, state);
            array.bytes_mut()[at..at + size].copy_from_slice(&value[..size]);
        }
        array
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: the bytes of the vector's words.
        unsafe { std::slice::from_raw_parts_mut(self.memory.as_mut_ptr().cast(), self.memory.len() * 8) }
    }

    /// All bytes, gaps included.
    pub(super) fn bytes(&self) -> &[u8] {
        // SAFETY: the bytes of the vector's words.
        unsafe { std::slice::from_raw_parts(self.memory.as_ptr().cast(), self.memory.len() * 8) }
    }

    pub(super) fn at(&self, index: &[usize]) -> usize {
        let offset: isize = index.iter().zip(&self.strides).map(|(at, stride)| *at as isize * stride).sum();
        self.first.checked_add_signed(offset).unwrap()
    }

    /// All indices in C order.
    pub(super) fn indices(&self) -> Vec<Vec<usize>> {
        indices(&self.shape)
    }

    pub(super) fn view(&self) -> View<'_> {
        let base = self.memory.as_ptr().cast::<u8>().wrapping_add(self.first);
        // SAFETY: `new` made room for the elements of these strides, initialised; borrowed here.
        unsafe { View::from_raw(base, self.element, &self.shape, &self.strides) }.unwrap()
    }

    pub(super) fn view_mut(&mut self) -> ViewMut<'_> {
        let base = self.memory.as_mut_ptr().cast::<u8>().wrapping_add(self.first);
        // SAFETY: as in `view`; borrowed mutably.
        unsafe { ViewMut::from_raw(base, self.element, &self.shape, &self.strides) }.unwrap()
    }

    /// The element that an index of the shape that this array is broadcast to shows.
    pub(super) fn item(&self, index: &[usize]) -> Item {
        let index = &index[index.len() - self.shape.len()..];
        let index: Vec<usize> = index.iter().zip(&self.shape).map(|(at, extent)| (*at).min(extent - 1)).collect();
        let at = self.at(&index);
        let bytes = &self.bytes()[at..at + self.element.size()];
        macro_rules! read {
            ($type:ty, $from:expr) => {{
                let (from, size) = ($from, size_of::<$type>());
                <$type>::from_ne_bytes(bytes[from * size..][..size].try_into().unwrap())
            }};
        }
        match self.element {
            ElementType::Bool => Item::Bool(bytes[0] != 0),
            ElementType::I8 => Item::Int(read!(i8, 0).into()),
            ElementType::I16 => Item::Int(read!(i16, 0).into()),
            ElementType::I32 => Item::Int(read!(i32, 0).into()),
            ElementType::I64 => Item::Int(read!(i64, 0).into()),
            ElementType::U8 => Item::Int(read!(u8, 0).into()),
            ElementType::U16 => Item::Int(read!(u16, 0).into()),
            ElementType::U32 => Item::Int(read!(u32, 0).into()),
            ElementType::U64 => Item::Int(read!(u64, 0).into()),
            ElementType::F32 => Item::F32(read!(f32, 0)),
            ElementType::F64 => Item::F64(read!(f64, 0)),
            ElementType::C64 => Item::C64(Complex::new(read!(f32, 0), read!(f32, 1))),
            ElementType::C128 => Item::C128(Complex::new(read!(f64, 0), read!(f64, 1))),
        }
    }
}

pub(super) fn indices(shape: &[usize]) -> Vec<Vec<usize>> {
    shape.iter().fold(vec![vec![]], |all, &extent| {
        all.iter().flat_map(|index| (0..extent).map(move |at| [&index[..], &[at]].concat())).collect()
    })
}

/// The bytes of a value: zeros, signs, infinities, NaN, ties, ends of ranges, and random bits.
fn telling(element: ElementType, choice: usize, random: u64) -> [u8; 16] {
    let float = |choice: usize| match choice % 24 {
        0 => 0.0,
        1 => -0.0,
        2 => f64::INFINITY,
        3 => f64::NEG_INFINITY,
        4 => f64::NAN,
        5 => 0.5,
        6 => 2.5,
        7 => -1.5,
        8 => 5e-324,
        9 => f64::MAX,
        10 => 9.3e18,
        11 => -300.7,
        12 => 1e-40,
        13 => f64::MIN_POSITIVE,
        14 => -9_223_372_036_854_775_808.0,
        15 => 3e38,
        16 => f64::from_bits(random),
        _ => ((random >> 20) % 2000) as f64 / 8.0 - 100.0,
    };
    let (re, im) = (float(choice), float(choice / 24));
    let integer = match choice % 10 {
        0 => 0,
        1 => 1,
        2 => u64::MAX,
        // The least number of each signed type.
        3 => 1 << (8 * element.size().min(8) - 1),
        4 => (1 << (8 * element.size().min(8) - 1)) - 1,
        5 => random,
        _ => random % 70,
    };
    let mut bytes = [0; 16];
    match element {
        // Bytes of foreign memory: each but 0 is true.
        ElementType::Bool => bytes[0] = [0, 0, 1, 1, 2, 255][choice % 6],
        ElementType::F32 => bytes[..4].copy_from_slice(&(re as f32).to_ne_bytes()),
        ElementType::F64 => bytes[..8].copy_from_slice(&re.to_ne_bytes()),
        ElementType::C64 => {
            bytes[..4].copy_from_slice(&(re as f32).to_ne_bytes());
            bytes[4..8].copy_from_slice(&(im as f32).to_ne_bytes());
        }
        ElementType::C128 => {
            bytes[..8].copy_from_slice(&re.to_ne_bytes());
            bytes[8..].copy_from_slice(&im.to_ne_bytes());
        }
        ElementType::I8 | ElementType::U8 => bytes[..1].copy_from_slice(&(integer as u8).to_ne_bytes()),
        ElementType::I16 | ElementType::U16 => bytes[..2].copy_from_slice(&(integer as u16).to_ne_bytes()),
        ElementType::I32 | ElementType::U32 => bytes[..4].copy_from_slice(&(integer as u32).to_ne_bytes()),
        ElementType::I64 | ElementType::U64 => bytes[..8].copy_from_slice(&integer.to_ne_bytes()),
    }
    bytes
}

/// Whether two elements have the same bits; any NaN is as good as another.
pub(super) fn same(left: Item, right: Item) -> bool {
    let single = |a: f32, b: f32| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
    let double = |a: f64, b: f64| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
    match (left, right) {
        (Item::Bool(a), Item::Bool(b)) => a == b,
        (Item::Int(a), Item::Int(b)) => a == b,
        (Item::F32(a), Item::F32(b)) => single(a, b),
        (Item::F64(a), Item::F64(b)) => double(a, b),
        (Item::C64(a), Item::C64(b)) => single(a.re, b.re) && single(a.im, b.im),
        (Item::C128(a), Item::C128(b)) => double(a.re, b.re) && double(a.im, b.im),
        _ => false,
    }
}
