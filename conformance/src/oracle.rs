//! The slow, obvious checker: written from the protocol's text, listing every index one by one.
//!
//! Speed is not an aim, nor are good explanations; the oracle must be evidently correct. A section
//! is a list of [`Place`]s, one for each local index, made by walking a block, by distributing a
//! cyclic dimension index by index, or by reading `indices`. The whole array is valid if those
//! lists fit together. Where the text is silent or contradicts itself, the oracle follows the
//! project's decisions; a comment marks each.
//!
//! Each [`Reason`] names a rule of the catalogue, so that tests can expect that rule from a
//! checker. A mistake can break several rules, and the oracle stops at the first stage that finds
//! one (each rank by itself; the properties common to all ranks and the grid; each dimension across
//! the ranks). The verdict is binding, the rule is a hint.
//!
//! A number can be too large to enumerate. If there is no other mistake, the oracle reports this
//! ([`Verdict::too_large`]) instead of deciding by arithmetic.
//!
//! One decision of the oracle should not be relied upon by tests: keys that belong to another
//! `dist_type`, and unknown keys, may hold any value (they are warnings).
//!
//! ```
//! use dap_conformance::model::{DimDict, RankExport};
//! use dap_conformance::oracle::check_set;
//!
//! // Seven indices distributed cyclically in pairs over two processes: 0 1 | 2 3 | 4 5 | 6.
//! let rank = |r, extent, start| {
//!     RankExport::new("<f8", vec![extent], vec![DimDict::cyclic(7, 2, r, start).with("block_size", 2)])
//! };
//! let verdict = check_set(&[rank(0, 4, 0), rank(1, 3, 2)]);
//! let maps = verdict.maps.expect("valid");
//! assert_eq!(maps.dims[0].globals(1), [2, 3, 6]);
//! assert_eq!(maps.dims[0].owner(6), Some((1, 2)));
//! ```

mod across;
mod block;
mod buffer;
mod cyclic;
mod maps;
mod place;
mod section;
mod set;
mod stated;
mod unstructured;

pub use buffer::item_size;
pub use maps::{DimMaps, Maps, periodic_source};
pub use place::{Kind, Place};
pub use set::check_set;

use crate::model::RankExport;
use place::Section;
use stated::Stated;

/// The oracle enumerates no further than this many indices.
pub const ENUMERATION_LIMIT: i64 = 1 << 16;

/// The version of the protocol that an export is read by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// 0.9: a block's bounds are the owned range, communication padding lies outside.
    V0_9,
    /// 0.10 and above: a block's bounds include its padding.
    V0_10,
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The rank of the mistake, if it belongs to one rank.
    pub rank: Option<usize>,
    /// The dimension of the mistake, if it belongs to one dimension.
    pub dim: Option<usize>,
    /// The rule of the catalogue that forbids it.
    pub rule: &'static str,
    /// The fault, in a few words.
    pub text: String,
}

/// The verdict on an all-rank set.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Whether the set describes a distributed array.
    pub valid: bool,
    /// No mistake was found, but a number was too large to enumerate: the verdict is open.
    pub too_large: bool,
    /// The faults; empty when valid.
    pub reasons: Vec<Reason>,
    /// The place of every index; only of a valid set.
    pub maps: Option<Maps>,
}

/// The verdict on one export by itself.
#[derive(Clone, Debug)]
pub struct RankVerdict {
    /// Whether the export is valid, as far as this can be decided without the other ranks.
    pub valid: bool,
    /// No mistake was found, but a number was too large to enumerate: the verdict is open.
    pub too_large: bool,
    /// The faults; empty when valid. [`Reason::rank`] is empty.
    pub reasons: Vec<Reason>,
    /// One list of places for each dimension; empty unless valid.
    pub sections: Vec<Vec<Place>>,
}

/// Checks one export without the other ranks' exports.
pub fn check_rank(export: &RankExport) -> RankVerdict {
    let rank = Rank::read(export);
    let too_large = rank.reasons.is_empty() && rank.sections.contains(&Section::TooLarge);
    let valid = rank.reasons.is_empty() && !too_large;
    RankVerdict { valid, too_large, sections: if valid { rank.places() } else { Vec::new() }, reasons: rank.reasons }
}

/// One export after reading: its statements, the places of its indices, its mistakes.
struct Rank {
    version: Option<(u64, u64, u64)>,
    dtype: String,
    /// `None` if there are reasons.
    dims: Vec<Stated>,
    /// `None` if there are reasons.
    sections: Vec<Section>,
    reasons: Vec<Reason>,
}

impl Rank {
    fn read(export: &RankExport) -> Rank {
        let mut reasons = Vec::new();
        let mut complain = |dim, (rule, text): Complaint| {
            reasons.push(Reason { rank: None, dim, rule, text });
        };
        for (key, _) in &export.extra {
            complain(None, ("DAP103", format!("a fourth key `{key}`")));
        }
        for complaint in buffer::complaints(export) {
            complain(None, complaint);
        }
        let version = parse_version(&export.version);
        let protocol = match version {
            None => Err(("DAP104", "version is not major.minor.patch")),
            Some((0, 9, _)) => Ok(Protocol::V0_9),
            Some((0, 10.., _)) => Ok(Protocol::V0_10),
            Some(_) => Err(("DAP105", "version is not 0.9, nor 0.10 or compatible")),
        };
        let mut dims = Vec::new();
        let mut sections = Vec::new();
        if export.dim_data.len() != export.shape.len() {
            complain(None, ("DAP109", "as many dictionaries as the buffer has dimensions".into()));
        }
        match protocol {
            Err((rule, text)) => complain(None, (rule, text.into())),
            Ok(protocol) => {
                for (dim, (dict, &extent)) in export.dim_data.iter().zip(&export.shape).enumerate() {
                    let read = stated::read(dict, extent, protocol)
                        .and_then(|stated| Ok((section::of(&stated, extent, protocol)?, stated)));
                    match read {
                        Ok((section, stated)) => {
                            dims.push(stated);
                            sections.push(section);
                        }
                        Err(complaints) => complaints.into_iter().for_each(|c| complain(Some(dim), c)),
                    }
                }
            }
        }
        Rank { version, dtype: export.dtype.clone(), dims, sections, reasons }
    }

    fn places(&self) -> Vec<Vec<Place>> {
        self.sections.iter().map(|section| section.places().to_vec()).collect()
    }
}

/// A rule and a mistake whose place is not known yet.
type Complaint = (&'static str, String);

/// "major.minor.patch", digits only.
fn parse_version(text: &str) -> Option<(u64, u64, u64)> {
    let numbers: Option<Vec<u64>> = text
        .split('.')
        .map(|part| if part.bytes().all(|b| b.is_ascii_digit()) { part.parse().ok() } else { None })
        .collect();
    match numbers?[..] {
        [major, minor, patch] => Some((major, minor, patch)),
        _ => None,
    }
}
