/* The cost of an exchange from C: a struct is made from memory, moved, read and released. Median of
 * many rounds. */
#define _POSIX_C_SOURCE 199309L
#include <daparray.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 201, TIMES = 2000 };

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

int main(void) {
  static double field[6][4][3], rounds[ROUNDS];
  const DapDType float64 = {DAP_DTYPE_FLOAT, 64, 1};
  DapDim dims[3];
  int r, k, wrong = 0;
  dims[0] = dap_dim_block(12, 3, 1, 3, 9);
  dims[0].pad_lo = dims[0].pad_hi = 1;
  dims[1] = dap_dim_cyclic(8, 2, 1, 2);
  dims[2] = dap_dim_block(6, 2, 1, 3, 6);
  for (r = 0; r < ROUNDS; ++r) {
    const double start = now();
    for (k = 0; k < TIMES; ++k) {
      DapArray array, mine;
      void *data;
      const int64_t *strides;
      wrong |= dap_array_from_memory(3, dims, field, float64, NULL, NULL, 0, NULL, NULL, &array, NULL);
      dap_move(&array, &mine);
      wrong |= dap_check(&mine) | dap_array_local(&mine, &data, NULL, &strides, NULL, NULL);
      wrong |= data != (void *)field;
      dap_release(&mine);
    }
    rounds[r] = (now() - start) / TIMES;
  }
  qsort(rounds, ROUNDS, sizeof *rounds, ascending);
  printf("%-58s %7.0f ns   (%.0f to %.0f)\n", "from C: made with all local rules, moved, read, released", rounds[ROUNDS / 2],
         rounds[ROUNDS / 4], rounds[3 * ROUNDS / 4]);
  return wrong;
}
