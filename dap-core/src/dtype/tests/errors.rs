//! The sentences that a user reads, for texts that users write.

use super::super::{DType, DTypeErrorKind};
use super::{descr, why};

fn sentence(text: &str) -> String {
    DType::parse(text).expect_err(text).to_string()
}

fn sentence_of(json: &str) -> String {
    DType::from_descr(&descr(json)).expect_err(json).to_string()
}

#[test]
fn typestrs() {
    assert_eq!(sentence("<f3"), "`<f3`: a float has 2, 4, 8 or 16 bytes, not 3");
    assert_eq!(sentence("i16"), "`i16`: an integer has 1, 2, 4 or 8 bytes, not 16");
    assert_eq!(sentence("|x8"), "`|x8`: unknown kind `x`; known are b i u f c S U V O");
    assert_eq!(sentence("<U"), "`<U`: the number of characters is missing, as in `<U8`");
    assert_eq!(sentence("|f"), "`|f`: the number of bytes is missing, as in `f8`");
    assert_eq!(sentence("S-1"), "`S-1`: expected the number of bytes, found `-`");
    assert_eq!(sentence("i4,f8"), "`i4,f8`: expected the end (a struct is a list of [name, type]), found `,`");
    assert_eq!(sentence("|"), "`|`: expected a kind, one of b i u f c S U V O, found the end");
    assert_eq!(sentence(""), "an empty text describes no item");
    assert_eq!(
        sentence("<U99999999999999"),
        "`<U99999999999999`: the item is larger than 2147483647 bytes, the most that NumPy allows (byte 2)"
    );
}

/// A kind of another program's type, and texts that only look like it.
#[test]
fn kinds_of_other_programs() {
    assert!(sentence("integer(myint)").contains("the kind is a name or a number of that program"));
    for text in ["integer(myint", "number(8)"] {
        assert!(!sentence(text).contains("the kind is"), "{text}");
    }
}

