//! The slow truth about a dimension: a list of what every place of every buffer holds, made by
//! doing what the definitions say.

use dap_core::dim::Dim;
use dap_core::index::{GlobalIndex, GridRank, LocalIndex};
use dap_core::runs::Runs;

/// One place of a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) global: i64,
    pub(crate) owned: bool,
}

/// The buffers of all processes along a dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slow {
    pub(crate) size: i64,
    pub(crate) buffers: Vec<Vec<Place>>,
}

fn owned(global: i64) -> Place {
    Place { global, owned: true }
}

impl Slow {
    /// Gives one index after the other to its process.
    pub(crate) fn cyclic(size: i64, grid_size: i64, block_size: i64, source: i64) -> Slow {
        let mut buffers = vec![Vec::new(); grid_size as usize];
        let (mut rank, mut in_block) = (source, 0);
        for global in 0..size {
            buffers[rank as usize].push(owned(global));
            in_block += 1;
            if in_block == block_size {
                (rank, in_block) = ((rank + 1) % grid_size, 0);
            }
        }
        Slow { size, buffers }
    }

    /// Gives `lens[r]` indices to each process in turn, then copies `edges[r]` elements both ways
    /// between r and r + 1, and `wrap` round the ends.
    pub(crate) fn block(lens: &[i64], edges: &[i64], wrap: i64) -> Slow {
        let mut next = 0;
        let own: Vec<Vec<Place>> = lens
            .iter()
            .map(|&len| {
                next += len;
                (next - len..next).map(owned).collect()
            })
            .collect();
        let last = lens.len() - 1;
        let image = |places: &[Place]| places.iter().map(|p| Place { owned: false, ..*p }).collect::<Vec<_>>();
        let buffers = (0..lens.len())
            .map(|r| {
                let (below, lo) = if r == 0 { (last, wrap) } else { (r - 1, edges[r - 1]) };
                let (above, hi) = if r == last { (0, wrap) } else { (r + 1, edges[r]) };
                let mut buffer = image(&own[below][own[below].len() - lo as usize..]);
                buffer.extend_from_slice(&own[r]);
                buffer.extend(image(&own[above][..hi as usize]));
                buffer
            })
            .collect();
        Slow { size: next, buffers }
    }

    pub(crate) fn unstructured(size: i64, lists: &[Vec<i64>]) -> Slow {
        Slow { size, buffers: lists.iter().map(|list| list.iter().copied().map(owned).collect()).collect() }
    }

    /// The owned indices of a process, as (global, local), ascending.
    pub(crate) fn owned(&self, rank: usize) -> Vec<(i64, i64)> {
        let places = self.buffers[rank].iter().enumerate().filter(|(_, place)| place.owned);
        let mut owned: Vec<_> = places.map(|(local, place)| (place.global, local as i64)).collect();
        owned.sort_unstable();
        owned
    }

    /// The lowest grid rank that holds an index as its own.
    pub(crate) fn owner(&self, global: i64) -> Option<(GridRank, LocalIndex)> {
        self.buffers.iter().enumerate().find_map(|(rank, buffer)| {
            let local = buffer.iter().position(|&place| place == owned(global))?;
            Some((GridRank(rank as i64), LocalIndex(local as i64)))
        })
    }
}

/// Every element of a run set as (global, local), in the set's order.
pub(crate) fn elements(runs: &Runs) -> Vec<(i64, i64)> {
    runs.iter().flat_map(|run| (0..run.len).map(move |k| (run.global.0 + k, run.local.0 + k))).collect()
}

/// Asks a dimension everything and compares.
pub(crate) fn compare(dim: &Dim, slow: &Slow) {
    assert_eq!(dim.size(), slow.size);
    assert_eq!(dim.grid_size(), slow.buffers.len() as i64);
    let labels: Vec<i64> = slow.buffers.iter().flatten().map(|place| place.global).collect();
    let least = labels.iter().min().map_or(0, |&label| label.max(i64::MIN + 2)) - 2;
    let greatest = labels.iter().max().map_or(0, |&label| label.min(i64::MAX - 2)) + 2;
    // All labels, and around the ends: with labels far apart the numbers between are too many.
    let asked: Vec<i64> = if greatest.saturating_sub(least) < 4096 {
        (least..=greatest).collect()
    } else {
        labels.iter().flat_map(|&label| [label.saturating_sub(1), label, label.saturating_add(1)]).collect()
    };
    for &global in &asked {
        assert_eq!(dim.owner(GlobalIndex(global)), slow.owner(global), "owner of {global} in {dim}");
    }
    let mut sources = Vec::new();
    for (r, buffer) in slow.buffers.iter().enumerate() {
        let rank = GridRank(r as i64);
        assert_eq!(dim.extent(rank), buffer.len() as i64, "extent of {r} in {dim}");
        assert_eq!(dim.owned_len(rank), slow.owned(r).len() as i64, "owned by {r} in {dim}");
        for (local, place) in buffer.iter().enumerate() {
            let found = dim.global(rank, LocalIndex(local as i64));
            assert_eq!(found, Some(GlobalIndex(place.global)), "{local} of {r} in {dim}");
        }
        for outside in [-1, buffer.len() as i64, i64::MAX, i64::MIN] {
            assert_eq!(dim.global(rank, LocalIndex(outside)), None);
        }
        for &global in &asked {
            let expected = slow.owner(global).filter(|&(owner, _)| owner == rank).map(|(_, local)| local);
            assert_eq!(dim.local(rank, GlobalIndex(global)), expected, "{global} on {r} in {dim}");
        }
        let runs = dim.runs(rank);
        compare_runs(&runs, &slow.owned(r));
        let source = dim.source_runs(rank);
        let of_lowest = |&(global, _): &(i64, i64)| slow.owner(global).is_some_and(|(owner, _)| owner == rank);
        compare_runs(&source, &slow.owned(r).into_iter().filter(of_lowest).collect::<Vec<_>>());
        sources.extend(elements(&source).iter().map(|&(global, _)| global));
    }
    let mut distinct = labels;
    distinct.sort_unstable();
    distinct.dedup();
    sources.sort_unstable();
    assert_eq!(sources, distinct, "the sources partition {dim}");
    for rank in [-1, slow.buffers.len() as i64, i64::MAX, i64::MIN].map(GridRank) {
        assert_eq!((dim.owned_len(rank), dim.extent(rank)), (0, 0));
        assert_eq!(dim.global(rank, LocalIndex(0)), None);
        assert_eq!(dim.local(rank, GlobalIndex(0)), None);
        assert!(dim.runs(rank).is_empty());
    }
}

fn compare_runs(runs: &Runs, expected: &[(i64, i64)]) {
    assert_eq!(elements(runs), expected);
    assert_eq!(runs.len(), expected.len() as i64);
    assert_eq!(runs.is_empty(), expected.is_empty());
    assert_eq!(runs.run_count(), runs.iter().count() as i64);
    assert_eq!(runs.group_count(), runs.groups().count());
    let ends = expected.first().zip(expected.last());
    assert_eq!(runs.span(), ends.map(|(first, last)| (GlobalIndex(first.0), GlobalIndex(last.0))));
    // No two runs could be one.
    let joined = |pair: &[(i64, i64)]| pair[0].0.checked_add(1) == Some(pair[1].0) && pair[0].1 + 1 == pair[1].1;
    let breaks = expected.windows(2).filter(|pair| !joined(pair)).count() as i64;
    assert_eq!(runs.run_count(), breaks + i64::from(!expected.is_empty()));
}
