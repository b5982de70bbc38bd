/* C's side: allocated memory, freed on release. */
#include "daparray.h"
#include "check.h"

void *produce_c(DapArray *out);
void *consume_c(DapArray *array, double value);

void *produce_c(DapArray *out) {
  const DapDType float64 = {DAP_DTYPE_FLOAT, 64, 1};
  double *field = (double *)calloc(12, sizeof *field);
  DapDim dims[2];
  dims[0] = dap_dim_block(6, 2, 0, 0, 3);
  dims[1] = dap_dim_cyclic(8, 2, 1, 2);
  CHECK(dap_array_from_memory(2, dims, field, float64, NULL, NULL, 0, free, field, out, NULL) == DAP_OK);
  return field;
}

void *consume_c(DapArray *array, double value) {
  DapArray mine;
  const int64_t *shape, *strides;
  void *data;
  dap_move(array, &mine);
  CHECK(dap_array_local(&mine, &data, &shape, &strides, NULL, NULL) == DAP_OK && shape[0] == 3 && shape[1] == 4);
  ((double *)data)[2 * strides[0] + 3 * strides[1]] = value;
  dap_release(&mine);
  return data;
}
