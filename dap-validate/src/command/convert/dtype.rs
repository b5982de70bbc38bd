//! Item types by the names that libraries print: `<f4`, `float32`, `torch.float32`, `<class 'heat.core.types.float32'>`.

use dap_core::dtype::DType;

use super::raw::{Raw, Said};

/// Names without a number of bits that say it all the same.
const NAMES: [(&str, &str); 8] = [
    ("bool", "|b1"),
    ("bool_", "|b1"),
    ("float", "<f8"),
    ("double", "<f8"),
    ("long", "<i8"),
    ("int", "<i8"),
    ("half", "<f2"),
    ("complex", "<c16"),
];

/// The typestr of what stands under a key, or of what the user gave, or `<f8`.
pub(super) fn of(raw: &Raw<'_>, keys: &[&str], given: Option<&DType>) -> Said<String> {
    match keys.iter().find_map(|key| raw.maybe(key)) {
        Some(said) => {
            let text = said.text()?;
            typestr(text).ok_or_else(|| format!("{said} is `{text}`, an item type that NumPy has no name for: give one with --dtype and leave it out"))
        }
        None => Ok(given.and_then(DType::typestr).unwrap_or_else(|| "<f8".to_owned())),
    }
}

/// Its size in bytes.
pub(super) fn itemsize(typestr: &str) -> i64 {
    DType::from_typestr(typestr).map_or(1, |dtype| dtype.itemsize())
}

fn typestr(text: &str) -> Option<String> {
    if DType::from_typestr(text).is_ok() {
        return Some(text.to_owned());
    }
    // The last word: of a class's full name, of `dtype('float32')`, of `torch.float32`.
    let mut words =
        text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '<' || c == '>' || c == '|' || c == '='));
    let word = words.rfind(|word| !word.is_empty() && !matches!(*word, "<" | ">"))?.trim_end_matches('>');
    if DType::from_typestr(word).is_ok() {
        return Some(word.to_owned());
    }
    if let Some((_, known)) = NAMES.iter().find(|(name, _)| *name == word) {
        return Some((*known).to_owned());
    }
    let digits = word.find(|c: char| c.is_ascii_digit())?;
    let bits: i64 = word[digits..].parse().ok()?;
    let (kind, sizes): (&str, &[i64]) = match &word[..digits] {
        "float" => ("f", &[16, 32, 64]),
        "int" => ("i", &[8, 16, 32, 64]),
        "uint" => ("u", &[8, 16, 32, 64]),
        "complex" => ("c", &[64, 128]),
        _ => return None,
    };
    let order = if bits == 8 { '|' } else { '<' };
    sizes.contains(&bits).then(|| format!("{order}{kind}{}", bits / 8))
}

#[cfg(test)]
mod tests {
    #[test]
    fn names() {
        for (name, expected) in [
            ("<f4", Some("<f4")),
            (">i2", Some(">i2")),
            ("float32", Some("<f4")),
            ("torch.float32", Some("<f4")),
            ("<class 'heat.core.types.float32'>", Some("<f4")),
            ("<class 'heat.core.types.bool'>", Some("|b1")),
            ("<class 'numpy.uint8'>", Some("|u1")),
            ("dtype('>f8')", Some(">f8")),
            ("dtype('complex128')", Some("<c16")),
            ("torch.bfloat16", None),
            ("bfloat16", None),
            ("float8", None),
            ("", None),
            ("'>", None),
        ] {
            assert_eq!(super::typestr(name).as_deref(), expected, "{name}");
        }
    }
}
