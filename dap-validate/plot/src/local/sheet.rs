//! The part of the page that shows buffers.

use crate::drawn::DrawnSlice;

/// The buffers' part of the page.
pub(crate) struct Sheet<'a> {
    pub(crate) drawn: &'a DrawnSlice<'a>,
    /// The left end of the heading, its base line, and the width to use.
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    /// The largest number of buffers drawn.
    pub(crate) most: i64,
}
