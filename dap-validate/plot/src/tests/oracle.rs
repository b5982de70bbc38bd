//! Random valid arrays: every element has the colour of the rank that the oracle gives, and every
//! halo its cells.

use std::collections::{BTreeMap, BTreeSet};

use dap_conformance::generate::sets;
use dap_conformance::model::RankExport;
use dap_conformance::oracle::{Maps, check_set};
use proptest::prelude::*;

use super::*;

/// The drawn dimensions, with the global indices at their positions; one index for a dimension that
/// does not exist.
fn drawn(maps: &Maps) -> [Vec<i64>; 2] {
    let indices = |dim: usize| maps.dims[dim].holders.keys().copied().collect::<Vec<_>>();
    match maps.dims.len() {
        0 => [vec![0], vec![0]],
        1 => [vec![0], indices(0)],
        _ => [indices(0), indices(1)],
    }
}

/// The index of the whole array at a place of the picture.
fn whole(maps: &Maps, row: i64, column: i64) -> Vec<i64> {
    match maps.dims.len() {
        0 => Vec::new(),
        1 => vec![column],
        _ => {
            let others = maps.dims[2..].iter().map(|dim| dim.holders.keys().next().copied().unwrap_or(0));
            [row, column].into_iter().chain(others).collect()
        }
    }
}

fn positions([rows, columns]: &[Vec<i64>; 2]) -> impl Iterator<Item = ((usize, i64), (usize, i64))> + '_ {
    let rows = rows.iter().copied().enumerate();
    rows.flat_map(move |row| columns.iter().copied().enumerate().map(move |column| (row, column)))
}

/// The places at which a rank's buffer has copies of other ranks' elements.
fn copies(maps: &Maps, rank: usize) -> BTreeSet<(i64, i64)> {
    let single = vec![(0, true)];
    let places = |dim: usize| -> Vec<(i64, bool)> {
        maps.sections[rank][dim].iter().map(|place| (place.global, place.is_owned())).collect()
    };
    let (rows, columns) = match maps.dims.len() {
        0 => (single.clone(), single),
        1 => (single, places(0)),
        _ => (places(0), places(1)),
    };
    let cells = rows.iter().flat_map(|row| columns.iter().map(move |column| (*row, *column)));
    cells.filter(|(row, column)| !(row.1 && column.1)).map(|(row, column)| (row.0, column.0)).collect()
}

/// Whether a rank holds the drawn slice: it owns the slice's index in every other dimension.
fn in_slice(maps: &Maps, rank: usize) -> bool {
    let mut rest = rank as i64;
    let mut coordinates = vec![0; maps.grid.len()];
    for dim in (0..maps.grid.len()).rev() {
        coordinates[dim] = rest % maps.grid[dim];
        rest /= maps.grid[dim];
    }
    let owns = |dim: usize| {
        let index = maps.dims[dim].holders.keys().next().copied();
        index.and_then(|index| maps.dims[dim].owner(index)).is_some_and(|(owner, _)| owner == coordinates[dim])
    };
    (2..maps.grid.len()).all(owns)
}

proptest! {
    #[test]
    fn every_element_is_where_it_belongs(set in sets()) {
        let maps = check_set(&set).maps.expect("valid");
        let texts: Vec<String> = set.iter().map(RankExport::to_json).collect();
        // Wide enough for every element to have some pixels.
        let options = PlotOptions { width: 2400, buffers: 2, ..PlotOptions::default() };
        let text = svg(&Subject::of(&check(&texts)), &options).expect("no slice");
        let document = Document::parse(&text).expect("well-formed");
        let drawn = drawn(&maps);
        let Some(global) = Global::of(&document) else {
            prop_assert!(maps.shape.contains(&0) || drawn.iter().any(Vec::is_empty));
            return Ok(());
        };
        let owned = global.areas("data-rank");
        let halos: BTreeMap<String, Vec<[i64; 4]>> = global.areas("data-halo").into_iter().collect();
        let mut copied: BTreeMap<String, BTreeSet<(i64, i64)>> = BTreeMap::new();
        for ((row_at, row), (column_at, column)) in positions(&drawn) {
            let (x, y) = global.middle([row_at, drawn[0].len()], [column_at, drawn[1].len()]);
            let found: BTreeSet<&str> =
                owned.iter().filter(|(_, rects)| contains(rects, x, y)).map(|(rank, _)| &**rank).collect();
            let owner = maps.owner(&whole(&maps, row, column)).map(|(rank, _)| rank.to_string());
            prop_assert_eq!(found.into_iter().map(str::to_owned).collect::<Vec<_>>(), Vec::from_iter(owner));
            for (rank, _) in halos.iter().filter(|(_, rects)| contains(rects, x, y)) {
                copied.entry(rank.clone()).or_default().insert((row, column));
            }
        }
        for rank in (0..set.len()).filter(|rank| in_slice(&maps, *rank)) {
            let expected = copies(&maps, rank);
            prop_assert_eq!(copied.remove(&rank.to_string()).unwrap_or_default(), expected, "halo of rank {}", rank);
        }
        prop_assert!(copied.is_empty(), "{:?}", copied);
        for fault in ["data-gap", "data-overlap", "data-missing", "data-outside"] {
            prop_assert!(global.areas(fault).is_empty(), "{}", fault);
        }
    }
}
