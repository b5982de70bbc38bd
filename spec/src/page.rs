//! One rule page: TOML front matter between `+++` lines, then Markdown.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// One rule, with the fields of its page.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RulePage {
    /// `DAP` and three digits, never given to another rule.
    pub id: String,
    /// A short name in kebab case.
    pub name: String,
    /// `error`, `warning`, `info` or `hint`.
    pub severity: String,
    /// `must`, `should`, `interpretation`, `lint` or `reference`.
    pub level: String,
    /// The object that the rule checks: `file`, `export`, `dimension`, `array` or `struct`.
    pub scope: String,
    /// The section of `spec/protocol.md` that states it; of `spec/abi.md` for the scope `struct`.
    pub section: String,
    /// The sentence of the protocol document that the rule comes from; empty if there is none.
    pub quote: String,
    /// The sentence shown to the user, with `{placeholders}`.
    pub message: String,
    /// The advice that follows the message, with `{placeholders}`.
    pub help: String,
    /// The 2014 validator's result for the example: `accepts`, `rejects`, `crashes` or `n/a`.
    pub reference: String,
    /// Sentences added when a known pattern is recognised.
    #[serde(default)]
    pub notes: BTreeMap<String, String>,
    /// The page's Markdown, below the front matter.
    #[serde(default)]
    pub page: String,
}

/// A rule page that cannot be used, and its problem.
#[derive(Debug)]
pub struct PageError {
    /// The page's file name.
    pub file: String,
    /// The problem, as a sentence for the author of the page.
    pub problem: String,
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.problem)
    }
}

impl std::error::Error for PageError {}

/// Reads every `DAPnnn.md` of `folder`, in order of the ids.
///
/// # Errors
/// A page cannot be read, has no front matter, has an unknown field or value, or has an id other
/// than its file's name.
pub fn read_pages(folder: &Path) -> Result<Vec<RulePage>, PageError> {
    let error = |file: &str, problem: String| PageError { file: file.to_owned(), problem };
    let entries = std::fs::read_dir(folder).map_err(|e| error(&folder.display().to_string(), e.to_string()))?;
    let mut pages = Vec::new();
    for entry in entries.flatten() {
        let file = entry.file_name().to_string_lossy().into_owned();
        let Some(stem) = file.strip_suffix(".md").filter(|stem| stem.starts_with("DAP")) else { continue };
        let text = std::fs::read_to_string(entry.path()).map_err(|e| error(&file, e.to_string()))?;
        let page = parse(&text).map_err(|problem| error(&file, problem))?;
        if page.id != stem {
            return Err(error(&file, format!("its id is {}", page.id)));
        }
        pages.push(page);
    }
    pages.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(pages)
}

fn parse(text: &str) -> Result<RulePage, String> {
    let rest = text.strip_prefix("+++\n").ok_or("it does not begin with `+++`")?;
    let (front, body) = rest.split_once("\n+++\n").ok_or("its front matter is not closed by `+++`")?;
    let mut page: RulePage = toml::from_str(front).map_err(|e| e.to_string())?;
    body.trim().clone_into(&mut page.page);
    let known = |what: &str, value: &str, values: &[&str]| {
        if values.contains(&value) { Ok(()) } else { Err(format!("{what} `{value}` is none of {values:?}")) }
    };
    known("severity", &page.severity, &["error", "warning", "info", "hint"])?;
    known("level", &page.level, &["must", "should", "interpretation", "lint", "reference"])?;
    known("scope", &page.scope, &["file", "export", "dimension", "array", "struct"])?;
    known("reference", &page.reference, &["accepts", "rejects", "crashes", "n/a"])?;
    Ok(page)
}
