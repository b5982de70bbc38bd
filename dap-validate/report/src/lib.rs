//! Findings about exports as data, and the formats in which they are written.
//!
//! A result of `dap-core`'s checker holds rules, keys and values. This crate turns it into a
//! [`RunReport`]: sentences, positions in texts, and the line of text around each position. The
//! renderers write it. The command line and the Python package share both.
//!
//! | task | here |
//! |---|---|
//! | make the report of one array | [`SetReport::new`] |
//! | say where the text of a rank's export is | implement [`RankTexts`] |
//! | write a report | [`render`]: one type for each format |
//! | facts about a valid array | [`ArrayFacts`], [`OwnedCounts`] |
//! | find lines and columns in a text | [`LineIndex`], [`TextIndex`] |
//! | make a string from a file safe to print | [`printable`] |
//!
//! ```
//! use dap_core::check::{Checker, Profile, Ranks};
//! use dap_core::index::Rank;
//! use dap_core::{json, rules::Severity};
//! use dap_report::render::{Concise, Look, Render};
//! use dap_report::{RankText, RankTexts, RunReport, SetReport};
//!
//! /// One export, in a file of its own.
//! struct One(&'static str);
//!
//! impl RankTexts for One {
//!     fn of(&self, rank: Rank) -> Option<RankText> {
//!         let text = self.0.as_bytes().to_vec();
//!         (rank == Rank(0)).then(|| RankText { path: "a.json".into(), first_line: 1, first_column: 1, text })
//!     }
//! }
//!
//! let text = r#"{"__version__": "0.10.0", "buffer": {"dtype": "<f8", "shape": [4]}, "dim_data": [{"dist_type": "x"}]}"#;
//! let mut checker = Checker::new(Profile::Auto);
//! let local = checker.local(&json::read(text.as_bytes()));
//! checker.push(Some(Rank(0)), local);
//! let checked = checker.finish(Ranks::All);
//!
//! let set = SetReport::new("a.json", Ranks::All, &checked, &One(text), |_rule| true);
//! let report = RunReport { profile: Profile::Auto, fail_on: Severity::Error, sets: vec![set] };
//! let mut out = Vec::new();
//! Concise::new(Look { color: false, width: 100, quiet: true }).render(&report, &mut out)?;
//! assert!(String::from_utf8_lossy(&out).starts_with("a.json:1:"));
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # Limits
//!
//! A report keeps one line of text for each finding, cut to a width that can be shown, and no whole
//! text.
#![forbid(unsafe_code)]

mod excerpt;
mod facts;
mod line_index;
mod model;
mod owned;
mod printable;
pub mod render;
mod spots;
mod text_index;

pub use dap_core::finding::plural;

pub use excerpt::Excerpt;
pub use facts::{ArrayFacts, DimensionFacts};
pub use line_index::LineIndex;
pub use model::{RelatedSpot, ReportEntry, RunReport, SetReport, Spot};
pub use owned::OwnedCounts;
pub use printable::{is_unsafe, printable};
pub use spots::{RankText, RankTexts, WHOLE_SET};
pub use text_index::{PlaceInText, TextIndex};
