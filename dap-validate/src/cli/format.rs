//! `--output-format`: the format and the file of a report.

use std::ffi::OsStr;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command, Error};
use dap_report::render::{Concise, Figures, Full, Github, Html, Json, JsonLines, Junit, Look, Markdown, Render, Sarif};

/// An output format of `check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputFormat {
    /// Each finding in its place in the file, with notes and help.
    Full,
    /// One line a finding.
    Concise,
    /// The report for programs.
    Json,
    /// The report for programs, one diagnostic a line.
    JsonLines,
    /// Annotations of GitHub Actions.
    Github,
    /// The interchange format of static analysis, for code scanning.
    Sarif,
    /// A test report, one test an array.
    Junit,
    /// A job's summary, or an issue.
    Markdown,
    /// A page with pictures, for a browser.
    Html,
}

impl OutputFormat {
    /// All formats.
    pub const ALL: [Self; 9] = [
        Self::Full,
        Self::Concise,
        Self::Json,
        Self::JsonLines,
        Self::Github,
        Self::Sarif,
        Self::Junit,
        Self::Markdown,
        Self::Html,
    ];

    /// The word on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::JsonLines => "json-lines",
            Self::Github => "github",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }

    /// The renderer of the format. `figures` are the pictures of the sets, for formats that show
    /// them.
    #[must_use]
    pub fn renderer<'a>(self, look: Look, figures: &'a Figures) -> Box<dyn Render + 'a> {
        match self {
            Self::Full => Box::new(Full::new(look)),
            Self::Concise => Box::new(Concise::new(look)),
            Self::Json => Box::new(Json),
            Self::JsonLines => Box::new(JsonLines),
            Self::Github => Box::new(Github::new(look)),
            Self::Sarif => Box::new(Sarif),
            Self::Junit => Box::new(Junit),
            Self::Markdown => Box::new(Markdown),
            Self::Html => Box::new(Html::new(figures)),
        }
    }
}

impl fmt::Display for OutputFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A format, and the file it goes to; standard output without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputArg {
    /// The format.
    pub format: OutputFormat,
    /// The file.
    pub path: Option<PathBuf>,
}

impl FromStr for OutputArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, path) = match text.split_once('=') {
            Some((_, "")) => return Err("a file name is missing after the `=`".to_owned()),
            Some((name, "-")) => (name, None),
            Some((name, path)) => (name, Some(PathBuf::from(path))),
            None => (text, None),
        };
        let format = OutputFormat::ALL.into_iter().find(|format| format.as_str() == name).ok_or_else(|| {
            let known: Vec<&str> = OutputFormat::ALL.into_iter().map(OutputFormat::as_str).collect();
            format!("the formats are {}", known.join(", "))
        })?;
        Ok(Self { format, path })
    }
}

/// Parses an [`OutputArg`], and lists the formats for help texts and shells.
#[derive(Debug, Clone, Copy)]
pub struct OutputParser;

impl TypedValueParser for OutputParser {
    type Value = OutputArg;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<OutputArg, Error> {
        StringValueParser::new().try_map(|text| text.parse::<OutputArg>()).parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(OutputFormat::ALL.into_iter().map(|format| PossibleValue::new(format.as_str()))))
    }
}
