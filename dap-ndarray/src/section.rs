//! One process's part of a distributed array: its dictionaries, and its buffer.
//!
//! An export's dictionaries with the memory that they describe. The dictionaries have been judged
//! by themselves and beside the buffer; whether they agree with the other processes' is for all
//! together to say ([`Checker`]).
//!
//! ```
//! use dap_core::dim::Block;
//! use dap_core::index::Rank;
//! use dap_core::layout::Layout;
//! use dap_ndarray::{Buffer, Section};
//! // 10 elements over 2 processes; rank 1 has 5 of its own and one of its neighbour.
//! let layout = Layout::new(vec![Block::new(10, 2)?.with_halo(1)?.into()])?;
//! let buffer = Buffer::from_array(ndarray::arr1(&[-1.0, 5.0, 6.0, 7.0, 8.0, 9.0]));
//! let section = Section::of(&layout, Rank(1), buffer)?;
//! assert_eq!(section.owned()[..], [1..6]);
//! assert_eq!(section.owned_view::<f64>()?[[0]], 5.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;

use std::ops::Range;

use dap_core::check::{Checker, Profile};
use dap_core::dim::Dim;
use dap_core::export::{self, DimDict, DistType, Export, Field, Version};
use dap_core::index::{GridRank, Rank};
use dap_core::layout::{Edition, Layout};
use dap_core::rules::Severity;
use ndarray::{ArrayViewD, ArrayViewMutD, Axis, Slice};
use smallvec::SmallVec;

use crate::{Buffer, BufferError, Item};
pub use error::SectionError;

/// A range of indices of the buffer for each dimension.
pub type Ranges = SmallVec<[Range<i64>; 4]>;

/// One process's part of a distributed array: its dictionaries, and its buffer. See the
/// [module](self).
#[derive(Debug)]
pub struct Section {
    version: Version,
    dim_data: Vec<DimDict>,
    buffer: Buffer,
}

impl Section {
    /// A part by version 0.10 of the protocol.
    ///
    /// # Errors
    /// Findings of the rules for one export about the dictionaries, or about them with this buffer.
    pub fn new(dim_data: Vec<DimDict>, buffer: Buffer) -> Result<Self, SectionError> {
        Self::of_version(Version::V0_10, dim_data, buffer)
    }

    /// A part by a version of the protocol, 0.10 or 0.9: they differ in what `start`, `stop` and
    /// `padding` mean.
    ///
    /// # Errors
    /// As [`Section::new`].
    pub fn of_version(version: Version, dim_data: Vec<DimDict>, buffer: Buffer) -> Result<Self, SectionError> {
        let section = Self { version, dim_data, buffer };
        Self::judge(&section.export())?;
        Ok(section)
    }

    /// A part as another program's export describes it; the buffer is what the export says it is.
    pub(crate) fn of_export(export: &Export, buffer: Buffer) -> Result<Self, SectionError> {
        Self::judge(export)?;
        // No error was found, so all of it is there.
        let dims = export.dim_data.get().map_or(&[][..], Vec::as_slice);
        let dim_data = dims.iter().filter_map(Field::get).cloned().collect();
        Ok(Self { version: export.version.get().copied().unwrap_or(Version::V0_10), dim_data, buffer })
    }

    fn judge(export: &Export) -> Result<(), SectionError> {
        let local = Checker::new(Profile::Auto).local(export);
        let is_error = |finding: &&dap_core::finding::Finding| finding.rule().severity == Severity::Error;
        let errors: Vec<_> = local.findings().iter().filter(is_error).cloned().collect();
        if errors.is_empty() { Ok(()) } else { Err(SectionError::Findings(errors)) }
    }

    /// The part of a process of a layout, in the edition that its
    /// exports are written in ([`Layout::export_edition`]).
    ///
    /// # Errors
    /// No such process, a buffer of another shape, or a layout that neither version can say.
    pub fn of(layout: &Layout, rank: Rank, buffer: Buffer) -> Result<Self, SectionError> {
        let processes = layout.processes();
        let coordinates = layout.grid().coordinates(rank).ok_or(SectionError::NoSuchRank { rank, processes })?;
        let extents = layout.dims().iter().zip(&coordinates).map(|(dim, &coordinate)| dim.extent(coordinate));
        if !extents.clone().eq(buffer.shape().iter().copied()) {
            let (expected, found) = (extents.collect(), buffer.shape().to_vec());
            return Err(SectionError::Shape { rank, expected, found });
        }
        let dicts = layout.dims().iter().zip(&coordinates);
        let edition = layout.export_edition();
        let dim_data = dicts.map(|(dim, &coordinate)| dim.dim_dict(edition, coordinate)).collect::<Result<_, _>>();
        Ok(Self { version: edition.version(), dim_data: dim_data.map_err(SectionError::Layout)?, buffer })
    }

    /// Whether the dictionaries say that this is the part of a process of a layout.
    #[must_use]
    pub fn is_part_of(&self, layout: &Layout, rank: Rank) -> bool {
        let Some(edition) = Edition::of(self.version) else { return false };
        let Some(coordinates) = layout.grid().coordinates(rank) else { return false };
        let like = |(dict, (dim, at)): (&DimDict, (&Dim, GridRank))| {
            dim.dim_dict(edition, at).is_ok_and(|expected| dict.is_part_like(&expected))
        };
        self.dim_data.len() == layout.ndim()
            && self.dim_data.iter().zip(layout.dims().iter().zip(coordinates)).all(like)
    }

