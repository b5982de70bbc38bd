//! A comparison as text, and as JSON.

use std::io::{self, Write};

use dap_core::index::GlobalIndex;
use dap_core::layout::Layout;
use serde::Serialize;

use super::super::table::Table;
use super::{Comparison, Difference, OwnershipChange};
use crate::command::side::ArrayJson;
use crate::command::stdout;
use crate::command::tuple::tuple;

pub(super) fn text(comparison: &Comparison<'_>, out: &mut impl Write) -> io::Result<()> {
    let Comparison { a, b, differences, ownership } = comparison;
    for (letter, side) in [("a", a), ("b", b)] {
        let memory = side.memory.as_ref().map_or_else(String::new, |order| format!("; {order}"));
        writeln!(out, "{letter}  {}: {}{memory}", side.name, side.words())?;
    }
    if comparison.is_equal() {
        let memory = if a.memory == b.memory { "" } else { ", in other orders in memory" };
        return writeln!(out, "\nequal{memory}");
    }
    let mut table = Table::new(&["different", "a", "b"]);
    for difference in differences {
        table.row(vec![difference.in_words(), difference.a.to_string(), difference.b.to_string()]);
    }
    writeln!(out, "\n{table}")?;
    match ownership {
        OwnershipChange::Same if a.layout == b.layout => writeln!(out, "the distributions are equal"),
        OwnershipChange::Same => writeln!(
            out,
            "the same owners, described differently: each process owns the same elements at the\nsame places in its buffer"
        ),
        OwnershipChange::Moved(index) => {
            writeln!(out, "the same owners, other places in their buffers: first at global {}", of(index))?;
            places(comparison, index, out)
        }
        OwnershipChange::Different(index) => {
            writeln!(out, "other owners: first at global {}", of(index))?;
            places(comparison, index, out)
        }
        OwnershipChange::Incomparable => {
            writeln!(out, "arrays of different numbers of dimensions have no elements in common")
        }
    }
}

fn places(comparison: &Comparison<'_>, index: &[GlobalIndex], out: &mut impl Write) -> io::Result<()> {
    for (letter, side) in [("a", comparison.a), ("b", comparison.b)] {
        match PlaceJson::of(&side.layout, index) {
            Some(PlaceJson { rank, coordinates, local }) => {
                let (grid, local) = (tuple(&coordinates), tuple(&local));
                writeln!(out, "  {letter}  rank {rank}, grid {grid}, local {local}")?;
            }
            None => writeln!(out, "  {letter}  has no such element")?,
        }
    }
    Ok(())
}

fn of(index: &[GlobalIndex]) -> String {
    tuple(&numbers(index))
}

fn numbers(index: &[GlobalIndex]) -> Vec<i64> {
    index.iter().map(|index| index.0).collect()
}

/// Where an element lies; the names are those of `map`.
#[derive(Serialize)]
struct PlaceJson {
    rank: i64,
    coordinates: Vec<i64>,
    local: Vec<i64>,
}

impl PlaceJson {
    fn of(layout: &Layout, index: &[GlobalIndex]) -> Option<Self> {
        let (rank, local) = layout.owner(index)?;
        let coordinates = layout.grid().coordinates(rank)?.iter().map(|coordinate| coordinate.0).collect();
        Some(Self { rank: rank.0, coordinates, local: local.iter().map(|index| index.0).collect() })
    }
}

#[derive(Serialize)]
struct DiffJson<'a> {
    version: u32,
    equal: bool,
    /// `same`, `same-owners` (at other places of their buffers) or `different`.
    ownership: &'static str,
    a: ArrayJson<'a>,
    b: ArrayJson<'a>,
    differences: &'a [Difference],
    /// The first element, in C order, with another owner or place.
    first: Option<First>,
}

#[derive(Serialize)]
struct First {
    global: Vec<i64>,
    /// Null where the array has no such element.
    a: Option<PlaceJson>,
    b: Option<PlaceJson>,
}

pub(super) fn json(comparison: &Comparison<'_>, out: &mut impl Write) -> io::Result<()> {
    let Comparison { a, b, differences, ownership } = comparison;
    let (ownership, index) = match ownership {
        OwnershipChange::Same => ("same", None),
        OwnershipChange::Moved(index) => ("same-owners", Some(index)),
        OwnershipChange::Different(index) => ("different", Some(index)),
        OwnershipChange::Incomparable => ("different", None),
    };
    let first = index.map(|index| First {
        global: numbers(index),
        a: PlaceJson::of(&a.layout, index),
        b: PlaceJson::of(&b.layout, index),
    });
    let equal = comparison.is_equal();
    let found = DiffJson { version: 1, equal, ownership, a: a.described(), b: b.described(), differences, first };
    stdout::json(&found, out)
}
