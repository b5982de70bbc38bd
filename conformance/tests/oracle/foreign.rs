//! Arrays of other libraries as the protocol describes them: PETSc's ghost layers, Heat's idle
//! processes.

use dap_conformance::model::DimDict;
use dap_conformance::oracle::periodic_source;

use super::{f8, held, kinds, maps};

#[test]
fn petsc_ghosted_vectors() {
    // DMDA 9 x 5 on 2 x 2, one ghost point, no boundary; dimensions as (y, x).
    let y =
        [DimDict::block(5, 2, 0, 0, 4).with("padding", [0, 1]), DimDict::block(5, 2, 1, 2, 5).with("padding", [1, 0])];
    let x =
        [DimDict::block(9, 2, 0, 0, 6).with("padding", [0, 1]), DimDict::block(9, 2, 1, 4, 9).with("padding", [1, 0])];
    let rank = |i: usize, j: usize, shape: [i64; 2]| f8(&shape, vec![y[i].clone(), x[j].clone()]);
    let maps = maps(&[rank(0, 0, [4, 6]), rank(0, 1, [4, 5]), rank(1, 0, [3, 6]), rank(1, 1, [3, 5])]);
    assert_eq!(kinds(&maps, 3, 0), "C..");
    assert_eq!(held(&maps, 3, 1), [4, 5, 6, 7, 8]);
    assert_eq!(maps.dims[0].owned, [3, 2]);
    assert_eq!(maps.dims[1].owned, [5, 4]);
    assert_eq!((0..4).map(|rank| maps.owned_len(rank)).sum::<i64>(), 45);
}

#[test]
fn petsc_periodic_ghosts_are_boundary_padding() {
    // Nine points with a ghost at either end: size 11, and the ghosts are images of the other end's
    // points.
    let rank = |r, start, stop| {
        f8(&[stop - start], vec![DimDict::block(11, 2, r, start, stop).with("padding", [1, 1]).with("periodic", true)])
    };
    let maps = maps(&[rank(0, 0, 7), rank(1, 5, 11)]);
    assert_eq!(kinds(&maps, 0, 0), "B.....C");
    assert_eq!(kinds(&maps, 1, 0), "C....B");
    assert_eq!(maps.dims[0].owned, [6, 5]);
    let images: Vec<_> = (0..11).map(|index| periodic_source(index, 11, 1, 1)).collect();
    assert_eq!((images[0], images[10]), (Some(9), Some(1)));
    assert!(images[1..10].iter().all(Option::is_none));
}

#[test]
fn heat_leaves_the_last_process_idle() {
    let rank = |r: i64| {
        let stop = (r + 1).min(3);
        f8(&[stop - r], vec![DimDict::block(3, 4, r, r, stop)])
    };
    assert_eq!(maps(&[rank(0), rank(1), rank(2), rank(3)]).dims[0].owned, [1, 1, 1, 0]);
}
