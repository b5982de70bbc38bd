//! A layout's exports, written as text and read again, are the same layout.

use dap_conformance::generate::sets;
use dap_core::check::{Checker, Profile, Ranks, Report};
use dap_core::dim::{Block, Cyclic, Dim};
use dap_core::dtype::DType;
use dap_core::error::ErrorKind;
use dap_core::index::Rank;
use dap_core::json;
use dap_core::layout::{Edition, Layout};
use dap_core::rules::Severity;
use proptest::prelude::*;
use proptest::test_runner::Config;

use super::{check_set, rules};

/// Writes and reads all ranks, and checks them, recommendations included.
fn again(layout: &Layout, edition: Edition, dtype: &DType) -> Result<Report, dap_core::error::Error> {
    let mut checker = Checker::new(Profile::Strict);
    for rank in (0..layout.processes()).map(Rank) {
        let export = layout.export_in(edition, rank, dtype)?;
        let text = json::write(&export).expect("a text");
        let read = json::read(text.as_bytes());
        assert_eq!(read, export, "{text}");
        let local = checker.local(&read);
        checker.push(Some(rank), local);
    }
    Ok(checker.finish(Ranks::All))
}

fn wraps(layout: &Layout) -> bool {
    layout.dims().iter().any(|dim| matches!(dim, Dim::Block(block) if block.wraps()))
}

fn has_periodic_boundary(layout: &Layout) -> bool {
    layout.dims().iter().any(|dim| match dim {
        Dim::Block(block) => {
            let ends = [0, block.grid_size() - 1].map(|rank| block.section(dap_core::index::GridRank(rank)));
            block.is_periodic() && ends[0].boundary_lo + ends[1].boundary_hi > 0
        }
        _ => false,
    })
}

proptest! {
    #![proptest_config(Config::with_cases(512))]

    #[test]
    fn a_layout_is_read_as_it_was_written(set in sets()) {
        let checked = check_set(&set);
        let (layout, dtype) = (checked.layout.expect("a valid set"), checked.dtype.expect("a valid set"));
        for edition in [Edition::V0_9, Edition::V0_10] {
            match again(&layout, edition, &dtype) {
                Ok(report) => {
                    let found = rules(&report, Severity::Warning);
                    // Each form of such an array causes a note. If a cyclic dimension has no index,
                    // no export shows the grid rank that it starts at.
                    let nothing = layout.shape().contains(&0);
                    prop_assert!(found.iter().all(|rule| rule == "DAP905" || nothing && rule == "DAP408"), "{found:?}");
                    prop_assert_eq!(report.layout.as_ref(), Some(&layout));
                    prop_assert_eq!(report.dtype.as_ref(), Some(&dtype));
                    prop_assert_eq!(report.edition, Some(edition));
                }
                Err(error) if edition == Edition::V0_10 => {
                    prop_assert_eq!(error.kind(), ErrorKind::WrapNotInVersion);
                    prop_assert!(wraps(&layout));
                }
                Err(error) => {
                    prop_assert_eq!(error.kind(), ErrorKind::BoundaryNotInVersion);
                    prop_assert!(has_periodic_boundary(&layout));
                }
            }
        }
    }
}

#[test]
fn what_cannot_be_said_is_refused() {
    let dtype = DType::parse("<f8").unwrap();
    let one = |dim: Dim| Layout::new(vec![dim]).unwrap();
    let refused = |layout: &Layout, edition, rank| layout.export_in(edition, Rank(rank), &dtype).unwrap_err();
    let wrapped = one(Block::new(10, 2).unwrap().with_wrap(1).unwrap().into());
    let error = refused(&wrapped, Edition::V0_10, 1);
    assert_eq!(
        error.to_string(),
        "rank 1, dimension 0: only version 0.9 of the protocol can say a halo that wraps round the ends: `padding` is 1"
    );
    let ring = one(Block::new(10, 2).unwrap().with_boundary(1, 0).unwrap().with_periodic(true).unwrap().into());
    assert_eq!(refused(&ring, Edition::V0_9, 0).kind(), ErrorKind::BoundaryNotInVersion);
    for (rank, kind) in [(-1, ErrorKind::TooSmall), (2, ErrorKind::TooLarge)] {
        assert_eq!(refused(&ring, Edition::V0_10, rank).kind(), kind);
    }
    let large = one(Block::new(i64::MAX / 4, 2).unwrap().into());
    assert_eq!(refused(&large, Edition::V0_10, 0).kind(), ErrorKind::Overflow);
}

/// A grid far larger than the array: the empty sections' `start` may not fit 64 bits.
#[test]
fn a_process_beyond_the_cycle_starts_at_size() {
    let cyclic = Cyclic::new(i64::MAX - 1, 1 << 40, 1 << 40).unwrap();
    let layout = Layout::new(vec![cyclic.into()]).unwrap();
    let export = layout.export(Rank((1 << 40) - 1), &DType::parse("|u1").unwrap()).unwrap();
    let checker = Checker::new(Profile::Auto);
    assert!(checker.local(&export).findings().is_empty());
}
