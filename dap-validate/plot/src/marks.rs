//! The marks that a picture shows and its legend explains, and notes on omissions.

use super::axis::PlotAxis;
use super::bands::Bands;
use super::drawn::DrawnSlice;

/// The marks that occur, gathered while drawing.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks {
    pub(super) communication: bool,
    pub(super) boundary: bool,
    pub(super) shared: bool,
    pub(super) gap: bool,
    pub(super) missing: bool,
    pub(super) overlap: bool,
    pub(super) outside: bool,
    pub(super) unknown: bool,
    /// Ranks whose grid coordinates differ from C order.
    pub(super) misplaced: bool,
    pub(super) periodic: bool,
    /// Some ranks have no number in the picture.
    pub(super) unlabelled: bool,
    /// Padding is left out, because it is too narrow or has too many parts.
    pub(super) halos_left_out: bool,
    /// Notes in words.
    pub(super) notes: Vec<String>,
}

impl Marks {
    /// Notes on the bands' simplifications.
    pub(super) fn of(drawn: &DrawnSlice<'_>, rows: &Bands, columns: &Bands) -> Self {
        let mut marks = Self::default();
        let both = [(drawn.rows, rows), (drawn.columns, columns)];
        let cells: Vec<String> = both
            .iter()
            .filter(|(dim, _)| dim.is_some())
            .map(|(_, bands)| bands.indices.unwrap_or(1).to_string())
            .collect();
        if both.iter().any(|(_, bands)| bands.indices.is_some()) {
            let what = if cells == ["1"] { "index" } else { "indices" };
            marks
                .notes
                .push(format!("1 cell = {} {what}, coloured by the owner of most of them.", cells.join(" \u{d7} ")));
        }
        for (dim, bands) in both {
            let Some((dim, axis)) = dim.zip(drawn.axis(dim)) else { continue };
            marks.periodic |= axis.periodic;
            if bands.group > 1 {
                let group = bands.group;
                marks.notes.push(format!("Dimension {dim}: one colour stands for {group} consecutive grid ranks."));
            }
            if bands.schematic {
                marks.notes.push(format!(
                    "Dimension {dim}: the cycle of processes is too short to draw; the stripes show the order of the processes, not their places."
                ));
            }
            if axis.is_compressed() {
                marks.notes.push(format!("Dimension {dim}: only the indices that processes hold, in ascending order."));
            }
        }
        marks
    }

    /// Adds the marks of another view.
    pub(super) fn merge(&mut self, other: &Self) {
        self.communication |= other.communication;
        self.boundary |= other.boundary;
        self.shared |= other.shared;
        self.gap |= other.gap;
        self.missing |= other.missing;
        self.overlap |= other.overlap;
        self.outside |= other.outside;
        self.unknown |= other.unknown;
        self.misplaced |= other.misplaced;
    }
}

/// Whether a dimension has communication padding: its first and a middle process are asked.
pub(super) fn has_halo(axis: &PlotAxis) -> bool {
    let halo = |grid_rank: i64| {
        let pieces = axis.pieces(grid_rank, dap_core::index::Rank(grid_rank));
        pieces.is_some_and(|pieces| pieces.list.iter().any(|piece| piece.role == super::axis::Role::Communication))
    };
    [0, axis.grid_size / 2, axis.grid_size - 1].into_iter().any(halo)
}
