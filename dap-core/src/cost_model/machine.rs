//! The description of a machine, with its limits, its defaults and its JSON.

use std::fmt;

use jiter::JsonValue;

/// A machine of equal hosts, as the [cost model](super) sees it. Each number is within the limits
/// of its key.
///
/// | key in JSON | unit | default | limits |
/// |---|---|---|---|
/// | `node_latency` | seconds a message between ranks of a node | 5e-7 | 0 to 10 |
/// | `network_latency` | seconds a message between hosts | 2e-6 | 0 to 10 |
/// | `node_bandwidth` | bytes a second of a rank to the ranks of its node | 5e9 | 1 to 1e18 |
/// | `network_bandwidth` | bytes a second of a host's link, in each direction | 2.5e10 | 1 to 1e18 |
/// | `memory_bandwidth` | bytes a second of a host's memory, read or written | 2e11 | 1 to 1e18 |
/// | `operations` | floating-point operations a second of a rank | 2e10 | 1 to 1e18 |
/// | `ranks_per_node` | consecutive ranks of a host | 64 | 1 to 2^20 |
///
/// The defaults are round numbers of a cluster with two processors a host and a network of 200
/// Gbit/s. They are no measurement: [`Machine::from_json`] reads those of a machine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Machine {
    values: [f64; KEYS.len()],
}

/// A key of the JSON form, its default and its limits.
struct Key {
    name: &'static str,
    default: f64,
    least: f64,
    most: f64,
}

const fn key(name: &'static str, default: f64, [least, most]: [f64; 2]) -> Key {
    Key { name, default, least, most }
}

/// In the order of the accessors.
const KEYS: [Key; 7] = [
    key("node_latency", 5e-7, [0.0, 10.0]),
    key("network_latency", 2e-6, [0.0, 10.0]),
    key("node_bandwidth", 5e9, [1.0, 1e18]),
    key("network_bandwidth", 2.5e10, [1.0, 1e18]),
    key("memory_bandwidth", 2e11, [1.0, 1e18]),
    key("operations", 2e10, [1.0, 1e18]),
    key("ranks_per_node", 64.0, [1.0, 1_048_576.0]),
];

impl Default for Machine {
    fn default() -> Machine {
        Machine { values: KEYS.map(|key| key.default) }
    }
}

impl Machine {
    /// Reads a JSON object with any of the keys; a key that is missing has its default.
    ///
    /// # Errors
    /// No JSON object; a key that is not one of these, or is there twice; a value that is not a
    /// number within the limits; ranks a node that are not a whole number.
    pub fn from_json(text: &[u8]) -> Result<Machine, MachineError> {
        let syntax = |found: String| MachineError { kind: MachineErrorKind::Syntax, key: String::new(), found };
        let value = JsonValue::parse(text, false).map_err(|error| syntax(error.to_string()))?;
        let JsonValue::Object(pairs) = value else { return Err(syntax("no object".to_owned())) };
        let mut machine = Machine::default();
        for (at, (name, value)) in pairs.iter().enumerate() {
            let failed = |kind| MachineError { kind, key: name.to_string(), found: number_text(value) };
            let key = KEYS.iter().position(|key| key.name == name).ok_or(failed(MachineErrorKind::UnknownKey))?;
            if pairs.iter().take(at).any(|(other, _)| other == name) {
                return Err(failed(MachineErrorKind::KeyRepeated));
            }
            let number = match value {
                JsonValue::Int(number) => *number as f64,
                JsonValue::Float(number) => *number,
                _ => return Err(failed(MachineErrorKind::NotANumber)),
            };
            machine = machine.with(KEYS[key].name, number)?;
        }
        Ok(machine)
    }

