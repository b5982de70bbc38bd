/* Layouts made of specifications of their dimensions: compared with the indices' maps, and read
 * again from their own text. */
#include "daparray.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

static const DapDType FLOAT64 = {DAP_DTYPE_FLOAT, 64, 1};

/* Every element is owned once, at the position that its owner's dimensions give. */
static void covers(const DapLayout *layout, int32_t ndim) {
  int64_t processes, rank, shape[3], place[3], global[3], local[3], owner, owned = 0, whole = 1, k, at;
  DapDim dims[3];
  DapError error;
  int32_t d;
  CHECK(dap_layout_processes(layout, &processes, &error) == DAP_OK);
  CHECK(dap_layout_shape(layout, shape, &error) == DAP_OK);
  for (d = 0; d < ndim; ++d) whole *= shape[d];
  for (rank = 0; rank < processes; ++rank) {
    int64_t mine = 1;
    CHECK(dap_layout_dims(layout, rank, dims, &error) == DAP_OK);
    CHECK(dap_layout_local_shape(layout, rank, shape, &error) == DAP_OK);
    for (d = 0; d < ndim; ++d) {
      CHECK(dap_dim_extent(&dims[d]) == shape[d]);
      mine *= dap_dim_owned_count(&dims[d]);
    }
    owned += mine;
    for (k = 0; k < mine; ++k) {
      for (at = k, d = ndim; d-- > 0; at /= dap_dim_owned_count(&dims[d])) {
        int64_t lo, hi;
        dap_dim_owned_range(&dims[d], &lo, &hi);
        place[d] = lo + at % (hi - lo);
        global[d] = dap_dim_global(&dims[d], place[d]);
      }
      CHECK(dap_layout_owner(layout, global, &owner, local, &error) == DAP_OK && owner == rank);
      CHECK(memcmp(local, place, (size_t)ndim * sizeof *local) == 0);
    }
  }
  CHECK(owned == whole);
}

/* The lines of all processes describe the same layout. */
static void comes_back(const DapLayout *layout) {
  char text[1 << 14], line[4096], before[512], after[512];
  int64_t processes, rank;
  DapLayout *again = NULL;
  DapError error;
  text[0] = 0;
  CHECK(dap_layout_processes(layout, &processes, &error) == DAP_OK);
  for (rank = 0; rank < processes; ++rank) {
    CHECK(dap_layout_to_json(layout, rank, FLOAT64, line, sizeof line, NULL, &error) == DAP_OK);
    strcat(strcat(text, line), "\n");
  }
  CHECK(dap_layout_to_json(layout, processes, FLOAT64, line, sizeof line, NULL, &error) == DAP_E_NOT_FOUND);
  CHECK(dap_layout_from_json(text, strlen(text), &again, NULL, 0, NULL, &error) == DAP_OK);
  CHECK(dap_layout_describe(layout, before, sizeof before, NULL, &error) == DAP_OK);
  CHECK(dap_layout_describe(again, after, sizeof after, NULL, &error) == DAP_OK && strcmp(before, after) == 0);
  dap_layout_free(again);
}

static DapLayout *made(int32_t ndim, const DapDimSpec *specs) {
  DapLayout *layout = NULL;
  DapError error;
  CHECK(dap_layout_new(ndim, specs, &layout, &error) == DAP_OK && layout != NULL && error.code == 0);
  covers(layout, ndim);
  comes_back(layout);
  return layout;
}

