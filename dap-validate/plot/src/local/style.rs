//! The size of the global indices that are written into buffers: one size for all buffers of a
//! page, or none.

use crate::axis::{BufferPiece, BufferPieces, Role};
use crate::drawn::{BufferHolder, DrawnSlice};
use crate::text;

/// The size and arrangement of the written indices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct IndexStyle {
    pub(super) tenths: i32,
    /// The two indices of an element below one another.
    pub(super) stacked: bool,
}

/// The height of a cell for two lines, in heights of the letters. Less would not separate the rows
/// of elements.
const AIRY: f32 = 3.6;
/// The largest number of elements of a buffer whose indices are written.
const MOST: i64 = 400;

impl IndexStyle {
    /// The largest style in which all indices of all buffers fit into cells of these sizes.
    pub(super) fn of(drawn: &DrawnSlice<'_>, holders: &[BufferHolder], width: i32, height: i32) -> Option<Self> {
        let has_elements = |holder: &&BufferHolder| holder.rows.extent > 0 && holder.columns.extent > 0;
        let mut widest = [0.0_f32; 2];
        for holder in holders.iter().filter(has_elements) {
            let known = holder.rows.complete && holder.columns.complete;
            if !known || holder.rows.extent.saturating_mul(holder.columns.extent) > MOST {
                return None;
            }
            let sides = [(drawn.rows, &holder.rows), (drawn.columns, &holder.columns)];
            for (widest, (dim, pieces)) in widest.iter_mut().zip(sides) {
                let labels =
                    globals(drawn, dim, pieces).into_iter().map(|(_, global, _)| text::width(&label(global), 10.0));
                *widest = labels.fold(*widest, f32::max);
            }
        }
        let (width, height) = (width as f32, height as f32);
        let comma = text::width(",", 10.0);
        let [row, column] = widest;
        let line = match (drawn.rows, drawn.columns) {
            (Some(_), _) => row + comma + column,
            (None, Some(_)) => column,
            (None, None) => text::width("()", 10.0),
        };
        // Widths and heights grow with the size; they are measured at size 10.
        let fits = |tenths: i32, wide: f32, lines: f32| {
            let size = tenths as f32 / 10.0;
            wide * size / 10.0 + 3.0 <= width && lines * size + 2.0 <= height
        };
        let stacked = (row + comma).max(column);
        [(100, false), (85, false), (70, false), (85, true), (70, true), (60, false)]
            .into_iter()
            .filter(|(_, stacked)| !stacked || drawn.rows.is_some())
            .find(
                |(tenths, is_stacked)| {
                    if *is_stacked { fits(*tenths, stacked, AIRY) } else { fits(*tenths, line, 1.0) }
                },
            )
            .map(|(tenths, stacked)| Self { tenths, stacked })
    }
}

pub(super) fn label(index: i64) -> String {
    index.to_string()
}

/// Local index, global index and role of every element along a dimension. The global index of a
/// halo that wraps round is that of the element that it copies.
pub(super) fn globals(drawn: &DrawnSlice<'_>, dim: Option<usize>, pieces: &BufferPieces) -> Vec<(i64, i64, Role)> {
    let size = drawn.axis(dim).map_or(0, |axis| axis.declared);
    let wrapped = |piece: &BufferPiece, global: i64| match piece.role {
        Role::Communication if size > 0 => global.rem_euclid(size),
        _ => global,
    };
    let of = |piece: &BufferPiece| {
        let piece = *piece;
        (0..piece.len).map(move |k| (piece.local + k, wrapped(&piece, piece.global.saturating_add(k)), piece.role))
    };
    pieces.list.iter().flat_map(of).collect()
}
