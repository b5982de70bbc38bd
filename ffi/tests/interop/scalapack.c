/* Descriptors of the real ScaLAPACK from C, in both grid orders: `mpirun -n 4 scalapack_c`. */
#include "daparray.h"

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

void Cblacs_get(int, int, int *);
void Cblacs_gridinit(int *, const char *, int, int);
void Cblacs_gridinfo(int, int *, int *, int *, int *);
int numroc_(const int *, const int *, const int *, const int *, const int *);
int indxl2g_(const int *, const int *, const int *, const int *, const int *);
void descinit_(int *, const int *, const int *, const int *, const int *, const int *, const int *, const int *, const int *, int *);

#define CHECK(what) \
  do { if (!(what)) { fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what); MPI_Abort(MPI_COMM_WORLD, 1); } } while (0)

static int checks;

static void one(int context, int by_columns, int m, int n, int mb, int nb, int rsrc, int csrc) {
  int nprow, npcol, myrow, mycol, info, desc[9], again[9], lld, rows, columns, i;
  DapDim dims[2];
  DapArray array;
  DapError error;
  DapDType float64 = {DAP_DTYPE_FLOAT, 64, 1};
  int64_t shape[2], strides[2];
  double *memory;
  void *data;
  Cblacs_gridinfo(context, &nprow, &npcol, &myrow, &mycol);
  rows = numroc_(&m, &mb, &myrow, &rsrc, &nprow);
  columns = numroc_(&n, &nb, &mycol, &csrc, &npcol);
  lld = rows + 2;
  descinit_(desc, &m, &n, &mb, &nb, &rsrc, &csrc, &context, &lld, &info);
  CHECK(info == 0);
  CHECK(dap_scalapack_dims(desc, nprow, npcol, myrow, mycol, by_columns, dims, shape, strides, &error) == DAP_OK);
  CHECK(shape[by_columns] == rows && shape[!by_columns] == columns && strides[by_columns] == 1 && strides[!by_columns] == lld);
  memory = calloc((size_t)lld * (size_t)(columns + 1), sizeof *memory);
  CHECK(dap_array_from_memory(2, dims, memory, float64, shape, strides, 0, free, memory, &array, &error) == DAP_OK);
  CHECK(dap_array_local(&array, &data, NULL, NULL, NULL, &error) == DAP_OK);
  CHECK(data == memory || rows == 0 || columns == 0); /* no copy */
  for (i = 1; i <= rows; ++i) {
    CHECK(dap_dim_global(&array.blocks[0].dims[by_columns], i - 1) == indxl2g_(&i, &mb, &myrow, &rsrc, &nprow) - 1);
  }
  for (i = 1; i <= columns; ++i) {
    CHECK(dap_dim_global(&array.blocks[0].dims[!by_columns], i - 1) == indxl2g_(&i, &nb, &mycol, &csrc, &npcol) - 1);
  }
  CHECK(dap_scalapack_descriptor(&array, context, by_columns, again, &error) == DAP_OK);
  for (i = 0; i < 8; ++i) {
    CHECK(again[i] == desc[i]);
  }
  CHECK(columns < 2 || rows == 0 || again[8] == lld);
  CHECK(dap_array_release(&array, &error) == DAP_OK);
  desc[0] = 501;
  CHECK(dap_scalapack_dims(desc, nprow, npcol, myrow, mycol, by_columns, dims, shape, strides, &error) == DAP_E_INEXPRESSIBLE);
  desc[0] = 1;
  desc[6] = nprow;
  CHECK(dap_scalapack_dims(desc, nprow, npcol, myrow, mycol, by_columns, dims, shape, strides, &error) == DAP_E_ARGUMENT);
  ++checks;
}

int main(int argc, char **argv) {
  int rank, size, context, order, rsrc, csrc, down;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  down = size == 4 ? 2 : 1;
  for (order = 0; order < 2; ++order) {
    Cblacs_get(-1, 0, &context);
    Cblacs_gridinit(&context, order ? "Col" : "Row", down, size / down);
    for (rsrc = 0; rsrc < down; ++rsrc) {
      for (csrc = 0; csrc < size / down; ++csrc) {
        one(context, order, 5, 9, 2, 2, rsrc, csrc);
        one(context, order, 1, 1, 4, 4, rsrc, csrc);
      }
    }
  }
  if (rank == 0) {
    printf("ranks %d, checks %d\n", size, checks);
  }
  MPI_Finalize();
  return 0;
}
