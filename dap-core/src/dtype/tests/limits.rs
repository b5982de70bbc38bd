//! Hostile descriptions: bounded time and memory, and an error.

use super::super::{DType, DTypeErrorKind, Descr, MAX_DEPTH, MAX_FIELDS, MAX_ITEMSIZE, MAX_NDIM};
use super::{descr, fields, parse, why};

#[test]
fn a_dtype_is_small() {
    assert!(size_of::<DType>() <= 16);
}

#[test]
fn sizes() {
    assert_eq!(parse("S2147483647").itemsize(), MAX_ITEMSIZE);
    for text in ["S2147483648", "U536870912", "2147483648s", "536870912w", "V99999999999999999999999999"] {
        assert_eq!(why(text), DTypeErrorKind::TooLarge, "{text}");
    }
    // NumPy 2.4 makes a struct of -294967296 bytes of the first
    for text in [
        "T{2000000000s:a:2000000000s:b:}",
        "T{(65536,65536)d:a:}",
        "T{(0,4294967296)d:a:}",
        "T{(0,65536,65536)d:a:}",
        "T{99999999999999999999d:a:}",
        "T{(2147483647,2147483647,2147483647,2147483647,2147483647)0x:a:}",
        "2147483647x2147483647x",
        "T{2147483645s:a:@d:b:}",
        "T{2147483646s:a:@b:b:h:c:}",
    ] {
        assert_eq!(why(text), DTypeErrorKind::TooLarge, "{text}");
    }
    let error = DType::from_descr(&descr(r#"[["a","<f8",[9223372036854775807,9223372036854775807]]]"#));
    assert_eq!(error.expect_err("too large").kind, DTypeErrorKind::TooLarge);
    let error = DType::from_descr(&descr(r#"{"names":["a"],"formats":["<f8"],"offsets":[2147483647]}"#));
    assert_eq!(error.expect_err("too large").kind, DTypeErrorKind::TooLarge);
    let error = DType::from_descr(&descr(r#"{"names":[],"formats":[],"itemsize":2147483648}"#));
    assert_eq!(error.expect_err("too large").kind, DTypeErrorKind::TooLarge);
}

#[test]
fn a_gap_is_not_written_byte_by_byte() {
    let gap = fields(r#"{"names":["a"],"formats":["|u1"],"offsets":[2000000000]}"#);
    assert_eq!(gap.pep3118().as_deref(), Some("T{2000000000xB:a:}"));
    assert_eq!(DType::from_format("T{2000000000xB:a:}"), Ok(gap));
}

#[test]
fn depth() {
    let nested = |depth: usize| format!("{}d:x:{}", "T{".repeat(depth), "}:x:".repeat(depth));
    assert!(DType::parse(&nested(MAX_DEPTH)).is_ok());
    for text in [nested(MAX_DEPTH + 1), nested(1_000_000), "&".repeat(1_000_000), "T{".repeat(1_000_000)] {
        assert_eq!(why(&text), DTypeErrorKind::TooDeep);
    }
    let nested = |depth: usize| {
        (0..depth).fold(Descr::Text("<f8".into()), |inner, _| {
            Descr::List(vec![Descr::List(vec![Descr::Text("x".into()), inner])])
        })
    };
    assert!(DType::from_descr(&nested(MAX_DEPTH)).is_ok());
    assert_eq!(DType::from_descr(&nested(MAX_DEPTH + 1)).expect_err("too deep").kind, DTypeErrorKind::TooDeep);
    assert_eq!(
        why(&format!("X{}", "{".repeat(1_000_000))),
        DTypeErrorKind::Unexpected { found: None, expected: "`}`" }
    );
}

#[test]
fn many_fields() {
    assert_eq!(parse(&"b".repeat(MAX_FIELDS)).fields().len(), MAX_FIELDS);
    assert_eq!(why(&"b".repeat(MAX_FIELDS + 1)), DTypeErrorKind::TooManyFields);
    assert_eq!(parse(&"x".repeat(10_000_000)).itemsize(), 10_000_000);
    let inner = "b".repeat(MAX_FIELDS / 2);
    assert_eq!(why(&format!("T{{{inner}}}T{{{inner}}}")), DTypeErrorKind::TooManyFields);
    let field = |name: &str| Descr::List(vec![Descr::Text(name.into()), Descr::Text(format!("T{{{inner}}}"))]);
    let error = DType::from_descr(&Descr::List(vec![field("a"), field("b")])).expect_err("too many");
    assert_eq!(error.kind, DTypeErrorKind::TooManyFields);
    let many: String = (0..1000).map(|i| format!("b:n{i}:")).collect();
    assert_eq!(why(&format!("{many}b:n7:")), DTypeErrorKind::DuplicateName { name: "n7".into() });
    assert_eq!(why(&format!("T{{({}1)d:a:}}", "1,".repeat(100))), DTypeErrorKind::TooManyDimensions);
    assert_eq!(why(&format!("T{{{}d:a:}}", "(1)".repeat(100))), DTypeErrorKind::TooManyDimensions);
}

#[test]
fn fields_lie_one_behind_the_other() {
    let dtype = parse("T{<d:a:(2,3)<i:b:(0)<d:c:b:d:}");
    let laid: Vec<_> = dtype.fields().iter().map(|field| (field.offset(), field.size(), field.shape().len())).collect();
    assert_eq!((laid, dtype.itemsize()), (vec![(0, 8, 0), (8, 24, 2), (32, 0, 1), (32, 1, 0)], 33));
}

#[test]
fn as_many_dimensions_as_numpy_has() {
    let ones = |count: usize| vec!["1"; count].join(",");
    let listed = |count| DType::from_descr(&descr(&format!(r#"[["a","<f8",[{}]]]"#, ones(count))));
    let written = |count| DType::parse(&format!("T{{({})<d:a:}}", ones(count)));
    for count in [1, MAX_NDIM] {
        assert_eq!(listed(count).as_ref().map(DType::itemsize), Ok(8), "{count}");
        assert_eq!(listed(count), written(count), "{count}");
    }
    for read in [listed(MAX_NDIM + 1), written(MAX_NDIM + 1)] {
        assert_eq!(read.expect_err("too many").kind, DTypeErrorKind::TooManyDimensions);
    }
}
