//! A cost model: the predicted time of moves, halo exchanges and parallel algorithms on a described
//! machine.
//!
//! | task | here |
//! |---|---|
//! | the machine: latencies, bandwidths, operations a second, ranks a node | [`Machine`], read from JSON |
//! | the time of a move, a reshape or a halo exchange, from its plan | [`Prediction`] |
//! | the same from messages that the caller names | [`Traffic`] |
//! | closed forms for up to millions of ranks | [`algorithms`] |
//! | the terms of a time, and the greatest of them | [`Time`], [`Limit`] |
//!
//! ```
//! use dap_core::algebra::Placement;
//! use dap_core::cost_model::{Limit, Machine, Prediction};
//! use dap_core::dim::{Block, Cyclic};
//! use dap_core::layout::Layout;
//! // Two hosts with one rank each, and a link of 1 Gbit/s between them.
//! let machine = Machine::from_json(br#"{"ranks_per_node": 1, "network_bandwidth": 125e6}"#)?;
//! let from = Placement::new(Layout::new(vec![Block::new(25_000_000, 2)?.into()])?);
//! let to = Placement::new(Layout::new(vec![Cyclic::new(25_000_000, 2, 1)?.into()])?);
//! // Each rank keeps half of its 100 MB and sends the other half: 0.4 s at 125 MB/s.
//! let time = Prediction::of_move(&machine, &from, &to, 8)?.time;
//! assert_eq!(time.limit(), Limit::Network);
//! assert!((time.network - 0.4).abs() < 1e-9);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The model
//!
//! A message of n bytes takes `latency + n / bandwidth`: R. Hockney, "The communication challenge
//! for MPP: Intel Paragon and Meiko CS-2", Parallel Computing 20 (1994), the alpha-beta model. All
//! ranks of a host share its link: the max-rate model of W. Gropp, L. Olson and P. Samfass,
//! "Modeling MPI communication performance on SMP nodes", EuroMPI 2016. The time of a rank is
//!
//! ```text
//! node_latency * messages within the node + network_latency * messages to other hosts
//!     + bytes within the node / node_bandwidth
//!     + bytes of all ranks of the host over its link / network_bandwidth
//!     + 2 * bytes copied by all ranks of the host / memory_bandwidth
//! ```
//!
//! for the messages that it sends or for those that it receives, whichever takes longer; a local
//! copy reads and writes each byte. The time of the exchange is that of the slowest rank. The terms
//! are added, so no overlap is assumed.
//!
//! # Limits
//!
//! The model knows no contention beyond the link of a host, no topology of the network, and no
//! overheads of the processor apart from the latencies. Packing a message is part of the bandwidth
//! that was measured. LogGP (A. Alexandrov and others, 1995) separates overhead and gap from
//! latency; its parameters need measurements that a table of a machine rarely has.

pub mod algorithms;
mod machine;
mod prediction;
mod time;
mod traffic;

pub use machine::{Machine, MachineError, MachineErrorKind};
pub use prediction::Prediction;
pub use time::{Limit, Time, duration};
pub use traffic::Traffic;

#[cfg(test)]
mod tests;
