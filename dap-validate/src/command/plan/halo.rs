//! `plan --halo`: the messages that fill the communication padding and the periodic boundaries of
//! an array.
//!
//! Ranks are visited one after another and none is kept, so memory does not grow with them.

mod json;
mod text;

use std::io::Write;
use std::process::ExitCode;

use dap_core::cost_model::{Machine, Prediction};
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_core::plan::{Halo, Message, Stencil, Transfer};

use super::amount::Amounts;
use super::machine;
use super::ranges::BoxJson;
use crate::cli::{PlanArgs, TextOrJson};
use crate::command::outcome::{Failure, code};
use crate::command::side::ComparedArray;
use crate::command::stdout::stdout;
pub(crate) use json::PlanHaloJson;

pub(super) fn run(args: &PlanArgs) -> Result<ExitCode, Failure> {
    let array = ComparedArray::read(&args.a, args.no_progress)?;
    let amounts = Amounts { itemsize: array.dtype.as_ref().map(dap_core::dtype::DType::itemsize) };
    let job = HaloJob {
        array: &array,
        stencil: args.stencil.map_or(Stencil::Box, Stencil::from),
        amounts,
        ranges: args.ranges,
        rank: args.rank,
        machine: args.machine.as_deref().map(machine::read).transpose()?,
    };
    let ranks = array.layout.processes();
    if let Some(rank) = args.rank.filter(|rank| !(0..ranks).contains(rank)) {
        return Err(Failure::Usage(format!("there is no rank {rank}; ranks are 0 to {}", ranks - 1)));
    }
    let totals = job.totals()?;
    let mut out = stdout();
    match args.output_format {
        TextOrJson::Text => text::write(&job, &totals, &mut out)?,
        TextOrJson::Json => json::write(&job, &totals, &mut out)?,
    }
    out.flush()?;
    Ok(code(false))
}

/// The array and options of a halo exchange.
struct HaloJob<'a> {
    array: &'a ComparedArray,
    stencil: Stencil,
    amounts: Amounts,
    /// Whether the index ranges of messages are wanted.
    ranges: bool,
    /// The rank whose messages are wanted; `None` for those of all ranks.
    rank: Option<i64>,
    /// The machine whose time is predicted, if that is wanted.
    machine: Option<Machine>,
}

/// The elements that one rank sends to another.
struct HaloMessage {
    source: Rank,
    target: Rank,
    elements: i64,
    /// Elements that are padding along one dimension only; the others lie on edges and corners.
    faces: i64,
    /// Empty unless index ranges are wanted.
    boxes: Vec<BoxJson>,
}

/// The sums over all ranks, or the part of one rank.
#[derive(Debug, Default, PartialEq)]
struct HaloTotals {
    /// Elements from other ranks.
    moved: i64,
    faces: i64,
    messages: i64,
    /// Elements that a rank copies within its own buffer.
    local: i64,
    /// The largest message: source, target, elements.
    largest: Option<(Rank, Rank, i64)>,
    /// The rank that sends most elements, and their number.
    most_sent: Option<(Rank, i64)>,
    /// The rank that sends most messages, and their number.
    most_messages: Option<(Rank, i64)>,
}