static void splits(void) {
  static const int64_t bounds[4] = {0, 0, 6, 10};
  static const int64_t starts[5][4] = {{0, 4, 8, 10}, {0, 4, 7, 10}, {0, 5, 10, 10}, {0, 0, 6, 10}, {0, 4, 8, 10}};
  DapDimSpec specs[5];
  DapDim dim;
  DapError error;
  int k;
  int64_t rank;
  for (k = 0; k < 5; ++k) specs[k] = dap_spec_block(10, 3);
  specs[1].flags = DAP_SPEC_BALANCED;
  specs[2].block_size = 5;
  specs[3].bounds = bounds;
  specs[4].halo = 2;
  specs[4].pad_lo = 1;
  specs[4].flags = DAP_DIM_PERIODIC;
  for (k = 0; k < 5; ++k) {
    DapLayout *layout = made(1, &specs[k]);
    for (rank = 0; rank < 3; ++rank) {
      CHECK(dap_layout_dims(layout, rank, &dim, &error) == DAP_OK);
      CHECK(dim.proc_grid_rank == rank && dim.proc_grid_size == 3 && dim.size == 10 && dim.dist_type == DAP_BLOCK);
      CHECK(dim.start == starts[k][rank] - (k == 4 && rank > 0 ? 2 : 0));
      CHECK(dim.stop == starts[k][rank + 1] + (k == 4 && rank < 2 ? 2 : 0));
      CHECK(dim.flags == (k == 4 ? DAP_DIM_PERIODIC : 0) && dim.pad_lo == (k < 4 ? 0 : rank ? 2 : 1));
    }
    dap_layout_free(layout);
  }
}

static void all_kinds(void) {
  static const int64_t bounds[3] = {0, 2, 5};
  int64_t indices[5] = {4, 0, 3, 1, 2};
  double field[3 * 3 * 5] = {0};
  DapDimSpec specs[3];
  DapDim dims[3], again[3];
  DapArray array;
  DapError error;
  DapLayout *layout;
  specs[0] = dap_spec_block(5, 2);
  specs[1] = dap_spec_cyclic(7, 3, 2);
  specs[1].source = 2;
  specs[2] = dap_spec_unstructured(5, 2, bounds, indices);
  specs[2].flags = DAP_DIM_ONE_TO_ONE;
  layout = made(3, specs);
  indices[3] = 77; /* the layout has a list of its own */
  CHECK(dap_layout_dims(layout, 1, dims, &error) == DAP_OK && dims[2].n_indices == 3 && dims[2].indices[1] == 1);
  CHECK(dap_layout_dims(layout, 7, again, &error) == DAP_OK && again[2].indices == dims[2].indices);
  CHECK(dims[2].flags == DAP_DIM_ONE_TO_ONE && dims[1].block_size == 2);
  /* With memory they make an array, which stays valid after the layout is freed. */
  CHECK(dap_array_from_memory(3, dims, field, FLOAT64, NULL, NULL, 0, NULL, NULL, &array, &error) == DAP_OK);
  dap_layout_free(layout);
  CHECK(dap_array_validate(&array, &error) == DAP_OK && array.blocks[0].dims[2].indices[1] == 1);
  dap_release(&array);
  /* No dimension: one item. */
  layout = NULL;
  CHECK(dap_layout_new(0, NULL, &layout, &error) == DAP_OK && dap_layout_dims(layout, 0, NULL, &error) == DAP_OK);
  dap_layout_free(layout);
}

/* Lists of 32-bit integers describe the same layouts. */
static void narrow_lists(void) {
  static const int64_t bounds[3] = {0, 2, 5}, indices[5] = {4, 0, 3, 1, 2};
  static const int32_t narrow_bounds[3] = {0, 2, 5}, narrow_indices[5] = {4, 0, 3, 1, 2};
  DapDimSpec specs[2];
  DapLayout *wide, *narrow;
  DapDim expected[2], found[2];
  DapError error;
  int64_t rank;
  specs[0] = dap_spec_block(5, 2);
  specs[0].bounds = bounds;
  specs[1] = dap_spec_unstructured(5, 2, bounds, indices);
  wide = made(2, specs);
  specs[0].bounds = (const int64_t *)(const void *)narrow_bounds;
  specs[0].flags = DAP_SPEC_BOUNDS_INT32;
  specs[1].bounds = specs[0].bounds;
  specs[1].indices = (const int64_t *)(const void *)narrow_indices;
  specs[1].flags = DAP_SPEC_BOUNDS_INT32 | DAP_SPEC_INDICES_INT32;
  narrow = made(2, specs);
  for (rank = 0; rank < 4; ++rank) {
    CHECK(dap_layout_dims(wide, rank, expected, &error) == DAP_OK);
    CHECK(dap_layout_dims(narrow, rank, found, &error) == DAP_OK);
    CHECK(found[0].start == expected[0].start && found[0].stop == expected[0].stop);
    CHECK(found[1].n_indices == expected[1].n_indices);
    CHECK(memcmp(found[1].indices, expected[1].indices, sizeof(int64_t) * (size_t)found[1].n_indices) == 0);
  }
  dap_layout_free(wide);
  dap_layout_free(narrow);
}

