/* Moves an array from rows to columns: daparray says what goes where, MPI carries it. `mpirun -n 3 ./move` */
#include <daparray.h>
#include <mpi.h>

#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 1000, COLUMNS = 600 };

static void must(int32_t code, const DapError *error) {
  if (code == DAP_OK) return;
  fprintf(stderr, "dimension %d, rank %lld: %s\n", (int)error->dim, (long long)error->rank, error->message);
  MPI_Abort(MPI_COMM_WORLD, 1);
}

/* Everybody's description of an array, to everybody: that is its layout. */
static DapLayout *layout_of(const DapArray *array, MPI_Comm comm) {
  int size, k, length, *lengths, *places, total = 0;
  size_t needed;
  char *mine, *all, report[2000] = "";
  DapLayout *layout = NULL;
  DapError error;
  int32_t code;
  MPI_Comm_size(comm, &size);
  must(dap_array_to_json(array, NULL, 0, &needed, &error), &error);
  mine = (char *)malloc(needed);
  must(dap_array_to_json(array, mine, needed, &needed, &error), &error);
  length = (int)needed;
  mine[length - 1] = '\n'; /* a line for each rank */
  lengths = (int *)malloc(2 * (size_t)size * sizeof *lengths);
  places = lengths + size;
  MPI_Allgather(&length, 1, MPI_INT, lengths, 1, MPI_INT, comm);
  for (k = 0; k < size; ++k) {
    places[k] = total;
    total += lengths[k];
  }
  all = (char *)malloc((size_t)total);
  MPI_Allgatherv(mine, length, MPI_CHAR, all, lengths, places, MPI_CHAR, comm);
  code = dap_layout_from_json(all, (size_t)total, &layout, report, sizeof report, NULL, &error);
  if (code != DAP_OK) fputs(report, stderr); /* each finding, and what to do about it */
  must(code, &error);
  free(all);
  free(lengths);
  free(mine);
  return layout;
}

/* Carries a plan out: the same call for any two layouts. */
static void move(const DapPlan *plan, const DapArray *from, const DapArray *to, size_t itemsize, MPI_Comm comm) {
  int64_t sends, receives, k, peer, elements;
  void **messages;
  MPI_Request *requests;
  DapError error;
  must(dap_plan_sends(plan, &sends, &error), &error);
  must(dap_plan_receives(plan, &receives, &error), &error);
  messages = (void **)calloc((size_t)(sends + receives) + 1, sizeof *messages);
  requests = (MPI_Request *)calloc((size_t)(sends + receives) + 1, sizeof *requests);
  for (k = 0; k < receives; ++k) {
    must(dap_plan_receive(plan, k, &peer, &elements, &error), &error);
    messages[k] = malloc((size_t)elements * itemsize);
    MPI_Irecv(messages[k], (int)((size_t)elements * itemsize), MPI_BYTE, (int)peer, 0, comm, &requests[k]);
  }
  for (k = 0; k < sends; ++k) {
    const size_t room = (must(dap_plan_send(plan, k, &peer, &elements, &error), &error), (size_t)elements * itemsize);
    void *message = messages[receives + k] = malloc(room);
    must(dap_plan_pack(plan, k, from, message, room, DAP_ORDER_C, &error), &error);
    MPI_Isend(message, (int)room, MPI_BYTE, (int)peer, 0, comm, &requests[receives + k]);
  }
  must(dap_plan_copy_local(plan, from, to, &error), &error); /* meanwhile, what stays here */
  MPI_Waitall((int)(receives + sends), requests, MPI_STATUSES_IGNORE);
  for (k = 0; k < receives; ++k) {
    must(dap_plan_receive(plan, k, &peer, &elements, &error), &error);
    must(dap_plan_unpack(plan, k, messages[k], (size_t)elements * itemsize, DAP_ORDER_C, to, &error), &error);
  }
  for (k = 0; k < sends + receives; ++k) free(messages[k]);
  free(messages);
  free(requests);
}

int main(int argc, char **argv) {
  const DapDType float64 = {DAP_DTYPE_FLOAT, 64, 1};
  int rank, size, wrong = 0, all_wrong;
  int64_t i, j, first, last, columns;
  double *rows, *dealt;
  DapDim dims[2];
  DapArray from, to;
  DapLayout *by_rows, *by_columns;
  DapPlan *plan;
  DapError error;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);

  /* Rows in blocks: what this process has. */
  first = (int64_t)ROWS * rank / size;
  last = (int64_t)ROWS * (rank + 1) / size;
  rows = (double *)malloc((size_t)((last - first) * COLUMNS) * sizeof *rows + 1);
  for (i = first; i < last; ++i)
    for (j = 0; j < COLUMNS; ++j) rows[(i - first) * COLUMNS + j] = (double)(i * COLUMNS + j);
  dims[0] = dap_dim_block(ROWS, size, rank, first, last);
  dims[1] = dap_dim_whole(COLUMNS);
  must(dap_array_from_memory(2, dims, rows, float64, NULL, NULL, 0, free, rows, &from, &error), &error);

  /* Columns dealt out in blocks of 16: what it wants. */
  dims[0] = dap_dim_whole(ROWS);
  dims[1] = dap_dim_cyclic(COLUMNS, size, rank, 16);
  columns = dap_dim_extent(&dims[1]);
  dealt = (double *)malloc((size_t)(ROWS * columns) * sizeof *dealt + 1);
  must(dap_array_from_memory(2, dims, dealt, float64, NULL, NULL, 0, free, dealt, &to, &error), &error);

  by_rows = layout_of(&from, MPI_COMM_WORLD);
  by_columns = layout_of(&to, MPI_COMM_WORLD);
  must(dap_plan_new(by_rows, rank, by_columns, rank, &plan, &error), &error);
  move(plan, &from, &to, sizeof *rows, MPI_COMM_WORLD);

  for (i = 0; i < ROWS; ++i)
    for (j = 0; j < columns; ++j) wrong += dealt[i * columns + j] != (double)(i * COLUMNS + dap_dim_global(&dims[1], j));
  MPI_Allreduce(&wrong, &all_wrong, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
  if (rank == 0) printf("C: %d elements moved over %d processes, %d wrong\n", ROWS * COLUMNS, size, all_wrong);
  dap_plan_free(plan);
  dap_layout_free(by_rows);
  dap_layout_free(by_columns);
  dap_release(&from);
  dap_release(&to);
  MPI_Finalize();
  return all_wrong != 0;
}
