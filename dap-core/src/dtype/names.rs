//! Names that libraries and languages give types: `float32`, `torch.int64`, `MPI_DOUBLE`,
//! `ComplexF64`, `real(8)`.
//!
//! In an export a name is an error whose message has the typestr to write;
//! [`DType::from_name`](super::DType::from_name) reads it. A name that means different types in
//! different languages is never read: its error lists them.

mod fortran;
mod tables;

use super::error::DTypeErrorKind;

/// The meaning of a name: the typestr, or the reason why there is none.
type Meaning = Result<&'static str, DTypeErrorKind>;

/// The error for a text that is a type's name, not its typestr; `None` for any other text.
pub(super) fn recognise(text: &str) -> Option<DTypeErrorKind> {
    // A typestr begins with its byte order or is short: nearly all texts leave here.
    let first = text.bytes().next()?;
    if matches!(first, b'[' | b'{') {
        return Some(DTypeErrorKind::Unsupported {
            reason: "a struct is a list of [name, type], not a text that holds one",
        });
    }
    if text.len() < 3 || !(first.is_ascii_alphabetic() || first == b'_' || text.starts_with("<class ")) {
        return None;
    }
    let typestr = |typestr| DTypeErrorKind::Name { typestr };
    meaning(text).map(|meaning| meaning.map_or_else(|kind| kind, typestr))
}

/// The meaning of a name; `None` for a text that is no known name.
///
/// The wrappings of `str(dtype)` and `repr(dtype)` in NumPy, PyTorch, TensorFlow and Heat are
/// removed first.
pub(super) fn meaning(text: &str) -> Option<Meaning> {
    const LONGEST: usize = 100;
    if text.len() > LONGEST {
        return None;
    }
    let (bare, is_class) = unwrapped(text);
    if let Some(meaning) = fortran::meaning(bare) {
        return Some(meaning);
    }
    if bare.contains(' ') || bare.contains("::") || bare.contains('<') {
        return tables::find(tables::C, &c_spelling(bare));
    }
    let (module, name) = bare.rsplit_once('.').unwrap_or(("", bare));
    let package = module.split('.').next().unwrap_or_default();
    if module.split('.').next_back() == Some("MPI") {
        return tables::find(tables::MPI, &format!("MPI_{name}"));
    }
    let special: &[tables::Entry] = match package {
        "torch" | "heat" | "ht" => tables::TORCH,
        "numpy" | "np" | "jnp" | "cupy" | "cp" => tables::NUMPY,
        "" if is_class => tables::PYTHON,
        _ => &[],
    };
    tables::find(special, name)
        .or_else(|| tables::find(tables::COMMON, name))
        .or_else(|| if module.is_empty() { tables::languages(name) } else { None })
        .or_else(|| tables::find(tables::CTYPES, name))
        .or_else(|| tables::without_type(name).map(|reason| Err(DTypeErrorKind::Unsupported { reason })))
        .or_else(|| time(name).map(Err))
}

/// The typestr of Rust's and JAX's short names, which count bits. Read only where a text is meant
/// as a name: `i16` in an export is a wrong typestr, which counts bytes.
pub(super) fn bits(text: &str) -> Option<&'static str> {
    let (bare, _) = unwrapped(text);
    tables::find(tables::BITS, bare)?.ok()
}

/// The text inside of `<class '...'>`, `<dtype: '...'>`, `dtype('...')` and quotes, and whether it
/// is a class.
pub(super) fn unwrapped(text: &str) -> (&str, bool) {
    const WRAPPERS: [(&str, &str); 8] = [
        ("<class '", "'>"),
        ("<dtype: '", "'>"),
        ("numpy.dtype(", ")"),
        ("np.dtype(", ")"),
        ("dtype(", ")"),
        ("dtype[", "]"),
        ("'", "'"),
        ("\"", "\""),
    ];
    let (mut bare, mut is_class) = (text.trim(), false);
    while let Some((inner, begin)) =
        WRAPPERS.iter().find_map(|(begin, end)| Some((bare.strip_prefix(begin)?.strip_suffix(end)?.trim(), *begin)))
    {
        bare = inner;
        is_class |= begin == "<class '";
    }
    (bare, is_class)
}

/// A declaration of C or C++ as the table spells it.
fn c_spelling(text: &str) -> String {
    let words = text.replace("std::", "").replace("const ", "");
    let words: Vec<&str> = words.split_whitespace().collect();
    words.join(" ").replace("< ", "<").replace(" >", ">").replace("_Complex", "complex")
}

fn time(name: &str) -> Option<DTypeErrorKind> {
    ["datetime64", "timedelta64"]
        .into_iter()
        .find(|meaning| name.starts_with(meaning))
        .map(|meaning| DTypeErrorKind::NoFormat { meaning })
}
