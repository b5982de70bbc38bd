/* Moves arrays by libdaparray_mpi from C: once, repeatedly, and between other sets of ranks; then
 * tests errors of one rank. */
#include "daparray_mpi.h"
#include "check.h"

enum { ROWS = 23, COLUMNS = 14 };

static const DapDType FLOAT64 = {DAP_DTYPE_FLOAT, 64, 1};
static int rank, size;

static double value(int64_t i, int64_t j) { return (double)(i * COLUMNS + j); }

/* This rank's part for a number of processes, in memory of its own: rows in blocks, or columns
 * distributed cyclically. */
static void part(DapArray *array, int by_rows, int64_t processes, int64_t which, int read_only) {
  DapDim dims[2];
  double *items;
  int64_t i, j, rows, columns, strides[2];
  const int64_t first = ROWS * which / processes;
  dims[0] = by_rows ? dap_dim_block(ROWS, processes, which, first, ROWS * (which + 1) / processes) : dap_dim_whole(ROWS);
  dims[1] = by_rows ? dap_dim_whole(COLUMNS) : dap_dim_cyclic(COLUMNS, processes, which, 2);
  rows = dap_dim_extent(&dims[0]);
  columns = dap_dim_extent(&dims[1]);
  strides[0] = by_rows ? columns : 1; /* C order, and Fortran's */
  strides[1] = by_rows ? 1 : rows;
  items = (double *)malloc((size_t)(rows * columns + 1) * sizeof *items);
  for (i = 0; i < rows; ++i)
    for (j = 0; j < columns; ++j) items[i * strides[0] + j * strides[1]] = by_rows ? value(first + i, j) : -1;
  CHECK(dap_array_from_memory(2, dims, items, FLOAT64, NULL, strides, read_only, free, items, array, NULL) == DAP_OK);
}

/* The number of correct items of a part by columns. */
static int64_t arrived(const DapArray *array) {
  void *data;
  const int64_t *shape, *strides;
  int64_t i, j, right = 0;
  CHECK(dap_array_local(array, &data, &shape, &strides, NULL, NULL) == DAP_OK);
  for (i = 0; i < shape[0]; ++i)
    for (j = 0; j < shape[1]; ++j)
      right += ((double *)data)[i * strides[0] + j * strides[1]] == value(i, dap_dim_global(&array->blocks[0].dims[1], j));
  return right;
}

/* Whether every item of a part by columns still has the value of part(), so that no item of the
 * source was written. */
static int untouched(const DapArray *array) {
  void *data;
  const int64_t *shape;
  int64_t k, same = 0;
  CHECK(dap_array_local(array, &data, &shape, NULL, NULL, NULL) == DAP_OK);
  for (k = 0; k < shape[0] * shape[1]; ++k) same += ((double *)data)[k] == -1;
  return same == shape[0] * shape[1];
}

static void all_to_all(MPI_Comm comm) {
  DapArray rows, columns;
  DapMpiMove *move = NULL;
  DapError error;
  int k;
  part(&rows, 1, size, rank, 1);
  part(&columns, 0, size, rank, 0);
  CHECK(dap_mpi_redistribute(comm, &rows, &columns, &error) == DAP_OK && error.code == 0);
  CHECK(arrived(&columns) == ROWS * dap_dim_extent(&columns.blocks[0].dims[1]));
  dap_release(&columns);
  CHECK(dap_mpi_move_new_f(MPI_Comm_c2f(comm), &rows, &rows, &move, &error) == DAP_OK); /* to itself, elsewhere */
  part(&columns, 1, size, rank, 0);
  for (k = 0; k < 3; ++k) CHECK(dap_mpi_move_execute(move, &rows, &columns, &error) == DAP_OK);
  dap_mpi_move_free(move);
  dap_mpi_move_free(NULL);
  dap_release(&rows);
  dap_release(&columns);
}

