/* MPI_Alltoallw between two block-cyclic distributions, with nested types made once. */
#include <stdlib.h>

#include "peers.h"

typedef struct {
    Peer peer;
    int ranks;
    int *ones_out, *ones_in, *zeros;
    MPI_Datatype *out, *in;
} Alltoallw;

static int owner(int index, int block, int grid) { return index / block % grid; }
static int local(int index, int block, int grid) { return index / (block * grid) * block + index % block; }

static int extent(int n, int block, int grid, int coordinate) {
    int count = 0;
    for (int index = 0; index < n; index++) count += owner(index, block, grid) == coordinate;
    return count;
}

/* The `count` positions of `places`, as a type whose items are `item`, `stride` bytes apart. */
static MPI_Datatype along(const int *places, int count, MPI_Datatype item, MPI_Aint stride) {
    int runs = 0, uniform = 1;
    int *starts = malloc(sizeof(int) * (count + 1)), *lens = malloc(sizeof(int) * (count + 1));
    for (int k = 0; k < count; k++) {
        if (k > 0 && places[k] == places[k - 1] + 1) {
            lens[runs - 1]++;
        } else {
            starts[runs] = places[k];
            lens[runs++] = 1;
        }
    }
    for (int k = 1; k < runs; k++) uniform &= lens[k] == lens[0] && starts[k] - starts[k - 1] == starts[1] - starts[0];
    MPI_Datatype step, type;
    MPI_Type_create_resized(item, 0, stride, &step);
    if (uniform) {
        MPI_Datatype vector;
        MPI_Type_vector(runs, lens[0], runs > 1 ? starts[1] - starts[0] : lens[0], step, &vector);
        int one = 1;
        MPI_Aint at = starts[0] * stride;
        MPI_Type_create_hindexed(1, &one, &at, vector, &type);
        MPI_Type_free(&vector);
    } else {
        MPI_Type_indexed(runs, lens, starts, step, &type);
    }
    MPI_Type_free(&step);
    free(starts);
    free(lens);
    return type;
}

/* The elements that this process, at `mine` of `here`, shares with the process at `theirs` of
 * `there`; MPI_DATATYPE_NULL if there are none. */
static MPI_Datatype common(int n, const Dealt *here, const int *mine, const Dealt *there, const int *theirs) {
    MPI_Datatype type = MPI_DOUBLE;
    MPI_Aint stride = sizeof(double);
    int *places = malloc(sizeof(int) * n);
    for (int dim = 0; dim < 2; dim++) {
        int count = 0;
        for (int index = 0; index < n; index++) {
            if (owner(index, here->block[dim], here->grid[dim]) == mine[dim] &&
                owner(index, there->block[dim], there->grid[dim]) == theirs[dim]) {
                places[count++] = local(index, here->block[dim], here->grid[dim]);
            }
        }
        if (count == 0) {
            free(places);
            return MPI_DATATYPE_NULL;
        }
        type = along(places, count, type, stride);
        stride *= extent(n, here->block[dim], here->grid[dim], mine[dim]);
    }
    free(places);
    MPI_Type_commit(&type);
    return type;
}

static void run(Peer *peer, double *source, double *target) {
    Alltoallw *a = (Alltoallw *)peer;
    MPI_Alltoallw(source, a->ones_out, a->zeros, a->out, target, a->ones_in, a->zeros, a->in, MPI_COMM_WORLD);
}

static void release(Peer *peer) {
    Alltoallw *a = (Alltoallw *)peer;
    for (int rank = 0; rank < a->ranks; rank++) {
        if (a->ones_out[rank]) MPI_Type_free(&a->out[rank]);
        if (a->ones_in[rank]) MPI_Type_free(&a->in[rank]);
    }
    free(a->ones_out);
    free(a->ones_in);
    free(a->zeros);
    free(a->out);
    free(a->in);
    free(a);
}

static int types(MPI_Datatype *types, int *ones, int n, const Dealt *here, const Dealt *there, int ranks) {
    int rank;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    const int mine[2] = {rank / here->grid[1], rank % here->grid[1]};
    for (int peer = 0; peer < ranks; peer++) {
        const int theirs[2] = {peer / there->grid[1], peer % there->grid[1]};
        MPI_Datatype type = common(n, here, mine, there, theirs);
        ones[peer] = type != MPI_DATATYPE_NULL;
        types[peer] = ones[peer] ? type : MPI_DOUBLE;
    }
    return ranks;
}

Peer *alltoallw(int n, const Dealt *from, const Dealt *to) {
    Alltoallw *a = malloc(sizeof *a);
    a->peer = (Peer){run, release};
    MPI_Comm_size(MPI_COMM_WORLD, &a->ranks);
    a->ones_out = calloc(a->ranks, sizeof(int));
    a->ones_in = calloc(a->ranks, sizeof(int));
    a->zeros = calloc(a->ranks, sizeof(int));
    a->out = calloc(a->ranks, sizeof(MPI_Datatype));
    a->in = calloc(a->ranks, sizeof(MPI_Datatype));
    types(a->out, a->ones_out, n, from, to, a->ranks);
    types(a->in, a->ones_in, n, to, from, a->ranks);
    return &a->peer;
}
