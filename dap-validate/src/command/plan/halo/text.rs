//! A halo exchange as tables.

use std::io::Write;

use dap_core::plan::Stencil;

use super::super::machine;
use super::{HaloJob, HaloTotals};
use crate::command::Failure;
use crate::command::table::Table;
use dap_report::plural;

/// The largest number of messages that are listed one by one.
const MOST_MESSAGES: i64 = 64;

pub(super) fn write(job: &HaloJob<'_>, totals: &HaloTotals, out: &mut impl Write) -> Result<(), Failure> {
    writeln!(out, "{}: {}\n", job.array.name, job.array.words())?;
    let mut field = |name: &str, text: String| writeln!(out, "{name:9}{text}");
    let amount = |elements: i64| format!("{}, {}", plural(elements, "element"), job.amounts.in_units(elements));
    let stencil = match job.stencil {
        Stencil::Star => "star: faces only",
        Stencil::Box => "box: faces, edges and corners",
    };
    field("stencil", stencil.to_owned())?;
    if let Some(rank) = job.rank {
        field("rank", format!("{rank}, its sends and receives"))?;
    }
    field("moved", amount(totals.moved))?;
    if totals.moved > totals.faces {
        field("corners", format!("{} of them, edges included", totals.moved - totals.faces))?;
    }
    if totals.local > 0 {
        field("copied", format!("{} within the buffers of their ranks", amount(totals.local)))?;
    }
    field("messages", totals.messages.to_string())?;
    if let Some((source, target, elements)) = totals.largest {
        field("largest", format!("{}, from rank {source} to rank {target}", amount(elements)))?;
    }
    let most = totals.most_sent.zip(totals.most_messages).filter(|_| job.rank.is_none() && totals.messages > 0);
    if let Some(((by, most), (_, messages))) = most {
        field("sends", format!("at most {} by rank {by}, in up to {}", amount(most), plural(messages, "message")))?;
    }
    if job.machine.is_some() {
        field("time", machine::in_words(job.predicted()?.as_ref()))?;
    }
    if totals.messages + i64::from(totals.local > 0) == 0 {
        writeln!(out, "\nno rank has communication padding")?;
    } else if totals.messages <= MOST_MESSAGES {
        write!(out, "\n{}", table(job)?)?;
    } else {
        writeln!(out, "\n--rank shows the messages of one rank, --output-format json all")?;
    }
    Ok(())
}

fn table(job: &HaloJob<'_>) -> Result<Table, Failure> {
    let bytes = |elements| job.amounts.bytes(elements).map_or_else(|| "-".to_owned(), |bytes| bytes.to_string());
    let mut table = if job.ranges {
        Table::new(&["from>", "to>", "elements>", "bytes>", "global", "in the sender", "in the receiver"])
    } else {
        Table::new(&["from>", "to>", "faces>", "corners>", "elements>", "bytes>"])
    };
    for messages in job.messages() {
        for message in messages? {
            let ends = [message.source.to_string(), message.target.to_string()];
            if !job.ranges {
                let counts = [message.faces, message.elements - message.faces, message.elements];
                let counts = counts.iter().map(i64::to_string).chain([bytes(message.elements)]);
                table.row(ends.into_iter().chain(counts).collect());
                continue;
            }
            for part in &message.boxes {
                let counts = [part.elements.to_string(), bytes(part.elements)];
                table.row(ends.iter().cloned().chain(counts).chain(part.in_words()).collect());
            }
        }
    }
    Ok(table)
}
