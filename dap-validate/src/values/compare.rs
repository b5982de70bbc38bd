//! The comparison of two items, field by field.
//!
//! Numbers are equal if they are the same number, whatever their types, if both are NaN, or if they
//! differ by at most `atol + rtol * |b|`. Texts, raw bytes and `long double` are equal if their
//! bytes are. The gaps between the fields of a struct do not matter.

use dap_core::dtype::{DType, Kind, Scalar};

use super::number::{Distance, ItemNumber, is_number};

/// The bytes of a text or of raw memory that are shown.
const SHOWN: usize = 16;
/// The fields and elements of a struct that are shown.
const SHOWN_FIELDS: usize = 8;

/// The allowed difference of two numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tolerance {
    pub(crate) rtol: f64,
    pub(crate) atol: f64,
}

/// The result for two items.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct ItemDifference {
    pub(crate) differs: bool,
    /// The largest distance of two numbers that differ; `None` if no numbers differ by a number.
    pub(crate) distance: Option<Distance>,
}

/// Two types of items that can be compared.
#[derive(Debug)]
pub(crate) struct Comparer<'a> {
    a: &'a DType,
    b: &'a DType,
    tolerance: Tolerance,
}

impl<'a> Comparer<'a> {
    /// `None` if items of these types cannot be compared: they are neither of one type nor both
    /// numbers. The byte order does not matter.
    pub(crate) fn new(a: &'a DType, b: &'a DType, tolerance: Tolerance) -> Option<Self> {
        are_alike(a, b).then_some(Self { a, b, tolerance })
    }

    /// Whether items with equal bytes are equal.
    pub(crate) fn bytes_decide(&self) -> bool {
        self.a == self.b
    }

    /// Compares an item of each side.
    pub(crate) fn compare(&self, a: &[u8], b: &[u8]) -> ItemDifference {
        let mut found = ItemDifference::default();
        self.items(self.a, self.b, a, b, &mut found);
        found
    }

    fn items(&self, a_type: &DType, b_type: &DType, a: &[u8], b: &[u8], found: &mut ItemDifference) {
        match (a_type, b_type) {
            (DType::Scalar(a_type), DType::Scalar(b_type)) => self.scalars(*a_type, *b_type, a, b, found),
            _ => {
                for (of_a, of_b) in a_type.fields().iter().zip(b_type.fields()) {
                    let each =
                        |field: &dap_core::dtype::Field| (field.offset() as usize, field.dtype().itemsize() as usize);
                    let ((a_at, a_size), (b_at, b_size)) = (each(of_a), each(of_b));
                    for k in 0..count(of_a.shape()) {
                        let (a, b) = (&a[a_at + k * a_size..][..a_size], &b[b_at + k * b_size..][..b_size]);
                        self.items(of_a.dtype(), of_b.dtype(), a, b, found);
                    }
                }
            }
        }
    }

    fn scalars(&self, a_type: Scalar, b_type: Scalar, a: &[u8], b: &[u8], found: &mut ItemDifference) {
        let numbers = ItemNumber::read(a_type, a).zip(ItemNumber::read(b_type, b));
        let Some((a_number, b_number)) = numbers else {
            found.differs |= !same_bytes(a_type, b_type, a, b);
            return;
        };
        let distance = a_number.distance(b_number);
        let Tolerance { rtol, atol } = self.tolerance;
        let size = distance.as_f64();
        // Infinities and NaN are equal to themselves only.
        let magnitude = b_number.magnitude();
        let within = size == 0.0 || size.is_finite() && magnitude.is_finite() && size <= atol + rtol * magnitude;
        if within {
            return;
        }
        found.differs = true;
        if !size.is_nan() && found.distance.is_none_or(|largest| distance.exceeds(largest)) {
            found.distance = Some(distance);
        }
    }
}

fn count(shape: &[i64]) -> usize {
    shape.iter().product::<i64>() as usize
}

/// Whether items can be compared.
fn are_alike(a: &DType, b: &DType) -> bool {
    match (a, b) {
        (DType::Scalar(a), DType::Scalar(b)) if is_number(*a) && is_number(*b) => true,
        (DType::Scalar(a), DType::Scalar(b)) => a.kind() == b.kind() && a.itemsize() == b.itemsize(),
        (DType::Struct(_), DType::Struct(_)) => {
            let (a, b) = (a.fields(), b.fields());
            let alike = |(a, b): (&dap_core::dtype::Field, &dap_core::dtype::Field)| {
                a.name() == b.name() && a.shape() == b.shape() && are_alike(a.dtype(), b.dtype())
            };
            a.len() == b.len() && a.iter().zip(b).all(alike)
        }
        _ => false,
    }
}

