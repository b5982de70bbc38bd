//! The moves that are timed: matrices in cyclic blocks, local parts column by column.

use dap_core::dim::{Cyclic, Dim};
use dap_core::layout::Layout;

/// The distribution of a matrix, as it is passed to the peers.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub(crate) struct Dealt {
    pub(crate) grid: [i32; 2],
    pub(crate) block: [i32; 2],
}

impl Dealt {
    pub(crate) fn layout(&self, n: i64) -> Layout {
        let dim = |dim: usize| -> Dim {
            Cyclic::new(n, self.grid[dim].into(), self.block[dim].into()).expect("a dimension").into()
        };
        Layout::new(vec![dim(0), dim(1)]).expect("a layout")
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) from: Dealt,
    pub(crate) to: Dealt,
}

/// The cases for `ranks` ranks. A block distribution is a cyclic one with one block for each rank.
pub(crate) fn cases(ranks: i32, n: i32) -> [Case; 3] {
    let grid = if ranks % 4 == 0 { [ranks / 2, 2] } else { [ranks, 1] };
    let whole = |grid: [i32; 2]| Dealt { grid, block: [n / grid[0], n / grid[1]] };
    let dealt = |block: i32| Dealt { grid, block: [block, block] };
    [
        Case { name: "row blocks to column blocks", from: whole([ranks, 1]), to: whole([1, ranks]) },
        Case { name: "block-cyclic 64 to 256", from: dealt(64), to: dealt(256) },
        Case { name: "cyclic 1 to block", from: dealt(1), to: whole(grid) },
    ]
}
