//! The differences between two descriptions, line by line.

use std::fmt;

use dap_core::dim::{Block, Cyclic, Dim, Unstructured};
use dap_core::dtype::DType;
use dap_core::index::GridRank;
use serde::Serialize;

use crate::command::side::ComparedArray;
use crate::command::tuple::tuple;
use dap_report::printable;

/// One thing that two arrays have different values of.
#[derive(Debug, Serialize)]
pub(super) struct Difference {
    pub(super) what: &'static str,
    /// The dimension it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) dim: Option<usize>,
    /// The first grid rank along it that shows the difference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) grid_rank: Option<i64>,
    /// The first place of that process's buffer that does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) local: Option<i64>,
    pub(super) a: DifferingValue,
    pub(super) b: DifferingValue,
}

/// A value as JSON has it, and as a table shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(super) enum DifferingValue {
    Absent,
    Word(String),
    Number(i64),
    Flag(bool),
    Tuple(Vec<i64>),
    /// Global indices, the second one not included.
    Range([i64; 2]),
    /// Widths at the lower and the upper end.
    Widths([i64; 2]),
}

impl fmt::Display for DifferingValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("-"),
            Self::Word(word) => f.write_str(word),
            Self::Number(number) => number.fmt(f),
            Self::Flag(flag) => f.write_str(if *flag { "yes" } else { "no" }),
            Self::Tuple(numbers) => f.write_str(&tuple(numbers)),
            Self::Range([start, stop]) if start == stop => f.write_str("nothing"),
            Self::Range([start, stop]) => write!(f, "{start}:{stop}"),
            Self::Widths([lower, upper]) => write!(f, "{lower}+{upper}"),
        }
    }
}

impl Difference {
    /// `dim 0 bounds, grid rank 1`.
    pub(super) fn in_words(&self) -> String {
        let dim = self.dim.map(|dim| format!("dim {dim} ")).unwrap_or_default();
        let rank = self.grid_rank.map(|rank| format!(", grid rank {rank}")).unwrap_or_default();
        let local = self.local.map(|local| format!(", local {local}")).unwrap_or_default();
        format!("{dim}{}{rank}{local}", self.what.replace('-', " "))
    }
}

/// Everything that is described differently.
pub(super) fn all(a: &ComparedArray, b: &ComparedArray) -> Vec<Difference> {
    let mut found = DifferenceList::default();
    let dtype = |side: &ComparedArray| {
        side.dtype
            .as_ref()
            .map_or(DifferingValue::Absent, |dtype: &DType| DifferingValue::Word(printable(&dtype.name())))
    };
    // Two types may have one name: structs that differ in their padding.
    if a.dtype != b.dtype {
        found.push("dtype", dtype(a), dtype(b));
    }
    let (a, b) = (&a.layout, &b.layout);
    found.compare(
        "dimensions",
        [a, b].map(|layout| DifferingValue::Number(i64::try_from(layout.ndim()).unwrap_or(i64::MAX))),
    );
    found.compare("shape", [a, b].map(|layout| DifferingValue::Tuple(layout.shape().to_vec())));
    found.compare("processes", [a, b].map(|layout| DifferingValue::Number(layout.processes())));
    found.compare("grid", [a, b].map(|layout| DifferingValue::Tuple(layout.grid().shape().to_vec())));
    if a.ndim() != b.ndim() {
        return found.differences;
    }
    for (dim, (a, b)) in a.dims().iter().zip(b.dims()).enumerate() {
        found.dim = Some(dim);
        match (a, b) {
            (Dim::Block(a), Dim::Block(b)) => found.block(a, b),
            (Dim::Cyclic(a), Dim::Cyclic(b)) => found.cyclic(a, b),
            (Dim::Unstructured(a), Dim::Unstructured(b)) => found.unstructured(a, b),
            _ => found.push("distribution", DifferingValue::Word(a.to_string()), DifferingValue::Word(b.to_string())),
        }
    }
    found.differences
}

#[derive(Default)]
struct DifferenceList {
    dim: Option<usize>,
    differences: Vec<Difference>,
}

impl DifferenceList {
    fn push(&mut self, what: &'static str, a: DifferingValue, b: DifferingValue) {
        self.differences.push(Difference { what, dim: self.dim, grid_rank: None, local: None, a, b });
    }

    fn compare(&mut self, what: &'static str, [a, b]: [DifferingValue; 2]) {
        if a != b {
            self.push(what, a, b);
        }
    }

    /// The first of the grid ranks that both have at which `of` differs.
    fn compare_ranks<D>(
        &mut self,
        what: &'static str,
        processes: i64,
        [a, b]: [&D; 2],
        of: impl Fn(&D, GridRank) -> DifferingValue,
    ) {
        let differing = (0..processes).map(GridRank).find(|rank| of(a, *rank) != of(b, *rank));
        if let Some(rank) = differing {
            let (a, b) = (of(a, rank), of(b, rank));
            self.differences.push(Difference { what, dim: self.dim, grid_rank: Some(rank.0), local: None, a, b });
        }
    }

    fn block(&mut self, a: &Block, b: &Block) {
        if a == b {
            return;
        }
        let processes = a.grid_size().min(b.grid_size());
        self.compare_ranks("owned", processes, [a, b], |block, rank| {
            let section = block.section(rank);
            DifferingValue::Range([section.owned_start, section.owned_stop])
        });
        self.compare_ranks("communication-padding", processes, [a, b], |block, rank| {
            let section = block.section(rank);
            DifferingValue::Widths([section.comm_lo, section.comm_hi])
        });
        let boundary = |block: &Block| {
            let last = GridRank(block.grid_size() - 1);
            DifferingValue::Widths([block.section(GridRank(0)).boundary_lo, block.section(last).boundary_hi])
        };
        self.compare("boundary-padding", [boundary(a), boundary(b)]);
        self.compare("periodic", [a, b].map(|block| DifferingValue::Flag(block.is_periodic())));
    }

    fn cyclic(&mut self, a: &Cyclic, b: &Cyclic) {
        self.compare("block-size", [a, b].map(|cyclic| DifferingValue::Number(cyclic.block_size())));
        self.compare("first-block-on-grid-rank", [a, b].map(|cyclic| DifferingValue::Number(cyclic.source().0)));
    }

    fn unstructured(&mut self, a: &Unstructured, b: &Unstructured) {
        self.compare("one-to-one", [a, b].map(|map| DifferingValue::Flag(map.is_one_to_one())));
        if a == b {
            return;
        }
        let processes = a.grid_size().min(b.grid_size());
        self.compare_ranks("number-of-indices", processes, [a, b], |map, rank| {
            DifferingValue::Number(map.owned_len(rank))
        });
        for rank in (0..processes).map(GridRank) {
            let (mut in_a, mut in_b) = (a.indices(rank), b.indices(rank));
            for local in 0..a.owned_len(rank).max(b.owned_len(rank)) {
                let [at_a, at_b] = [in_a.next(), in_b.next()];
                if at_a != at_b {
                    let [a, b] = [at_a, at_b]
                        .map(|index| index.map_or(DifferingValue::Absent, |index| DifferingValue::Number(index.0)));
                    let (dim, grid_rank) = (self.dim, Some(rank.0));
                    self.differences.push(Difference { what: "index", dim, grid_rank, local: Some(local), a, b });
                    return;
                }
            }
        }
    }
}
