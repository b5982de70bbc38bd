//! Every single change of a set that a careless producer might make.
//!
//! [`mutations`] lists the changes that fit a given set, [`Mutation::apply`] makes one. A change
//! can leave the set valid (a default written out, an unknown key, a larger stride): the
//! [`oracle`](crate::oracle) decides. Tests check: *still valid by the oracle, or reported by the
//! checker*.
//!
//! A change of a dictionary is made on one rank, on all ranks that have its grid rank in that
//! dimension, and on all ranks: the first is mostly caught as a difference between ranks, which
//! would hide the others.
//!
//! ```
//! use dap_conformance::model::{DimDict, RankExport, Value};
//! use dap_conformance::mutate::{Mutation, mutations};
//! use dap_conformance::oracle::check_set;
//!
//! let rank = |rank, start, stop| RankExport::new("<f8", vec![5], vec![DimDict::block(10, 2, rank, start, stop)]);
//! let set = [rank(0, 0, 5), rank(1, 5, 10)];
//! assert!(check_set(&set).valid);
//!
//! // One index less than the blocks hold, on both ranks alike.
//! let change = Mutation::Key { ranks: vec![0, 1], dim: 0, key: "size".into(), to: Some(Value::Int(9)) };
//! assert!(mutations(&set).contains(&change));
//! let verdict = check_set(&change.apply(&set));
//! assert!(!verdict.valid);
//! assert!(verdict.reasons.iter().any(|reason| reason.rule == "DAP304"), "{:?}", verdict.reasons);
//! ```

mod values;

use proptest::prelude::*;
use proptest::sample::Index;

use crate::generate;
use crate::model::{RankExport, Value};

/// One change of an all-rank set.
#[derive(Clone, Debug, PartialEq)]
pub enum Mutation {
    /// A key of a dimension dictionary gets another value, is added, or (nothing) is dropped.
    Key {
        /// The ranks whose dictionaries change.
        ranks: Vec<usize>,
        /// The dimension.
        dim: usize,
        /// The key.
        key: String,
        /// Its new value.
        to: Option<Value>,
    },
    /// A dictionary has a key twice, with the same value.
    RepeatKey {
        /// The rank.
        rank: usize,
        /// The dimension.
        dim: usize,
        /// The key.
        key: String,
    },
    /// The last dictionary of `dim_data` is left out.
    DropDict {
        /// The ranks.
        ranks: Vec<usize>,
    },
    /// The last dictionary of `dim_data` is present twice.
    RepeatDict {
        /// The ranks.
        ranks: Vec<usize>,
    },
    /// The buffer has another extent.
    Extent {
        /// The ranks.
        ranks: Vec<usize>,
        /// The dimension.
        dim: usize,
        /// The new extent.
        to: i64,
    },
    /// The buffer has other strides.
    Strides {
        /// The rank.
        rank: usize,
        /// The new strides.
        to: Option<Vec<i64>>,
    },
    /// The buffer names a data file, or the place of its items in it.
    File {
        /// The rank.
        rank: usize,
        /// `data` or `offset`.
        key: &'static str,
        /// Its value.
        to: Value,
    },
    /// The buffer has another item type.
    Dtype {
        /// The ranks.
        ranks: Vec<usize>,
        /// The new item type.
        to: &'static str,
    },
    /// The export has another version.
    Version {
        /// The ranks.
        ranks: Vec<usize>,
        /// The new version.
        to: &'static str,
    },
    /// The export has a fourth key.
    ExtraKey {
        /// The rank.
        rank: usize,
    },
    /// A rank is missing; those after it move up.
    DropRank {
        /// The rank.
        rank: usize,
    },
    /// A rank is present twice, one after the other.
    RepeatRank {
        /// The rank.
        rank: usize,
    },
    /// Two ranks have changed places.
    SwapRanks {
        /// The first rank.
        a: usize,
        /// The second rank.
        b: usize,
    },
}

/// A valid set, a change, and the set after the change.
#[derive(Clone, Debug)]
pub struct Mutated {
    /// The change.
    pub mutation: Mutation,
    /// The set before.
    pub original: Vec<RankExport>,
    /// The set after.
    pub set: Vec<RankExport>,
}

/// Random changes of random valid sets.
pub fn mutated() -> BoxedStrategy<Mutated> {
    (generate::sets(), any::<Index>(), any::<Index>())
        .prop_map(|(original, rank, which)| {
            let mutations = mutations_at(&original, rank.index(original.len()));
            let mutation = which.get(&mutations).clone();
            let set = mutation.apply(&original);
            Mutated { mutation, original, set }
        })
        .boxed()
}

