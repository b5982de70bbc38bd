//! The tests of the conformance suite itself, and of the code that it checks; one module for each
//! theme.

mod cases;
mod checker;
mod oracle;
