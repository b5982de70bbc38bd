//! Random numbers beside NumPy's, beside slow definitions, and in their moments.
//!
//! The table of NumPy's numbers was printed by NumPy 2.4.6 (BSD 3-Clause, NumPy Developers).

mod exact;
mod numpy;
mod statistics;
