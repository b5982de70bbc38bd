/* ScaLAPACK's pdgemr2d. */
#include <stdlib.h>

#include "peers.h"

void Cblacs_pinfo(int *rank, int *ranks);
void Cblacs_get(int context, int what, int *value);
void Cblacs_gridinit(int *context, char *order, int rows, int columns);
void Cblacs_gridexit(int context);
int numroc_(const int *n, const int *block, const int *coordinate, const int *source, const int *grid);
void descinit_(int *desc, const int *m, const int *n, const int *mb, const int *nb, const int *rsrc, const int *csrc,
               const int *context, const int *lld, int *info);
void pdgemr2d_(const int *m, const int *n, double *a, const int *ia, const int *ja, const int *desca, double *b,
               const int *ib, const int *jb, const int *descb, const int *context);

typedef struct {
    Peer peer;
    int n, from[9], to[9], contexts[3];
} Pdgemr2d;

static void run(Peer *peer, double *source, double *target) {
    Pdgemr2d *p = (Pdgemr2d *)peer;
    const int one = 1;
    pdgemr2d_(&p->n, &p->n, source, &one, &one, p->from, target, &one, &one, p->to, &p->contexts[2]);
}

static void release(Peer *peer) {
    Pdgemr2d *p = (Pdgemr2d *)peer;
    for (int k = 0; k < 3; k++) Cblacs_gridexit(p->contexts[k]);
    free(p);
}

static void describe(int n, const Dealt *dealt, int *context, int *desc) {
    const int zero = 0;
    int rank, ranks, info;
    Cblacs_pinfo(&rank, &ranks);
    Cblacs_get(-1, 0, context);
    Cblacs_gridinit(context, "Row", dealt->grid[0], dealt->grid[1]);
    const int row = rank / dealt->grid[1];
    const int rows = numroc_(&n, &dealt->block[0], &row, &zero, &dealt->grid[0]);
    const int lld = rows > 1 ? rows : 1;
    descinit_(desc, &n, &n, &dealt->block[0], &dealt->block[1], &zero, &zero, context, &lld, &info);
}

Peer *pdgemr2d(int n, const Dealt *from, const Dealt *to) {
    Pdgemr2d *p = malloc(sizeof *p);
    p->peer = (Peer){run, release};
    p->n = n;
    describe(n, from, &p->contexts[0], p->from);
    describe(n, to, &p->contexts[1], p->to);
    int rank, ranks;
    Cblacs_pinfo(&rank, &ranks);
    Cblacs_get(-1, 0, &p->contexts[2]);
    Cblacs_gridinit(&p->contexts[2], "Row", ranks, 1);
    return &p->peer;
}
