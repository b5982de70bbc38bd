//! A plan's numbers as tables that fit 80 columns.

use std::io::{self, Write};

use dap_core::algebra::Placement;
use dap_core::index::Rank;
use dap_core::plan::{Matrix, Row, Spread, Totals};

use super::super::table::Table;
use super::ranges::BoxJson;
use super::{PlanJob, PlanPart, machine, view};
use crate::command::Failure;
use dap_report::plural;

/// The largest number of messages that are listed one by one.
const MOST_MESSAGES: i64 = 24;
/// The largest number of ranks whose messages are listed one by one.
const MOST_RANKS: usize = 64;
/// The largest number of rows and columns of a matrix.
const MOST_GROUPS: usize = 6;
/// The largest number of peers of one process that are listed.
const MOST_PEERS: usize = 16;

fn heading(job: &PlanJob<'_>, out: &mut impl Write) -> io::Result<()> {
    for (letter, side) in [("a", job.a), ("b", job.b)] {
        let ranks = if letter == "a" { job.from.ranks() } else { job.to.ranks() };
        let on = if ranks.is_identity() { String::new() } else { format!(" on ranks {ranks}") };
        writeln!(out, "{letter}  {}: {}{on}", side.name, side.words())?;
    }
    writeln!(out)
}

pub(super) fn totals(job: &PlanJob<'_>, totals: &Totals, out: &mut impl Write) -> Result<(), Failure> {
    heading(job, out)?;
    let of_all = |elements: i64| match totals.elements() {
        0 => String::new(),
        all => format!(", {:.1} %", elements as f64 / all as f64 * 100.0),
    };
    let mut field = |name: &str, text: String| writeln!(out, "{name:9}{text}");
    let amount = |elements: i64| {
        format!("{}, {}{}", plural(elements, "element"), job.amounts.in_units(elements), of_all(elements))
    };
    field("moved", amount(totals.moved()))?;
    field("kept", amount(totals.kept()))?;
    field("messages", totals.messages().to_string())?;
    let largest = totals.largest().map_or_else(
        || "none".to_owned(),
        |largest| {
            let elements = plural(largest.elements, "element");
            let bytes = job.amounts.in_units(largest.elements);
            format!("{elements}, {bytes}, from rank {} to rank {}", largest.source, largest.target)
        },
    );
    field("largest", largest)?;
    if job.machine.is_some() {
        field("time", machine::in_words(job.predicted()?.as_ref()))?;
    }
    let mut table =
        Table::new(&["elements", "mean>", "most>", "by rank>", "least>", "by rank>", "imbalance>", "messages>"]);
    for (name, spread) in [("sent", totals.sent()), ("received", totals.received())] {
        table.row(spread_row(name, spread));
    }
    write!(out, "\n{table}")?;
    if totals.messages() <= MOST_MESSAGES {
        let matrix = job.matrix(MOST_RANKS)?;
        if matrix.is_exact() {
            messages(job, &matrix, out)?;
            return Ok(());
        }
    }
    grouped(job, &job.matrix(MOST_GROUPS)?, out)?;
    Ok(())
}

fn spread_row(name: &str, spread: &Spread) -> Vec<String> {
    let (most, least, messages) = (spread.most(), spread.least(), spread.most_messages());
    vec![
        name.to_owned(),
        format!("{:.1}", spread.mean()),
        most.1.to_string(),
        most.0.to_string(),
        least.1.to_string(),
        least.0.to_string(),
        spread.imbalance().map_or_else(|| "-".to_owned(), |imbalance| format!("{imbalance:.2}")),
        format!("{}{}", if messages.1 > 0 { "up to " } else { "" }, messages.1),
    ]
}

/// Every message, if there are few.
fn messages(job: &PlanJob<'_>, matrix: &Matrix, out: &mut impl Write) -> io::Result<()> {
    let mut table = Table::new(&["from>", "to>", "elements>", "bytes>"]);
    let rank = |section: usize| view::named(&job.from, Rank(i64::try_from(section).unwrap_or(i64::MAX)));
    let mut sources: Vec<(Rank, usize)> = (0..matrix.sources().len()).map(|section| (rank(section), section)).collect();
    sources.sort_unstable();
    let mut any = false;
    for (source, section) in sources {
        for target in 0..matrix.targets().len() {
            let elements = matrix.elements(section, target);
            if i64::try_from(target) != Ok(source.0) && elements > 0 {
                let bytes = job.amounts.bytes(elements).map_or_else(|| "-".to_owned(), |bytes| bytes.to_string());
                table.row(vec![source.to_string(), target.to_string(), elements.to_string(), bytes]);
                any = true;
            }
        }
    }
    if any { write!(out, "\n{table}") } else { Ok(()) }
}