#[test]
fn times_have_no_format() {
    for (text, is) in [("<M8[s]", "datetime64"), ("m8[ns]", "timedelta64"), ("M8", "datetime64")] {
        assert_eq!(why(text), DTypeErrorKind::NoFormat { meaning: is }, "{text}");
        assert_eq!(DType::parse(text).expect_err(text).text, text);
    }
    assert_eq!(why("datetime64[ns]"), DTypeErrorKind::NoFormat { meaning: "datetime64" });
    assert_eq!(
        sentence_of(r#"[["t","<M8[s]"]]"#),
        "at /0/1: `<M8[s]`: datetime64 has no PEP-3118 format, so no buffer can carry it"
    );
    assert_eq!(why("M4"), DTypeErrorKind::UnknownKind { found: 'M' });
}

#[test]
fn names_of_types() {
    for name in ["float64", "double", "torch.float64", "numpy.float64", "dtype('float64')", "<class 'numpy.float64'>"] {
        assert_eq!(why(name), DTypeErrorKind::Name { typestr: "<f8" }, "{name}");
    }
    // every letter of which is also a format's
    assert_eq!(why("single"), DTypeErrorKind::Name { typestr: "<f4" });
    for name in ["real(8)", "REAL*8", "real(kind=8)", "Double Precision"] {
        assert_eq!(why(name), DTypeErrorKind::Name { typestr: "<f8" }, "{name}");
    }
    for (name, typestr) in [("integer", "<i4"), ("integer*8", "<i8"), ("complex*16", "<c16"), ("complex(8)", "<c16")] {
        assert_eq!(why(name), DTypeErrorKind::Name { typestr }, "{name}");
    }
    for (names, typestr) in [
        ("bool bool_ numpy.bool_", "|b1"),
        ("int8 torch.int8", "|i1"),
        ("uint8", "|u1"),
        ("int16", "<i2"),
        ("uint16", "<u2"),
        ("int32", "<i4"),
        ("uint32", "<u4"),
        ("long int64 Int64 Int MPI_INT64_T", "<i8"),
        ("uint64 dtype('uint64')", "<u8"),
        ("half float16", "<f2"),
        ("single float32", "<f4"),
        ("double float64 Float64 numpy.float64 real(64) c_double MPI_DOUBLE", "<f8"),
        ("longdouble float128", "<f16"),
        ("complex64", "<c8"),
        ("complex128 ComplexF64 MPI_C_DOUBLE_COMPLEX", "<c16"),
        ("clongdouble complex256", "<c32"),
        ("object object_", "|O"),
        ("integer(1) integer*1", "|i1"),
        ("integer(2) integer*2", "<i2"),
        ("integer integer(4) INTEGER*4", "<i4"),
        ("integer(8) integer*8 integer(kind=8)", "<i8"),
        ("real(4) real*4 torch.float real(c_float)", "<f4"),
        ("real(8) real*8 doubleprecision", "<f8"),
        ("real(16) real*16", "<f16"),
        ("complex(4) complex*8", "<c8"),
        ("complex(8) complex*16 doublecomplex", "<c16"),
    ] {
        for name in names.split(' ') {
            assert_eq!(why(name), DTypeErrorKind::Name { typestr }, "{name}");
        }
    }
    for name in ["str", "str_", "bytes", "bytes_"] {
        assert!(sentence(name).contains("this name does not say a length"), "{name}");
    }
    assert_eq!(why("timedelta64[s]"), DTypeErrorKind::NoFormat { meaning: "timedelta64" });
    // Texts that are no names: their mistake is another one.
    for text in ["real(3)", "integerx", "real", "float", "int", "float65", "<float64", "datetime", "ii"] {
        assert!(
            !matches!(DType::parse(text), Err(error) if matches!(error.kind, DTypeErrorKind::Name { .. })),
            "{text}"
        );
    }
    assert_eq!(sentence("float64"), "`float64`: this is a type's name; write its typestr, `<f8`");
    assert!(sentence("bfloat16").contains("bfloat16 is not a NumPy type"));
    assert!(sentence("torch.bfloat16").contains("`<f4`"));
    assert!(sentence("[('a', '<f8')]").contains("a list of [name, type], not a text"));
    assert!(sentence("|T16").contains("outside the buffer"));
}

/// Each name of a table, alone and as the libraries print it, is read; and its error in an export
/// names the same type.
#[test]
fn names_are_read() {
    for (names, typestr) in [
        (
            "float32|torch.float32|dtype('float32')|<class 'numpy.float32'>|<dtype: 'float32'>|np.single|jax.numpy.float32|heat.float",
            "<f4",
        ),
        (
            "<class 'jax.numpy.float32'>|MPI_FLOAT|MPI.FLOAT|mpi4py.MPI.REAL4|Float32|real(4)|REAL*4|real(kind=real32)|f32|c_float",
            "<f4",
        ),
        (
            "torch.float|ctypes.c_float|real(32)|'float32'|\"float32\"|np.dtype('float32')|numpy.dtype(float32)|dtype[float32]",
            "<f4",
        ),
        (
            "double|float64|<class 'float'>|np.float|MPI_DOUBLE|Float64|Cdouble|real(8)|real(c_double)|real(64)|<f8|f8|d|f64",
            "<f8",
        ),
        ("dtype('<f8')|torch.double|Double Precision|H5T_IEEE_F64LE", "<f8"),
        (">f8|dtype('>f8')|H5T_IEEE_F64BE", ">f8"),
        (
            "MPI_C_DOUBLE_COMPLEX|MPI.C_DOUBLE_COMPLEX|ComplexF64|complex128|<class 'complex'>|complex(8)|complex(128)|std::complex<double>|double complex|double _Complex|Complex{Float64}",
            "<c16",
        ),
        ("ComplexF32|complex64|torch.cfloat|complex(64)|complex*8|std::complex< float >", "<c8"),
        (
            "Int64|Int|int64|long|long long|int64_t|std::int64_t|MPI_LONG|MPI_INT64_T|<class 'int'>|numpy.int_|np.int|int(64)|integer(8)|i64|torch.long",
            "<i8",
        ),
        ("Int32|int32|MPI_INT|MPI_INTEGER|integer|integer(c_int)|int(32)|np.intc|torch.int|i32", "<i4"),
        ("unsigned char|uint8|UInt8|MPI_BYTE|std::byte|uint(8)|torch.byte|std::uint8_t", "|u1"),
        ("Bool|bool|<class 'bool'>|np.bool_|MPI_C_BOOL|_Bool|logical(c_bool)|torch.bool", "|b1"),
        ("long double|np.longdouble|MPI_LONG_DOUBLE|c_longdouble", "<f16"),
        ("i16|Int16|short|MPI_SHORT|int(16)", "<i2"),
    ] {
        for name in names.split('|') {
            assert_eq!(DType::from_name(name), DType::parse(typestr), "{name}");
        }
    }
    for (names, words) in [
        ("float8_e4m3fn|torch.float8_e5m2|ml_dtypes.float8_e4m3|dtype(float8_e5m2)|Float8_E4M3", "`|u1`"),
        ("bfloat16|torch.bfloat16|ml_dtypes.bfloat16|dtype(bfloat16)|BFloat16|Core.BFloat16", "`<f4`"),
        ("int4|uint4|int2|float4_e2m1fn|ml_dtypes.int4|float6_e2m3fn|torch.quint4x2", "less than a byte"),
        ("torch.qint8|quint8", "scale"),
        ("float", "`<f8` or `<f4`"),
        ("int", "`<i8` or `<i4`"),
        ("complex", "`<c16` or `<c8`"),
        ("real", "`<f4` or `<f8`"),
        ("char|MPI_CHAR|c_char", "`|S1`"),
        ("byte", "`|u1`"),
        ("PetscScalar|PetscInt", "chosen when PETSc is built"),
        ("logical|logical(4)|MPI_LOGICAL", "`<i4`"),
        ("MPI_DOUBLE_INT|MPI_2INT", "list of [name, type]"),
        ("real(dp)|real(kind=wp)|integer(3)|complex(dp)", "kind is a name or a number"),
        ("Int128|ComplexF16|__float128|string|void|str", "`"),
        ("datetime64[ns]|<M8[s]", "no PEP-3118 format"),
        ("not float32|i4, f8|float65|integerx|foo|dtype()|<class ''>", ""),
    ] {
        for name in names.split('|').filter(|name| !name.is_empty()) {
            let error = DType::from_name(name).expect_err(name).to_string();
            assert!(error.contains(words), "{name}: {error}");
        }
    }
}

#[test]
fn formats() {
    let unknown = sentence("T{<d:a:<y:b:}");
    assert!(unknown.starts_with("`T{<d:a:<y:b:}`: `y` is no PEP-3118 format character; known are ? c b"), "{unknown}");
    assert!(unknown.ends_with("(byte 8)"), "{unknown}");
    assert_eq!(sentence("T{<d:a:"), "`T{<d:a:`: expected `}`, found the end");
    assert_eq!(sentence("d}"), "`d}`: expected a type, found `}`");
    assert_eq!(sentence("T{<d:a}"), "`T{<d:a}`: expected `:` after the field's name, found the end");
    assert_eq!(sentence("Ze"), "`Ze`: expected `f`, `d` or `g` after `Z`, found `e`");
    assert_eq!(sentence("T{d:a:i:a:}"), "`T{d:a:i:a:}`: two fields have the name `a` (byte 2)");
    assert_eq!(why("(2,3)d"), DTypeErrorKind::SubArray);
    assert_eq!(why("3d"), DTypeErrorKind::SubArray);
    assert_eq!(why("2i4"), DTypeErrorKind::SubArray);
    assert_eq!(why("(2,3)i4"), DTypeErrorKind::SubArray);
    assert!(matches!(why("3t"), DTypeErrorKind::Unsupported { .. }));
    assert!(matches!(why("<u"), DTypeErrorKind::Unsupported { .. }));
    assert!(matches!(why("<n"), DTypeErrorKind::Unsupported { .. }));
    assert!(matches!(why(if cfg!(target_endian = "big") { "<g" } else { ">g" }), DTypeErrorKind::Unsupported { .. }));
    let error = DType::from_buffer("T{d:a:i:b:}", 8).expect_err("an error");
    assert_eq!(error.kind, DTypeErrorKind::Itemsize { written: 8, needed: 12 });
    let error = DType::from_buffer("d", 4).expect_err("an error");
    assert_eq!(error.to_string(), "`d`: an item size of 4 bytes, where 8 are needed");
}

#[test]
fn lists_and_dictionaries() {
    for (json, expected) in [
        (r#"["a","<f8"]"#, "at /0: expected a field as `[name, type]` or `[name, type, shape]`, found a text"),
        (r#"[["a"]]"#, "at /0: expected a field as `[name, type]` or `[name, type, shape]`, found a list"),
        (r#"[["a","<f8"],["b","<f3"]]"#, "at /1/1: `<f3`: a float has 2, 4, 8 or 16 bytes, not 3"),
        (r#"[["a",[["x","i4"],["y","y"]]]]"#, "at /0/1/1/1: `y`: `y` is no PEP"),
        (r#"[["a","<f8"],["a","<i4"]]"#, "two fields have the name `a`"),
        (r#"[[7,"<f8"]]"#, "at /0/0: expected a field's name, found an integer"),
        (r#"[["a","<f8",[2,-1]]]"#, "at /0/2/1: expected an integer that is at least 0, found a negative one"),
        (r#"[["a","<f8",[2.5]]]"#, "at /0/2/0: expected an integer, found a float"),
        (r#"[["a","<f8",true]]"#, "at /0/2: expected a sub-array's shape, a list of integers, found a bool"),
        (r#"[["a",null]]"#, "at /0/1: expected a typestr or a list of fields, found null"),
        ("17", "expected a typestr or a list of fields, found an integer"),
        (r#"["<f8",[2,3]]"#, "only a field can be a sub-array"),
        (r#"{"names":["a"]}"#, "expected the keys `names` and `formats`, found a dictionary without"),
        (r#"{"names":["a"],"formats":[]}"#, "expected as many `formats` and `offsets` as `names`"),
        (r#"{"names":["a"],"formats":["i4"],"sizes":[4]}"#, "at /sizes: expected only names"),
        (r#"{"names":["a"],"formats":["i4"],"aligned":true}"#, "expected `offsets` beside `aligned`"),
        (r#"{"names":["a"],"formats":["i4"],"offsets":[-4]}"#, "at /offsets/0: expected an integer that"),
        (r#"{"names":["a"],"formats":["i5"]}"#, "at /formats/0: `i5`: an integer has"),
        (
            r#"{"names":["a"],"formats":["i4"],"offsets":[4],"itemsize":4}"#,
            "an item size of 4 bytes, where 8 are needed",
        ),
    ] {
        let sentence = sentence_of(json);
        assert!(sentence.starts_with(expected), "{json}: {sentence}");
    }
}

#[test]
fn where_a_typestr_goes_wrong() {
    for (text, position) in [
        ("f8x", 2),
        ("<f8x", 3),
        ("<fx", 2),
        ("i4,f8", 2),
        ("|x8", 1),
        ("<f3", 2),
        ("f3", 1),
        ("<f", 2),
        ("f", 1),
        ("<M8[s]", 1),
    ] {
        let error = DType::from_typestr(text).expect_err(text);
        assert_eq!(error.position, position, "{text}: {error}");
    }
    let sentence_of_typestr = |text: &str| DType::from_typestr(text).expect_err(text).to_string();
    assert_eq!(sentence_of_typestr("f8x"), "`f8x`: expected the end, found `x`");
    assert_eq!(sentence_of_typestr("<fx"), "`<fx`: expected the number of bytes, found `x`");
    // The position is given in texts where a reader would not see it.
    assert!(sentence("T{d:ab:y}").ends_with("(byte 7)"), "{}", sentence("T{d:ab:y}"));
    assert!(!sentence("T{d:a:y}").contains("(byte"), "{}", sentence("T{d:a:y}"));
    assert!(!sentence("torch.bfloat16").contains("(byte"), "{}", sentence("torch.bfloat16"));
}

#[test]
fn the_part_that_is_shown_lies_round_the_place() {
    let shown = |text: &str| DType::parse(text).expect_err(text).text;
    let name = |length: usize| "a".repeat(length);
    let whole = format!("T{{y:{}:}}", name(58));
    assert_eq!((whole.len(), shown(&whole)), (64, whole.clone()));
    let begin = format!("T{{y:{}:}}", name(59));
    assert_eq!(shown(&begin), format!("{}…", &begin[..64]));
    let end = format!("T{{d:{}:y:b:}}", name(200));
    assert_eq!(shown(&end), format!("…{}", &end[end.len() - 64..]));
    let middle = format!("T{{d:{}:y:{}:}}", name(100), name(100));
    assert_eq!(shown(&middle), format!("…{}…", &middle[105 - 24..105 - 24 + 64]));
    let umlauts = format!("T{{d:{}:y:b{}:}}", "ä".repeat(100), "ö".repeat(100));
    assert_eq!(shown(&umlauts), format!("…{}…", &umlauts[180..246]));
}

#[test]
fn a_long_text_is_shown_in_part() {
    let text = format!("T{{{}y:b:}}", "<d:äöü:".repeat(1000));
    let error = DType::parse(&text).expect_err("an error");
    assert!(error.text.len() < 100 && error.text.starts_with('…') && error.text.ends_with('}'), "{}", error.text);
    let name = "n".repeat(100_000);
    assert!(sentence(&format!("T{{d:{name}:d:{name}:}}")).len() < 300);
}
