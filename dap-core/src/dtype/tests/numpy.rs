//! Facts exported from NumPy 2.4.6 on x86-64 Linux; the tables hold data only.

use super::super::{ByteOrder, DType, DTypeErrorKind};
use super::{descr, parse};

/// One type a line, separated by tabs: the type as JSON (a text, or names, formats, offsets and
/// itemsize); `dtype.str`; `dtype.descr`, or for no struct `dtype.str`, as JSON; `itemsize`;
/// `alignment`; `memoryview(...).format`, or `!` if NumPy refuses; whether NumPy, given that format
/// and the item's size, makes the `same` type or an`other`; DLPack's code, bits, lanes. `-`: none.
const ITEMS: &str = include_str!("numpy_items.tsv");

/// A PEP-3118 format and the type that NumPy makes of it (`!`: an error).
const FORMATS: &str = include_str!("numpy_formats.tsv");

#[test]
#[cfg(target_endian = "little")]
fn items_are_numpys() {
    let mut seen = (0, 0, 0);
    for line in ITEMS.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let [input, typestr, description, itemsize, alignment, format, reads_back, dlpack] = columns[..] else {
            panic!("{line}");
        };
        let read = DType::from_descr(&descr(input));
        if input.contains("M8") || input.contains("m8") {
            assert!(matches!(read.expect_err(input).kind, DTypeErrorKind::NoFormat { .. }), "{input}");
            assert_eq!(format, "!");
            continue;
        }
        let dtype = read.unwrap_or_else(|e| panic!("{input}: {e}"));
        assert_eq!(dtype.itemsize().to_string(), itemsize, "{input}");
        assert_eq!(dtype.typestr().as_deref().unwrap_or("-"), typestr, "{input}");
        if alignment != "-" {
            assert_eq!(dtype.alignment().to_string(), alignment, "{input}");
        }
        let ours = dtype.dlpack().map(|(code, bits, lanes)| format!("{code},{bits},{lanes}"));
        assert_eq!(ours.as_deref().unwrap_or("-"), dlpack, "{input}");

        if description != "-" && input != r#"{"names":[],"formats":[],"offsets":[],"itemsize":4}"# {
            assert_eq!(dtype.descr(), Some(descr(description)), "{input}");
            assert_eq!(DType::from_descr(&descr(description)).as_ref(), Ok(&dtype), "{input}");
        }
        assert_eq!(dtype.has_format(), format != "!", "{input}");
        match (dtype.pep3118(), reads_back) {
            (None, _) => seen.0 += 1,
            // NumPy's text says all bytes by itself.
            (Some(ours), "same") if DType::from_format(format).as_ref() == Ok(&dtype) => {
                assert_eq!(ours, format, "{input}");
                seen.1 += 1;
            }
            (Some(ours), _) => {
                // It goes wrong, or needs the item's size beside it, which NumPy refuses in a
                // buffer.
                assert_ne!(DType::from_format(format).as_ref(), Ok(&dtype), "{input}");
                assert_eq!(DType::from_format(&ours).as_ref(), Ok(&dtype), "{ours}");
                seen.2 += 1;
            }
        }
        if let Some(ours) = dtype.pep3118() {
            assert_eq!(DType::from_buffer(&ours, dtype.itemsize()).as_ref(), Ok(&dtype), "{ours}");
        }
    }
    assert!(seen.0 >= 6 && seen.1 >= 150 && seen.2 >= 10, "{seen:?}");
}

#[test]
#[cfg(target_endian = "little")]
fn formats_are_read_as_numpy_reads_them() {
    for line in FORMATS.lines() {
        let (format, made) = line.split_once('\t').expect(line);
        let read = DType::from_format(format);
        if made == "!" {
            assert!(read.is_err(), "{format}: {read:?}");
        } else {
            assert_eq!(read, DType::from_descr(&descr(made)), "{format}");
        }
    }
    assert!(FORMATS.lines().count() > 100);
}

#[test]
fn where_we_read_more_than_numpy() {
    // Python's own letters, and spaces as in the text of PEP-3118
    assert_eq!(parse("n").typestr(), parse("i8").typestr());
    assert_eq!(DType::from_format("D"), DType::from_format("Zd"));
    assert_eq!(DType::from_format(" T{\n b:a: =d:b:\n}"), DType::from_format("T{b:a:=d:b:}"));
    assert_eq!(DType::from_format("<(3)i:a:"), DType::from_format("(3)<i:a:"));
    // ctypes' long double and pointers
    assert_eq!(DType::from_format("=g"), DType::from_format("g"));
    let pointers = parse("T{&<i:a:X{}:f:<P:v:}");
    assert_eq!((pointers.itemsize(), pointers.is_object(), pointers.descr()), (24, true, None));
    assert_eq!(parse("&T{i:a:}").pep3118().as_deref(), Some("P"));
    // extents of extents
    assert_eq!(parse("T{(3)(2)i:a:}").fields()[0].shape(), [3, 2]);
    // raw memory, which NumPy writes as padding and then takes for a struct without fields
    assert_eq!(parse("8x"), parse("V8"));
    assert_eq!(parse("xxxxxxxx"), parse("V8"));
}

#[test]
fn a_text_is_a_typestr_or_a_format() {
    assert_eq!(parse("b1").name(), "bool");
    assert_eq!(parse("b").name(), "int8");
    assert_eq!(parse("c8").name(), "complex64");
    assert_eq!(parse("c").name(), "byte string of 1 byte");
    assert_eq!(parse("i4"), parse("i"));
    assert_eq!(parse("=f8").byte_order(), ByteOrder::NATIVE);
    assert_eq!(parse("<l").itemsize(), 4);
    assert_eq!(parse("=2w").name(), "text of 2 characters");
    assert_eq!(parse("|O"), parse("O"));
    assert_eq!(parse(">Zd").name(), "big-endian complex128");
    assert_eq!(parse("T{<d:a:<i:b:}").name(), "struct of 2 fields, 12 bytes");
    assert_eq!(parse("f16").name(), "longdouble");
}