/// The message matrix by groups of ranks.
fn grouped(job: &PlanJob<'_>, matrix: &Matrix, out: &mut impl Write) -> io::Result<()> {
    let name = |ranks: &std::ops::Range<i64>| match ranks.end - ranks.start {
        1 => ranks.start.to_string(),
        _ => format!("{}-{}", ranks.start, ranks.end - 1),
    };
    let columns: Vec<String> = matrix.targets().iter().map(|ranks| name(ranks) + ">").collect();
    // Sections of a part lie on other ranks.
    let corner = if job.from.ranks().is_identity() { "from \\ to" } else { "section \\ to" };
    let head: Vec<&str> = [corner].into_iter().chain(columns.iter().map(String::as_str)).collect();
    let mut table = Table::new(&head);
    for (source, ranks) in matrix.sources().iter().enumerate() {
        let cell = |target| match matrix.elements(source, target) {
            0 => "-".to_owned(),
            elements if job.amounts.itemsize.is_none() => elements.to_string(),
            elements => job.amounts.in_units(elements),
        };
        table.row([name(ranks)].into_iter().chain((0..matrix.targets().len()).map(cell)).collect());
    }
    let what = if matrix.is_exact() { "between ranks" } else { "between groups of ranks" };
    let unit = if job.amounts.itemsize.is_none() { "elements" } else { "bytes" };
    write!(out, "\n{unit} {what}, kept ones included\n{table}")
}

/// The totals in a sentence, for the picture.
pub(super) fn sentence(job: &PlanJob<'_>, totals: &Totals) -> String {
    let size = |elements: i64| match job.amounts.bytes(elements) {
        Some(_) => format!("{} ({})", plural(elements, "element"), job.amounts.in_units(elements)),
        None => plural(elements, "element"),
    };
    let mut sentence =
        format!("{} in {}, {} kept", size(totals.moved()), plural(totals.messages(), "message"), totals.kept());
    if let Some(largest) = totals.largest() {
        sentence += &format!("; largest {} from rank {} to {}", size(largest.elements), largest.source, largest.target);
    }
    if let Some((sent, received)) = totals.sent().imbalance().zip(totals.received().imbalance()) {
        sentence += &format!("; imbalance {sent:.2} sent, {received:.2} received");
    }
    sentence
}

pub(super) fn part(job: &PlanJob<'_>, part: &PlanPart, out: &mut impl Write) -> Result<(), Failure> {
    heading(job, out)?;
    let rank = part.rank;
    writeln!(out, "rank {rank}")?;
    let amount = |elements: i64| format!("{}, {}", plural(elements, "element"), job.amounts.in_units(elements));
    let line = |name: &str, preposition: &str, row: &Row, peers: &Placement| {
        let largest = row.largest().map_or_else(String::new, |(peer, elements)| {
            format!(", largest {elements} {preposition} rank {}", view::named(peers, peer))
        });
        format!("  {name:10}{} in {}{largest}", amount(row.moved()), plural(row.messages(), "message"))
    };
    if part.is_source {
        writeln!(out, "{}", line("sends", "to", &part.sends, &job.to))?;
    } else {
        let why = if job.from.ranks().is_identity() { "there is no such rank in a" } else { "it holds nothing of a" };
        writeln!(out, "  sends nothing: {why}")?;
    }
    if part.is_target {
        writeln!(out, "{}", line("receives", "from", &part.receives, &job.from))?;
    } else {
        writeln!(out, "  receives nothing: there is no such rank in b")?;
    }
    writeln!(out, "  {:10}{}", "keeps", amount(part.sends.kept()))?;
    let ranges = part.ranges.as_ref();
    for (head, row, peers, ranges) in [
        ("to>", &part.sends, &job.to, ranges.map(|ranges| &ranges.sends)),
        ("from>", &part.receives, &job.from, ranges.map(|ranges| &ranges.receives)),
    ] {
        if row.messages() == 0 {
            continue;
        }
        if let Some(ranges) = ranges {
            write!(out, "\n{}", with_ranges(job, head, ranges))?;
            continue;
        }
        let mut table = Table::new(&[head, "elements>", "bytes>"]);
        for (peer, elements) in view::peers(row, peers, MOST_PEERS) {
            let bytes = job.amounts.bytes(elements).map_or_else(|| "-".to_owned(), |bytes| bytes.to_string());
            table.row(vec![peer.to_string(), elements.to_string(), bytes]);
        }
        write!(out, "\n{table}")?;
        let more = row.messages() - row.messages().min(MOST_PEERS as i64);
        if more > 0 {
            writeln!(out, "and {more} more")?;
        }
    }
    Ok(())
}

/// Messages with their index ranges.
fn with_ranges(job: &PlanJob<'_>, head: &str, messages: &[(Rank, BoxJson)]) -> Table {
    let mut table = Table::new(&[head, "elements>", "bytes>", "global", "in the sender", "in the receiver"]);
    for (peer, part) in messages {
        let bytes = job.amounts.bytes(part.elements).map_or_else(|| "-".to_owned(), |bytes| bytes.to_string());
        let counts = [peer.to_string(), part.elements.to_string(), bytes];
        table.row(counts.into_iter().chain(part.in_words()).collect());
    }
    table
}
