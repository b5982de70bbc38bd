/* MPI_Neighbor_alltoallw over a distributed graph, with subarray types of the padded array. */
#include <stdlib.h>

#include "peers.h"

typedef struct {
    Peer peer;
    MPI_Comm graph;
    int count;
    int ones[26];
    MPI_Aint zeros[26];
    MPI_Datatype out[26], in[26];
} Neighbor;

static void run(Peer *peer, double *source, double *target) {
    Neighbor *n = (Neighbor *)peer;
    MPI_Neighbor_alltoallw(source, n->ones, n->zeros, n->out, target, n->ones, n->zeros, n->in, n->graph);
}

static void release(Peer *peer) {
    Neighbor *n = (Neighbor *)peer;
    for (int k = 0; k < n->count; k++) {
        MPI_Type_free(&n->out[k]);
        MPI_Type_free(&n->in[k]);
    }
    MPI_Comm_free(&n->graph);
    free(n);
}

/* The slab at one side of the owned part, or of the padding beside it. */
static MPI_Datatype slab(int ndim, const int *padded, const int *lower, const int *upper, const int *side, int padding) {
    int sub[3], start[3];
    for (int dim = 0; dim < ndim; dim++) {
        int first = lower[dim], last = padded[dim] - upper[dim];
        start[dim] = side[dim] == 0 ? first : side[dim] < 0 ? first - padding : last - 1 + padding;
        sub[dim] = side[dim] == 0 ? last - first : 1;
    }
    MPI_Datatype type;
    MPI_Type_create_subarray(ndim, padded, sub, start, MPI_ORDER_C, MPI_DOUBLE, &type);
    MPI_Type_commit(&type);
    return type;
}

Peer *neighbor_alltoallw(int ndim, const int *size, const int *grid, int box) {
    Neighbor *n = malloc(sizeof *n);
    n->peer = (Peer){run, release};
    n->count = 0;
    int rank, mine[3], padded[3], lower[3], upper[3], peers[26], all = 1;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    for (int dim = ndim - 1, rest = rank; dim >= 0; rest /= grid[dim--]) mine[dim] = rest % grid[dim];
    for (int dim = 0; dim < ndim; dim++) {
        lower[dim] = mine[dim] > 0;
        upper[dim] = mine[dim] < grid[dim] - 1;
        padded[dim] = size[dim] / grid[dim] + lower[dim] + upper[dim];
        all *= 3;
    }
    for (int code = 0; code < all; code++) {
        int side[3], sides = 0, peer = 0, there = 1;
        for (int dim = 0, rest = code; dim < ndim; dim++, rest /= 3) {
            side[dim] = rest % 3 - 1;
            sides += side[dim] != 0;
            int other = mine[dim] + side[dim];
            there &= other >= 0 && other < grid[dim];
            peer = peer * grid[dim] + other;
        }
        if (!there || sides == 0 || (sides > 1 && !box)) continue;
        peers[n->count] = peer;
        n->ones[n->count] = 1;
        n->zeros[n->count] = 0;
        n->out[n->count] = slab(ndim, padded, lower, upper, side, 0);
        n->in[n->count++] = slab(ndim, padded, lower, upper, side, 1);
    }
    MPI_Dist_graph_create_adjacent(MPI_COMM_WORLD, n->count, peers, MPI_UNWEIGHTED, n->count, peers, MPI_UNWEIGHTED,
                                   MPI_INFO_NULL, 0, &n->graph);
    return &n->peer;
}
