//! An unstructured dimension in a picture: its indices in ascending order, each with the processes
//! that hold it.

/// The holders of each index.
#[derive(Debug)]
pub(crate) struct Listed {
    /// Index and holder, ascending.
    holders: Vec<(i64, u32)>,
    /// The beginning of the entries of each distinct index; `None` if every index has one entry.
    firsts: Option<Vec<usize>>,
}

/// The largest number of entries that one look-up follows a run of equal holders.
const STRIDE: usize = 1 << 12;

impl Listed {
    pub(super) fn new(entries: impl Iterator<Item = (i64, u32)>) -> Self {
        let mut holders: Vec<(i64, u32)> = entries.collect();
        holders.sort_unstable();
        let begins = |at: usize| at == 0 || holders[at - 1].0 != holders[at].0;
        let distinct = (0..holders.len()).filter(|&at| begins(at)).count();
        let firsts = (distinct != holders.len()).then(|| (0..holders.len()).filter(|&at| begins(at)).collect());
        Self { holders, firsts }
    }

    /// The number of distinct indices.
    pub(super) fn len(&self) -> usize {
        self.firsts.as_ref().map_or(self.holders.len(), Vec::len)
    }

    /// The index at a position.
    pub(super) fn label(&self, position: usize) -> Option<i64> {
        Some(self.at(position).first()?.0)
    }

    /// The position of an index.
    pub(super) fn position(&self, label: i64) -> Option<usize> {
        let at = match &self.firsts {
            None => self.holders.partition_point(|(index, _)| *index < label),
            Some(firsts) => firsts.partition_point(|&first| self.holders[first].0 < label),
        };
        (self.label(at) == Some(label)).then_some(at)
    }

    /// The entries at a position.
    pub(super) fn at(&self, position: usize) -> &[(i64, u32)] {
        let (from, to) = match &self.firsts {
            None => (position, position.saturating_add(1)),
            Some(firsts) => {
                let Some(&from) = firsts.get(position) else { return &[] };
                (from, firsts.get(position + 1).copied().unwrap_or(self.holders.len()))
            }
        };
        self.holders.get(from..to).unwrap_or(&[])
    }

    /// A position up to which the holders are the same as at `position`; the run may be longer.
    pub(super) fn end(&self, position: usize) -> usize {
        let same = |other: usize| {
            let (here, there) = (self.at(position), self.at(other));
            here.len() == there.len() && here.iter().zip(there).all(|(a, b)| a.1 == b.1)
        };
        let last = self.len().min(position.saturating_add(STRIDE));
        (position + 1..last).find(|&other| !same(other)).unwrap_or(last).max(position + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_and_scattered_indices() {
        let listed = Listed::new([(7, 0), (-2, 1), (3, 0), (7, 1), (4, 0)].into_iter());
        let labels: Vec<_> = (0..listed.len()).map(|at| listed.label(at)).collect();
        assert_eq!(labels, [-2, 3, 4, 7].map(Some));
        assert_eq!(listed.at(3), [(7, 0), (7, 1)]);
        assert_eq!((listed.position(4), listed.position(5), listed.position(9)), (Some(2), None, None));
        let ends: Vec<usize> = (0..4).map(|at| listed.end(at)).collect();
        assert_eq!(ends, [1, 3, 3, 4]);
    }
}
