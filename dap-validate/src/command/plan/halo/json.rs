//! A halo exchange as JSON; its schema is `spec/schema/plan-halo.schema.json`.
//!
//! Messages are written one by one, so those of many ranks need no memory.

use std::cell::RefCell;
use std::io::Write;

use dap_core::plan::Stencil;
use schemars::JsonSchema;
use serde::ser::{Error, SerializeSeq};
use serde::{Serialize, Serializer};

use super::super::machine::PredictedJson;
use super::super::ranges::BoxJson;
use super::{HaloJob, HaloTotals};
use crate::command::Failure;
use crate::command::side::ArrayJson;
use crate::command::stdout;

/// The output of `dap-validate plan --halo --output-format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "PlanHalo")]
pub(crate) struct PlanHaloJson<'a> {
    /// The version of this form: 1.
    version: u32,
    /// The array.
    array: ArrayJson<'a>,
    /// `box` with edges and corners, or `star` without.
    stencil: &'static str,
    /// The number of bytes of an item; null if it is not known.
    itemsize: Option<i64>,
    /// The rank whose messages these are; null for all messages.
    rank: Option<i64>,
    /// The number of elements that are sent from one rank to another.
    moved: i64,
    /// Their size in bytes; null if an item's size is not known.
    moved_bytes: Option<i64>,
    /// Elements among them that are padding along one dimension only.
    faces: i64,
    /// The number of elements that ranks copy within their own buffers.
    copied: i64,
    /// The number of messages from one rank to another.
    message_count: i64,
    /// The time on the machine of `--machine`.
    #[serde(skip_serializing_if = "Option::is_none")]
    predicted: Option<PredictedJson>,
    /// The messages by rank of their sender, then of their receiver; with a rank, those that it
    /// sends, then those that it receives.
    #[schemars(with = "Vec<HaloMessageJson<'_>>")]
    messages: MessageList<'a>,
}

/// One message. With the same rank at both ends, it is a copy within the rank's buffer.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Message")]
struct HaloMessageJson<'a> {
    /// The rank that sends.
    source: i64,
    /// The rank that receives.
    target: i64,
    /// The number of elements.
    elements: i64,
    /// Their size in bytes; null if an item's size is not known.
    bytes: Option<i64>,
    /// Elements among them that are padding along one dimension only; the others lie on edges and
    /// corners.
    faces: i64,
    /// The elements, with `--ranges`.
    #[serde(skip_serializing_if = "Option::is_none")]
    boxes: Option<&'a [BoxJson]>,
}

/// All messages, as a list of [`HaloMessageJson`].
struct MessageList<'a> {
    job: &'a HaloJob<'a>,
    failure: &'a RefCell<Option<Failure>>,
}

impl Serialize for MessageList<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for messages in self.job.messages() {
            let messages = messages.map_err(|failure| {
                *self.failure.borrow_mut() = Some(failure);
                S::Error::custom("a rank has no halo exchange")
            })?;
            for message in &messages {
                list.serialize_element(&HaloMessageJson {
                    source: message.source.0,
                    target: message.target.0,
                    elements: message.elements,
                    bytes: self.job.amounts.bytes(message.elements),
                    faces: message.faces,
                    boxes: self.job.ranges.then_some(&message.boxes),
                })?;
            }
        }
        list.end()
    }
}

pub(super) fn write(job: &HaloJob<'_>, totals: &HaloTotals, out: &mut impl Write) -> Result<(), Failure> {
    let failure = RefCell::new(None);
    let found = PlanHaloJson {
        version: 1,
        array: job.array.described(),
        stencil: if job.stencil == Stencil::Box { "box" } else { "star" },
        itemsize: job.amounts.itemsize,
        rank: job.rank,
        moved: totals.moved,
        moved_bytes: job.amounts.bytes(totals.moved),
        faces: totals.faces,
        copied: totals.local,
        message_count: totals.messages,
        predicted: job.machine.as_ref().zip(job.predicted()?).map(|(machine, it)| PredictedJson::new(machine, &it)),
        messages: MessageList { job, failure: &failure },
    };
    let written = stdout::json(&found, out);
    match failure.take() {
        Some(failure) => Err(failure),
        None => Ok(written?),
    }
}
