/* Moves an array from rows to columns: daparray plans the messages, MPI sends them.
 * `mpirun -n 3 ./move` */
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

/* Executes a plan: the same call for any two layouts. */
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
  int64_t i, j, first, mine[2], columns[2];
  double *rows, *cyclic;
  DapDimSpec specs[2];
  DapDim dims[2];
  DapArray from, to;
  DapLayout *by_rows, *by_columns;
  DapPlan *plan;
  DapError error;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);

  /* The array is distributed by rows in blocks; the target is columns in cyclic blocks of 16.
   * Making the layouts takes no message. */
  specs[0] = dap_spec_block(ROWS, size);
  specs[1] = dap_spec_whole(COLUMNS);
  must(dap_layout_new(2, specs, &by_rows, &error), &error);
  specs[0] = dap_spec_whole(ROWS);
  specs[1] = dap_spec_cyclic(COLUMNS, size, 16);
  must(dap_layout_new(2, specs, &by_columns, &error), &error);

  /* This process's part of the source: dimensions of the layout, and memory. */
  must(dap_layout_dims(by_rows, rank, dims, &error), &error);
  must(dap_layout_local_shape(by_rows, rank, mine, &error), &error);
  first = dims[0].start;
  rows = (double *)malloc((size_t)(mine[0] * COLUMNS) * sizeof *rows + 1);
  for (i = 0; i < mine[0]; ++i)
    for (j = 0; j < COLUMNS; ++j) rows[i * COLUMNS + j] = (double)((first + i) * COLUMNS + j);
  must(dap_array_from_memory(2, dims, rows, float64, NULL, NULL, 0, free, rows, &from, &error), &error);

  /* This process's part of the target. */
  must(dap_layout_dims(by_columns, rank, dims, &error), &error);
  must(dap_layout_local_shape(by_columns, rank, columns, &error), &error);
  cyclic = (double *)malloc((size_t)(ROWS * columns[1]) * sizeof *cyclic + 1);
  must(dap_array_from_memory(2, dims, cyclic, float64, NULL, NULL, 0, free, cyclic, &to, &error), &error);

  must(dap_plan_new(by_rows, rank, by_columns, rank, &plan, &error), &error);
  move(plan, &from, &to, sizeof *rows, MPI_COMM_WORLD);

  for (i = 0; i < ROWS; ++i)
    for (j = 0; j < columns[1]; ++j) wrong += cyclic[i * columns[1] + j] != (double)(i * COLUMNS + dap_dim_global(&dims[1], j));
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
