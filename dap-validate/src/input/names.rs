//! File names with a rank: `rank-<r>.json`, compressed or not, and `<name>_<r>.dnpy`.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// The parts of a file name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) format: FileFormat,
    /// The part before the rank.
    pub(super) stem: OsString,
    pub(super) number: Number,
}

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FileFormat {
    Json,
    JsonGz,
    Dnpy,
}

impl FileFormat {
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Json => ".json",
            Self::JsonGz => ".json.gz",
            Self::Dnpy => ".dnpy",
        }
    }
}

/// The number in a file name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Number {
    /// The rank and its digits, leading zeros included.
    Rank { rank: i64, digits: u16 },
    /// A number that is too large for a rank.
    TooLarge,
}

/// Reads a file's name; `None` if it has no rank.
pub(super) fn parse(name: &OsStr) -> Option<Named> {
    let name = name.as_bytes();
    let (format, rest) = if let Some(rest) = name.strip_suffix(b".json") {
        (FileFormat::Json, rest)
    } else if let Some(rest) = name.strip_suffix(b".json.gz") {
        (FileFormat::JsonGz, rest)
    } else {
        (FileFormat::Dnpy, name.strip_suffix(b".dnpy")?)
    };
    let digits = rest.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (stem, digits) = rest.split_at(rest.len() - digits);
    let fits = match format {
        FileFormat::Json | FileFormat::JsonGz => stem == b"rank-",
        FileFormat::Dnpy => stem.len() > 1 && stem.ends_with(b"_"),
    };
    if !fits || digits.is_empty() {
        return None;
    }
    let number = std::str::from_utf8(digits).ok()?.parse().ok();
    let number = match (number, u16::try_from(digits.len())) {
        // A set of ranks needs the number behind the last one.
        (Some(rank), Ok(digits)) if rank < i64::MAX => Number::Rank { rank, digits },
        _ => Number::TooLarge,
    };
    Some(Named { format, stem: OsStr::from_bytes(stem).to_owned(), number })
}

/// Whether the end of a file's name suggests exports. [`parse`] may find no rank in the name.
pub(super) fn is_alike(name: &OsStr) -> bool {
    let name = name.as_bytes();
    let ends = [&b".json"[..], b".dnpy", b".ndjson", b".jsonl"];
    let name = name.to_ascii_lowercase();
    let bare = name.strip_suffix(b".gz").unwrap_or(&name);
    !name.starts_with(b".") && ends.into_iter().any(|end| bare.ends_with(end))
}

/// The name that a file with a number at the end of its name, `rank_0.json`, needs as that rank's
/// export.
pub(super) fn meant(name: &OsStr) -> Option<OsString> {
    let name = name.as_bytes();
    let dot = name.iter().rposition(|byte| *byte == b'.')?;
    let digits = name[..dot].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (stem, digits) = name[..dot].split_at(dot - digits);
    let mut meant = match name[dot..].to_ascii_lowercase().as_slice() {
        _ if digits.is_empty() => return None,
        b".json" => [b"rank-", digits, b".json"].concat(),
        b".dnpy" => [stem.trim_ascii_end(), b"_", digits, b".dnpy"].concat(),
        _ => return None,
    };
    if meant.starts_with(b"_") {
        meant.splice(0..0, *b"array");
    }
    Some(OsString::from_vec(meant))
}

/// The name that [`parse`] read.
pub(super) fn name(stem: &OsStr, rank: i64, digits: u16, format: FileFormat) -> OsString {
    let mut name = stem.as_bytes().to_vec();
    name.extend(format!("{rank:0>width$}{}", format.suffix(), width = usize::from(digits)).into_bytes());
    OsString::from_vec(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_written_alike() {
        for text in
            ["rank-0.json", "rank-007.json", "rank-12.json.gz", "field_12.dnpy", "a_b__003.dnpy", "rank-0_1.dnpy"]
        {
            let named = parse(OsStr::new(text)).unwrap();
            let Number::Rank { rank, digits } = named.number else { panic!("{text}") };
            assert_eq!(name(&named.stem, rank, digits, named.format), OsStr::new(text));
        }
        for odd in [&b"\xff\xfe_3.dnpy"[..], b"\xe9t\xe9_00.dnpy"] {
            let named = parse(OsStr::from_bytes(odd)).unwrap();
            let Number::Rank { rank, digits } = named.number else { panic!("{odd:?}") };
            assert_eq!(name(&named.stem, rank, digits, named.format).as_bytes(), odd);
        }
    }

    #[test]
    fn other_names_say_nothing() {
        let others = ["rank-.json", "rank--1.json", "rank-1.npy", "my-rank-1.json", "rank_1.json", "_1.dnpy", "x.dnpy"];
        for text in others.iter().chain(&["rank-1.json.tmp", "rank-+1.json", "rank-1 .json", "rank-\u{661}.json"]) {
            assert_eq!(parse(OsStr::new(text)), None, "{text}");
        }
    }

    #[test]
    fn look_alikes_are_told_their_name() {
        let meant = |name: &str| {
            let name = OsStr::new(name);
            assert!(is_alike(name) && parse(name).is_none(), "{name:?}");
            let meant = meant(name)?;
            assert!(parse(&meant).is_some(), "{meant:?}");
            Some(meant.into_string().unwrap())
        };
        assert_eq!(meant("rank_0.json").as_deref(), Some("rank-0.json"));
        assert_eq!(meant("12.json").as_deref(), Some("rank-12.json"));
        assert_eq!(meant("Rank-3.JSON").as_deref(), Some("rank-3.json"));
        assert_eq!(meant("field7.dnpy").as_deref(), Some("field_7.dnpy"));
        assert_eq!(meant("7.dnpy").as_deref(), Some("array_7.dnpy"));
        for whole in ["all.json", "run.ndjson", "run3.ndjson", "x.dnpy", "rank-.json"] {
            assert_eq!(meant(whole), None, "{whole}");
        }
        for other in ["notes.txt", ".rank_0.json", "rank_0.json.tmp", "rank_0.npy", "json"] {
            assert!(!is_alike(OsStr::new(other)), "{other}");
        }
    }

    #[test]
    fn a_number_may_be_no_rank() {
        let number = |text: &str| parse(OsStr::new(text)).unwrap().number;
        assert_eq!(number("rank-99999999999999999999.json"), Number::TooLarge);
        assert_eq!(number("rank-9223372036854775807.json"), Number::TooLarge);
        assert_eq!(number("rank-9223372036854775806.json"), Number::Rank { rank: i64::MAX - 1, digits: 19 });
    }
}