/// All changes that start from one rank.
///
/// # Panics
///
/// If there is no such rank.
pub fn mutations_at(set: &[RankExport], rank: usize) -> Vec<Mutation> {
    let all: Vec<usize> = (0..set.len()).collect();
    let mut found = Vec::new();
    for (dim, dict) in set[rank].dim_data.iter().enumerate() {
        let mut reaches = vec![vec![rank], same_grid_rank(set, rank, dim), all.clone()];
        reaches.dedup();
        for ranks in reaches {
            for (key, to) in values::changes(dict) {
                found.push(Mutation::Key { ranks: ranks.clone(), dim, key, to });
            }
            for to in values::integers(set[rank].shape[dim]) {
                found.push(Mutation::Extent { ranks: ranks.clone(), dim, to });
            }
        }
        for (key, _) in dict.entries() {
            found.push(Mutation::RepeatKey { rank, dim, key: key.clone() });
        }
    }
    let mut reaches = vec![vec![rank], all];
    reaches.dedup();
    for ranks in reaches {
        if !set[rank].dim_data.is_empty() {
            found.push(Mutation::DropDict { ranks: ranks.clone() });
            found.push(Mutation::RepeatDict { ranks: ranks.clone() });
        }
        for to in ["<f8", "<i4", "<M8[s]", "<m8[ns]", "real"] {
            found.push(Mutation::Dtype { ranks: ranks.clone(), to });
        }
        for to in ["0.10.0", "0.9.0", "0.12.0", "0.8.0", "1.0.0", "0.10", "zero.ten.one", ""] {
            found.push(Mutation::Version { ranks: ranks.clone(), to });
        }
    }
    found.push(Mutation::ExtraKey { rank });
    found.extend(values::strides(&set[rank]).into_iter().map(|to| Mutation::Strides { rank, to }));
    found.extend(values::file().into_iter().map(|(key, to)| Mutation::File { rank, key, to }));
    // The reader refuses a set without any rank, so the checker never gets one.
    if set.len() > 1 {
        found.push(Mutation::DropRank { rank });
    }
    found.push(Mutation::RepeatRank { rank });
    for b in [rank + 1, set.len() - 1] {
        if b > rank && b < set.len() {
            found.push(Mutation::SwapRanks { a: rank, b });
        }
    }
    found
}

/// All changes from all ranks: hundreds for each rank and dimension.
pub fn mutations(set: &[RankExport]) -> Vec<Mutation> {
    (0..set.len()).flat_map(|rank| mutations_at(set, rank)).collect()
}

fn same_grid_rank(set: &[RankExport], rank: usize, dim: usize) -> Vec<usize> {
    let here = set[rank].dim_data[dim].get("proc_grid_rank");
    let same = |&other: &usize| set[other].dim_data.get(dim).is_some_and(|dict| dict.get("proc_grid_rank") == here);
    (0..set.len()).filter(same).collect()
}

impl Mutation {
    /// The set after the change.
    ///
    /// # Panics
    ///
    /// If the change was made for another set and names a rank or dimension that does not exist.
    pub fn apply(&self, set: &[RankExport]) -> Vec<RankExport> {
        let mut set = set.to_vec();
        match self {
            Mutation::Key { ranks, dim, key, to } => {
                for &rank in ranks {
                    let dict = &mut set[rank].dim_data[*dim];
                    match to {
                        Some(value) => dict.set(key, value.clone()),
                        None => dict.remove(key),
                    }
                }
            }
            Mutation::RepeatKey { rank, dim, key } => {
                let dict = &mut set[*rank].dim_data[*dim];
                let value = dict.get(key).cloned().unwrap_or(Value::Null);
                dict.push(key, value);
            }
            Mutation::DropDict { ranks } => ranks.iter().for_each(|&rank| drop(set[rank].dim_data.pop())),
            Mutation::RepeatDict { ranks } => {
                for &rank in ranks {
                    let last = set[rank].dim_data.last().cloned();
                    set[rank].dim_data.extend(last);
                }
            }
            Mutation::Extent { ranks, dim, to } => ranks.iter().for_each(|&rank| set[rank].shape[*dim] = *to),
            Mutation::Strides { rank, to } => set[*rank].strides = to.clone(),
            Mutation::File { rank, key, to } => set[*rank].file.push(((*key).into(), to.clone())),
            Mutation::Dtype { ranks, to } => ranks.iter().for_each(|&rank| set[rank].dtype = (*to).into()),
            Mutation::Version { ranks, to } => ranks.iter().for_each(|&rank| set[rank].version = (*to).into()),
            Mutation::ExtraKey { rank } => set[*rank].extra.push(("owner".into(), Value::Int(0))),
            Mutation::DropRank { rank } => drop(set.remove(*rank)),
            Mutation::RepeatRank { rank } => set.insert(*rank, set[*rank].clone()),
            Mutation::SwapRanks { a, b } => set.swap(*a, *b),
        }
        set
    }
}