    /// This machine with another value of the key of that name.
    ///
    /// # Errors
    /// No such key; a value beyond its limits; ranks a node that are not a whole number.
    pub fn with(mut self, name: &str, value: f64) -> Result<Machine, MachineError> {
        let failed = |kind| MachineError { kind, key: name.to_owned(), found: value.to_string() };
        let at = KEYS.iter().position(|key| key.name == name).ok_or_else(|| failed(MachineErrorKind::UnknownKey))?;
        let key = &KEYS[at];
        // The comparison is false for NaN.
        if !(key.least..=key.most).contains(&value) {
            return Err(failed(MachineErrorKind::OutOfRange));
        }
        if name == "ranks_per_node" && value.fract() != 0.0 {
            return Err(failed(MachineErrorKind::NotWhole));
        }
        self.values[at] = value;
        Ok(self)
    }

    /// All keys with their values, in the order of the table.
    pub fn values(&self) -> impl Iterator<Item = (&'static str, f64)> + '_ {
        KEYS.iter().zip(self.values).map(|(key, value)| (key.name, value))
    }

    /// Seconds a message between two ranks of a node.
    pub fn node_latency(&self) -> f64 {
        self.values[0]
    }

    /// Seconds a message between two hosts.
    pub fn network_latency(&self) -> f64 {
        self.values[1]
    }

    /// Bytes a second that a rank sends to, or receives from, the ranks of its node.
    pub fn node_bandwidth(&self) -> f64 {
        self.values[2]
    }

    /// Bytes a second of a host's link in each direction, for all its ranks together.
    pub fn network_bandwidth(&self) -> f64 {
        self.values[3]
    }

    /// Bytes a second that all ranks of a host together read and write.
    pub fn memory_bandwidth(&self) -> f64 {
        self.values[4]
    }

    /// Floating-point operations a second of one rank.
    pub fn operations(&self) -> f64 {
        self.values[5]
    }

    /// The number of consecutive ranks of a host.
    pub fn ranks_per_node(&self) -> i64 {
        // A whole number of at most 2^20.
        self.values[6] as i64
    }
}

fn number_text(value: &JsonValue<'_>) -> String {
    match value {
        JsonValue::Null => "null".to_owned(),
        JsonValue::Bool(value) => value.to_string(),
        JsonValue::Int(value) => value.to_string(),
        JsonValue::Float(value) => value.to_string(),
        JsonValue::Str(_) => "a string".to_owned(),
        JsonValue::Array(_) => "a list".to_owned(),
        JsonValue::Object(_) => "an object".to_owned(),
    }
}

/// The kind of mistake in the description of a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MachineErrorKind {
    /// The text is not a JSON object.
    Syntax,
    /// A key that no machine has.
    UnknownKey,
    /// A key that is there twice.
    KeyRepeated,
    /// A value that is not a number.
    NotANumber,
    /// A number beyond the limits of its key.
    OutOfRange,
    /// A number of ranks that is not whole.
    NotWhole,
}

/// A description of a machine that cannot be used: the kind of mistake, and the key.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct MachineError {
    kind: MachineErrorKind,
    key: String,
    found: String,
}

impl MachineError {
    /// The kind of mistake.
    pub fn kind(&self) -> MachineErrorKind {
        self.kind
    }

    /// The key whose value is wrong; empty if the text is no object.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl fmt::Display for MachineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MachineError { kind, key, found } = self;
        match kind {
            MachineErrorKind::Syntax => write!(f, "a machine is a JSON object: {found}"),
            MachineErrorKind::UnknownKey => {
                let names: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
                write!(f, "a machine has no key {key:?}; its keys are {}", names.join(", "))
            }
            MachineErrorKind::KeyRepeated => write!(f, "the key {key:?} of the machine is there twice"),
            MachineErrorKind::NotANumber => write!(f, "{key:?} of the machine is {found}, a number is expected"),
            MachineErrorKind::NotWhole => write!(f, "{key:?} of the machine is {found}, a whole number is expected"),
            MachineErrorKind::OutOfRange => {
                let limits = KEYS.iter().find(|it| it.name == key).map_or((0.0, 0.0), |it| (it.least, it.most));
                write!(f, "{key:?} of the machine is {found}, expected is {} to {:e}", limits.0, limits.1)
            }
        }
    }
}

crate::debug_as_display!(MachineError);

impl std::error::Error for MachineError {}