/// Whether items without a number are equal: characters of 4 bytes may be in different orders.
fn same_bytes(a_type: Scalar, b_type: Scalar, a: &[u8], b: &[u8]) -> bool {
    if a_type.byte_order() == b_type.byte_order() {
        return a == b;
    }
    let unit = if a_type.kind() == Kind::Unicode { 4 } else { a.len().max(1) };
    a.chunks(unit).zip(b.chunks(unit)).all(|(a, b)| a.iter().eq(b.iter().rev()))
}

/// An item as a person reads it.
pub(crate) fn shown(dtype: &DType, bytes: &[u8]) -> String {
    match dtype {
        DType::Scalar(scalar) => match ItemNumber::read(*scalar, bytes) {
            Some(number) if scalar.kind() == Kind::Bool => (number != ItemNumber::Int(0)).to_string(),
            Some(number) => number.to_string(),
            None => {
                let hex: String = bytes.iter().take(SHOWN).map(|byte| format!("{byte:02x}")).collect();
                format!("0x{hex}{}", if bytes.len() > SHOWN { "..." } else { "" })
            }
        },
        DType::Struct(_) => {
            let mut parts = Vec::new();
            'fields: for field in dtype.fields() {
                let size = field.dtype().itemsize() as usize;
                for k in 0..count(field.shape()) {
                    if parts.len() == SHOWN_FIELDS {
                        parts.push("...".to_owned());
                        break 'fields;
                    }
                    parts.push(shown(field.dtype(), &bytes[field.offset() as usize + k * size..][..size]));
                }
            }
            format!("({})", parts.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXACT: Tolerance = Tolerance { rtol: 0.0, atol: 0.0 };

    #[test]
    fn structs_are_compared_without_their_gaps() {
        let a = DType::from_format("T{<i:x:4x<d:y:}").unwrap();
        let b = DType::from_format("T{>d:x:>d:y:}").unwrap();
        let item = |gap: u8, y: f64| [&7_i32.to_le_bytes()[..], &[gap; 4], &y.to_le_bytes()].concat();
        let other = |y: f64| [7.0_f64.to_be_bytes(), y.to_be_bytes()].concat();
        let same = Comparer::new(&a, &a, EXACT).unwrap();
        assert!(!same.compare(&item(0, 1.0), &item(9, 1.0)).differs);
        let mixed = Comparer::new(&a, &b, EXACT).unwrap();
        assert!(!mixed.compare(&item(0, 1.0), &other(1.0)).differs);
        let found = mixed.compare(&item(0, 1.0), &other(1.5));
        assert_eq!(found, ItemDifference { differs: true, distance: Some(Distance::Float(0.5)) });
        assert_eq!(shown(&a, &item(0, 1.5)), "(7, 1.5)");
        assert!(Comparer::new(&a, &DType::parse("<f8").unwrap(), EXACT).is_none());
        assert!(Comparer::new(&DType::parse("|S3").unwrap(), &DType::parse("|S4").unwrap(), EXACT).is_none());
    }

    #[test]
    fn texts_in_other_byte_orders() {
        let (little, big) = (DType::parse("<U2").unwrap(), DType::parse(">U2").unwrap());
        let text = |order: fn(u32) -> [u8; 4]| [order(97), order(0x1f980)].concat();
        let comparer = Comparer::new(&little, &big, EXACT).unwrap();
        assert!(!comparer.compare(&text(u32::to_le_bytes), &text(u32::to_be_bytes)).differs);
        assert!(comparer.compare(&text(u32::to_le_bytes), &text(u32::to_le_bytes)).differs);
    }

    #[test]
    fn tolerances() {
        let dtype = DType::parse("<f8").unwrap();
        for (a, b, rtol, atol, differs) in [
            (1.0, 1.1, 0.0, 0.0, true),
            (1.0, 1.1, 0.1, 0.0, false),
            (1.0, 1.1, 0.0, 0.2, false),
            (f64::NAN, f64::NAN, 0.0, 0.0, false),
            (f64::NAN, 1.0, 1.0, 1.0, true),
            (f64::INFINITY, 1.0, 1.0, 1.0, true),
            (1.0, f64::INFINITY, 1.0, 1.0, true),
            (f64::INFINITY, f64::INFINITY, 0.0, 0.0, false),
            (0.0, -0.0, 0.0, 0.0, false),
        ] {
            let comparer = Comparer::new(&dtype, &dtype, Tolerance { rtol, atol }).unwrap();
            let found = comparer.compare(&f64::to_le_bytes(a), &f64::to_le_bytes(b));
            assert_eq!(found.differs, differs, "{a} {b} {rtol} {atol}");
        }
    }
}