    /// A part whose dictionaries were checked before, with this buffer: for exchanges that
    /// must cost nothing.
    ///
    /// Nothing is unsafe if that is not so; ranges outside of the buffer are cut off.
    #[inline]
    #[must_use]
    pub fn assume_checked(dim_data: Vec<DimDict>, buffer: Buffer) -> Self {
        Self::assume_checked_of_version(Version::V0_10, dim_data, buffer)
    }

    /// The same by a version of the protocol, 0.10 or 0.9.
    #[inline]
    #[must_use]
    pub fn assume_checked_of_version(version: Version, dim_data: Vec<DimDict>, buffer: Buffer) -> Self {
        Self { version, dim_data, buffer }
    }

    /// The version of the protocol that the dictionaries are written in.
    #[inline]
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The dictionaries, one a dimension.
    #[inline]
    #[must_use]
    pub fn dim_data(&self) -> &[DimDict] {
        &self.dim_data
    }

    /// The memory.
    #[inline]
    #[must_use]
    pub fn buffer(&self) -> &Buffer {
        &self.buffer
    }

    /// The memory, to be written.
    #[inline]
    #[must_use]
    pub fn buffer_mut(&mut self) -> &mut Buffer {
        &mut self.buffer
    }

    /// Dictionaries and memory.
    #[inline]
    #[must_use]
    pub fn into_parts(self) -> (Vec<DimDict>, Buffer) {
        (self.dim_data, self.buffer)
    }

    /// The section's export, for the checker and to be written as JSON. Strides are there
    /// where the memory is not in C order.
    #[must_use]
    pub fn export(&self) -> Export {
        let strides =
            if self.buffer.is_c_contiguous() { Field::Missing } else { Field::Is(self.buffer.strides().to_vec()) };
        let buffer = export::Buffer {
            dtype: Field::Is(Ok(self.buffer.dtype().clone())),
            shape: Field::Is(self.buffer.shape().to_vec()),
            strides,
            ..export::Buffer::default()
        };
        Export {
            version: Field::Is(self.version),
            buffer: Field::Is(buffer),
            dim_data: Field::Is(self.dim_data.iter().cloned().map(Field::Is).collect()),
            complete: true,
            ..Export::default()
        }
    }

    /// Which indices of the buffer this process owns: all but communication padding. Boundary
    /// padding is owned.
    #[must_use]
    pub fn owned(&self) -> Ranges {
        let extents = self.buffer.shape().iter();
        let is_0_9 = self.version.is_0_9();
        extents
            .enumerate()
            .map(|(dim, &extent)| self.dim_data.get(dim).map_or(0..extent, |dict| owned(dict, extent, is_0_9)))
            .collect()
    }

    /// The whole buffer, padding included.
    ///
    /// # Errors
    /// As [`Buffer::view`].
    pub fn view<T: Item>(&self) -> Result<ArrayViewD<'_, T>, BufferError> {
        self.buffer.view()
    }

    /// The whole buffer, padding included, to be written.
    ///
    /// # Errors
    /// As [`Buffer::view_mut`].
    pub fn view_mut<T: Item>(&mut self) -> Result<ArrayViewMutD<'_, T>, BufferError> {
        self.buffer.view_mut()
    }

    /// The part of the buffer that this process owns.
    ///
    /// # Errors
    /// As [`Buffer::view`].
    pub fn owned_view<T: Item>(&self) -> Result<ArrayViewD<'_, T>, BufferError> {
        let mut view = self.buffer.view()?;
        self.owned().iter().enumerate().for_each(|(dim, range)| view.slice_axis_inplace(Axis(dim), slice(range)));
        Ok(view)
    }

    /// The part of the buffer that this process owns, to be written.
    ///
    /// # Errors
    /// As [`Buffer::view_mut`].
    pub fn owned_view_mut<T: Item>(&mut self) -> Result<ArrayViewMutD<'_, T>, BufferError> {
        let owned = self.owned();
        let mut view = self.buffer.view_mut()?;
        owned.iter().enumerate().for_each(|(dim, range)| view.slice_axis_inplace(Axis(dim), slice(range)));
        Ok(view)
    }
}

fn slice(range: &Range<i64>) -> Slice {
    // Within the extent, which fits.
    Slice::new(range.start as isize, Some(range.end as isize), 1)
}

/// The owned part of a dimension. In version 0.10 padding on the inner side of the grid is
/// communication padding; in 0.9 so is that at the outer ends of a periodic dimension.
fn owned(dict: &DimDict, extent: i64, is_0_9: bool) -> Range<i64> {
    let (Some(&[lo, hi]), Some(DistType::Block | DistType::Undistributed)) = (dict.padding.get(), dict.dist_type.get())
    else {
        return 0..extent;
    };
    let rank = dict.proc_grid_rank.get().copied().unwrap_or(0);
    let last = dict.proc_grid_size.get().map_or(0, |size| size.saturating_sub(1));
    let wraps = is_0_9 && dict.periodic.get() == Some(&true);
    let comm_lo = if rank > 0 || wraps { lo } else { 0 };
    let comm_hi = if rank < last || wraps { hi } else { 0 };
    let begin = comm_lo.clamp(0, extent);
    begin..extent.saturating_sub(comm_hi.max(0)).max(begin)
}
