//! Any text is an answer or an error, and what is written is read as the same.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::{DType, Descr, Kind};

/// Texts that look like descriptions.
fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "T{",
        "}",
        ":a:",
        ":b:",
        ":",
        "(2,3)",
        "(",
        ")",
        ",",
        "<",
        ">",
        "=",
        "@",
        "^",
        "!",
        "|",
        "b",
        "B",
        "h",
        "i",
        "l",
        "q",
        "e",
        "f",
        "d",
        "g",
        "Z",
        "Zd",
        "s",
        "w",
        "x",
        "c",
        "?",
        "O",
        "P",
        "&",
        "X{}",
        "S",
        "U",
        "V",
        "M8[s]",
        "1",
        "3",
        "8",
        "16",
        "99999999999",
        " ",
        "é",
        "n",
        "u",
        "t",
    ]);
    vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn scalar() -> impl Strategy<Value = Descr> {
    let order = prop::sample::select(vec!["<", ">", "|"]);
    let rest = prop::sample::select(vec![
        "b1", "i1", "i2", "i4", "i8", "u1", "u4", "u8", "f2", "f4", "f8", "f16", "c8", "c16", "c32", "S1", "S5", "S0",
        "U1", "U3", "V1", "V7", "V0", "O",
    ]);
    (order, rest).prop_map(|(order, rest)| Descr::Text(format!("{order}{rest}")))
}

/// Packed lists and dictionaries with gaps (some overlapping), to a depth of 3.
fn item() -> impl Strategy<Value = Descr> {
    scalar().prop_recursive(3, 24, 4, |inner| {
        let shape = vec((0i64..3).prop_map(Descr::Int), 0..3).prop_map(Descr::List);
        let field = (inner, shape);
        let list = vec((field.clone(), any::<bool>()), 1..4).prop_map(|fields| {
            let entry = |(i, ((dtype, shape), padded)): (usize, ((Descr, Descr), bool))| {
                let field = Descr::List(vec![Descr::Text(format!("n{i}")), dtype, shape]);
                let padding = Descr::List(vec![Descr::Text(String::new()), Descr::Text("V3".into())]);
                if padded { vec![padding, field] } else { vec![field] }
            };
            Descr::List(fields.into_iter().enumerate().flat_map(entry).collect())
        });
        let dict = vec((field, 0i64..200), 0..4).prop_map(|fields| {
            let text = |i: usize| Descr::Text(format!("n{i}"));
            let names = (0..fields.len()).map(text).collect();
            let offsets = fields.iter().map(|(_, offset)| Descr::Int(*offset)).collect();
            let formats = fields.into_iter().map(|((dtype, _), _)| dtype).collect();
            let column = |key: &str, list| (key.to_owned(), Descr::List(list));
            Descr::Dict(vec![column("names", names), column("formats", formats), column("offsets", offsets)])
        });
        prop_oneof![3 => list, 1 => dict]
    })
}

/// Sizes and offsets by enumeration: every byte of every scalar, in the order of the fields.
fn bytes_of(dtype: &DType, at: i64, bytes: &mut Vec<(i64, Option<Kind>)>) {
    if dtype.fields().is_empty() {
        bytes.extend((at..at + dtype.itemsize()).map(|byte| (byte, dtype.kind())));
    }
    for field in dtype.fields() {
        let count: i64 = field.shape().iter().product();
        for i in 0..count {
            bytes_of(field.dtype(), at + field.offset() + i * field.dtype().itemsize(), bytes);
        }
    }
}

fn check(dtype: &DType) {
    if let Some(descr) = dtype.descr() {
        assert_eq!(DType::from_descr(&descr).as_ref(), Ok(dtype), "{descr:?}");
    }
    if let Some(typestr) = dtype.typestr() {
        assert_eq!(DType::parse(&typestr).as_ref(), Ok(dtype), "{typestr}");
    }
    assert_eq!(dtype.pep3118().is_some(), dtype.has_format());
    if let Some(format) = dtype.pep3118() {
        assert_eq!(DType::from_buffer(&format, dtype.itemsize()).as_ref(), Ok(dtype), "{format}");
        // The text says all bytes by itself: a reader such as NumPy refuses one of another size.
        assert_eq!(DType::from_format(&format).as_ref(), Ok(dtype), "{format}");
    }
    let mut bytes = Vec::new();
    bytes_of(dtype, 0, &mut bytes);
    assert!(bytes.iter().all(|&(byte, _)| (0..dtype.itemsize()).contains(&byte)));
    let address = |&(_, kind): &(i64, Option<Kind>)| matches!(kind, Some(Kind::Object | Kind::Pointer));
    assert!(!bytes.iter().any(address) || dtype.is_object());
    assert!(!dtype.name().is_empty() && dtype.itemsize() >= 0 && dtype.alignment() >= 1);
    if let Some((_, bits, lanes)) = dtype.dlpack() {
        assert_eq!(i64::from(bits) * i64::from(lanes), 8 * dtype.itemsize());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_has_an_answer(text in ".*") {
        for read in [DType::parse(&text), DType::from_typestr(&text), DType::from_format(&text)] {
            if let Err(error) = read {
                prop_assert!(!error.to_string().is_empty() && error.position <= text.len());
            }
        }
    }

    #[test]
    fn texts_like_descriptions_have_an_answer(text in text()) {
        for read in [DType::parse(&text), DType::from_typestr(&text), DType::from_format(&text)] {
            match read {
                Ok(dtype) if dtype.itemsize() < 10_000 => check(&dtype),
                Ok(_) => {}
                Err(error) => {
                    prop_assert!(!error.to_string().is_empty());
                    prop_assert!(text.is_char_boundary(error.position), "{} {}", error, error.position);
                }
            }
        }
    }

    #[test]
    fn what_is_written_is_read(item in item()) {
        match DType::from_descr(&item) {
            Ok(dtype) => check(&dtype),
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        }
    }
}
