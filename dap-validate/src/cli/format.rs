//! `--output-format`: which format, and where to.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// An output format of `check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Each finding in its place in the file, with notes and help.
    Full,
    /// One line a finding.
    Concise,
    /// The report for programs.
    Json,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Full, Self::Concise, Self::Json];

    /// The word on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Concise => "concise",
            Self::Json => "json",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A format, and the file it goes to; standard output without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The format.
    pub format: Format,
    /// The file.
    pub path: Option<PathBuf>,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, path) = match text.split_once('=') {
            Some((_, "")) => return Err("a file name is missing after the `=`".to_owned()),
            Some((name, path)) => (name, Some(PathBuf::from(path))),
            None => (text, None),
        };
        let format = Format::ALL.into_iter().find(|format| format.as_str() == name).ok_or_else(|| {
            let known: Vec<&str> = Format::ALL.into_iter().map(Format::as_str).collect();
            format!("the formats are {}", known.join(", "))
        })?;
        Ok(Self { format, path })
    }
}
