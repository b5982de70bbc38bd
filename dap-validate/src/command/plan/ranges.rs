//! The index ranges of a message: which global indices it has, and where they lie in the buffers of
//! the sender and of the receiver.

use dap_core::dim::Dim;
use dap_core::index::{GridRank, LocalIndex};
use dap_core::plan::{OverlapForm, Overlaps, Transfer};
use dap_core::runs::{Overlap, RunGroup};
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::command::slices::{MovedPieceJson, PieceJson, SliceJson, moved_pieces, pieces};

/// The largest number of slices of a dimension that are shown in a table.
const MOST_SLICES: usize = 3;

/// Elements of a message: the products of one piece of each dimension.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Box")]
pub(crate) struct BoxJson {
    /// The number of elements.
    pub(super) elements: i64,
    /// Along each dimension, the indices.
    #[schemars(with = "Vec<Vec<MovedPieceJson>>")]
    pub(super) dims: Vec<MovedPieces>,
}

/// The pieces of one dimension, as a list of [`MovedPieceJson`].
#[derive(Debug)]
pub(super) struct MovedPieces(Vec<PieceSource>);

/// Pieces in the form in which they are known; few take part in many slices.
#[derive(Debug)]
enum PieceSource {
    Overlap(Overlap),
    Piece(MovedPieceJson),
    /// The whole section of a rank, at the same place on both sides.
    Section(RunGroup),
}

impl MovedPieces {
    /// The overlaps along one dimension of a move; `from` is the source's dimension.
    fn of_move(overlaps: &Overlaps, from: &Dim, at: GridRank) -> Self {
        let OverlapForm::Groups(groups) = overlaps.form() else { return Self(listed(overlaps, from, at)) };
        Self(groups.iter().map(|group| PieceSource::Overlap(*group)).collect())
    }

    /// The overlaps along one dimension of a halo, whose groups know no global index.
    fn of_halo(overlaps: &Overlaps, dim: &Dim, at: GridRank) -> Self {
        let (Dim::Block(_), OverlapForm::Groups(groups)) = (dim, overlaps.form()) else {
            return Self(dim.runs(at).groups().map(PieceSource::Section).collect());
        };
        // A box of a block dimension is one run, which lies within the owner's section.
        let piece = |group: &Overlap| {
            let (source, target) = (group.a_start(), group.b_start());
            let global = dim.global(at, source).map_or(source.0, |index| index.0);
            let [global, source, target] =
                [global, source.0, target.0].map(|start| SliceJson::new(start, 1, group.elements()));
            PieceSource::Piece(MovedPieceJson { global, source, target })
        };
        Self(groups.iter().map(piece).collect())
    }

    fn iter(&self) -> impl Iterator<Item = MovedPieceJson> {
        self.0.iter().flat_map(|source| -> Box<dyn Iterator<Item = MovedPieceJson>> {
            match source {
                PieceSource::Piece(piece) => Box::new(std::iter::once(*piece)),
                PieceSource::Overlap(overlap) => Box::new(moved_pieces(overlap)),
                PieceSource::Section(group) => {
                    let same = |piece: PieceJson| MovedPieceJson {
                        global: piece.global,
                        source: piece.local,
                        target: piece.local,
                    };
                    Box::new(pieces(*group).map(same))
                }
            }
        })
    }

    /// The slices of one side, in Python's notation.
    fn in_words(&self, side: fn(&MovedPieceJson) -> SliceJson) -> String {
        let mut all = self.iter();
        let shown: Vec<String> = all.by_ref().take(MOST_SLICES).map(|piece| side(&piece).in_words()).collect();
        let more = if all.next().is_some() { " ..." } else { "" };
        shown.join(" ") + more
    }
}

/// Single elements, joined where they continue each other on all sides.
fn listed(overlaps: &Overlaps, dim: &Dim, at: GridRank) -> Vec<PieceSource> {
    let mut runs: Vec<[i64; 4]> = Vec::new();
    for (source, target) in overlaps.iter() {
        let global = dim.global(at, LocalIndex(source)).map_or(source, |index| index.0);
        match runs.last_mut() {
            Some([g, s, t, len]) if [*g + *len, *s + *len, *t + *len] == [global, source, target] => *len += 1,
            _ => runs.push([global, source, target, 1]),
        }
    }
    let piece = |[global, source, target, len]: [i64; 4]| {
        let [global, source, target] = [global, source, target].map(|start| SliceJson::new(start, 1, len));
        PieceSource::Piece(MovedPieceJson { global, source, target })
    };
    runs.into_iter().map(piece).collect()
}

impl Serialize for MovedPieces {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl BoxJson {
    /// The elements of a transfer between two distributions. `source` is the place of the sender in
    /// the grid of `from`.
    pub(super) fn of_move(transfer: &Transfer<'_>, from: &[Dim], source: &[GridRank]) -> Self {
        Self::new(transfer, from, source, MovedPieces::of_move)
    }

    /// A box of a halo; `owner` is the place of the sender in the grid.
    pub(super) fn of_halo(transfer: &Transfer<'_>, dims: &[Dim], owner: &[GridRank]) -> Self {
        Self::new(transfer, dims, owner, MovedPieces::of_halo)
    }

    fn new(
        transfer: &Transfer<'_>,
        dims: &[Dim],
        at: &[GridRank],
        of: fn(&Overlaps, &Dim, GridRank) -> MovedPieces,
    ) -> Self {
        let along = transfer.factors().iter().zip(dims).zip(at);
        let dims = along.map(|((overlaps, dim), &at)| of(overlaps, dim, at)).collect();
        Self { elements: transfer.elements(), dims }
    }

    /// The global indices, the places in the sender's buffer, and those in the receiver's, as
    /// Python indexes arrays.
    pub(super) fn in_words(&self) -> [String; 3] {
        let sides: [fn(&MovedPieceJson) -> SliceJson; 3] =
            [|piece| piece.global, |piece| piece.source, |piece| piece.target];
        sides.map(|side| self.dims.iter().map(|dim| dim.in_words(side)).collect::<Vec<_>>().join(", "))
    }
}
