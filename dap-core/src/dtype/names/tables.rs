//! The names, by where they come from. A name that two languages use for different types is in
//! `AMBIGUOUS` alone.
//!
//! Sizes of C's types are those of 64-bit Unix, as everywhere in this crate.

use super::Meaning;
use crate::dtype::error::DTypeErrorKind;

/// A typestr, and all names of its type, separated by blanks or, where names have blanks, by
/// commas.
pub(super) type Entry = (&'static str, &'static str);

/// NumPy's names with a number of bits, which other libraries have taken over, and words with one
/// meaning only.
pub(super) const COMMON: &[Entry] = &[
    ("|b1", "bool bool_ bool8 Bool boolean"),
    ("|i1", "int8 Int8 int8_t"),
    ("|u1", "uint8 UInt8 uint8_t ubyte"),
    ("<i2", "int16 Int16 int16_t short"),
    ("<u2", "uint16 UInt16 uint16_t ushort"),
    ("<i4", "int32 Int32 int32_t intc"),
    ("<u4", "uint32 UInt32 uint32_t uintc"),
    ("<i8", "int64 Int64 int64_t long longlong int_ intp ssize_t ptrdiff_t intptr_t"),
    ("<u8", "uint64 UInt64 uint64_t ulong ulonglong uintp size_t uintptr_t"),
    ("<f2", "float16 Float16 half _Float16"),
    ("<f4", "float32 Float32 single _Float32 float32_t"),
    ("<f8", "float64 Float64 double float_ _Float64 float64_t"),
    ("<f16", "float128 longdouble longfloat"),
    ("<c8", "complex64 ComplexF32 csingle singlecomplex Complex{Float32}"),
    ("<c16", "complex128 ComplexF64 cdouble cfloat_ complex_ Complex{Float64}"),
    ("<c32", "complex256 clongdouble clongfloat longcomplex"),
    ("|O", "object object_"),
];

/// Julia's names of its own integers and of C's types, and HDF5's of its files.
const LANGUAGES: &[Entry] = &[
    ("<i8", "Int Clong Clonglong Cssize_t Cptrdiff_t Cintmax_t H5T_STD_I64LE"),
    ("<u8", "UInt Culong Culonglong Csize_t Cuintmax_t H5T_STD_U64LE"),
    ("<i4", "Cint H5T_STD_I32LE"),
    ("<u4", "Cuint H5T_STD_U32LE"),
    ("<i2", "Cshort H5T_STD_I16LE"),
    ("<u2", "Cushort H5T_STD_U16LE"),
    ("|u1", "Cuchar H5T_STD_U8LE H5T_STD_U8BE"),
    ("|i1", "H5T_STD_I8LE H5T_STD_I8BE"),
    ("<f4", "Cfloat H5T_IEEE_F32LE H5T_NATIVE_FLOAT"),
    ("<f8", "Cdouble H5T_IEEE_F64LE H5T_NATIVE_DOUBLE"),
    (">f4", "H5T_IEEE_F32BE"),
    (">f8", "H5T_IEEE_F64BE"),
    (">i2", "H5T_STD_I16BE"),
    (">i4", "H5T_STD_I32BE"),
    (">i8", "H5T_STD_I64BE"),
];

/// Names of PyTorch and Heat that are other types elsewhere.
pub(super) const TORCH: &[Entry] =
    &[("<f4", "float"), ("<i4", "int"), ("|u1", "byte"), ("|i1", "char"), ("<c8", "cfloat")];

/// Names of NumPy that are other types elsewhere.
pub(super) const NUMPY: &[Entry] =
    &[("<f8", "float"), ("<i8", "int"), ("<u8", "uint"), ("|i1", "byte"), ("<c16", "complex cfloat")];

/// Python's own classes.
pub(super) const PYTHON: &[Entry] = &[("<f8", "float"), ("<i8", "int"), ("<c16", "complex")];

/// Classes of ctypes, and C's `_Bool`.
pub(super) const CTYPES: &[Entry] = &[
    ("|b1", "c_bool _Bool"),
    ("|i1", "c_byte c_int8"),
    ("|u1", "c_ubyte c_uint8"),
    ("<i2", "c_short c_int16"),
    ("<u2", "c_ushort c_uint16"),
    ("<i4", "c_int c_int32"),
    ("<u4", "c_uint c_uint32"),
    ("<i8", "c_long c_longlong c_int64 c_ssize_t"),
    ("<u8", "c_ulong c_ulonglong c_uint64 c_size_t"),
    ("<f4", "c_float"),
    ("<f8", "c_double"),
    ("<f16", "c_longdouble"),
];

