/* The peers of the benchmark: the same operation in other libraries, each behind the same calls. */
#ifndef PEERS_H
#define PEERS_H

#include <mpi.h>

typedef struct Peer Peer;
struct Peer {
    /* Moves from the local part of one distribution to that of the other, or fills the padding of
     * one array (source == target). Collective. */
    void (*run)(Peer *peer, double *source, double *target);
    void (*free)(Peer *peer);
};

/* How a matrix is dealt: blocks of this size to a grid in C order, local parts column by column. */
typedef struct {
    int grid[2];
    int block[2];
} Dealt;

Peer *alltoallw(int n, const Dealt *from, const Dealt *to);
Peer *pdgemr2d(int n, const Dealt *from, const Dealt *to);

/* Halos of width 1, not periodic; sizes and grid in C order; with corners if `box`. */
Peer *neighbor_alltoallw(int ndim, const int *size, const int *grid, int box);
/* Works on a vector of PETSc's own, as its users do. */
Peer *dm_local_to_local(int ndim, const int *size, const int *grid, int box);

/* Item k of this process goes to place `indices[k]` of equal blocks; `size` items in all. */
Peer *vecscatter(int size, int mine, const int *indices);

#endif
