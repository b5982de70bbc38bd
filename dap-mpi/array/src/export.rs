//! Sections that the protocol describes: out of an array, and into one.

use std::ops::Deref;
use std::sync::Arc;

use dap_core::algebra::{Placement, RankMap};
use dap_core::check::{Checker, Profile, Ranks, Report};
use dap_core::dtype::DType;
use dap_core::finding::Diagnostic;
use dap_core::index::GridRank;
use dap_core::json;
use dap_core::layout::Layout;
use dap_core::rules::Severity;
use dap_mpi::{Error, ErrorKind, Result};
use dap_ndarray::{Access, Buffer, Section};

use crate::access::{part, strided_part};
use crate::array::DynArray;
use crate::context::Context;
use crate::error::argument;
use crate::storage::ReadLock;

/// This process's section of an array: its memory, with the protocol's dictionaries. While this
/// lives nothing writes the array's memory.
pub struct Exported<'a> {
    section: Section,
    _lock: ReadLock<'a>,
}

impl Deref for Exported<'_> {
    type Target = Section;
    fn deref(&self) -> &Section {
        &self.section
    }
}

impl DynArray {
    /// This process's section, without a copy; `None` if it holds none. The section of rank r of
    /// [`layout`](DynArray::layout) is on the rank of the communicator that
    /// [`placement`](DynArray::placement) names. A whole array exports its padding, too, if
    /// the protocol can say it. Local.
    ///
    /// # Errors
    /// A view whose elements are not at equal distances in memory, as some of block-cyclic and
    /// unstructured dimensions are: copy it first; memory that is being written.
    pub fn export(&self) -> Result<Option<Exported<'_>>> {
        let lock = self.storage().read()?;
        let section = lock.section().map(|memory| self.section_in(memory, Access::ReadOnly)).transpose()?.flatten();
        Ok(section.map(|section| Exported { section, _lock: lock }))
    }

    /// This process's section, which the array gives away, as [`export`](DynArray::export). Local.
    ///
    /// # Errors
    /// As `export`; clones or views of the array exist.
    pub fn into_section(self) -> Result<Option<Section>> {
        self.check_alone()?;
        let lock = self.storage().read()?;
        let section = |memory: &Arc<Buffer>| self.section_in(memory, memory.access());
        Ok(lock.section().map(section).transpose()?.flatten())
    }

    /// This process's section, without a copy, for code that keeps it; `None` if this process holds
    /// none. Local.
    ///
    /// The memory is *exposed* from then on: the section may be written between two calls of this
    /// crate's functions.
    ///
    /// # Errors
    /// As [`export`](DynArray::export).
    ///
    /// # Safety
    /// Nothing uses the section's elements while a function of this crate runs that reads or writes
    /// the array's memory, or while a guard of it lives ([`local`](DynArray::local),
    /// [`local_mut`](DynArray::local_mut), [`export`](DynArray::export)); views share the memory.
    /// Of several such sections only one is used at a time if one of them is written.
    #[expect(unsafe_code, reason = "two owners of one memory")]
    pub unsafe fn expose(&self) -> Result<Option<Section>> {
        // SAFETY: the caller guarantees all that `lend` demands.
        let section = unsafe { self.lend()? };
        self.storage().expose();
        Ok(section)
    }

    /// As [`expose`](DynArray::expose), for code that lets go of the section before the array is
    /// used again: the memory is not exposed.
    ///
    /// # Errors
    /// As [`export`](DynArray::export).
    ///
    /// # Safety
    /// As [`expose`](DynArray::expose).
    #[expect(unsafe_code, reason = "two owners of one memory")]
    pub unsafe fn lend(&self) -> Result<Option<Section>> {
        let lock = self.storage().read()?;
        let Some(memory) = lock.section() else { return Ok(None) };
        // Elements that broadcasting repeats can only be read.
        let access = if self.check_single().is_ok() { memory.access() } else { Access::ReadOnly };
        self.section_in(memory, access)
    }

    /// Whether code outside of this crate has the memory, by [`expose`](DynArray::expose) or
    /// [`from_section`](DynArray::from_section), and may write it between two calls. Views share
    /// it.
    pub fn is_exposed(&self) -> bool {
        self.storage().is_exposed()
    }

    /// The section in the array's memory. The caller has the lock of the memory for this access,
    /// or gives the section to code that uses it between the calls of this crate only.
    fn section_in(&self, memory: &Arc<Buffer>, access: Access) -> Result<Option<Section>> {
        let Some(rank) = self.section_rank() else { return Ok(None) };
        let (layout, buffer) = match self.window()? {
            _ if self.view().is_whole() && can_be_said(self.view().base().layout()) => {
                (self.view().base().layout(), part(memory, 0, memory.shape(), memory.strides(), access)?)
            }
            Some(window) => match strided_part(memory, window, access)? {
                Some(buffer) => (self.layout(), buffer),
                None => return argument(format!("the elements of {self:?} are no strided memory: copy the array")),
            },
            None => return Ok(None),
        };
        let section = Section::of(layout, rank, buffer);
        Ok(Some(section.map_err(|error| Error::new(ErrorKind::Layout, error.to_string()))?))
    }

    /// An array over sections that other code describes, in any memory, without a copy. Each rank
    /// gives its section, or none; the dictionaries say where it belongs. Collective: the
    /// dictionaries go to all ranks, and are checked.
    ///
    /// # Errors
    /// Sections that together are no array, with what the checker says about them; no section at
    /// all.
    #[track_caller]
    pub fn import(context: &Context, section: Option<Section>) -> Result<DynArray> {
        let _call = context.enter("import", ())?;
        let comm = context.comm();
        let unwritable = || Error::new(ErrorKind::Layout, "the section's dictionaries are not those of an export");
        let text = section.as_ref().map(|section| json::write(&section.export()).ok_or_else(unwritable)).transpose();
        let text = comm.agree(text)?.unwrap_or_default();
        let imported = Imported::of(&comm.gather_all(text.as_bytes())?)?;
        DynArray::from_section(context, imported.placement, &imported.dtype, section)
    }
}