impl HaloJob<'_> {
    fn layout(&self) -> &Layout {
        &self.array.layout
    }

    /// The messages that a rank sends, by ascending rank of the receiver; copies within its own
    /// buffer are a message to itself.
    fn sends(&self, rank: Rank) -> Result<Vec<HaloMessage>, Failure> {
        let (halo, faces) = self.halos(rank)?;
        let boxes = halo.sends().iter().map(|message| (message.peer(), message.boxes().collect()));
        let own = std::iter::once((rank, halo.local().collect()));
        let faces_of = |peer| if peer == rank { local(&faces) } else { elements_of(faces.sends(), peer) };
        let mut all: Vec<HaloMessage> =
            boxes.chain(own).map(|(peer, boxes)| self.message(rank, peer, faces_of(peer), boxes)).collect();
        all.retain(|message| message.elements > 0);
        all.sort_by_key(|message| message.target);
        Ok(all)
    }

    /// The messages that a rank receives from others, by ascending rank of the sender.
    fn receives(&self, rank: Rank) -> Result<Vec<HaloMessage>, Failure> {
        let (halo, faces) = self.halos(rank)?;
        let of = |message: &Message| {
            let peer = message.peer();
            self.message(peer, rank, elements_of(faces.receives(), peer), message.boxes().collect())
        };
        Ok(halo.receives().iter().map(of).collect())
    }

    /// The exchange of a rank, and that of its faces alone.
    fn halos(&self, rank: Rank) -> Result<(Halo, Halo), Failure> {
        let of = |stencil| Halo::new(self.layout(), rank, stencil);
        let failed = |error| Failure::Usage(format!("there is no halo exchange of {}: {error}", self.array.name));
        Ok((of(self.stencil).map_err(failed)?, of(Stencil::Star).map_err(failed)?))
    }

    fn message(&self, source: Rank, target: Rank, faces: i64, boxes: Vec<Transfer<'_>>) -> HaloMessage {
        let elements = boxes.iter().map(Transfer::elements).sum();
        let owner = self.layout().grid().coordinates(source).unwrap_or_default();
        let ranges = boxes.iter().filter(|_| self.ranges);
        let boxes = ranges.map(|part| BoxJson::of_halo(part, self.layout().dims(), &owner)).collect();
        HaloMessage { source, target, elements, faces, boxes }
    }

    /// The messages that the output is about: all, or those of one rank.
    fn messages(&self) -> impl Iterator<Item = Result<Vec<HaloMessage>, Failure>> {
        let ranks = self.rank.map_or(0..self.layout().processes(), |rank| rank..rank + 1);
        ranks.map(Rank).map(move |at| {
            let mut all = self.sends(at)?;
            if self.rank.is_some() {
                all.extend(self.receives(at)?);
            }
            Ok(all)
        })
    }

    /// The predicted time; `None` without a machine, or without the size of an item.
    fn predicted(&self) -> Result<Option<Prediction>, Failure> {
        let (Some(machine), Some(itemsize)) = (&self.machine, self.amounts.itemsize) else { return Ok(None) };
        let predicted = Prediction::of_halo(machine, self.layout(), self.stencil, itemsize);
        let failed = |error| Failure::Usage(format!("there is no prediction for {}: {error}", self.array.name));
        predicted.map(Some).map_err(failed)
    }

    fn totals(&self) -> Result<HaloTotals, Failure> {
        let plain = Self { ranges: false, amounts: Amounts { itemsize: self.amounts.itemsize }, ..*self };
        let mut totals = HaloTotals::default();
        for messages in plain.messages() {
            totals.add(&messages?);
        }
        Ok(totals)
    }
}

fn elements_of(messages: &[Message], peer: Rank) -> i64 {
    let of_peer = messages.iter().filter(|message| message.peer() == peer);
    of_peer.map(Message::elements).sum()
}

fn local(halo: &Halo) -> i64 {
    halo.local().map(|part| part.elements()).sum()
}

impl HaloTotals {
    /// Adds the messages of one rank.
    fn add(&mut self, messages: &[HaloMessage]) {
        for message in messages {
            if message.source == message.target {
                self.local = self.local.saturating_add(message.elements);
                continue;
            }
            self.moved = self.moved.saturating_add(message.elements);
            self.faces = self.faces.saturating_add(message.faces);
            self.messages += 1;
            if self.largest.is_none_or(|(.., largest)| message.elements > largest) {
                self.largest = Some((message.source, message.target, message.elements));
            }
        }
        let Some(source) = messages.first().map(|message| message.source) else { return };
        let sent = messages.iter().filter(|message| message.source == source && message.target != source);
        let (elements, count) =
            sent.fold((0_i64, 0), |(sum, count), message| (sum.saturating_add(message.elements), count + 1));
        for (most, number) in [(&mut self.most_sent, elements), (&mut self.most_messages, count)] {
            if most.is_none_or(|(_, most)| number > most) {
                *most = Some((source, number));
            }
        }
    }
}
