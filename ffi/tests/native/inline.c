/* The part of the header that needs no library, compared with enumeration of every index. Compiled
 * as C99, C11 and C++11. */
#include "daparray.h"
#include "check.h"

/* Distributes the blocks one by one. */
static int64_t listed(int64_t size, int64_t processes, int64_t rank, int64_t block, int64_t *globals) {
  int64_t count = 0, index;
  for (index = 0; index < size; ++index)
    if (index / block % processes == rank) globals[count++] = index;
  return count;
}

static void cyclic(void) {
  int64_t globals[64], size, processes, rank, block, count, k;
  for (size = 0; size < 25; ++size)
    for (processes = 1; processes < 5; ++processes)
      for (block = 1; block < 5; ++block)
        for (rank = 0; rank < processes; ++rank) {
          const DapDim dim = dap_dim_cyclic(size, processes, rank, block);
          count = listed(size, processes, rank, block, globals);
          CHECK(dap_dim_extent(&dim) == count && dap_dim_owned_count(&dim) == count);
          for (k = 0; k < count; ++k) {
            CHECK(dap_dim_global(&dim, k) == globals[k]);
            CHECK(dap_dim_local(&dim, globals[k]) == k);
          }
          for (k = 0; k < size; ++k)
            if (k / block % processes != rank) CHECK(dap_dim_local(&dim, k) == -1);
          CHECK(dap_dim_global(&dim, count) == -1 && dap_dim_global(&dim, -1) == -1 && dap_dim_local(&dim, size) == -1);
        }
}

static void block(void) {
  /* 12 indices on three processes; the middle one holds one more on the left and two on the
   * right. */
  int64_t lo, hi;
  DapDim dim = dap_dim_block(12, 3, 1, 3, 10);
  dim.pad_lo = 1;
  dim.pad_hi = 2;
  dap_dim_owned_range(&dim, &lo, &hi);
  CHECK(lo == 1 && hi == 5 && dap_dim_owned_count(&dim) == 4 && dap_dim_extent(&dim) == 7);
  CHECK(dap_dim_global(&dim, 0) == 3 && dap_dim_local(&dim, 3) == -1 && dap_dim_local(&dim, 4) == 1);
  /* At the outer ends padding is boundary, and owned. */
  dim.proc_grid_rank = 0;
  dap_dim_owned_range(&dim, &lo, &hi);
  CHECK(lo == 0 && hi == 5);
  dim.proc_grid_rank = 2;
  dap_dim_owned_range(&dim, &lo, &hi);
  CHECK(lo == 1 && hi == 7);
}

static void unstructured(void) {
  const int64_t indices[3] = {7, 0, 4};
  const DapDim dim = dap_dim_unstructured(8, 2, 0, 3, indices);
  CHECK(dap_dim_extent(&dim) == 3 && dap_dim_global(&dim, 2) == 4 && dap_dim_local(&dim, 0) == 1);
  CHECK(dap_dim_local(&dim, 5) == -1 && dap_dim_global(&dim, 3) == -1);
}

/* Invalid numbers give -1 and no undefined behaviour. */
static void absurd(void) {
  const int64_t numbers[] = {INT64_MIN, -1, 0, 1, 5, INT64_MAX / 2, INT64_MAX};
  const uint32_t types[] = {DAP_BLOCK, DAP_CYCLIC, 0, 110, UINT32_MAX};
  size_t a, b, c, t, n = sizeof numbers / sizeof *numbers;
  for (t = 0; t < sizeof types / sizeof *types; ++t)
    for (a = 0; a < n; ++a)
      for (b = 0; b < n; ++b)
        for (c = 0; c < n; ++c) {
          int64_t lo, hi;
          DapDim dim = dap_dim_block(numbers[a], numbers[b], numbers[c], numbers[b], numbers[c]);
          dim.dist_type = types[t];
          dim.block_size = numbers[b];
          dim.pad_lo = numbers[a];
          dim.pad_hi = numbers[c];
          CHECK(dap_dim_extent(&dim) >= -1);
          dap_dim_owned_range(&dim, &lo, &hi);
          CHECK(0 <= lo && lo <= hi);
          CHECK(dap_dim_global(&dim, 0) >= -1);
          CHECK(dap_dim_local(&dim, numbers[c]) >= -1);
        }
}

static int released;
static void release(DapArray *self) {
  ++released;
  self->release = NULL;
}

static void structs(void) {
  DapArray array, other;
  memset(&array, 0, sizeof array);
  CHECK(dap_check(NULL) == DAP_E_NULL && dap_check(&array) == DAP_E_RELEASED);
  array.version.major = DAP_LAYOUT_MAJOR + 1;
  CHECK(dap_check(&array) == DAP_E_VERSION);
  array.version.major = DAP_LAYOUT_MAJOR;
  array.release = release;
  CHECK(dap_check(&array) == DAP_OK);
  array.flags = UINT64_C(1) << 40;
  CHECK(dap_check(&array) == DAP_E_FLAGS);
  dap_move(&array, &other);
  dap_release(&array);
  CHECK(released == 0);
  dap_release(&other);
  dap_release(&other);
  dap_release(NULL);
  CHECK(released == 1);
}

int main(void) {
  cyclic();
  block();
  unstructured();
  absurd();
  structs();
  puts("inline: all right");
  return 0;
}
