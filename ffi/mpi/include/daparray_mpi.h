/* daparray_mpi.h: distributed arrays moved, and their padding filled, over MPI.
 *
 * A library beside libdaparray, built for one MPI (`pkg-config --cflags --libs daparray_mpi`): in a
 * program that runs another it refuses (DAP_E_MPI). MPI is yours: initialised before and finalised
 * after; communicators are duplicated once, and their duplicates go with them. Threads: with
 * MPI_THREAD_MULTIPLE any thread may call, one at a time on a communicator and what was made with
 * it; below that level the one that initialised MPI, and any other gets DAP_E_MPI.
 *
 * Every function but those that free is collective, and agrees before it acts: if one rank's argument is wrong, that rank returns its
 * code, all others DAP_E_REMOTE, with the rank in the error of all, and nothing has been written. Rules of the protocol are judged by all
 * ranks together: one that is broken is its code on all of them, with the rank in the error; so is a struct that is NULL on a rank where
 * the others' structs need one (DAP_E_INCOMPLETE). Only NULL where a communicator or a handle belongs cannot be agreed on. What is marked as generated is made from ffi/mpi/src by the tests (UPDATE_SNAPSHOTS=1).
 */
#ifndef DAPARRAY_MPI_H
#define DAPARRAY_MPI_H

#include <mpi.h>

#include "daparray.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct DapMpiMove DapMpiMove; /* a move between two distributions, again and again */
typedef struct DapMpiHalo DapMpiHalo; /* the padding of a distribution, again and again */

/* --- generated: functions --- */
/* Moves an array: this rank's elements of source go to whichever ranks have them in target, which
   gets its own. Either is NULL on a rank that has no part of it; ranks that have one are its
   processes, in rank order. Of the target, what is owned is written; communication padding is left
   as it is. The two must not share memory. Collective. */
int32_t dap_mpi_redistribute(MPI_Comm comm, const DapArray *source, const DapArray *target, DapError *error);

/* The same with a communicator of Fortran's. */
int32_t dap_mpi_redistribute_f(MPI_Fint comm, const DapArray *source, const DapArray *target, DapError *error);

/* Reshapes an array: the items of source go to target, an array of another shape, in the same
   row-major order (the last index varies fastest), whatever the order in memory. As many items, or
   the code is DAP_E_LAYOUTS_DIFFER. Otherwise as dap_mpi_redistribute; fastest for arrays in C
   order without gaps. Collective. */
int32_t dap_mpi_reshape(MPI_Comm comm, const DapArray *source, const DapArray *target, DapError *error);

/* The same with a communicator of Fortran's. */
int32_t dap_mpi_reshape_f(MPI_Fint comm, const DapArray *source, const DapArray *target, DapError *error);

/* Prepares a move between arrays that are distributed as source and target are: for these, and for
   any others like them. It keeps the memory that messages need. Collective. */
int32_t dap_mpi_move_new(MPI_Comm comm, const DapArray *source, const DapArray *target, DapMpiMove **out,
                         DapError *error);

/* The same with a communicator of Fortran's. */
int32_t dap_mpi_move_new_f(MPI_Fint comm, const DapArray *source, const DapArray *target, DapMpiMove **out,
                           DapError *error);

/* Prepares to reshape arrays that are distributed as source is into such as target is, see
   dap_mpi_reshape: a move like any other. Collective. */
int32_t dap_mpi_move_new_reshape(MPI_Comm comm, const DapArray *source, const DapArray *target, DapMpiMove **out,
                                 DapError *error);

/* The same with a communicator of Fortran's. */
int32_t dap_mpi_move_new_reshape_f(MPI_Fint comm, const DapArray *source, const DapArray *target, DapMpiMove **out,
                                   DapError *error);

/* Moves an array as was prepared: source and target are distributed as those that it was prepared
   with, and NULL on the ranks where those were. Collective. */
int32_t dap_mpi_move_execute(DapMpiMove *plan, const DapArray *source, const DapArray *target, DapError *error);

/* Frees a prepared move; NULL is fine. By all ranks, before the communicator is freed. */
void dap_mpi_move_free(DapMpiMove *plan);

/* Prepares to fill the communication padding of arrays that are distributed as array is; NULL on a
   rank that has no part, which must be behind all that have one. With corners other than 0 diagonal
   neighbours' elements come, too; all ranks give the same, or one has DAP_E_ARGUMENT. Collective.
   */
int32_t dap_mpi_halo_new(MPI_Comm comm, const DapArray *array, int32_t corners, DapMpiHalo **out, DapError *error);

/* The same with a communicator of Fortran's. */
int32_t dap_mpi_halo_new_f(MPI_Fint comm, const DapArray *array, int32_t corners, DapMpiHalo **out, DapError *error);

/* Begins: what the neighbours need is packed and on its way. Afterwards all that is owned may be
   written again, and the interior computed until dap_mpi_halo_finish. Collective. */
int32_t dap_mpi_halo_start(DapMpiHalo *halo, const DapArray *array, DapError *error);

/* Ends: the padding of array, the one that was started with, is filled. It is NULL on the ranks
   where it was. Collective. */
int32_t dap_mpi_halo_finish(DapMpiHalo *halo, const DapArray *array, DapError *error);

/* Both halves at once: the padding of array is filled. Collective. */
int32_t dap_mpi_halo_exchange(DapMpiHalo *halo, const DapArray *array, DapError *error);

/* Frees a prepared exchange; NULL is fine. By all ranks, before the communicator is freed. */
void dap_mpi_halo_free(DapMpiHalo *halo);

/* Memory of so many bytes for an array that is to be moved, whatever they hold: what others of the
   node need of it they read where it lies, where otherwise it is laid out for them first. It begins
   at a page. Each rank may ask for another size, also for 0. Collective. */
int32_t dap_mpi_allocate(MPI_Comm comm, int64_t bytes, void **memory, DapError *error);

/* The same with a communicator of Fortran's. */
int32_t dap_mpi_allocate_f(MPI_Fint comm, int64_t bytes, void **memory, DapError *error);

/* Takes memory of dap_mpi_allocate back; NULL is fine. At any time, on any thread, and on this rank
   alone: what dap_array_from_memory wants as release, with the memory as owner. */
void dap_mpi_release(void *memory);

/* --- end --- */

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* DAPARRAY_MPI_H */
