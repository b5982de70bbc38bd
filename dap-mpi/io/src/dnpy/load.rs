//! Loading a set of `.dnpy` files on any number of ranks.

use std::fs::File;
use std::path::{Path, PathBuf};

use dap_array::{Context, DynArray};
use dap_core::algebra::{CommRank, Placement};
use dap_core::check::{Checker, Profile, Ranks, Report};
use dap_core::dtype::DType;
use dap_core::finding::Diagnostic;
use dap_core::index::Rank;
use dap_core::json;
use dap_core::layout::Layout;
use dap_core::plan::{Endpoints, Plan};
use dap_core::rules::Severity;
use dap_formats::dnpy::Header;
use dap_formats::file::open;
use dap_formats::npy::in_words;
use dap_mpi::{Error, ErrorKind, Result};
use dap_ndarray::Buffer;
use dap_ndarray::copy::Order;

use super::path_of;
use crate::direct::{self, NamedFile};
use crate::elements::new_section;
use crate::error::{file_error, io_error};
use crate::fit::fit;
use crate::place::FilePlace;

/// Loads a set of `.dnpy` files in its own distribution, or in one like it if it has more sections
/// than the context has ranks. Collective.
///
/// # Errors
/// As [`DnpySet::open`] and [`DnpySet::load`].
#[track_caller]
pub fn load(context: &Context, name: impl AsRef<Path>) -> Result<DynArray> {
    let set = DnpySet::open(context, name)?;
    let layout = fit(set.layout(), context.comm().size().into())?;
    set.load(layout)
}

/// A set of `.dnpy` files whose dictionaries were read and checked, the same on all ranks.
#[derive(Debug, Clone)]
pub struct DnpySet {
    context: Context,
    name: PathBuf,
    layout: Layout,
    dtype: DType,
    files: Vec<Data>,
}

/// The place of the items in a file.
#[derive(Debug, Clone, Copy)]
struct Data {
    offset: u64,
    order: Order,
}

impl DnpySet {
    /// Reads the dictionaries of all files. Collective: the ranks share the files out.
    ///
    /// # Errors
    /// A file that is missing, cannot be read or is cut short; dictionaries that together are no
    /// array, with what the checker says about them; then on all ranks.
    #[track_caller]
    pub fn open(context: &Context, name: impl AsRef<Path>) -> Result<DnpySet> {
        let name = name.as_ref();
        let _call = context.enter("dnpy::open", name)?;
        let comm = context.comm();
        // The first file says how many there are.
        let first = (comm.rank() == 0).then(|| read(&path_of(name, 0))).transpose();
        let first = comm.agree(first)?.unwrap_or_default();
        let first = comm.gather_all(&first)?.swap_remove(0);
        let files = processes(&first).ok_or_else(|| {
            file_error(
                &path_of(name, 0),
                "its dictionaries do not say the number of processes: `dap-validate check` explains it",
            )
        })?;
        let own = (i64::from(comm.rank())..files).step_by(comm.size() as usize);
        let texts: Result<Vec<Vec<u8>>> = own.map(|section| read(&path_of(name, section))).collect();
        let texts = comm.agree(texts)?;
        let lengths = texts.iter().flat_map(|text| (text.len() as u64).to_le_bytes()).collect::<Vec<u8>>();
        let (lengths, texts) = (comm.gather_all(&lengths)?, comm.gather_all(&texts.concat())?);
        let mut parts: Vec<_> = lengths.iter().zip(&texts).map(|(lengths, text)| split(lengths, text)).collect();
        let texts = (0..files).filter_map(|section| parts[(section % i64::from(comm.size())) as usize].next());
        DnpySet::of(context, name, texts)
    }