/// Whether a version of the protocol has dictionaries for a layout with its padding: none has them
/// for a halo round the ends of one dimension and boundary padding of another periodic one.
fn can_be_said(layout: &Layout) -> bool {
    let edition = layout.export_edition();
    layout.dims().iter().all(|dim| dim.dim_dict(edition, GridRank(0)).is_ok())
}

/// The array that the ranks' exports describe.
struct Imported {
    placement: Placement,
    dtype: DType,
}

impl Imported {
    /// Of a text for each rank of the communicator, empty where it gives no section.
    fn of(texts: &[Vec<u8>]) -> Result<Imported> {
        let mut exports = Vec::new();
        for (holder, text) in (0_i32..).zip(texts).filter(|(_, text)| !text.is_empty()) {
            let export = json::read(text);
            let mut alone = Checker::new(Profile::Auto);
            let local = alone.local(&export);
            exports.push((alone.push(None, local), holder, export));
        }
        if exports.is_empty() {
            return argument("no rank gives a section: there is no array");
        }
        // The checker takes them in the order of the array's ranks.
        exports.sort_by_key(|&(rank, ..)| rank);
        let mut checker = Checker::new(Profile::Auto);
        for (rank, _, export) in &exports {
            let local = checker.local(export);
            checker.push(Some(*rank), local);
        }
        let Report { diagnostics, layout, dtype, .. } = checker.finish(Ranks::All);
        let is_error = |it: &&Diagnostic| it.finding.rule().severity == Severity::Error;
        if let Some(wrong) = diagnostics.iter().find(is_error) {
            let error = Error::new(ErrorKind::Layout, format!("the sections are no array: {wrong}"));
            let holder = exports.iter().find(|(rank, ..)| *rank == wrong.rank).map(|&(_, holder, _)| holder);
            return Err(holder.into_iter().fold(error, Error::on_rank));
        }
        let (Some(layout), Some(dtype)) = (layout, dtype) else {
            return Err(Error::new(ErrorKind::Layout, "the sections do not say the layout of an array"));
        };
        let holders: Vec<i64> = exports.iter().map(|&(_, holder, _)| holder.into()).collect();
        let ranks = RankMap::listed(layout.grid(), holders)?;
        Ok(Imported { placement: Placement::with_ranks(layout, ranks)?, dtype })
    }
}