/// Declarations of C and C++ with blanks, colons or angles.
pub(super) const C: &[Entry] = &[
    ("|i1", "signed char,int8_t"),
    ("|u1", "unsigned char,uint8_t,byte"),
    ("<i2", "short int,signed short,int16_t"),
    ("<u2", "unsigned short,unsigned short int,uint16_t"),
    ("<i4", "signed int,int32_t"),
    ("<u4", "unsigned int,uint32_t"),
    ("<i8", "long int,long long,long long int,signed long,signed long long,int64_t,ptrdiff_t"),
    ("<u8", "unsigned long,unsigned long int,unsigned long long,unsigned long long int,uint64_t,size_t"),
    ("<f16", "long double,double long"),
    ("<c8", "complex<float>,float complex,complex float"),
    ("<c16", "complex<double>,double complex,complex double"),
    ("<c32", "complex<long double>,long double complex,complex long double"),
];

/// MPI's basic types.
pub(super) const MPI: &[Entry] = &[
    ("|b1", "MPI_C_BOOL MPI_CXX_BOOL MPI_BOOL"),
    ("|i1", "MPI_INT8_T MPI_SIGNED_CHAR MPI_INTEGER1"),
    ("|u1", "MPI_UINT8_T MPI_UNSIGNED_CHAR MPI_BYTE"),
    ("<i2", "MPI_INT16_T MPI_SHORT MPI_INTEGER2"),
    ("<u2", "MPI_UINT16_T MPI_UNSIGNED_SHORT"),
    ("<i4", "MPI_INT32_T MPI_INT MPI_INTEGER MPI_INTEGER4"),
    ("<u4", "MPI_UINT32_T MPI_UNSIGNED"),
    ("<i8", "MPI_INT64_T MPI_LONG MPI_LONG_LONG MPI_LONG_LONG_INT MPI_INTEGER8 MPI_AINT MPI_OFFSET MPI_COUNT"),
    ("<u8", "MPI_UINT64_T MPI_UNSIGNED_LONG MPI_UNSIGNED_LONG_LONG"),
    ("<f2", "MPI_REAL2"),
    ("<f4", "MPI_FLOAT MPI_REAL MPI_REAL4"),
    ("<f8", "MPI_DOUBLE MPI_DOUBLE_PRECISION MPI_REAL8"),
    ("<f16", "MPI_LONG_DOUBLE"),
    ("<c8", "MPI_C_COMPLEX MPI_C_FLOAT_COMPLEX MPI_CXX_FLOAT_COMPLEX MPI_COMPLEX MPI_COMPLEX8"),
    ("<c16", "MPI_C_DOUBLE_COMPLEX MPI_CXX_DOUBLE_COMPLEX MPI_DOUBLE_COMPLEX MPI_COMPLEX16"),
    ("<c32", "MPI_C_LONG_DOUBLE_COMPLEX MPI_CXX_LONG_DOUBLE_COMPLEX"),
];

/// Short names of Rust and JAX that no typestr has.
pub(super) const BITS: &[Entry] = &[
    ("<i2", "i16"),
    ("<u2", "u16"),
    ("<i4", "i32"),
    ("<u4", "u32"),
    ("<i8", "i64"),
    ("<u8", "u64"),
    ("<f4", "f32"),
    ("<f8", "f64"),
    ("<c8", "c64"),
    ("<c16", "c128"),
];

/// Names that are different types in different languages, and the types to choose from.
const AMBIGUOUS: &[Entry] = &[
    ("`float` has 8 bytes in Python and 4 in C and PyTorch; write `<f8` or `<f4`", "float"),
    ("`int` has 8 bytes in Python and 4 in C and PyTorch; write `<i8` or `<i4`", "int signed"),
    ("`uint` has 8 bytes in NumPy and 4 in C; write `<u8` or `<u4`", "uint unsigned"),
    ("`complex` has 16 bytes in Python and 8 in Fortran; write `<c16` or `<c8`", "complex cfloat"),
    ("a `char` is a character, `|S1`, or a small integer, `|i1`", "char Cchar c_char MPI_CHAR MPI_CHARACTER"),
    ("a `byte` is signed in NumPy and unsigned in C++ and PyTorch; write `|i1` or `|u1`", "byte"),
    (
        "the size of PETSc's types is chosen when PETSc is built; write `<f8` or `<c16` for scalars, `<i4` or `<i8` for indices",
        "PetscScalar PetscReal PetscInt PETSC_SCALAR PETSC_REAL PETSC_INT MPIU_SCALAR MPIU_REAL MPIU_INT",
    ),
];

