//! Copies of rows of bytes, by their numbers.
//!
//! Each loop is compiled for the widths of numbers, whose rows are copied by one instruction, and
//! for any width.

/// Calls a loop with the width of rows as a constant, `N` bytes; 0 stands for any width. Rows of no
/// bytes need no loop.
macro_rules! by_width {
    ($bytes:expr, $each:ident($($argument:expr),*)) => {
        match $bytes {
            0 => {}
            1 => $each::<1>($bytes, $($argument),*),
            2 => $each::<2>($bytes, $($argument),*),
            4 => $each::<4>($bytes, $($argument),*),
            8 => $each::<8>($bytes, $($argument),*),
            16 => $each::<16>($bytes, $($argument),*),
            _ => $each::<0>($bytes, $($argument),*),
        }
    };
}

/// The width of rows: a constant, if there is one.
#[inline(always)]
fn width<const N: usize>(bytes: usize) -> usize {
    if N > 0 { N } else { bytes }
}

/// Copies the rows of `from` with these numbers to `to`, one behind the other.
///
/// # Panics
/// `from` has no such row.
pub(super) fn gather(from: &[u8], bytes: usize, numbers: impl Iterator<Item = usize>, to: &mut [u8]) {
    fn each<const N: usize>(bytes: usize, from: &[u8], numbers: impl Iterator<Item = usize>, to: &mut [u8]) {
        let width = width::<N>(bytes);
        let rows = to.chunks_exact_mut(width).zip(numbers);
        rows.for_each(|(to, number)| to.copy_from_slice(&from[number * width..][..width]));
    }
    by_width!(bytes, each(from, numbers, to));
}

/// Copies the rows of `from`, one behind the other, to the rows of `to` with these numbers, in this
/// order.
///
/// # Panics
/// `to` has no such row.
pub(super) fn scatter(from: &[u8], bytes: usize, numbers: impl Iterator<Item = usize>, to: &mut [u8]) {
    fn each<const N: usize>(bytes: usize, from: &[u8], numbers: impl Iterator<Item = usize>, to: &mut [u8]) {
        let width = width::<N>(bytes);
        let rows = from.chunks_exact(width).zip(numbers);
        rows.for_each(|(row, number)| to[number * width..][..width].copy_from_slice(row));
    }
    by_width!(bytes, each(from, numbers, to));
}

/// Copies the next row of one of several lists to each place: of the list that `lists` names.
///
/// # Panics
/// A list has too few rows.
pub(super) fn interleave(from: &[&[u8]], bytes: usize, lists: &[u32], to: &mut [u8]) {
    fn each<const N: usize>(bytes: usize, from: &[&[u8]], lists: &[u32], to: &mut [u8]) {
        let width = width::<N>(bytes);
        let mut left: Vec<_> = from.iter().map(|list| list.chunks_exact(width)).collect();
        for (to, &list) in to.chunks_exact_mut(width).zip(lists) {
            to.copy_from_slice(left[list as usize].next().expect("a row for each place"));
        }
    }
    by_width!(bytes, each(from, lists, to));
}

/// Appends each row of `from` to one of `count` lists: to the one that `lists` names.
pub(super) fn part(from: &[u8], bytes: usize, lists: &[u32], count: usize) -> Vec<Vec<u8>> {
    fn each<const N: usize>(bytes: usize, from: &[u8], lists: &[u32], to: &mut [Vec<u8>]) {
        let rows = from.chunks_exact(width::<N>(bytes)).zip(lists);
        rows.for_each(|(row, &list)| to[list as usize].extend_from_slice(row));
    }
    let mut lengths = vec![0; count];
    lists.iter().for_each(|&list| lengths[list as usize] += bytes);
    let mut to: Vec<Vec<u8>> = lengths.into_iter().map(Vec::with_capacity).collect();
    by_width!(bytes, each(from, lists, &mut to));
    to
}