/* Rows become one line in blocks, and then the same rows again. */
static void another_shape(void) {
  const int64_t items = ROWS * COLUMNS, first = items * rank / size, last = items * (rank + 1) / size;
  double *line = (double *)calloc((size_t)(last - first + 1), sizeof *line);
  DapDim dim = dap_dim_block(items, size, rank, first, last);
  DapArray rows, whole, back;
  DapMpiMove *move = NULL;
  DapError error;
  int64_t i;
  void *data;
  part(&rows, 1, size, rank, 1);
  part(&back, 0, size, rank, 0);
  CHECK(dap_array_from_memory(1, &dim, line, FLOAT64, NULL, NULL, 0, free, line, &whole, NULL) == DAP_OK);
  CHECK(dap_mpi_reshape(MPI_COMM_WORLD, &rows, &whole, &error) == DAP_OK);
  for (i = first; i < last; ++i) CHECK(line[i - first] == (double)i);
  CHECK(dap_mpi_move_new_reshape(MPI_COMM_WORLD, &whole, &back, &move, &error) == DAP_OK);
  CHECK(dap_mpi_move_execute(move, &whole, &back, &error) == DAP_OK);
  CHECK(arrived(&back) == ROWS * dap_dim_extent(&back.blocks[0].dims[1]));
  dap_mpi_move_free(move);
  dap_release(&back);
  part(&back, 0, size, rank, 0);
  CHECK(dap_mpi_move_new_reshape_f(MPI_Comm_c2f(MPI_COMM_WORLD), &whole, &back, &move, &error) == DAP_OK);
  CHECK(dap_mpi_move_execute(move, &whole, &back, &error) == DAP_OK);
  CHECK(arrived(&back) == ROWS * dap_dim_extent(&back.blocks[0].dims[1]));
  dap_mpi_move_free(move);
  /* This is not a redistribution, and all ranks refuse other numbers of items. */
  CHECK(dap_mpi_redistribute(MPI_COMM_WORLD, &rows, &whole, &error) != DAP_OK);
  dap_release(&whole);
  dim = dap_dim_block(items + size, size, rank, first + rank, last + rank + 1);
  line = (double *)malloc((size_t)(last - first + 1) * sizeof *line);
  CHECK(dap_array_from_memory(1, &dim, line, FLOAT64, NULL, NULL, 0, free, line, &whole, NULL) == DAP_OK);
  CHECK(dap_mpi_reshape_f(MPI_Comm_c2f(MPI_COMM_WORLD), &rows, &whole, &error) == (rank ? DAP_E_REMOTE : DAP_E_LAYOUTS_DIFFER));
  CHECK(strstr(error.message, "number of items"));
  CHECK(dap_array_local(&whole, &data, NULL, NULL, NULL, NULL) == DAP_OK && data == line);
  dap_release(&whole);
  dap_release(&back);
  dap_release(&rows);
}

/* Arrays in memory that the node can read, which they release themselves; the size is what each
 * rank needs. */
static void memory_of_the_node(void) {
  const int64_t rows = ROWS * (rank + 1) / size - ROWS * rank / size;
  DapArray plain, from, to;
  DapDim dims[2];
  DapError error;
  void *memory = NULL, *target = NULL, *data, *none = NULL;
  part(&plain, 1, size, rank, 1);
  CHECK(dap_mpi_allocate(MPI_COMM_WORLD, 8 * rows * COLUMNS, &memory, &error) == DAP_OK && memory);
  CHECK(dap_array_local(&plain, &data, NULL, NULL, NULL, NULL) == DAP_OK);
  memcpy(memory, data, (size_t)(8 * rows * COLUMNS));
  CHECK(dap_array_from_memory(2, plain.blocks[0].dims, memory, FLOAT64, NULL, NULL, 1, dap_mpi_release, memory, &from, &error) == DAP_OK);
  dap_release(&plain);
  dims[0] = dap_dim_whole(ROWS);
  dims[1] = dap_dim_cyclic(COLUMNS, size, rank, 2);
  CHECK(dap_mpi_allocate_f(MPI_Comm_c2f(MPI_COMM_WORLD), 8 * ROWS * dap_dim_extent(&dims[1]), &target, &error) == DAP_OK);
  memset(target, 255, (size_t)(8 * ROWS * dap_dim_extent(&dims[1])));
  CHECK(dap_array_from_memory(2, dims, target, FLOAT64, NULL, NULL, 0, dap_mpi_release, target, &to, &error) == DAP_OK);
  CHECK(dap_mpi_redistribute(MPI_COMM_WORLD, &from, &to, &error) == DAP_OK);
  CHECK(arrived(&to) == ROWS * dap_dim_extent(&dims[1]));
  dap_release(&from);
  dap_release(&to);
  dap_mpi_release(NULL);
  CHECK(dap_mpi_allocate(MPI_COMM_WORLD, rank == size - 1 ? INT64_MAX : 8, &none, &error) == (rank == size - 1 ? DAP_E_MEMORY : DAP_E_REMOTE));
  CHECK(none == NULL && error.message[0]);
}

/* From all but the last rank to the last one. */
static void other_ranks(void) {
  const int last = size - 1;
  DapArray rows, columns;
  DapError error;
  if (size == 1) return;
  if (rank < last) part(&rows, 1, last, rank, 0);
  if (rank == last) part(&columns, 0, 1, 0, 0);
  CHECK(dap_mpi_redistribute_f(MPI_Comm_c2f(MPI_COMM_WORLD), rank < last ? &rows : NULL, rank == last ? &columns : NULL,
                               &error) == DAP_OK);
  if (rank == last) CHECK(arrived(&columns) == ROWS * COLUMNS);
  if (rank < last) dap_release(&rows);
  if (rank == last) dap_release(&columns);
}

/* The last rank makes a mistake: it gets its own code, the others DAP_E_REMOTE, and no memory is
 * written. */
static void mistake(int32_t code, int32_t expected, const DapError *error) {
  CHECK(code == (rank == size - 1 ? expected : DAP_E_REMOTE) && error->code == code && error->message[0]);
  CHECK(error->rank == size - 1);
}

