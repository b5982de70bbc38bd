//! The intersection of two run sets.

use super::interleaved::list_with_interleaved;
use super::list::RunList;
use super::{Overlap, Runs, Store, strided};

/// The indices that two run sets share, ascending by the first global index of each group.
///
/// Cost and length follow the runs within one common period of two structured sets (or within both
/// sets, if those are fewer), and never the number of elements; with an unstructured set, its runs.
/// Where one set is an interval, and for plain cyclic sets, there are a few groups whatever the
/// sizes. Swapping the arguments swaps the two local sides of each group and nothing else.
///
/// Groups do not overlap, but those with strides interleave. A message that carries them has an
/// element order all the same, which every process computes alike: group by group, within a group
/// run by run, within a run by index.
///
/// ```
/// use dap_core::dim::{Block, Cyclic};
/// use dap_core::index::{GlobalIndex, GridRank, LocalIndex};
/// use dap_core::runs::intersect;
/// let size = 1 << 40;
/// let (from, to) = (Cyclic::new(size, 4, 1)?, Block::new(size, 2)?);
/// let common = intersect(&from.runs(GridRank(3)), &to.runs(GridRank(1)));
/// let [overlap] = common[..] else { panic!("one group") };
/// assert_eq!((overlap.run_len(), overlap.count()), (1, size / 8));
/// assert_eq!((overlap.global_start(), overlap.global_stride()), (GlobalIndex(size / 2 + 3), 4));
/// assert_eq!((overlap.a_start(), overlap.a_stride()), (LocalIndex(size / 8), 1));
/// assert_eq!((overlap.b_start(), overlap.b_stride()), (LocalIndex(3), 4));
/// # Ok::<(), dap_core::error::Error>(())
/// ```
pub fn intersect(a: &Runs, b: &Runs) -> Vec<Overlap> {
    let mut overlaps: Vec<Overlap> = Vec::new();
    for_each_overlap(a, b, |overlap| {
        if overlaps.last_mut().is_none_or(|last| !last.extend(&overlap)) {
            overlaps.push(overlap);
        }
    });
    overlaps
}

/// Calls `visit` for each overlap of two run sets: the elements of [`intersect`] in the same order.
///
/// The groups are those of `intersect`, except that neighbouring runs of equal distance are not
/// joined. So a random permutation of many elements can be stored in the smallest form.
pub fn for_each_overlap(a: &Runs, b: &Runs, mut visit: impl FnMut(Overlap)) {
    match (a.store(), b.store()) {
        (Store::Groups { .. } | Store::Interleaved(_), Store::Groups { .. } | Store::Interleaved(_)) => {
            let mut overlaps = Vec::new();
            for a in a.groups() {
                for b in b.groups() {
                    strided::groups(&a, &b, &mut |overlap| overlaps.push(overlap));
                }
            }
            overlaps.sort_unstable_by_key(Overlap::global_start);
            overlaps.into_iter().for_each(visit);
        }
        (Store::List(list), Store::Interleaved(groups)) => list_with_interleaved(list, groups, visit),
        (Store::Interleaved(groups), Store::List(list)) => {
            list_with_interleaved(list, groups, |overlap| visit(overlap.swapped()));
        }
        (Store::List(list), Store::Groups { .. }) => list_with_groups(list, b, visit),
        (Store::Groups { .. }, Store::List(list)) => list_with_groups(list, a, |overlap| visit(overlap.swapped())),
        (Store::List(a), Store::List(b)) => lists(a, b, visit),
    }
}

/// Groups ascend and do not interleave, so runs cut by each in turn come out ascending.
fn list_with_groups(list: &RunList, groups: &Runs, mut visit: impl FnMut(Overlap)) {
    for group in groups.groups() {
        let mut at = list.seek(0, group.global_start.0);
        while let Some(run) = list.get(at).filter(|run| run.global <= group.last()) {
            strided::clip(run, &group, &mut visit);
            at += 1;
        }
    }
}

fn lists(a: &RunList, b: &RunList, mut visit: impl FnMut(Overlap)) {
    let (mut i, mut j) = (0, 0);
    while let (Some(left), Some(right)) = (a.get(i), b.get(j)) {
        let (start, end) = (left.global.max(right.global).0, left.last().min(right.last()).0);
        if start <= end {
            let (a_local, b_local) = (left.local.0 + (start - left.global.0), right.local.0 + (start - right.global.0));
            visit(Overlap::single(start, a_local, b_local, end - start + 1));
            if left.last() <= right.last() { i += 1 } else { j += 1 }
        } else if left.last() < right.global {
            i = a.seek(i + 1, right.global.0);
        } else {
            j = b.seek(j + 1, left.global.0);
        }
    }
}
