//! The tests of the conformance suite itself, one module for each theme.

mod oracle;
