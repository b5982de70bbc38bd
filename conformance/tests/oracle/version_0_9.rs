//! Version 0.9: bounds of the owned range, padding outside of them, wrap halos, `n`.

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
    // The same dictionaries under 0.10 hold nine indices each, and their padding does not overlap.
    refused(&set(10).map(|export| export.with_version("0.10.0")), "DAP305");
    refused(&set(9).map(|export| export.with_version("0.10.0")), "DAP612");
}

#[test]
fn padding_on_all_processes_or_none() {
    let bare = DimDict::block(6, 2, 0, 0, 3);
    let padded = DimDict::block(6, 2, 1, 3, 6).with("padding", [0, 0]);
    refused(&[rank(3, bare.clone()), rank(3, padded.clone())], "DAP311");
    // The same holds if the processes share a grid rank.
    let share = |i, dict: &DimDict| f8(&[1, 3], vec![DimDict::block(2, 2, i, i, i + 1), dict.clone()]);
    let (bare3, padded3) = (DimDict::block(3, 1, 0, 0, 3), DimDict::block(3, 1, 0, 0, 3).with("padding", [0, 0]));
    refused(&[share(0, &bare3), share(1, &padded3)].map(|export| export.with_version("0.9.0")), "DAP311");
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

#[test]
fn both_sides_of_an_edge_are_equally_wide() {
    let block = |r, start, stop, padding: [i64; 2]| DimDict::block(6, 2, r, start, stop).with("padding", padding);
    maps(&[rank(5, block(0, 0, 3, [0, 2])), rank(5, block(1, 3, 6, [2, 0]))]);
    refused(&[rank(5, block(0, 0, 3, [0, 2])), rank(4, block(1, 3, 6, [1, 0]))], "DAP613");
    refused(&[rank(6, block(0, 0, 3, [0, 3])), rank(5, block(1, 3, 6, [2, 0]))], "DAP613");
}

#[test]
fn undistributed_is_a_type_of_its_own() {
    let rank = |i, dict| f8(&[1, 3], vec![DimDict::block(2, 2, i, i, i + 1), dict]).with_version("0.9.0");
    maps(&[rank(0, DimDict::undistributed(3)), rank(1, DimDict::undistributed(3))]);
    refused(&[rank(0, DimDict::undistributed(3)), rank(1, DimDict::block(3, 1, 0, 0, 3))], "DAP608");
}

#[test]
fn a_wrap_halo_is_the_same_for_all_of_a_grid_rank() {
    let rank = |i, extent, padding: [i64; 2]| {
        let wrapped = DimDict::block(4, 1, 0, 0, 4).with("padding", padding).with("periodic", true);
        f8(&[1, extent], vec![DimDict::block(2, 2, i, i, i + 1), wrapped]).with_version("0.9.0")
    };
    maps(&[rank(0, 6, [1, 1]), rank(1, 6, [1, 1])]);
    refused(&[rank(0, 6, [1, 1]), rank(1, 7, [2, 1])], "DAP611");
}

/// The same set with a wrap halo of three, while one end owns two.
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
    let halo = |width: [i64; 2]| DimDict::undistributed(4).with("padding", width).with("periodic", true);
    assert_eq!(kinds(&maps(&one(4, padded.clone())), 0, 0), "B...");
    let wrapped = maps(&one(6, halo([1, 1])));
    assert_eq!(held(&wrapped, 0, 0), [3, 0, 1, 2, 3, 0]);
    refused(&one(5, halo([1, 0])), "DAP613");
    refused(&one(14, halo([5, 5])), "DAP614");
    refused(&one(4, padded.with("periodic", true)), "DAP312");
    refused(&one(4, DimDict::empty()), "DAP201");
    refused(&[f8(&[4], vec![DimDict::undistributed(4)])], "DAP203");
}
