//! Numbers near the ends of 64 bits: right where the answer fits, never a panic.

use dap_core::dim::{Block, Cyclic, Dim};
use dap_core::index::{GlobalIndex, GridRank, LocalIndex};
use dap_core::runs::{Overlap, intersect};
use proptest::prelude::*;

const MAX: i64 = i64::MAX;

/// Small, huge, or near a power of two.
fn number() -> impl Strategy<Value = i64> {
    prop_oneof![
        0_i64..20,
        (0_i64..20).prop_map(|below| MAX - below),
        (0_u32..63, -3_i64..=3).prop_map(|(bits, off)| (1_i64 << bits).saturating_add(off)),
        0..=MAX,
    ]
}

fn any_huge() -> impl Strategy<Value = Dim> {
    let cyclic = (number(), number(), number(), number()).prop_map(|(size, processes, block_size, source)| {
        let (size, processes, block_size) = (size.max(0), processes.max(1), block_size.max(1));
        Cyclic::new(size, processes, block_size)
            .unwrap()
            .with_source(GridRank(source.max(0) % processes))
            .unwrap()
            .into()
    });
    let block = (number(), number(), 0..2, 0_i64..3).prop_map(|(size, processes, law, halo)| {
        let (size, processes) = (size.max(0), processes.max(1));
        let block = if law == 0 { Block::new(size, processes) } else { Block::balanced(size, processes) }.unwrap();
        block.clone().with_halo(halo).unwrap_or(block).into()
    });
    let irregular = prop::collection::vec(number(), 1..5).prop_map(|mut bounds| {
        bounds.push(0);
        bounds.sort_unstable();
        bounds.retain(|&bound| bound >= 0);
        bounds.push(*bounds.last().unwrap());
        Block::from_bounds(bounds).unwrap().into()
    });
    prop_oneof![2 => cyclic, 1 => block, 1 => irregular]
}

/// A few ranks at either end, and the owners of some elements.
fn some_ranks(dim: &Dim) -> Vec<GridRank> {
    let last = dim.grid_size() - 1;
    let size = dim.size();
    let mut ranks: Vec<_> = [0, 1, 2, last / 2, last - 1, last].map(GridRank).to_vec();
    ranks.extend([0, size / 3, size / 2, size - 1].iter().filter_map(|&g| Some(dim.owner(GlobalIndex(g))?.0)));
    ranks.retain(|rank| (0..=last).contains(&rank.0));
    ranks
}

