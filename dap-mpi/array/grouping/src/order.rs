//! Rows in the order of their groups.

/// The numbers of rows, those of one group side by side, in their order: a counting sort.
pub(crate) struct InOrder {
    rows: Vec<u32>,
    /// For each group, the end of its rows.
    ends: Vec<u32>,
}

impl InOrder {
    /// Of less than 2^32 rows, by the group of each row. Rows of none of the ascending `groups` are
    /// left out.
    pub(crate) fn of(of_rows: &[Option<u32>], groups: &[usize]) -> InOrder {
        let (Some(&first), Some(&last)) = (groups.first(), groups.last()) else {
            return InOrder { rows: Vec::new(), ends: Vec::new() };
        };
        if last - first + 1 == groups.len() {
            let count = groups.len();
            let place = |group: usize| group.checked_sub(first).filter(|place| *place < count);
            return InOrder::by_place(of_rows, count, place);
        }
        InOrder::by_place(of_rows, groups.len(), |group| groups.binary_search(&group).ok())
    }

    fn by_place(of_rows: &[Option<u32>], count: usize, place: impl Fn(usize) -> Option<usize>) -> InOrder {
        let place = |group: &Option<u32>| group.and_then(|group| place(group as usize));
        let mut ends = vec![0; count];
        of_rows.iter().filter_map(place).for_each(|place| ends[place] += 1);
        // The starts, which become the ends when rows are put behind them.
        let mut all = 0;
        for end in &mut ends {
            (*end, all) = (all, all + *end);
        }
        let mut rows = vec![0; all as usize];
        for (group, row) in of_rows.iter().zip(0..) {
            if let Some(place) = place(group) {
                rows[ends[place] as usize] = row;
                ends[place] += 1;
            }
        }
        InOrder { rows, ends }
    }

    /// The rows.
    pub(crate) fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// The place of each group that has rows, and their number.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let counts = starts.zip(&self.ends).map(|(start, end)| (end - start) as usize);
        counts.enumerate().filter(|(_, count)| *count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_group_keep_their_order() {
        let of_rows = [Some(2), None, Some(0), Some(2), Some(7), Some(3), Some(2), Some(0)];
        for groups in [vec![], vec![2], vec![0, 1, 2, 3], vec![0, 3, 7, 9]] {
            let order = InOrder::of(&of_rows, &groups);
            let rows = |group: usize| (0..8).filter(move |&row| of_rows[row] == Some(group as u32));
            let expected: Vec<u32> = groups.iter().flat_map(|&group| rows(group)).map(|row| row as u32).collect();
            assert_eq!(order.rows(), expected);
            let counts = groups.iter().enumerate().map(|(place, &group)| (place, rows(group).count()));
            assert_eq!(order.counts().collect::<Vec<_>>(), counts.filter(|(_, count)| *count > 0).collect::<Vec<_>>());
        }
    }
}
