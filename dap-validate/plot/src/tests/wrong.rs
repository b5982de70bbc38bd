//! Wrong arrays: their faults are red, and a picture is drawn whatever the ranks state.

use dap_conformance::model::{DimDict, RankExport};
use dap_conformance::mutate::mutated;
use proptest::prelude::*;

use super::*;

/// A picture of one dimension of blocks, from the range of ten indices that each rank owns.
fn blocks(ranges: &[(i64, i64)]) -> String {
    let count = i64::try_from(ranges.len()).expect("few");
    let export = |(rank, (start, stop)): (i64, &(i64, i64))| {
        RankExport::new("<f8", vec![stop - start], vec![DimDict::block(10, count, rank, *start, *stop)]).to_json()
    };
    let texts: Vec<String> = (0..).zip(ranges).map(export).collect();
    svg(&Subject::of(&check(&texts)), &PlotOptions::default()).expect("no slice")
}

/// The positions of ten that areas with this attribute cover, and its values.
fn marked(text: &str, attribute: &str) -> Vec<(usize, String)> {
    let document = Document::parse(text).expect("well-formed");
    let global = Global::of(&document).expect("drawn");
    let areas = global.areas(attribute);
    let at = |position: usize| {
        let (x, y) = global.middle([0, 1], [position, 10]);
        areas.iter().find(|(_, rects)| contains(rects, x, y)).map(|(value, _)| (position, value.clone()))
    };
    (0..10).filter_map(at).collect()
}

#[test]
fn gaps_and_overlaps_are_marked() {
    let gap = blocks(&[(0, 4), (6, 10)]);
    assert_eq!(marked(&gap, "data-gap"), [(4, String::new()), (5, String::new())]);
    assert!(gap.contains("DAP612 no rank owns indices 4 to 5") && gap.contains("without an owner"));
    let overlap = blocks(&[(0, 6), (5, 8), (8, 10)]);
    assert_eq!(marked(&overlap, "data-overlap"), [(5, "0,1".to_owned())]);
    assert!(marked(&overlap, "data-gap").is_empty());
    assert!(blocks(&[(0, 5), (5, 10)]).find("data-gap").is_none());
}

#[test]
fn one_rank_that_disagrees_is_told_from_its_neighbours() {
    // On a grid of 2 x 2, only rank 3 begins one column later.
    let export = |rank: i64| {
        let (row, column) = (rank / 2, rank % 2);
        let start = column * 5 + i64::from(rank == 3);
        let dims =
            vec![DimDict::block(4, 2, row, row * 2, row * 2 + 2), DimDict::block(10, 2, column, start, column * 5 + 5)];
        RankExport::new("<f8", vec![2, column * 5 + 5 - start], dims).to_json()
    };
    let texts: Vec<String> = (0..4).map(export).collect();
    let text = svg(&Subject::of(&check(&texts)), &PlotOptions::default()).expect("no slice");
    let document = Document::parse(&text).expect("well-formed");
    let global = Global::of(&document).expect("drawn");
    let gaps = global.areas("data-gap");
    let is_gap = |row: usize, column: usize| {
        let (x, y) = global.middle([row, 4], [column, 10]);
        gaps.iter().any(|(_, rects)| contains(rects, x, y))
    };
    let found: Vec<(usize, usize)> = (0..4)
        .flat_map(|row| (0..10).map(move |column| (row, column)))
        .filter(|(row, column)| is_gap(*row, *column))
        .collect();
    assert_eq!(found, [(2, 5), (3, 5)]);
}

#[test]
fn missing_ranks_are_named() {
    let export = |rank: i64| {
        let dims = [rank / 2, rank % 2].map(|at| DimDict::block(10, 2, at, at * 5, at * 5 + 5));
        RankExport::new("<f8", vec![5, 5], dims.to_vec()).to_json()
    };
    let mut checker = Checker::new(Profile::Auto);
    for rank in [0, 1, 3] {
        let local = checker.local(&dap_core::json::read(export(rank).as_bytes()));
        checker.push(Some(Rank(rank)), local);
    }
    let text = svg(&Subject::of(&checker.finish(Ranks::All)), &PlotOptions::default()).expect("no slice");
    let document = Document::parse(&text).expect("well-formed");
    let missing = Global::of(&document).expect("drawn").areas("data-missing");
    assert_eq!(missing.iter().map(|(rank, _)| &**rank).collect::<Vec<_>>(), ["2"]);
}

#[test]
fn a_fault_among_a_million_is_seen() {
    let million = 1_000_000_i64;
    let mut checker = Checker::new(Profile::Auto);
    for rank in 0..million {
        let start = 2 * rank + i64::from(rank == 777_777);
        let dim = dap_core::export::DimDict::block(2 * million, start, 2 * rank + 2).on_grid(rank, million);
        let local = checker.local(&dap_core::export::Export::new("<f8", vec![2 * rank + 2 - start], vec![dim]));
        checker.push(Some(Rank(rank)), local);
    }
    let report = checker.finish(Ranks::All);
    let text = svg(&Subject::of(&report), &PlotOptions::default()).expect("no slice");
    assert!(text.len() < 200_000, "{} bytes", text.len());
    let document = Document::parse(&text).expect("well-formed");
    assert_eq!(Global::of(&document).expect("drawn").areas("data-gap").len(), 1);
    // The gap is drawn in the detail as well, and so are the buffers beside it.
    let closer =
        document.descendants().find(|node| node.attribute("class") == Some("detail")).expect("too many to draw");
    assert!(closer.children().any(|node| node.has_attribute("data-gap")));
    assert!(text.contains(">rank 777777</text>"));
}

proptest! {
    #[test]
    fn every_mistake_can_be_drawn(mutated in mutated(), width in 0_u32..3000, buffers in 0_usize..20) {
        let texts: Vec<String> = mutated.set.iter().map(RankExport::to_json).collect();
        let options = PlotOptions { width, buffers, ..PlotOptions::default() };
        let text = svg(&Subject::of(&check(&texts)), &options).expect("no slice");
        prop_assert!(Document::parse(&text).is_ok());
        prop_assert_eq!(&text, &svg(&Subject::of(&check(&texts)), &options).expect("no slice"));
    }
}
