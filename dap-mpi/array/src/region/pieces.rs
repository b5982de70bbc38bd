//! The regions of all ranks, and their pieces.

use dap_core::algebra::{Slice, Subscript, View};
use dap_core::dim::Dim;
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_mpi::{Error, ErrorKind, Pieces, Result};
use dap_ndarray::copy::Order;

use crate::array::DynArray;
use crate::error::Checked;

/// Bytes of regions that are on their way at once, over the number of ranks.
const STEP: i64 = 32 << 20;

/// The region of each rank of the communicator.
pub(super) struct Regions(Vec<Option<Region>>);

struct Region {
    view: View,
    pieces: Pieces,
}

/// A piece of one rank's region.
pub(super) struct Piece {
    /// The rank whose region it is.
    pub(super) rank: i32,
    /// Its elements, on the ranks that own them.
    pub(super) array: DynArray,
    /// All of it on one process, as the rank of the region has it.
    pub(super) whole: Layout,
    /// The first index of the piece along each axis of the region.
    pub(super) first: Vec<i64>,
}

impl Regions {
    /// Makes this rank's region known to all. `ready` says whether this rank can take part.
    /// Collective.
    ///
    /// # Errors
    /// Some rank is not ready.
    pub(super) fn of<T>(array: &DynArray, mine: Option<&[Subscript]>, ready: Result<T>) -> Result<(Regions, T)> {
        let comm = array.context().comm();
        // No text without a region; a failure is agreed on.
        let text = match (&ready, mine) {
            (Err(_), _) => "!".to_owned(),
            (Ok(_), None) => String::new(),
            (Ok(_), Some(region)) => Subscript::text(region),
        };
        let texts = comm.gather_all(text.as_bytes())?;
        if texts.iter().any(|text| text == b"!") {
            return comm.agree(ready).and_then(|_| Err(Error::new(ErrorKind::State, "a rank is not ready")));
        }
        let most = (STEP / array.dtype().itemsize().max(1) / i64::from(comm.size())).max(1);
        let region = |text: &Vec<u8>| -> Result<Option<Region>> {
            if text.is_empty() {
                return Ok(None);
            }
            let unreadable = |_| Error::new(ErrorKind::Argument, "a region is not readable");
            let subscripts = Subscript::parse(&String::from_utf8_lossy(text)).map_err(unreadable)?;
            let view = array.view().index(&subscripts).checked()?;
            let pieces = Pieces::new(&view.shape(), Order::C, most);
            Ok(Some(Region { view, pieces }))
        };
        Ok((Regions(texts.iter().map(region).collect::<Result<_>>()?), ready?))
    }

    fn all(&self) -> impl Iterator<Item = (usize, &Region)> {
        self.0.iter().enumerate().filter_map(|(rank, region)| Some((rank, region.as_ref()?)))
    }

    /// Refuses an element in two regions.
    pub(super) fn check_disjoint(&self) -> Result<()> {
        for (rank, region) in self.all() {
            for (other, second) in self.all().skip_while(|&(other, _)| other <= rank) {
                if let Some(index) = region.view.first_common(&second.view) {
                    let message = format!("ranks {rank} and {other} both write the element at {index:?}");
                    return Err(Error::new(ErrorKind::Argument, message));
                }
            }
        }
        Ok(())
    }

    /// The number of pieces of the largest region.
    pub(super) fn rounds(&self) -> usize {
        self.all().map(|(_, region)| region.pieces.count()).max().unwrap_or(0)
    }

    /// The pieces with one number.
    pub(super) fn pieces(&self, array: &DynArray, number: usize) -> Result<Vec<Piece>> {
        let has_it = |it: &(usize, &Region)| number < it.1.pieces.count();
        self.all().filter(has_it).map(|(rank, region)| Piece::of(array, rank as i32, region, number)).collect()
    }
}

impl Piece {
    fn of(array: &DynArray, rank: i32, region: &Region, number: usize) -> Result<Piece> {
        let ranges = region.pieces.get(number);
        let subscript = |range: &Option<std::ops::Range<i64>>| {
            Subscript::Slice(range.as_ref().map_or(Slice::ALL, |range| Slice::range(range.start, range.end)))
        };
        let subscripts: Vec<Subscript> = ranges.iter().map(subscript).collect();
        let array = array.viewed(region.view.index(&subscripts))?;
        let dims: Vec<Dim> =
            array.shape().iter().map(|&extent| Dim::undistributed(extent)).collect::<std::result::Result<_, _>>()?;
        let first = ranges.into_iter().map(|range| range.map_or(0, |range| range.start)).collect();
        Ok(Piece { rank, array, whole: Layout::new(dims)?, first })
    }

    /// Whether it is of this process's region.
    pub(super) fn is_here(&self) -> bool {
        self.rank == self.array.context().comm().rank()
    }

    /// The rank of the communicator that owns a section of the piece.
    pub(super) fn owner(&self, section: Rank) -> Result<i32> {
        let holder = self.array.placement().ranks().holder(section).and_then(|rank| i32::try_from(rank.0).ok());
        holder.ok_or_else(|| Error::new(ErrorKind::Layout, "a section of the array is on no rank"))
    }
}
