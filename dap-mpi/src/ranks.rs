//! The ranks of a communicator that hold the sections of a layout.

use dap_core::finding::plural;
use dap_core::index::Rank;
use dap_core::layout::Layout;

use crate::comm::Comm;
use crate::error::{Error, ErrorKind, Result};

/// The ranks of the communicator that hold a layout's sections: `ranks[r]` holds section r.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Ranks {
    /// The first ranks, in order.
    First,
    /// These ranks, each once.
    These(Vec<i32>),
}

impl Ranks {
    /// The rank in the communicator that holds a section.
    pub(crate) fn holder(&self, rank: Rank) -> i32 {
        match self {
            Ranks::First => i32::try_from(rank.0).unwrap_or(i32::MAX),
            Ranks::These(ranks) => {
                usize::try_from(rank.0).ok().and_then(|rank| ranks.get(rank)).copied().unwrap_or(i32::MAX)
            }
        }
    }

    /// The ranks that hold the sections of a layout, in words.
    pub(crate) fn in_words(&self, layout: &Layout) -> String {
        match (self, layout.processes()) {
            (Ranks::First, ..=1) => "on rank 0".to_owned(),
            (Ranks::First, processes) => format!("on ranks 0 to {}", processes - 1),
            (Ranks::These(ranks), _) => {
                format!("on ranks {}", ranks.iter().map(i32::to_string).collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// The section that a rank of the communicator holds.
    pub(crate) fn section(&self, layout: &Layout, holder: i32) -> Option<Rank> {
        let rank = match self {
            Ranks::First => Rank(holder.into()),
            Ranks::These(ranks) => Rank(i64::try_from(ranks.iter().position(|&rank| rank == holder)?).ok()?),
        };
        layout.grid().contains(rank).then_some(rank)
    }

    pub(crate) fn check(&self, layout: &Layout, comm: &Comm) -> Result<()> {
        let wrong = |message: String| Err(Error::new(ErrorKind::Layout, message));
        match self {
            Ranks::First if layout.processes() > comm.size().into() => wrong(format!(
                "the layout {layout} needs {}, the communicator has {}",
                plural(layout.processes(), "rank"),
                comm.size()
            )),
            Ranks::First => Ok(()),
            Ranks::These(ranks) => {
                if i64::try_from(ranks.len()) != Ok(layout.processes()) {
                    return wrong(format!(
                        "the call names {}, the layout {layout} needs {}",
                        plural(ranks.len(), "rank"),
                        layout.processes()
                    ));
                }
                let mut sorted = ranks.clone();
                sorted.sort_unstable();
                if let Some(rank) = sorted.iter().find(|&&rank| rank < 0 || rank >= comm.size()) {
                    return wrong(format!("rank {rank} is named, the communicator has ranks 0 to {}", comm.size() - 1));
                }
                match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
                    Some(pair) => wrong(format!("rank {} is named twice", pair[0])),
                    None => Ok(()),
                }
            }
        }
    }
}
