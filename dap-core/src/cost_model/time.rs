//! A predicted time: its terms, and the greatest of them.

use std::fmt;
use std::ops::Add;

/// The terms of a predicted time, in seconds. Their sum is the time.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Time {
    /// Latencies of messages.
    pub latency: f64,
    /// Bytes between the ranks of a node.
    pub node: f64,
    /// Bytes over the link of a host.
    pub network: f64,
    /// Copies within the memory of a host.
    pub memory: f64,
    /// Floating-point operations.
    pub compute: f64,
}

/// The greatest term of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// Nothing takes time.
    Nothing,
    /// Latencies of messages.
    Latency,
    /// Bytes between the ranks of a node.
    Node,
    /// Bytes over the link of a host.
    Network,
    /// Copies within the memory of a host.
    Memory,
    /// Floating-point operations.
    Compute,
}

impl Time {
    /// The sum of the terms.
    pub fn seconds(&self) -> f64 {
        self.terms().iter().map(|(_, seconds)| seconds).sum()
    }

    /// The terms with their names.
    pub fn terms(&self) -> [(Limit, f64); 5] {
        [
            (Limit::Latency, self.latency),
            (Limit::Node, self.node),
            (Limit::Network, self.network),
            (Limit::Memory, self.memory),
            (Limit::Compute, self.compute),
        ]
    }

    /// The greatest term; the first of several.
    pub fn limit(&self) -> Limit {
        let most = |most: (Limit, f64), term: (Limit, f64)| if term.1 > most.1 { term } else { most };
        self.terms().into_iter().fold((Limit::Nothing, 0.0), most).0
    }

    /// This time, repeated: all terms times `count`.
    #[must_use]
    pub fn times(self, count: f64) -> Time {
        Time {
            latency: self.latency * count,
            node: self.node * count,
            network: self.network * count,
            memory: self.memory * count,
            compute: self.compute * count,
        }
    }
}

impl Add for Time {
    type Output = Time;

    fn add(self, other: Time) -> Time {
        Time {
            latency: self.latency + other.latency,
            node: self.node + other.node,
            network: self.network + other.network,
            memory: self.memory + other.memory,
            compute: self.compute + other.compute,
        }
    }
}

impl Limit {
    /// The name as one word.
    pub fn name(self) -> &'static str {
        match self {
            Limit::Nothing => "nothing",
            Limit::Latency => "latency",
            Limit::Node => "node",
            Limit::Network => "network",
            Limit::Memory => "memory",
            Limit::Compute => "compute",
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Time {
    /// The seconds and the share of the greatest term: `1.20 ms, network 83 %`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, limit) = (self.seconds(), self.limit());
        f.write_str(&duration(seconds))?;
        match self.terms().into_iter().find(|(name, _)| *name == limit) {
            Some((name, share)) => write!(f, ", {name} {:.0} %", share / seconds * 100.0),
            None => Ok(()),
        }
    }
}

/// Seconds in a unit that suits them, with three digits: `12.3 us`.
pub fn duration(seconds: f64) -> String {
    let (unit, factor) = match seconds {
        0.0 => return "0 s".to_owned(),
        seconds if seconds < 0.999_5e-6 => ("ns", 1e9),
        seconds if seconds < 0.999_5e-3 => ("us", 1e6),
        seconds if seconds < 0.999_5 => ("ms", 1e3),
        _ => ("s", 1.0),
    };
    let number = seconds * factor;
    match number {
        number if number < 9.995 => format!("{number:.2} {unit}"),
        number if number < 99.95 => format!("{number:.1} {unit}"),
        number if number < 999_999.5 => format!("{number:.0} {unit}"),
        number => format!("{number:.2e} {unit}"),
    }
}
