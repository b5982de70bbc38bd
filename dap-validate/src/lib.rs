//! (beginning)
