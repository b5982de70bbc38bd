//! Copies of rows of bytes, by their numbers.

/// Copies the rows of `from` with these numbers to `to`, one behind the other.
///
/// # Panics
/// `from` has no such row.
pub(super) fn gather(from: &[u8], bytes: usize, numbers: impl Iterator<Item = usize>, to: &mut [u8]) {
    by_width(bytes, Gather { from, bytes, numbers, to });
}

/// Copies the rows of `from`, one behind the other, to the rows of `to` with these numbers, in this
/// order.
///
/// # Panics
/// `to` has no such row.
pub(super) fn scatter(from: &[u8], bytes: usize, numbers: impl Iterator<Item = usize>, to: &mut [u8]) {
    by_width(bytes, Scatter { from, bytes, numbers, to });
}

/// Copies the next row of one of several lists to each place: of the list that `lists` names.
///
/// # Panics
/// A list has too few rows.
pub(super) fn interleave(from: &[&[u8]], bytes: usize, lists: &[u32], to: &mut [u8]) {
    by_width(bytes, Interleave { from, bytes, lists, to });
}

/// Appends each row of `from` to one of `count` lists: to the one that `lists` names.
pub(super) fn part(from: &[u8], bytes: usize, lists: &[u32], count: usize) -> Vec<Vec<u8>> {
    let mut lengths = vec![0; count];
    lists.iter().for_each(|&list| lengths[list as usize] += bytes);
    let mut to: Vec<Vec<u8>> = lengths.into_iter().map(Vec::with_capacity).collect();
    by_width(bytes, Part { from, bytes, lists, to: &mut to });
    to
}

/// A loop over rows of `N` bytes, or of any number.
trait Rows {
    fn of_width<const N: usize>(self);
    fn of_any_width(self);
}

/// Rows of the width of a number are copied by one instruction.
fn by_width(bytes: usize, rows: impl Rows) {
    match bytes {
        0 => {}
        1 => rows.of_width::<1>(),
        2 => rows.of_width::<2>(),
        4 => rows.of_width::<4>(),
        8 => rows.of_width::<8>(),
        16 => rows.of_width::<16>(),
        _ => rows.of_any_width(),
    }
}

struct Gather<'a, I> {
    from: &'a [u8],
    bytes: usize,
    numbers: I,
    to: &'a mut [u8],
}

impl<I: Iterator<Item = usize>> Rows for Gather<'_, I> {
    fn of_width<const N: usize>(self) {
        let (from, to) = (self.from.as_chunks::<N>().0, self.to.as_chunks_mut::<N>().0);
        to.iter_mut().zip(self.numbers).for_each(|(to, number)| *to = from[number]);
    }

    fn of_any_width(self) {
        let Gather { from, bytes, numbers, to } = self;
        let row = |number: usize| &from[number * bytes..][..bytes];
        to.chunks_exact_mut(bytes).zip(numbers).for_each(|(to, number)| to.copy_from_slice(row(number)));
    }
}

struct Scatter<'a, I> {
    from: &'a [u8],
    bytes: usize,
    numbers: I,
    to: &'a mut [u8],
}

impl<I: Iterator<Item = usize>> Rows for Scatter<'_, I> {
    fn of_width<const N: usize>(self) {
        let (from, to) = (self.from.as_chunks::<N>().0, self.to.as_chunks_mut::<N>().0);
        from.iter().zip(self.numbers).for_each(|(row, number)| to[number] = *row);
    }

    fn of_any_width(self) {
        let Scatter { from, bytes, numbers, to } = self;
        for (row, number) in from.chunks_exact(bytes).zip(numbers) {
            to[number * bytes..][..bytes].copy_from_slice(row);
        }
    }
}

struct Interleave<'a> {
    from: &'a [&'a [u8]],
    bytes: usize,
    lists: &'a [u32],
    to: &'a mut [u8],
}

impl Rows for Interleave<'_> {
    fn of_width<const N: usize>(self) {
        let mut left: Vec<_> = self.from.iter().map(|list| list.as_chunks::<N>().0.iter()).collect();
        for (to, &list) in self.to.as_chunks_mut::<N>().0.iter_mut().zip(self.lists) {
            *to = *left[list as usize].next().expect("a row for each place");
        }
    }

    fn of_any_width(self) {
        let mut left: Vec<_> = self.from.iter().map(|list| list.chunks_exact(self.bytes)).collect();
        for (to, &list) in self.to.chunks_exact_mut(self.bytes).zip(self.lists) {
            to.copy_from_slice(left[list as usize].next().expect("a row for each place"));
        }
    }
}

struct Part<'a> {
    from: &'a [u8],
    bytes: usize,
    lists: &'a [u32],
    to: &'a mut [Vec<u8>],
}

impl Rows for Part<'_> {
    fn of_width<const N: usize>(self) {
        let rows = self.from.as_chunks::<N>().0.iter().zip(self.lists);
        rows.for_each(|(row, &list)| self.to[list as usize].extend_from_slice(row));
    }

    fn of_any_width(self) {
        let rows = self.from.chunks_exact(self.bytes).zip(self.lists);
        rows.for_each(|(row, &list)| self.to[list as usize].extend_from_slice(row));
    }
}
