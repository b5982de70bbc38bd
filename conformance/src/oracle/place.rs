//! The place of an element in a process's buffer: its local index, its global index and its role.

/// The role of a local index for its process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Owned, and not padding.
    Interior,
    /// Padding at an outer end of the process grid: owned, and counted in `size`.
    Boundary,
    /// Padding shared with a neighbour, which owns it.
    Communication,
}

/// One local index of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The position in the process's buffer, padding included, from 0.
    pub local: i64,
    /// The global index.
    pub global: i64,
    /// The role of the index for the process.
    pub kind: Kind,
}

impl Place {
    /// Whether this process owns the index.
    pub fn is_owned(&self) -> bool {
        self.kind != Kind::Communication
    }
}

/// The places of a section in local order, unless there are too many to list.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Section {
    Listed(Vec<Place>),
    TooLarge,
}

impl Section {
    pub(super) fn places(&self) -> &[Place] {
        match self {
            Section::Listed(places) => places,
            Section::TooLarge => &[],
        }
    }

    /// Owned indices in local order, of a cyclic section or a list.
    pub(super) fn of_owned(globals: Vec<i64>) -> Section {
        let places = (0..).zip(globals).map(|(local, global)| Place { local, global, kind: Kind::Interior });
        Section::Listed(places.collect())
    }
}
