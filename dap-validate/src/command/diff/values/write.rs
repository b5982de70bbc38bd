//! The result of `diff --values` as text, and as JSON.

use std::collections::BTreeMap;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::side::ValueSide;
use super::tally::{Example, Tally};
use crate::command::stdout;
use crate::command::table::Table;
use crate::command::tuple::tuple;
use crate::item_type;
use crate::values::{Distance, Tolerance};
use dap_report::plural;
use serde_json::Value;

/// The number of ranks that are listed.
const MOST_RANKS: usize = 8;

pub(super) fn text(
    sides: [&ValueSide; 2],
    tolerance: Tolerance,
    tally: &Tally<'_>,
    out: &mut impl Write,
) -> io::Result<()> {
    for (letter, side) in ["a", "b"].into_iter().zip(sides) {
        writeln!(out, "{letter}  {}: {}", side.name, side.words())?;
    }
    writeln!(out)?;
    let Tolerance { rtol, atol } = tolerance;
    let within = if (rtol, atol) == (0.0, 0.0) { String::new() } else { format!(" within rtol {rtol}, atol {atol}") };
    if tally.differing == 0 {
        return writeln!(out, "equal values{within}: {}", plural(tally.elements, "element"));
    }
    let percent = tally.differing as f64 / tally.elements.max(1) as f64 * 100.0;
    let mut field = |name: &str, text: String| writeln!(out, "{name:9}{text}");
    field("differ", format!("{} of {}, {percent:.3} %{within}", tally.differing, plural(tally.elements, "element")))?;
    field("bounds", box_in_words(tally.bounds.as_deref().unwrap_or_default()))?;
    field(
        "largest",
        match &tally.largest {
            Some((index, Example { values: [a, b], distance: Some(distance), .. })) => {
                format!("{distance} at {}: {a} and {b}", tuple(index))
            }
            _ => "no two values differ by a number".to_owned(),
        },
    )?;
    for (letter, counts) in ["a", "b"].into_iter().zip(&tally.ranks) {
        if !counts.is_empty() {
            field(&format!("ranks {letter}"), ranks_in_words(counts))?;
        }
    }
    write!(out, "\n{}", examples(sides, tally))
}

/// `[1:4, 0:9]`.
fn box_in_words(bounds: &[[i64; 2]]) -> String {
    let ranges: Vec<String> = bounds.iter().map(|[low, high]| format!("{low}:{}", high.saturating_add(1))).collect();
    format!("[{}]", ranges.join(", "))
}

/// The ranks with the most elements that differ.
fn ranks_in_words(counts: &BTreeMap<i64, i64>) -> String {
    let mut most: Vec<(i64, i64)> = counts.iter().map(|(&rank, &count)| (rank, count)).collect();
    most.sort_by_key(|&(rank, count)| (-count, rank));
    let shown: Vec<String> = most.iter().take(MOST_RANKS).map(|(rank, count)| format!("{rank} ({count})")).collect();
    let more = most.len() - shown.len();
    shown.join(", ") + &if more == 0 { String::new() } else { format!(", and {}", plural(more, "more rank")) }
}

fn examples(sides: [&ValueSide; 2], tally: &Tally<'_>) -> Table {
    let mut head = vec!["global"];
    for (value, rank, side) in [("a>", "rank a>", sides[0]), ("b>", "rank b>", sides[1])] {
        head.push(value);
        head.extend(side.layout().map(|_| rank));
    }
    let mut table = Table::new(&head);
    for (index, example) in &tally.first {
        let mut row = vec![tuple(index)];
        for ((value, rank), side) in example.values.iter().zip(example.ranks).zip(sides) {
            row.push(value.clone());
            row.extend(side.layout().map(|_| rank.map_or_else(|| "-".to_owned(), |rank| rank.to_string())));
        }
        table.row(row);
    }
    table
}

/// The output of `dap-validate diff --values --output-format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "DiffValues")]
pub(crate) struct DiffValuesJson {
    /// The version of this form: 1.
    version: u32,
    /// Whether no element differs.
    equal: bool,
    /// The shape of both arrays.
    shape: Vec<i64>,
    /// One array.
    a: SideJson,
    /// The other array.
    b: SideJson,
    /// Numbers are equal if they differ by at most `atol + rtol * |b|`.
    rtol: f64,
    /// The absolute part of the tolerance.
    atol: f64,
    /// The number of elements.
    elements: i64,
    /// The number of elements that differ.
    differing: i64,
    /// Along each dimension the first index of an element that differs, and the index behind the
    /// last one; null if none differs.
    within: Option<Vec<[i64; 2]>>,
    /// The element whose numbers differ most; null if no two values differ by a number.
    largest: Option<ElementJson>,
    /// The first elements that differ, in C order, at most 8.
    first: Vec<ElementJson>,
}

/// One of the two arrays.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Side")]
struct SideJson {
    /// The path as given.
    name: String,
    /// The item type: NumPy's typestr, or the fields of a struct.
    dtype: Option<Value>,
    /// The ranks that own elements that differ; empty for one file of a whole array.
    ranks: Vec<RankCountJson>,
}

/// The number of elements of a rank that differ.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RankCount")]
struct RankCountJson {
    /// The rank.
    rank: i64,
    /// The number of elements that it owns and that differ.
    differing: i64,
}

/// An element that differs.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Element")]
struct ElementJson {
    /// Its global index.
    global: Vec<i64>,
    /// Its value in a, as text.
    a: String,
    /// Its value in b, as text.
    b: String,
    /// The owner in a; null for one file of a whole array.
    a_rank: Option<i64>,
    /// The owner in b; null for one file of a whole array.
    b_rank: Option<i64>,
    /// The absolute difference; null if it is infinite, or if the values do not differ by a number.
    difference: Option<f64>,
}

pub(super) fn json(
    sides: [&ValueSide; 2],
    tolerance: Tolerance,
    tally: &Tally<'_>,
    out: &mut impl Write,
) -> io::Result<()> {
    let [a, b] = [0, 1].map(|at| SideJson {
        name: sides[at].name.clone(),
        dtype: item_type::to_value(&sides[at].dtype),
        ranks: tally.ranks[at].iter().map(|(&rank, &differing)| RankCountJson { rank, differing }).collect(),
    });
    let found = DiffValuesJson {
        version: 1,
        equal: tally.differing == 0,
        shape: sides[0].shape.clone(),
        a,
        b,
        rtol: tolerance.rtol,
        atol: tolerance.atol,
        elements: tally.elements,
        differing: tally.differing,
        within: tally.bounds.as_ref().map(|bounds| bounds.iter().map(|[low, high]| [*low, high + 1]).collect()),
        largest: tally.largest.as_ref().map(|(index, example)| element(index, example)),
        first: tally.first.iter().map(|(index, example)| element(index, example)).collect(),
    };
    stdout::json(&found, out)
}

fn element(index: &[i64], example: &Example) -> ElementJson {
    let [a, b] = example.values.clone();
    let [a_rank, b_rank] = example.ranks;
    let difference = example.distance.map(Distance::as_f64).filter(|distance| distance.is_finite());
    ElementJson { global: index.to_vec(), a, b, a_rank, b_rank, difference }
}