/// Names of types that no buffer of the protocol has, and the advice for each.
const WITHOUT: &[Entry] = &[
    ("bfloat16 is not a NumPy type and has no PEP-3118 format; widen it to float32, `<f4`", "bfloat16 BFloat16 bf16"),
    (
        "complex numbers of two 16-bit floats have no NumPy type; widen them to complex64, `<c8`",
        "complex32 ComplexF16 chalf",
    ),
    (
        "integers of 16 bytes have no NumPy type; describe the bytes, `|V16`, or convert to `<i8`",
        "int128 uint128 Int128 UInt128 i128 u128 __int128",
    ),
    (
        "IEEE floats of 128 bits are not the `long double` of `<f16`; convert to `<f8`",
        "__float128 _Float128 Float128 _Quad",
    ),
    (
        "this name does not say a length; write `<U8` for 8 characters, `|S8` for 8 bytes",
        "str str_ bytes bytes_ unicode String string",
    ),
    ("this name does not say a length; write `|V8` for 8 raw bytes", "void"),
    ("a Char of Julia is no character of NumPy; convert to `<U1` or `<u4`", "Char"),
    (
        "a Fortran logical is no bool of one byte; describe it as an integer, `<i4` for the default kind",
        "MPI_LOGICAL logical",
    ),
    (
        "a pair is a struct; describe it as a list of [name, type]",
        "MPI_DOUBLE_INT MPI_FLOAT_INT MPI_LONG_INT MPI_2INT MPI_SHORT_INT MPI_LONG_DOUBLE_INT MPI_2REAL MPI_2DOUBLE_PRECISION MPI_2INTEGER",
    ),
    ("packed data has no items; describe the bytes, `|u1`", "MPI_PACKED"),
    (
        "a derived type has a name only in its program; describe it as a list of [name, type]",
        "MPI_DATATYPE_NULL Datatype",
    ),
    (
        "a quantized type needs a scale beside its integers; describe the integers, `|i1`, `|u1` or `<i4`",
        "qint8 quint8 qint16 quint16 qint32",
    ),
];

/// The meaning of the name among these entries.
pub(super) fn find(entries: &[Entry], name: &str) -> Option<Meaning> {
    let typestr = |entry: &Entry| entry.0;
    holding(entries, name).map(typestr).map(Ok)
}

/// Names without a module before them: of languages, of MPI, and those that languages do not agree
/// on.
pub(super) fn languages(name: &str) -> Option<Meaning> {
    find(LANGUAGES, name)
        .or_else(|| find(MPI, name))
        .or_else(|| holding(AMBIGUOUS, name).map(|entry| Err(DTypeErrorKind::Unsupported { reason: entry.0 })))
}

/// The reason why no buffer has the named type.
pub(super) fn without_type(name: &str) -> Option<&'static str> {
    let is_integer = |prefix: &str| {
        name.strip_prefix(prefix)
            .is_some_and(|bits| matches!(bits, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "2x4" | "4x2"))
    };
    if ["float8", "Float8", "fp8", "f8e"].iter().any(|begin| name.starts_with(begin)) {
        return Some(
            "floats of 8 bits have no NumPy type and no PEP-3118 format; widen them to float32, `<f4`, or describe the bytes, `|u1`",
        );
    }
    if ["float4", "float6"].iter().any(|begin| name.strip_prefix(begin).is_some_and(|rest| rest.starts_with('_')))
        || ["int", "uint", "quint"].into_iter().any(is_integer)
    {
        return Some(
            "items of less than a byte have no NumPy type and no PEP-3118 format; unpack them to `|i1` or `|u1`",
        );
    }
    holding(WITHOUT, name).map(|entry| entry.0)
}

fn holding<'a>(entries: &'a [Entry], name: &str) -> Option<&'a Entry> {
    let separated = |names: &str| match names.contains(',') {
        true => names.split(',').any(|one| one == name),
        false => names.split(' ').any(|one| one == name),
    };
    entries.iter().find(|(_, names)| separated(names))
}
