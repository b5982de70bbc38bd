//! A plan's numbers as JSON.

use std::io::{self, Write};

use dap_core::algebra::Placement;
use dap_core::cost_model::Prediction;
use dap_core::index::Rank;
use dap_core::plan::{Matrix, Row, Spread, Totals};
use serde::Serialize;

use super::machine::PredictedJson;
use super::ranges::BoxJson;
use super::{PartRanges, PlanJob, PlanPart, view};
use crate::command::side::ArrayJson;
use crate::command::stdout::json;

/// The largest number of peers of one process that are written.
const MOST_PEERS: usize = 4096;

#[derive(Serialize)]
struct PlanHeadJson<'a> {
    version: u32,
    reshape: bool,
    a: ArrayJson<'a>,
    b: ArrayJson<'a>,
    itemsize: Option<i64>,
    /// The rank that holds each section of a, where section r is not on rank r; the matrix counts
    /// sections then. Null also where they are too many to be listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    a_ranks: Option<Vec<i64>>,
}

#[derive(Serialize)]
struct Amount {
    elements: i64,
    /// The size in bytes; null if an item's size is not known.
    bytes: Option<i64>,
}

#[derive(Serialize)]
struct MessageJson {
    source: i64,
    target: i64,
    #[serde(flatten)]
    amount: Amount,
}

#[derive(Serialize)]
struct Most {
    rank: i64,
    #[serde(flatten)]
    amount: Amount,
}

#[derive(Serialize)]
struct OneSide {
    processes: i64,
    mean: f64,
    most: Most,
    least: Most,
    /// The maximum divided by the mean; null if nothing moves.
    imbalance: Option<f64>,
    most_messages: Count,
}

#[derive(Serialize)]
struct Count {
    rank: i64,
    messages: i64,
}

#[derive(Serialize)]
struct Groups {
    /// First and last rank of each group.
    sources: Vec<[i64; 2]>,
    targets: Vec<[i64; 2]>,
    /// A list for each group of sources; elements that stay on their process are counted.
    elements: Vec<Vec<i64>>,
}

#[derive(Serialize)]
struct PlanJson<'a> {
    #[serde(flatten)]
    head: PlanHeadJson<'a>,
    moved: Amount,
    kept: Amount,
    messages: i64,
    largest: Option<MessageJson>,
    sent: OneSide,
    received: OneSide,
    /// The time on the machine of `--machine`.
    #[serde(skip_serializing_if = "Option::is_none")]
    predicted: Option<PredictedJson>,
    matrix: Groups,
}

#[derive(Serialize)]
struct One<'a> {
    #[serde(flatten)]
    head: PlanHeadJson<'a>,
    rank: i64,
    kept: Amount,
    /// The source side; null if the sources do not have this rank.
    sends: Option<Exchanged<'a>>,
    receives: Option<Exchanged<'a>>,
}

#[derive(Serialize)]
struct Exchanged<'a> {
    messages: i64,
    moved: Amount,
    largest: Option<Most>,
    /// The peers, by ascending rank.
    peers: Vec<Most>,
    /// The elements of each message, with `--ranges`.
    #[serde(skip_serializing_if = "Option::is_none")]
    ranges: Option<Vec<RangesJson<'a>>>,
    /// The number of peers that are not listed.
    more: i64,
}

#[derive(Serialize)]
struct RangesJson<'a> {
    rank: i64,
    #[serde(flatten)]
    elements: &'a BoxJson,
}

impl<'a> PlanHeadJson<'a> {
    fn new(job: &PlanJob<'a>) -> Self {
        let (a, b) = (job.a.described(), job.b.described());
        let sections = job.a.layout.processes();
        let is_listed = !job.from.ranks().is_identity() && usize::try_from(sections).is_ok_and(|it| it <= MOST_PEERS);
        let a_ranks = is_listed.then(|| (0..sections).map(|section| view::named(&job.from, Rank(section)).0).collect());
        Self { version: 1, reshape: job.reshape, a, b, itemsize: job.amounts.itemsize, a_ranks }
    }
}

fn amount(job: &PlanJob<'_>, elements: i64) -> Amount {
    Amount { elements, bytes: job.amounts.bytes(elements) }
}

fn most(job: &PlanJob<'_>, (rank, elements): (Rank, i64)) -> Most {
    Most { rank: rank.0, amount: amount(job, elements) }
}

pub(super) fn totals(
    job: &PlanJob<'_>,
    totals: &Totals,
    matrix: &Matrix,
    predicted: Option<Prediction>,
    out: &mut impl Write,
) -> io::Result<()> {
    let side = |spread: &Spread| OneSide {
        processes: spread.processes(),
        mean: spread.mean(),
        most: most(job, spread.most()),
        least: most(job, spread.least()),
        imbalance: spread.imbalance(),
        most_messages: Count { rank: spread.most_messages().0.0, messages: spread.most_messages().1 },
    };
    let ends = |groups: &[std::ops::Range<i64>]| groups.iter().map(|ranks| [ranks.start, ranks.end - 1]).collect();
    let row = |source: usize| (0..matrix.targets().len()).map(|target| matrix.elements(source, target)).collect();
    let whole = PlanJson {
        head: PlanHeadJson::new(job),
        moved: amount(job, totals.moved()),
        kept: amount(job, totals.kept()),
        messages: totals.messages(),
        largest: totals.largest().map(|largest| MessageJson {
            source: largest.source.0,
            target: largest.target.0,
            amount: amount(job, largest.elements),
        }),
        sent: side(totals.sent()),
        received: side(totals.received()),
        predicted: job.machine.as_ref().zip(predicted).map(|(machine, it)| PredictedJson::new(machine, &it)),
        matrix: Groups {
            sources: ends(matrix.sources()),
            targets: ends(matrix.targets()),
            elements: (0..matrix.sources().len()).map(row).collect(),
        },
    };
    json(&whole, out)
}

pub(super) fn part(job: &PlanJob<'_>, part: &PlanPart, out: &mut impl Write) -> io::Result<()> {
    let exchanged = |row: &Row, others: &Placement, of: fn(&PartRanges) -> &Vec<(Rank, BoxJson)>| {
        let peers: Vec<Most> = view::peers(row, others, MOST_PEERS).into_iter().map(|peer| most(job, peer)).collect();
        Exchanged {
            messages: row.messages(),
            moved: amount(job, row.moved()),
            largest: row.largest().map(|(peer, elements)| most(job, (view::named(others, peer), elements))),
            more: row.messages() - i64::try_from(peers.len()).unwrap_or(i64::MAX),
            peers,
            ranges: part.ranges.as_ref().map(|ranges| {
                of(ranges).iter().map(|(rank, elements)| RangesJson { rank: rank.0, elements }).collect()
            }),
        }
    };
    let one = One {
        head: PlanHeadJson::new(job),
        rank: part.rank,
        kept: amount(job, part.sends.kept()),
        sends: part.is_source.then(|| exchanged(&part.sends, &job.to, |ranges| &ranges.sends)),
        receives: part.is_target.then(|| exchanged(&part.receives, &job.from, |ranges| &ranges.receives)),
    };
    json(&one, out)
}