static void refusals(void) {
  static const int64_t descending[3] = {0, 4, 2}, short_of[3] = {0, 4, 9}, late[3] = {1, 2, 5}, lists[3] = {0, 9, 5};
  static const int64_t indices[5] = {4, 0, 3, 1, 4};
  DapDimSpec specs[2];
  DapDim dim;
  DapLayout *layout = NULL;
  DapError error;
  specs[0] = dap_spec_whole(3);
#define REFUSED(code_)                                                                 \
  CHECK(dap_layout_new(2, specs, &layout, &error) == (code_) && layout == NULL);       \
  CHECK(error.code == (code_) && error.dim == 1 && error.message[0] != 0);             \
  specs[1] = dap_spec_block(10, 2)
  specs[1] = dap_spec_block(-1, 2);
  REFUSED(DAP_E_INCOMPLETE);
  specs[1].proc_grid_size = 0;
  REFUSED(DAP_E_INCOMPLETE);
  specs[1].proc_grid_size = INT64_MAX;
  specs[1].bounds = descending;
  specs[1].size = INT64_MAX;
  REFUSED(DAP_E_ARGUMENT); /* more bounds than there is memory */
  specs[1].bounds = descending;
  specs[1].size = 2;
  REFUSED(DAP_E_INCOMPLETE);
  specs[1].bounds = short_of;
  REFUSED(DAP_E_INCOMPLETE);
  specs[1].halo = 6;
  REFUSED(DAP_E_INCOMPLETE);
  specs[1].halo = -1;
  REFUSED(DAP_E_INCOMPLETE);
  specs[1].pad_hi = 6;
  REFUSED(DAP_E_INCOMPLETE);
  specs[1].block_size = 4;
  REFUSED(DAP_E_INCOMPLETE);
  specs[1].block_size = 5;
  specs[1].flags = DAP_SPEC_BALANCED;
  REFUSED(DAP_E_INCOMPLETE);
  specs[1].flags = DAP_DIM_ONE_TO_ONE;
  REFUSED(DAP_E_FLAGS);
  specs[1].flags = DAP_SPEC_INDICES_INT32;
  REFUSED(DAP_E_FLAGS);
  specs[1].dist_type = 'n';
  REFUSED(DAP_E_DIST_TYPE);
  specs[1] = dap_spec_cyclic(10, 2, 0);
  REFUSED(DAP_E_INCOMPLETE);
  specs[1] = dap_spec_cyclic(10, 2, 1);
  specs[1].source = 2;
  REFUSED(DAP_E_INCOMPLETE);
  specs[1] = dap_spec_unstructured(5, 2, late, indices);
  REFUSED(DAP_E_INCOMPLETE);
  specs[1] = dap_spec_unstructured(5, 2, lists, indices);
  REFUSED(DAP_E_INCOMPLETE);
  specs[1] = dap_spec_unstructured(5, 2, NULL, indices);
  REFUSED(DAP_E_NULL);
  specs[1] = dap_spec_unstructured(4, 1, late + 1, indices); /* begins at 2 */
  REFUSED(DAP_E_INCOMPLETE);
  /* Request all memory, and more. */
  specs[0] = dap_spec_block(INT64_MAX, INT64_MAX);
  CHECK(dap_layout_new(2, specs, &layout, &error) == DAP_E_INCOMPLETE && layout == NULL);
  CHECK(dap_layout_new(65, specs, &layout, &error) == DAP_E_NDIM);
  CHECK(dap_layout_new(1, NULL, &layout, &error) == DAP_E_NULL && dap_layout_new(1, specs, NULL, &error) == DAP_E_NULL);
  CHECK(dap_layout_new(1, specs, &layout, &error) == DAP_OK);
  CHECK(dap_layout_dims(layout, INT64_MAX - 1, &dim, &error) == DAP_OK && dim.start == INT64_MAX - 1 && dim.stop == INT64_MAX);
  CHECK(dap_layout_dims(layout, -1, &dim, &error) == DAP_E_NOT_FOUND);
  CHECK(dap_layout_dims(layout, 0, NULL, &error) == DAP_E_NULL && dap_layout_dims(NULL, 0, &dim, &error) == DAP_E_NULL);
  dap_layout_free(layout);
}

