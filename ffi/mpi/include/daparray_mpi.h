/* daparray_mpi.h: distributed arrays moved, and their padding filled, over MPI.
 *
 * A library beside libdaparray, built for one MPI (`pkg-config --cflags --libs daparray_mpi`): in a program that runs another it
 * refuses (DAP_E_MPI). MPI is yours: initialised before, at the thread level that your calls need, and finalised after; communicators
 * are duplicated once, and their duplicates go with them.
 *
 * Every function but those that free is collective, and agrees before it acts: if one rank's argument is wrong, that rank returns its
 * code, all others DAP_E_REMOTE with the rank in their error, and nothing has been written. Only NULL where a handle belongs cannot be
 * agreed on. What is marked as generated is made from ffi/mpi/src by the tests (UPDATE_SNAPSHOTS=1).
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
/* --- end --- */

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* DAPARRAY_MPI_H */
