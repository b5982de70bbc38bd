//! Version 0.9: bounds of what is owned, padding outside of them, wrap halos, `n`.

use dap_conformance::model::{DimDict, RankExport};

use super::{f8, held, kinds, maps, refused};

fn rank(extent: i64, dict: DimDict) -> RankExport {
    f8(&[extent], vec![dict]).with_version("0.9.0")
}

#[test]
fn the_documents_block_with_padding() {
    let set = |extent| {
        [
            rank(extent, DimDict::block(18, 2, 0, 0, 9).with("padding", [1, 1])),
            rank(extent, DimDict::block(18, 2, 1, 9, 18).with("padding", [1, 1])),
        ]
    };
    let maps = maps(&set(10));
    assert_eq!(kinds(&maps, 0, 0), "B........C");
    assert_eq!(held(&maps, 1, 0), (8..18).collect::<Vec<i64>>());
    assert_eq!(maps.dims[0].owned, [9, 9]);
    refused(&set(9), "DAP312");
    // The same dictionaries under 0.10 hold nine each, and their padding does not overlap.
    refused(&set(10).map(|export| export.with_version("0.10.0")), "DAP305");
    refused(&set(9).map(|export| export.with_version("0.10.0")), "DAP612");
}

#[test]
fn padding_on_all_processes_or_none() {
    let bare = DimDict::block(6, 2, 0, 0, 3);
    let padded = DimDict::block(6, 2, 1, 3, 6).with("padding", [0, 0]);
    refused(&[rank(3, bare.clone()), rank(3, padded.clone())], "DAP311");
    maps(&[rank(3, bare.with("padding", [0, 0])), rank(3, padded)]);
}

#[test]
fn a_periodic_dimension_wraps() {
    let block = |r, start, stop| DimDict::block(6, 2, r, start, stop).with("padding", [2, 2]).with("periodic", true);
    let maps = maps(&[rank(7, block(0, 0, 3)), rank(7, block(1, 3, 6))]);
    assert_eq!(held(&maps, 0, 0), [4, 5, 0, 1, 2, 3, 4]);
    assert_eq!(held(&maps, 1, 0), [1, 2, 3, 4, 5, 0, 1]);
    assert_eq!(kinds(&maps, 0, 0), "CC...CC");
    assert_eq!(maps.dims[0].owned, [3, 3]);
    refused(&[rank(6, block(0, 0, 2)), rank(8, block(1, 2, 6))].map(widened), "DAP614");
}

/// The same set with a wrap halo of three where an end owns two.
fn widened(mut export: RankExport) -> RankExport {
    export.dim_data[0].set("padding", [3, 3].into());
    export.shape[0] += 2;
    export
}

#[test]
fn undistributed_dimensions() {
    let one = |extent, dict| [rank(extent, dict)];
    assert_eq!(maps(&one(4, DimDict::undistributed(4))).dims[0].owned, [4]);
    let padded = DimDict::undistributed(4).with("padding", [1, 0]);
    assert_eq!(kinds(&maps(&one(4, padded.clone())), 0, 0), "B...");
    let wrapped = maps(&one(5, padded.clone().with("periodic", true)));
    assert_eq!(held(&wrapped, 0, 0), [3, 0, 1, 2, 3]);
    refused(&one(4, padded.with("periodic", true)), "DAP312");
    refused(&one(4, DimDict::empty()), "DAP201");
    refused(&[f8(&[4], vec![DimDict::undistributed(4)])], "DAP203");
}
