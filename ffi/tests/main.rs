//! One binary for all tests of the C ABI from Rust's side.

mod abi;
mod header;