proptest! {
    #[test]
    fn owner_and_global_are_inverse(dim in any_huge(), near in number()) {
        for g in [0, 1, near, near - 1, dim.size() / 2, dim.size() - 1] {
            let found = dim.owner(GlobalIndex(g));
            prop_assert_eq!(found.is_some(), 0 <= g && g < dim.size());
            if let Some((rank, local)) = found {
                prop_assert_eq!(dim.global(rank, local), Some(GlobalIndex(g)));
                prop_assert_eq!(dim.local(rank, GlobalIndex(g)), Some(local));
                prop_assert!(local.0 < dim.extent(rank));
            }
        }
        prop_assert_eq!(dim.owner(GlobalIndex(MAX)), None);
        prop_assert_eq!(dim.owner(GlobalIndex(i64::MIN)), None);
    }

    #[test]
    fn global_and_owner_are_inverse(dim in any_huge(), near in number()) {
        for rank in some_ranks(&dim) {
            let owned = dim.owned_len(rank);
            let runs = dim.runs(rank);
            prop_assert_eq!(runs.len(), owned);
            prop_assert!(runs.group_count() <= 2);
            for group in runs.groups() {
                for k in [0, group.count / 2, group.count - 1] {
                    let start = GlobalIndex(group.global_start.0 + k * group.global_stride);
                    let local = LocalIndex(group.local_start.0 + k * group.local_stride);
                    prop_assert_eq!(dim.owner(start), Some((rank, local)));
                    let (last, end) = (GlobalIndex(start.0 + (group.len - 1)), LocalIndex(local.0 + (group.len - 1)));
                    prop_assert_eq!(dim.owner(last), Some((rank, end)));
                }
            }
            for l in [0, near, owned - 1] {
                if let Some(global) = dim.global(rank, LocalIndex(l)) {
                    prop_assert!(dim.owner(global).is_some());
                }
            }
        }
    }

    /// The first and last runs of each group are where both dimensions say.
    #[test]
    fn overlaps_lie_where_the_maps_say(a in any_huge(), b in any_huge()) {
        for p in some_ranks(&a) {
            for q in some_ranks(&b) {
                let (left, right) = (a.runs(p), b.runs(q));
                // Cases whose common period has millions of runs are right to take long.
                prop_assume!(affordable(&left, &right));
                for overlap in intersect(&left, &right) {
                    prop_assert!(overlap.run_len() > 0 && overlap.count() > 0);
                    for k in [0, overlap.count() - 1] {
                        for at in [0, overlap.run_len() - 1] {
                            let g = GlobalIndex(overlap.global_start().0 + k * overlap.global_stride() + at);
                            let a_local = LocalIndex(overlap.a_start().0 + k * overlap.a_stride() + at);
                            let b_local = LocalIndex(overlap.b_start().0 + k * overlap.b_stride() + at);
                            prop_assert_eq!(a.owner(g), Some((p, a_local)));
                            prop_assert_eq!(b.owner(g), Some((q, b_local)));
                        }
                    }
                }
            }
        }
    }

    /// Over all processes of a small grid the overlaps make up what a process owns.
    #[test]
    fn overlaps_make_up_the_whole(
        size in number(), processes in 1_i64..5, width in number(), others in 1_i64..6, other_width in number(), which in 0..3,
    ) {
        let size = size.max(0);
        let a: Dim = Cyclic::new(size, processes, width.max(1)).unwrap().into();
        let b: Dim = match which {
            0 => Cyclic::new(size, others, other_width.max(1)).unwrap().into(),
            1 => Block::new(size, others).unwrap().into(),
            _ => Block::balanced(size, others).unwrap().into(),
        };
        for p in (0..processes).map(GridRank) {
            let mine = a.runs(p);
            let mut common = 0;
            for q in (0..others).map(GridRank) {
                let theirs = b.runs(q);
                prop_assume!(affordable(&mine, &theirs));
                common += intersect(&mine, &theirs).iter().map(Overlap::elements).sum::<i64>();
            }
            prop_assert_eq!(common, mine.len());
        }
    }
}

fn affordable(left: &dap_core::runs::Runs, right: &dap_core::runs::Runs) -> bool {
    left.groups().all(|a| {
        right.groups().all(|b| {
            let walk = a.count.min(b.global_stride).saturating_add(b.count.min(a.global_stride));
            a.count == 1 || b.count == 1 || walk.min(a.len.saturating_add(b.len)) < 100_000
        })
    })
}

#[test]
fn a_million_million_processes() {
    let processes = 1 << 40;
    for dim in [
        Dim::from(Block::new(MAX, processes).unwrap().with_halo(1).unwrap()),
        Block::balanced(MAX, processes).unwrap().with_halo(1).unwrap().into(),
        Cyclic::new(MAX, processes, 3).unwrap().into(),
    ] {
        let (rank, local) = dim.owner(GlobalIndex(MAX - 1)).unwrap();
        assert_eq!(dim.global(rank, local), Some(GlobalIndex(MAX - 1)));
        assert_eq!(dim.owned_len(GridRank(processes)), 0);
    }
}

#[test]
fn a_halo_round_the_ends_must_fit() {
    assert!(Block::new(MAX - 2, 1).unwrap().with_wrap(1).is_ok());
    assert!(Block::new(MAX - 1, 1).unwrap().with_wrap(1).is_err());
}
