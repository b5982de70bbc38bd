//! The export of each process of a layout: the way back from a [`Layout`] to an [`Export`].
//!
//! An array that is described here can be handed over: every process asks for its own export, and
//! all exports together are read as the same layout again. The dictionaries are written in full, in
//! the strictest form that every version accepts: no alias `{}`, optional keys only where they say
//! something, `padding` on all processes of a dimension that has any, and for a cyclic section that
//! is empty the `start` that its turn gives.
//!
//! ```
//! use dap_core::dim::Block;
//! use dap_core::{dtype::DType, index::Rank, json, layout::Layout};
//! let layout = Layout::new(vec![Block::new(10, 2)?.with_halo(1)?.into()])?;
//! let export = layout.export(Rank(1), &DType::parse("<f8")?)?;
//! let text = json::write(&export).ok_or("no text")?;
//! assert_eq!(text, concat!(
//!     r#"{"__version__": "0.10.0", "buffer": {"dtype": "<f8", "shape": [6]}, "dim_data": [{"dist_type": "b", "#,
//!     r#""size": 10, "proc_grid_size": 2, "proc_grid_rank": 1, "start": 4, "stop": 10, "padding": [1, 0]}]}"#,
//! ));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::sync::Arc;

use super::{Edition, Layout, product};
use crate::dim::{Block, Cyclic, CyclicSlice, Dim, Unstructured};
use crate::dtype::DType;
use crate::error::{Error, ErrorKind, Result};
use crate::export::{Buffer, DimDict, Export, Field};
use crate::index::{GridRank, Rank};

impl Layout {
    /// The edition of the protocol to write exports in: 0.10, but 0.9 where a halo wraps round the
    /// ends, for 0.10 cannot say that.
    pub fn export_edition(&self) -> Edition {
        let wraps = |dim: &Dim| matches!(dim, Dim::Block(map) if map.wraps());
        if self.dims().iter().any(wraps) { Edition::V0_9 } else { Edition::V0_10 }
    }

    /// The export of a process by version 0.10, with a C-ordered buffer of items of type `dtype`.
    ///
    /// # Errors
    /// No such process; a halo that wraps round the ends, which only version 0.9 can say; a buffer
    /// beyond 2^63 - 1 bytes.
    pub fn export(&self, rank: Rank, dtype: &DType) -> Result<Export> {
        self.export_in(Edition::V0_10, rank, dtype)
    }

    /// The export of a process by a version of the protocol: see [`Layout::export`].
    ///
    /// # Errors
    /// As [`Layout::export`], and in version 0.9 boundary padding of a periodic dimension, which
    /// only 0.10 can say.
    pub fn export_in(&self, edition: Edition, rank: Rank, dtype: &DType) -> Result<Export> {
        let coordinates = self.grid().coordinates(rank).ok_or_else(|| self.grid().no_rank(rank))?;
        let mut shape = Vec::with_capacity(self.ndim());
        let mut dim_data = Vec::with_capacity(self.ndim());
        for (at, (dim, &coordinate)) in self.dims().iter().zip(&coordinates).enumerate() {
            let in_dim = |error: Error| error.with_rank(rank).with_dim(at);
            shape.push(dim.extent(coordinate));
            dim_data.push(Field::Is(dim.dim_dict(edition, coordinate).map_err(in_dim)?));
        }
        let bytes = product(&shape).ok().and_then(|len| len.checked_mul(dtype.itemsize()));
        if bytes.is_none() {
            return Err(Error::new(ErrorKind::Overflow).with_rank(rank));
        }
        let buffer = Buffer { dtype: Field::Is(Ok(dtype.clone())), shape: Field::Is(shape), ..Buffer::default() };
        Ok(Export {
            version: Field::Is(edition.version()),
            buffer: Field::Is(buffer),
            dim_data: Field::Is(dim_data),
            complete: true,
            ..Export::default()
        })
    }
}

impl Dim {
    /// The dictionary of the process at `grid_rank`, which is on the grid, by a version of the
    /// protocol.
    ///
    /// # Errors
    /// A layout that the version cannot express: see [`Layout::export_in`].
    pub fn dim_dict(&self, edition: Edition, grid_rank: GridRank) -> Result<DimDict> {
        let dict = match self {
            Dim::Block(map) => block(map, edition, grid_rank)?,
            Dim::Cyclic(map) => cyclic(map, grid_rank),
            Dim::CyclicSlice(map) => cyclic_slice(map, grid_rank),
            Dim::Unstructured(map) => unstructured(map, grid_rank),
        };
        Ok(dict.on_grid(grid_rank.0, self.grid_size()))
    }
}

