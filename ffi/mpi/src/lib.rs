//! libdaparray_mpi: moves arrays between distributions, and fills padding, by functions of C and
//! Fortran that take a communicator.
//!
//! This is a separate library, because it is linked with one MPI and refuses to work in a program
//! that runs another. It does not need libdaparray: its inputs are the structs of the C ABI, and
//! every rank describes its struct to the others.
//!
//! The host program initialises and finalises MPI; this library never does. A communicator is
//! duplicated once, and the duplicate is kept as its attribute until it is freed. All functions
//! except those that free are collective, and agree before they act: if one rank's argument is
//! wrong, that rank returns its code, all others `DAP_E_REMOTE`, and no memory has been written.
//! All ranks check the rules of the protocol together: a broken rule gives its code on all of them,
//! with the rank that broke it in the error.
//!
//! # Safety
//!
//! As for the functions of libdaparray: a pointer is null, misaligned, or points to what its type
//! says, for as long as the call takes. A communicator is a valid handle of the MPI that the
//! program runs; another MPI than the one that this library is linked with is detected before a
//! handle is used. While a call uses a struct that is written to, or a prepared move or exchange,
//! no other code uses it, and no two threads call on one communicator at once: MPI demands this of
//! its own collective calls.
#![expect(clippy::missing_safety_doc, reason = "said once, above, for all functions")]

mod agree;
mod arrays;
mod communicator;
pub mod halo;
pub mod memory;
pub mod redistribute;