    fn of<'t>(context: &Context, name: &Path, texts: impl Iterator<Item = &'t [u8]>) -> Result<DnpySet> {
        let mut checker = Checker::new(Profile::Auto);
        let mut files = Vec::new();
        for (text, rank) in texts.zip(0..) {
            let (offset, rest) = text.split_first_chunk().unwrap_or((&[0; 8], &[]));
            let (order, text) = rest.split_first().unwrap_or((&0, &[]));
            let order = if *order == 1 { Order::F } else { Order::C };
            files.push(Data { offset: u64::from_le_bytes(*offset), order });
            let local = checker.local(&json::read(text));
            checker.push(Some(Rank(rank)), local);
        }
        let Report { diagnostics, layout, dtype, .. } = checker.finish(Ranks::All);
        let is_error = |it: &&Diagnostic| it.finding.rule().severity == Severity::Error;
        if let Some(wrong) = diagnostics.iter().find(is_error) {
            return Err(file_error(&path_of(name, wrong.rank.0), format!("the files are no array: {wrong}")));
        }
        match (layout, dtype) {
            (Some(layout), Some(dtype)) if !dtype.is_object() => {
                Ok(DnpySet { context: context.clone(), name: name.to_owned(), layout, dtype, files })
            }
            _ => Err(file_error(&path_of(name, 0), "the files do not say the layout of an array")),
        }
    }

    /// The distribution of the array in the files.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The item type in the files.
    pub fn dtype(&self) -> &DType {
        &self.dtype
    }

    /// Loads the array in any distribution, on any number of ranks. Padding is not filled.
    /// Collective: each rank reads its elements from the files that have them.
    ///
    /// # Errors
    /// A placement of another shape, or with more ranks than the context has. On some rank, then on
    /// all: a file that cannot be read or was cut short, not enough memory.
    #[track_caller]
    pub fn load(&self, placement: impl Into<Placement>) -> Result<DynArray> {
        let placement = placement.into();
        let context = &self.context;
        let _call = context.enter("dnpy::load", (&self.name, placement.layout()))?;
        context.comm().check_placement(&placement)?;
        let mistake = |error: dap_core::error::Error| Error::new(ErrorKind::Argument, error.to_string());
        Plan::new(&self.layout, placement.layout(), Endpoints { source: None, target: None }).map_err(mistake)?;
        let here = placement.ranks().section(CommRank(context.comm().rank().into()));
        let section = here.map(|section| self.read(placement.layout(), section)).transpose();
        let section = context.comm().agree(section)?;
        DynArray::from_buffer(context, placement, &self.dtype, Ok(section))
    }

    fn read(&self, layout: &Layout, section: Rank) -> Result<Buffer> {
        let mut items = new_section(&self.context, &self.dtype, layout, section)?;
        let plan = Plan::new(&self.layout, layout, Endpoints { source: None, target: Some(section) })?;
        for transfer in plan.receives() {
            let path = path_of(&self.name, transfer.peer().0);
            let lost = || file_error(&path, "it is not part of the set");
            let data = self.files.get(transfer.peer().0 as usize).ok_or_else(lost)?;
            let shape = self.layout.local_shape(transfer.peer()).ok_or_else(lost)?;
            let place = FilePlace::dense(data.offset, &shape, self.dtype.itemsize(), data.order).ok_or_else(lost)?;
            let file: File = open(&path).map_err(|problem| file_error(&path, problem))?;
            direct::read_transfer(NamedFile { file: &file, path: &path }, &place, &transfer, &mut items)?;
        }
        Ok(items)
    }
}

/// The headers of a file that is long enough: where its data begin, whether they are in Fortran
/// order, and the export as JSON.
fn read(path: &Path) -> Result<Vec<u8>> {
    let file = open(path).map_err(|problem| file_error(path, problem))?;
    let length = file.metadata().map_err(|error| io_error(path, &error))?.len();
    let header = Header::read(&mut std::io::BufReader::new(&file)).map_err(|error| file_error(path, error))?;
    let there = length.saturating_sub(header.data_offset);
    if let Some(needed) = header.npy.data_length().filter(|&needed| there < needed) {
        let message = format!("it is cut short: {there} of {} bytes of data are there", in_words(needed));
        return Err(file_error(path, message));
    }
    Ok([&header.data_offset.to_le_bytes()[..], &[u8::from(header.npy.fortran_order)], &header.json].concat())
}

/// The number of processes of the grid, as the first file's dictionaries say it.
fn processes(first: &[u8]) -> Option<i64> {
    let export = json::read(first.get(9..)?);
    let dims = export.dim_data.get()?;
    let extent = |dim: &dap_core::export::Field<dap_core::export::DimDict>| {
        let dict = dim.get()?;
        if dict.is_alias() { Some(1) } else { dict.proc_grid_size.get().copied().filter(|&extent| extent > 0) }
    };
    dims.iter().map(extent).try_fold(1_i64, |product, extent| product.checked_mul(extent?))
}

/// The texts of one rank, which were sent one behind the other.
fn split<'t>(lengths: &'t [u8], mut text: &'t [u8]) -> impl Iterator<Item = &'t [u8]> + use<'t> {
    lengths.as_chunks().0.iter().map(move |length| {
        let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(0).min(text.len());
        let (own, rest) = text.split_at(length);
        text = rest;
        own
    })
}