fn block(map: &Block, edition: Edition, grid_rank: GridRank) -> Result<DimDict> {
    let section = map.section(grid_rank);
    let first = grid_rank.0 == 0;
    let last = grid_rank.0 == map.grid_size() - 1;
    let lo = if first { section.boundary_lo } else { section.comm_lo };
    let hi = if last { section.boundary_hi } else { section.comm_hi };
    let (start, stop, padding) = match edition {
        Edition::V0_10 if map.wraps() => {
            // That of the ends, whichever rank's dictionary is asked for.
            let width = map.section(GridRank(0)).comm_lo;
            return Err(Error::new(ErrorKind::WrapNotInVersion).with_value("padding", width));
        }
        Edition::V0_10 => (section.buffer_start(), section.buffer_stop(), [lo, hi]),
        // On a periodic dimension of 0.9 outer padding is communication padding.
        Edition::V0_9 if map.is_periodic() => {
            // That of the ends, whichever rank's dictionary is asked for.
            let (lower, upper) = map.boundary();
            let width = lower.max(upper);
            if width > 0 {
                return Err(Error::new(ErrorKind::BoundaryNotInVersion).with_value("padding", width));
            }
            (section.owned_start, section.owned_stop, [section.comm_lo, section.comm_hi])
        }
        Edition::V0_9 => (section.owned_start, section.owned_stop, [lo, hi]),
    };
    Ok(DimDict {
        padding: if map.is_unpadded() { Field::Missing } else { Field::Is(padding) },
        periodic: if map.is_periodic() { Field::Is(true) } else { Field::Missing },
        ..DimDict::block(map.size(), start, stop)
    })
}

fn cyclic(map: &Cyclic, grid_rank: GridRank) -> DimDict {
    DimDict { start: Field::Is(map.start(grid_rank)), ..DimDict::cyclic(map.size(), map.block_size()) }
}

/// The protocol has no rule for such a slice: its indices are listed.
fn cyclic_slice(map: &CyclicSlice, grid_rank: GridRank) -> DimDict {
    let runs = map.runs(grid_rank);
    let indices: Arc<[i64]> = runs.iter().flat_map(|run| run.global.0..=run.last().0).collect();
    DimDict { one_to_one: Field::Is(true), ..DimDict::unstructured(map.size(), indices) }
}

fn unstructured(map: &Unstructured, grid_rank: GridRank) -> DimDict {
    let indices: Arc<[i64]> = map.indices(grid_rank).map(|index| index.0).collect();
    let one_to_one = if map.is_one_to_one() { Field::Is(true) } else { Field::Missing };
    DimDict { one_to_one, ..DimDict::unstructured(map.size(), indices) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::check::{Checker, Profile, Ranks};
    use crate::random_layouts::layouts_of;
    use crate::rules::Severity;

    /// A version that cannot say a dimension says no rank's part of it, wherever the padding lies.
    #[test]
    fn all_ranks_have_an_export_or_none() {
        let dtype = DType::parse("<f8").unwrap();
        let dim = || Block::new(12, 3).unwrap();
        let boundary = |lower, upper| dim().with_boundary(lower, upper).unwrap().with_periodic(true).unwrap();
        let cases = [
            (boundary(2, 0), Edition::V0_9, ErrorKind::BoundaryNotInVersion),
            (boundary(0, 2), Edition::V0_9, ErrorKind::BoundaryNotInVersion),
            (dim().with_periodic(true).unwrap().with_wrap(2).unwrap(), Edition::V0_10, ErrorKind::WrapNotInVersion),
        ];
        for (dim, edition, kind) in cases {
            let layout = Layout::new(vec![dim.into()]).unwrap();
            for rank in (0..3).map(Rank) {
                let error = layout.export_in(edition, rank, &dtype).expect_err("this version cannot say it");
                assert_eq!(error.kind(), kind, "{layout}, rank {rank}");
                assert_eq!(error.value(), Some(2), "{layout}, rank {rank}");
            }
        }
    }

    /// The layout as exports tell it: slices of block-cyclic dimensions become lists.
    fn read_back(layout: &Layout) -> Layout {
        let dim = |dim: &Dim| match dim {
            Dim::CyclicSlice(slice) => {
                let list =
                    |rank| slice.runs(GridRank(rank)).iter().flat_map(|run| run.global.0..=run.last().0).collect();
                let lists: Vec<Vec<i64>> = (0..slice.grid_size()).map(list).collect();
                Unstructured::new(slice.size(), true, &lists).unwrap().into()
            }
            dim => dim.clone(),
        };
        Layout::new(layout.dims().iter().map(dim).collect()).unwrap()
    }

    proptest! {
        /// Every layout has exports that break no rule, and a reader makes the same layout of them.
        #[test]
        fn own_exports_are_valid(layout in prop::collection::vec(0..14_i64, 1..=2).prop_flat_map(|shape| layouts_of(shape, 6))) {
            let dtype = DType::parse("<f8").unwrap();
            let exports: Vec<_> =
                (0..layout.processes()).map(|rank| layout.export_in(layout.export_edition(), Rank(rank), &dtype)).collect();
            if exports.iter().any(Result::is_err) {
                // One dimension needs one version, another dimension the other: no rank has an
                // export.
                let kinds: Vec<_> = exports.iter().map(|export| export.as_ref().map_err(Error::kind).err()).collect();
                prop_assert_eq!(kinds, vec![Some(ErrorKind::BoundaryNotInVersion); exports.len()]);
                return Ok(());
            }
            let mut checker = Checker::new(Profile::Auto);
            for (rank, export) in (0..).map(Rank).zip(exports) {
                let local = checker.local(&export.unwrap());
                checker.push(Some(rank), local);
            }
            let report = checker.finish(Ranks::All);
            let errors = report.diagnostics.iter().map(|found| &found.finding);
            let errors: Vec<_> = errors.filter(|finding| finding.rule().severity == Severity::Error).collect();
            prop_assert!(errors.is_empty(), "{errors:?}");
            let found = report.layout.unwrap();
            prop_assert_eq!(&found, &read_back(&layout));
        }
    }
}
