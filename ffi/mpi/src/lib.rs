//! libdaparray_mpi: arrays moved between distributions, and padding filled, by functions of C and
//! Fortran that take a communicator.
//!
//! A library of its own, because it is linked with one MPI and refuses to work in a program that
//! runs another. It needs nothing of libdaparray: what comes in are the structs of the C ABI, of
//! which every rank describes its own to the others.
//!
//! MPI is the host program's: initialised by whoever wants to, never finalised here. A communicator
//! is duplicated once, and the duplicate kept as its attribute until it is freed. All functions but
//! those that free are collective, and agree before they act: if one rank's argument is wrong that
//! rank returns its code, all others `DAP_E_REMOTE`, and nothing has been written. Rules of the
//! protocol are judged by all ranks together: one that is broken is its code on all of them, with
//! the rank that broke it in the error.
//!
//! # Safety
//!
//! As for the functions of libdaparray: a pointer is null, misaligned, or points to what its type
//! says, for as long as the call takes. A communicator is a valid handle of the MPI that the
//! program runs; another MPI than the one that this library is linked with is found out before a
//! handle is used. Nothing else uses a struct that is written to, or a prepared move or exchange,
//! while a call does, and no two threads call on one communicator at once: MPI demands this of its
//! own collective calls.
#![expect(clippy::missing_safety_doc, reason = "said once, above, for all functions")]

mod agree;
mod arrays;
mod communicator;
pub mod halo;
pub mod memory;
pub mod redistribute;
