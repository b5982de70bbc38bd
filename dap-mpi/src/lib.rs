//! The Distributed Array Protocol over MPI. Nothing is here yet.
//!
//! Release 0.4 brings a communicator with collective error agreement, a lean distributed array that exports and imports
//! DAP without copying, redistribution between any two layouts, and halo exchange. Until then, export each rank with
//! `conformance/dump/dap_dump.py`, or in JSON, and judge all ranks together with `dap-validate`.
#![forbid(unsafe_code)]
