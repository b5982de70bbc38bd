/* PETSc: ghost updates of a DMDA, and VecScatter with general index sets. */
#include <petscdmda.h>
#include <stdlib.h>

#include "peers.h"

static void begin(void) {
    PetscBool is_initialized;
    PetscInitialized(&is_initialized);
    if (!is_initialized) PetscInitializeNoArguments();
}

typedef struct {
    Peer peer;
    DM dm;
    Vec local;
} Ghosts;

static void ghosts_run(Peer *peer, double *source, double *target) {
    Ghosts *g = (Ghosts *)peer;
    (void)source;
    (void)target;
    DMLocalToLocalBegin(g->dm, g->local, INSERT_VALUES, g->local);
    DMLocalToLocalEnd(g->dm, g->local, INSERT_VALUES, g->local);
}

static void ghosts_free(Peer *peer) {
    Ghosts *g = (Ghosts *)peer;
    VecDestroy(&g->local);
    DMDestroy(&g->dm);
    free(g);
}

Peer *dm_local_to_local(int ndim, const int *size, const int *grid, int box) {
    begin();
    Ghosts *g = malloc(sizeof *g);
    g->peer = (Peer){ghosts_run, ghosts_free};
    const DMBoundaryType none = DM_BOUNDARY_NONE;
    const DMDAStencilType stencil = box ? DMDA_STENCIL_BOX : DMDA_STENCIL_STAR;
    /* PETSc names the fastest dimension first. */
    if (ndim == 2) {
        DMDACreate2d(PETSC_COMM_WORLD, none, none, stencil, size[1], size[0], grid[1], grid[0], 1, 1, NULL, NULL, &g->dm);
    } else {
        DMDACreate3d(PETSC_COMM_WORLD, none, none, none, stencil, size[2], size[1], size[0], grid[2], grid[1], grid[0], 1,
                     1, NULL, NULL, NULL, &g->dm);
    }
    DMSetUp(g->dm);
    DMCreateLocalVector(g->dm, &g->local);
    VecSet(g->local, 1.0);
    return &g->peer;
}

typedef struct {
    Peer peer;
    Vec from, to;
    VecScatter scatter;
} Scatter;

static void scatter_run(Peer *peer, double *source, double *target) {
    Scatter *s = (Scatter *)peer;
    VecPlaceArray(s->from, source);
    VecPlaceArray(s->to, target);
    VecScatterBegin(s->scatter, s->from, s->to, INSERT_VALUES, SCATTER_FORWARD);
    VecScatterEnd(s->scatter, s->from, s->to, INSERT_VALUES, SCATTER_FORWARD);
    VecResetArray(s->from);
    VecResetArray(s->to);
}

static void scatter_free(Peer *peer) {
    Scatter *s = (Scatter *)peer;
    VecScatterDestroy(&s->scatter);
    VecDestroy(&s->from);
    VecDestroy(&s->to);
    free(s);
}

Peer *vecscatter(int size, int mine, const int *indices) {
    begin();
    Scatter *s = malloc(sizeof *s);
    s->peer = (Peer){scatter_run, scatter_free};
    int rank, ranks;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    VecCreateMPIWithArray(PETSC_COMM_WORLD, 1, mine, size, NULL, &s->from);
    VecCreateMPIWithArray(PETSC_COMM_WORLD, 1, size / ranks, size, NULL, &s->to);
    PetscInt first;
    VecGetOwnershipRange(s->from, &first, NULL);
    IS here, there;
    ISCreateStride(PETSC_COMM_WORLD, mine, first, 1, &here);
    ISCreateGeneral(PETSC_COMM_WORLD, mine, indices, PETSC_USE_POINTER, &there);
    VecScatterCreate(s->from, here, s->to, there, &s->scatter);
    ISDestroy(&here);
    ISDestroy(&there);
    return &s->peer;
}
