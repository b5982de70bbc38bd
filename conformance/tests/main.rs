//! The tests of the conformance suite itself, and of what is measured against it; one module for
//! each theme.

mod cases;
mod checker;
mod oracle;
