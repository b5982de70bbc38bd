//! Lists of indices that are known to be within an extent.

use std::fmt;

/// Indices within an extent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indices {
    list: Vec<usize>,
    extent: usize,
}

/// An index beyond the extent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexError {
    /// The place in the list.
    pub at: usize,
    /// The index.
    pub index: i64,
    /// The extent.
    pub extent: usize,
}

impl fmt::Display for IndexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, index, extent } = self;
        write!(f, "index {index} at place {at} of the list, expected -{extent} to {extent} - 1")
    }
}

impl std::error::Error for IndexError {}

impl Indices {
    /// Checks a list; negative indices count from the end.
    ///
    /// # Errors
    /// The first index that is outside of the extent.
    pub fn check(list: &[i64], extent: usize) -> Result<Self, IndexError> {
        let wide = extent as i128;
        let checked = list.iter().enumerate().map(|(at, index)| {
            let wrapped = if *index < 0 { i128::from(*index) + wide } else { i128::from(*index) };
            if (0..wide).contains(&wrapped) {
                Ok(wrapped as usize)
            } else {
                Err(IndexError { at, index: *index, extent })
            }
        });
        Ok(Self { list: checked.collect::<Result<_, _>>()?, extent })
    }

    /// The indices; each is less than the extent.
    #[must_use]
    pub fn list(&self) -> &[usize] {
        &self.list
    }

    /// The extent.
    #[must_use]
    pub fn extent(&self) -> usize {
        self.extent
    }
}