/* A halo of version 0.9 that wraps round has a layout, but no dimensions of 0.10. */
static void wraps(void) {
  const char *text =
      "{\"__version__\": \"0.9.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [6]}, \"dim_data\": [{\"dist_type\": \"b\", "
      "\"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 4, \"padding\": [1, 1], "
      "\"periodic\": true}]}";
  DapLayout *layout = NULL;
  DapDim dim;
  DapError error;
  CHECK(dap_layout_from_json(text, strlen(text), &layout, NULL, 0, NULL, &error) == DAP_OK);
  CHECK(dap_layout_dims(layout, 0, &dim, &error) == DAP_E_INEXPRESSIBLE && error.dim == 0);
  comes_back(layout);
  dap_layout_free(layout);
}

/* A halo that does not wrap round a periodic dimension is accepted with a warning; the sizes that
 * the warning names are accepted without one. */
static void rings(void) {
  static const struct {
    int64_t size, processes, halo, pad_lo, pad_hi;
    const char *says; /* NULL: nothing */
  } cases[] = {
      {10, 2, 1, 0, 0, "size 12, boundary padding 1 and 1"}, {12, 2, 1, 1, 1, NULL},
      {10, 1, 1, 0, 0, "size 12, boundary padding 1 and 1"}, {12, 3, 2, 2, 1, "size 13, boundary padding 2 and 2"},
      {12, 3, 2, 0, 2, "size 14, boundary padding 2 and 2"}, {13, 3, 2, 2, 2, NULL},
      {12, 3, 0, 0, 0, NULL},                                {12, 3, 0, 1, 1, NULL},
      {12, 2, 1, 2, 2, NULL},
  };
  size_t k;
  int periodic;
  for (k = 0; k < sizeof cases / sizeof *cases; ++k) {
    for (periodic = 0; periodic < 2; ++periodic) {
      DapDimSpec specs[2];
      DapLayout *layout = NULL;
      DapError error;
      specs[0] = dap_spec_whole(3);
      specs[1] = dap_spec_block(cases[k].size, cases[k].processes);
      specs[1].halo = cases[k].halo;
      specs[1].pad_lo = cases[k].pad_lo;
      specs[1].pad_hi = cases[k].pad_hi;
      specs[1].flags = periodic ? DAP_DIM_PERIODIC : 0;
      CHECK(dap_layout_new(2, specs, &layout, &error) == DAP_OK && error.code == DAP_OK);
      if (periodic && cases[k].says)
        CHECK(error.dim == 1 && strncmp(error.message, "warning: ", 9) == 0 && strstr(error.message, cases[k].says));
      else
        CHECK(error.dim == -1 && error.message[0] == 0);
      dap_layout_free(layout);
    }
  }
}

/* Without an error struct the warning goes to stderr, which the caller of this program checks. */
static void ring_on_stderr(void) {
  DapDimSpec spec = dap_spec_block(10, 2);
  DapLayout *layout = NULL;
  spec.halo = 1;
  spec.flags = DAP_DIM_PERIODIC;
  CHECK(dap_layout_new(1, &spec, &layout, NULL) == DAP_OK);
  dap_layout_free(layout);
}

int main(void) {
  rings();
  ring_on_stderr();
  splits();
  all_kinds();
  narrow_lists();
  refusals();
  wraps();
  puts("spec: all right");
  return 0;
}
