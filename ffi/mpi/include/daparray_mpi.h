/* daparray_mpi.h: moves distributed arrays, and fills their padding, over MPI.
 *
 * This library stands beside libdaparray and is built for one MPI
 * (`pkg-config --cflags --libs daparray_mpi`). It refuses to work in a program that runs another
 * MPI (DAP_E_MPI). The program initialises MPI before and finalises it after use. Communicators are
 * duplicated once, and each duplicate is freed with its communicator. Threads: with
 * MPI_THREAD_MULTIPLE any thread may call, but only one at a time on a communicator and the objects
 * made with it. Below that level only the thread that initialised MPI may call, and any other gets
 * DAP_E_MPI.
 *
 * All functions except those that free are collective, and agree before they act: if one rank's
 * argument is wrong, that rank returns its code, all others return DAP_E_REMOTE, with the rank in
 * the error of all, and no memory has been written. All ranks check the rules of the protocol
 * together: a broken rule gives its code on all of them, with the rank in the error. The same holds
 * for a struct that is NULL on a rank where the others' structs need one (DAP_E_INCOMPLETE). Only a
 * NULL communicator or handle cannot be agreed on.
 *
 * The tests write the section marked as generated, from ffi/mpi/src (UPDATE_SNAPSHOTS=1).
 */
#ifndef DAPARRAY_MPI_H
#define DAPARRAY_MPI_H

#include <mpi.h>

#include "daparray.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct DapMpiMove DapMpiMove; /* a move between two distributions, for repeated use */
typedef struct DapMpiHalo DapMpiHalo; /* a halo exchange of a distribution, for repeated use */

/* --- generated: functions --- */
/* Moves an array: this rank's elements of source go to the ranks that hold them in target, and this
   rank's part of target is filled. Either is NULL on a rank that has no part of it; the ranks that
   have a part are its processes, in rank order. Of the target, owned elements are written;
   communication padding is unchanged. The two must not share memory. Collective. */
int32_t dap_mpi_redistribute(MPI_Comm comm, const DapArray *source, const DapArray *target, DapError *error);

/* The same function with a Fortran communicator. */
int32_t dap_mpi_redistribute_f(MPI_Fint comm, const DapArray *source, const DapArray *target, DapError *error);

/* Reshapes an array: the items of source go to target, an array of another shape, in the same
   row-major order (the last index varies fastest), whatever the order in memory. Both must have the
   same number of items, or the code is DAP_E_LAYOUTS_DIFFER. Otherwise as dap_mpi_redistribute;
   fastest for arrays in C order without gaps. Collective. */
int32_t dap_mpi_reshape(MPI_Comm comm, const DapArray *source, const DapArray *target, DapError *error);

/* The same function with a Fortran communicator. */
int32_t dap_mpi_reshape_f(MPI_Fint comm, const DapArray *source, const DapArray *target, DapError *error);

/* Prepares a move between arrays with the distributions of source and target: for these, and for
   any others with the same distributions. It keeps the memory for messages. Collective. */
int32_t dap_mpi_move_new(MPI_Comm comm, const DapArray *source, const DapArray *target, DapMpiMove **out,
                         DapError *error);

/* The same function with a Fortran communicator. */
int32_t dap_mpi_move_new_f(MPI_Fint comm, const DapArray *source, const DapArray *target, DapMpiMove **out,
                           DapError *error);

/* Prepares to reshape arrays with the distribution of source into arrays with the distribution of
   target, see dap_mpi_reshape; the result is a move like any other. Collective. */
int32_t dap_mpi_move_new_reshape(MPI_Comm comm, const DapArray *source, const DapArray *target, DapMpiMove **out,
                                 DapError *error);

/* The same function with a Fortran communicator. */
int32_t dap_mpi_move_new_reshape_f(MPI_Fint comm, const DapArray *source, const DapArray *target, DapMpiMove **out,
                                   DapError *error);

/* Executes a prepared move: source and target have the distributions that it was prepared for, and
   are NULL on the same ranks. Collective. */
int32_t dap_mpi_move_execute(DapMpiMove *plan, const DapArray *source, const DapArray *target, DapError *error);

/* Frees a prepared move; NULL is allowed. All ranks call it before freeing the communicator. */
void dap_mpi_move_free(DapMpiMove *plan);

/* Prepares to fill the communication padding of arrays with the distribution of array; NULL on a
   rank that has no part, which must come after all ranks that have one. With corners other than 0,
   the elements of diagonal neighbours are included; all ranks must give the same value, or the code
   is DAP_E_ARGUMENT. Collective. */
int32_t dap_mpi_halo_new(MPI_Comm comm, const DapArray *array, int32_t corners, DapMpiHalo **out, DapError *error);

/* The same function with a Fortran communicator. */
int32_t dap_mpi_halo_new_f(MPI_Fint comm, const DapArray *array, int32_t corners, DapMpiHalo **out, DapError *error);

/* Begins: packs and sends the elements for the neighbours. Afterwards, owned elements may be
   written again, and the interior may be computed until dap_mpi_halo_finish. Collective. */
int32_t dap_mpi_halo_start(DapMpiHalo *halo, const DapArray *array, DapError *error);

/* Ends: fills the padding of array, which must be the array that was started with, NULL on the same
   ranks. Collective. */
int32_t dap_mpi_halo_finish(DapMpiHalo *halo, const DapArray *array, DapError *error);

/* Both halves at once: fills the padding of array. Collective. */
int32_t dap_mpi_halo_exchange(DapMpiHalo *halo, const DapArray *array, DapError *error);

/* Frees a prepared exchange; NULL is allowed. All ranks call it before freeing the communicator. */
void dap_mpi_halo_free(DapMpiHalo *halo);

/* Allocates memory of bytes bytes for an array that is to be moved, of any item type. Other ranks
   of the node read their elements in place; elements in other memory are first copied to staging
   memory. The memory begins at a page. Each rank may ask for another size, also for 0. Collective.
   */
int32_t dap_mpi_allocate(MPI_Comm comm, int64_t bytes, void **memory, DapError *error);

/* The same function with a Fortran communicator. */
int32_t dap_mpi_allocate_f(MPI_Fint comm, int64_t bytes, void **memory, DapError *error);

/* Frees memory of dap_mpi_allocate; NULL is allowed. The call is local to this rank, at any time,
   on any thread: it can be the release of dap_array_from_memory, with the memory as owner. */
void dap_mpi_release(void *memory);

/* --- end --- */

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* DAPARRAY_MPI_H */
