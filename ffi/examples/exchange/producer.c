/* A C program that holds one process's half of a field of 8 by 6, and hands it to Fortran. */
#include <daparray.h>

#include <stdio.h>

int32_t consume(DapArray *array, void **address); /* consumer.f90 */

static void done(void *owner) { printf("C: the field is free again (%s)\n", (const char *)owner); }

int main(void) {
  static double field[4][6];
  const DapDType float64 = {DAP_DTYPE_FLOAT, 64, 1};
  DapDim dims[2];
  DapArray array;
  DapError error;
  void *address = NULL;
  int i, j;
  for (i = 0; i < 4; ++i)
    for (j = 0; j < 6; ++j) field[i][j] = 10 * (i + 4) + j;

  /* This process, 1 of 2, holds rows 4 to 7 of 8; columns are not distributed. */
  dims[0] = dap_dim_block(8, 2, 1, 4, 8);
  dims[1] = dap_dim_whole(6);
  if (dap_array_from_memory(2, dims, field, float64, NULL, NULL, 0, done, (void *)"its owner says so", &array, &error)) {
    fprintf(stderr, "C: %s\n", error.message);
    return 1;
  }
  if (consume(&array, &address)) return 1;
  printf("C: Fortran saw %s address, and changed field[3][5] to %g\n", address == (void *)field ? "the same" : "another",
         field[3][5]);
  return address == (void *)field && field[3][5] == -1 ? 0 : 1;
}
