//! The maps of a layout are the oracle's lists, index by index.

use dap_conformance::generate::sets;
use dap_conformance::oracle;
use dap_core::index::{GlobalIndex, GridRank, LocalIndex, Rank};
use proptest::prelude::*;
use proptest::test_runner::Config;

use super::check_set;

proptest! {
    #![proptest_config(Config::with_cases(256))]

    #[test]
    fn every_index_lies_where_the_oracle_lists_it(set in sets()) {
        let maps = oracle::check_set(&set).maps.expect("a valid set");
        let layout = check_set(&set).layout.expect("a valid set");
        prop_assert_eq!(layout.shape(), &*maps.shape);
        prop_assert_eq!(layout.grid().shape(), &*maps.grid);
        for (dim, expected) in layout.dims().iter().zip(&maps.dims) {
            for (&global, holders) in &expected.holders {
                let (grid_rank, local) = holders[0];
                prop_assert_eq!(dim.owner(GlobalIndex(global)), Some((GridRank(grid_rank), LocalIndex(local))));
            }
            for outside in [-1, expected.size] {
                if !expected.holders.contains_key(&outside) {
                    prop_assert_eq!(dim.owner(GlobalIndex(outside)), None);
                }
            }
            for (grid_rank, globals) in (0..).map(GridRank).zip(&expected.global) {
                prop_assert_eq!(dim.extent(grid_rank), globals.len() as i64);
                prop_assert_eq!(dim.owned_len(grid_rank), expected.owned[grid_rank.0 as usize]);
                for (local, &global) in (0..).map(LocalIndex).zip(globals) {
                    prop_assert_eq!(dim.global(grid_rank, local), Some(GlobalIndex(global)));
                }
                prop_assert_eq!(dim.global(grid_rank, LocalIndex(globals.len() as i64)), None);
                // The runs list the owned indices, each once, with their local indices.
                let mut listed: Vec<(i64, i64)> = Vec::new();
                for run in dim.runs(grid_rank).iter() {
                    listed.extend((0..run.len).map(|i| (run.global.0 + i, run.local.0 + i)));
                }
                listed.sort_unstable();
                let owned = expected.holders.iter().flat_map(|(&global, holders)| {
                    holders.iter().filter(move |(g, _)| *g == grid_rank.0).map(move |&(_, local)| (global, local))
                });
                prop_assert_eq!(listed, owned.collect::<Vec<_>>());
            }
        }
        for rank in 0..set.len() {
            prop_assert_eq!(layout.owned_len(Rank(rank as i64)), maps.owned_len(rank));
        }
    }
}