static void mistakes(void) {
  const int wrong = rank == size - 1;
  DapArray rows, columns, other, frozen;
  DapMpiMove *move = NULL;
  DapError error;
  int32_t code;
  part(&rows, 1, size, rank, 0);
  part(&columns, 0, size, rank, 0);
  part(&frozen, 0, size, rank, 1);
  CHECK(dap_mpi_redistribute(MPI_COMM_NULL, &rows, &columns, &error) == DAP_E_NULL);
  memset(&other, 0, sizeof other);
  mistake(dap_mpi_redistribute(MPI_COMM_WORLD, wrong ? &other : &rows, &columns, &error), DAP_E_RELEASED, &error);
  mistake(dap_mpi_move_new(MPI_COMM_WORLD, &rows, &columns, wrong ? NULL : &move, &error), DAP_E_NULL, &error);
  CHECK(dap_mpi_move_new(MPI_COMM_WORLD, &rows, &columns, &move, &error) == DAP_OK);
  CHECK(dap_mpi_move_execute(NULL, &rows, &columns, &error) == DAP_E_NULL);
  mistake(dap_mpi_move_execute(move, &rows, wrong ? &frozen : &columns, &error), DAP_E_READ_ONLY, &error);
  mistake(dap_mpi_move_execute(move, wrong ? NULL : &rows, &columns, &error), DAP_E_TENSOR, &error);
  if (size > 1) {
    mistake(dap_mpi_move_execute(move, &rows, wrong ? &rows : &columns, &error), DAP_E_TENSOR, &error);
    /* A struct is missing: all ranks report the same. */
    code = dap_mpi_redistribute(MPI_COMM_WORLD, wrong ? NULL : &rows, &columns, &error);
    CHECK(code == DAP_E_INCOMPLETE && error.rank == size - 1 && strstr(error.message, "`source` is NULL"));
  }
  CHECK(untouched(&columns) && untouched(&frozen));
  CHECK(dap_mpi_move_execute(move, &rows, &columns, &error) == DAP_OK);
  CHECK(arrived(&columns) == ROWS * dap_dim_extent(&columns.blocks[0].dims[1]));
  dap_mpi_move_free(move);
  dap_release(&rows);
  dap_release(&columns);
  dap_release(&frozen);
}

/* The rank that breaks a rule across ranks is named on all ranks: all may print the sentence. */
static void names_the_rank(void) {
  const int64_t rows = 2 * size;
  char begin[32];
  double items[2] = {0, 0};
  DapDim dim = dap_dim_block(rows, size, rank, 2 * rank, 2 * rank + 2);
  DapArray array;
  DapMpiHalo *halo = NULL;
  DapError error;
  if (size == 1) return;
  if (rank == 0) dim.size = rows + 1;
  CHECK(dap_array_from_memory(1, &dim, items, FLOAT64, NULL, NULL, 0, NULL, NULL, &array, &error) == DAP_OK);
  CHECK(dap_mpi_halo_new(MPI_COMM_WORLD, &array, 0, &halo, &error) == 606 && error.dim == 0 && error.rank >= 0);
  snprintf(begin, sizeof begin, "rank %d: `size` is ", (int)error.rank);
  CHECK(strncmp(error.message, begin, strlen(begin)) == 0);
  dap_release(&array);
}

int main(int argc, char **argv) {
  DapArray rows, rows_of_all;
  DapMpiMove *move = NULL;
  DapMpiHalo *halo = NULL;
  DapError error;
  MPI_Comm mine;
  part(&rows, 1, 1, 0, 0);
  CHECK(dap_mpi_redistribute(MPI_COMM_WORLD, &rows, &rows, &error) == DAP_E_MPI); /* not initialised */
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  part(&rows_of_all, 1, size, rank, 0);
  all_to_all(MPI_COMM_WORLD);
  /* Uses a communicator of this test, whose duplicate is freed with it; its ranks are in reverse
   * order. */
  MPI_Comm_split(MPI_COMM_WORLD, 0, -rank, &mine);
  MPI_Comm_rank(mine, &rank);
  all_to_all(mine);
  all_to_all(mine);
  MPI_Comm_free(&mine);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  other_ranks();
  another_shape();
  memory_of_the_node();
  mistakes();
  names_the_rank();
  CHECK(dap_mpi_move_new(MPI_COMM_WORLD, &rows_of_all, &rows_of_all, &move, &error) == DAP_OK);
  CHECK(dap_mpi_halo_new(MPI_COMM_WORLD, &rows_of_all, 0, &halo, &error) == DAP_OK);
  if (rank == 0) printf("redistribute: all right on %d ranks\n", size);
  MPI_Finalize();
  CHECK(dap_mpi_redistribute(MPI_COMM_WORLD, &rows, &rows, &error) == DAP_E_MPI); /* over */
  CHECK(dap_mpi_move_execute(move, &rows_of_all, &rows_of_all, &error) == DAP_E_MPI);
  CHECK(dap_mpi_halo_start(halo, &rows_of_all, &error) == DAP_E_MPI);
  CHECK(dap_mpi_halo_finish(halo, &rows_of_all, &error) == DAP_E_MPI);
  CHECK(dap_mpi_halo_exchange(halo, &rows_of_all, &error) == DAP_E_MPI);
  dap_mpi_move_free(move);
  dap_mpi_halo_free(halo);
  dap_release(&rows_of_all);
  dap_release(&rows);
  return 0;
}
