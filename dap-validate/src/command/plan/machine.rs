//! `plan --machine`: the predicted time of a plan on a described machine.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use dap_core::cost_model::{Machine, Prediction};
use schemars::JsonSchema;
use serde::Serialize;

use crate::command::outcome::Failure;
use dap_report::printable;

/// The greatest size of a file that describes a machine, in bytes.
const MOST_BYTES: u64 = 1 << 16;

/// A predicted time: the sum of its terms, each in seconds.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Predicted")]
pub(super) struct PredictedJson {
    /// The time of the slowest rank.
    seconds: f64,
    /// Latencies of messages.
    latency: f64,
    /// Bytes between ranks of a node.
    node: f64,
    /// Bytes over the link of a host.
    network: f64,
    /// Copies within the memory of a host.
    memory: f64,
    /// The greatest term.
    limit: &'static str,
    /// Whether each rank was counted; otherwise all ranks count as the busiest one.
    by_rank: bool,
    /// All keys of the machine, with the defaults of those that the file does not have.
    machine: BTreeMap<&'static str, f64>,
}

impl PredictedJson {
    pub(super) fn new(machine: &Machine, prediction: &Prediction) -> Self {
        let Prediction { time, by_rank } = *prediction;
        Self {
            seconds: time.seconds(),
            latency: time.latency,
            node: time.node,
            network: time.network,
            memory: time.memory,
            limit: time.limit().name(),
            by_rank,
            machine: machine.values().collect(),
        }
    }
}

/// The machine that a file describes.
pub(super) fn read(path: &Path) -> Result<Machine, Failure> {
    let shown = printable(&path.display().to_string());
    let failed = |why: String| Failure::Usage(format!("{shown}: {why}"));
    let mut text = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut text))
        .map_err(|error| failed(format!("the machine cannot be read: {error}")))?;
    if text.len() as u64 > MOST_BYTES {
        return Err(failed(format!("the machine has more than {MOST_BYTES} bytes")));
    }
    Machine::from_json(&text).map_err(|error| failed(printable(&error.to_string())))
}

/// The time in words, of items whose size is known.
pub(super) fn in_words(prediction: Option<&Prediction>) -> String {
    match prediction {
        None => "unknown: the items have no type".to_owned(),
        Some(it) if it.by_rank => format!("{} (predicted)", it.time),
        Some(it) => format!("{} (predicted from the busiest rank)", it.time),
    }
}
