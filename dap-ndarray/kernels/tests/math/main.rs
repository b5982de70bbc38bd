//! Vector mathematics: errors beside a slow oracle, special values, equal bits everywhere.

#![expect(clippy::approx_constant, reason = "words of constants, and rounded numbers near them")]

mod accuracy;
mod bits;
mod complex;
mod definitions;
mod domain;
mod oracle;
mod oracle_is_right;
mod special;
