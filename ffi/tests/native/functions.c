/* The library's functions from C: their results, and their refusals. */
#include "daparray.h"
#include "dlpack_1_1.h"
#include "check.h"

#include <string.h>

static const DapDType FLOAT64 = {DAP_DTYPE_FLOAT, 64, 1};

static void count(void *owner) { ++*(int *)owner; }

static void memory(void) {
  double field[6] = {0, 1, 2, 3, 4, 5};
  int let_go = 0;
  DapError error;
  DapArray array, moved;
  DapDim dim = dap_dim_block(10, 2, 1, 4, 10);
  void *data;
  const int64_t *shape, *strides;
  int32_t read_only;
  dim.pad_lo = 1;

  CHECK(dap_array_from_memory(1, &dim, field, FLOAT64, NULL, NULL, 0, count, &let_go, &array, &error) == DAP_OK);
  CHECK(error.code == 0 && error.dim == -1 && error.rank == -1 && error.message[0] == 0);
  CHECK(dap_check(&array) == DAP_OK && array.blocks[0].dims != &dim && dap_array_validate(&array, &error) == DAP_OK);
  CHECK(dap_array_local(&array, &data, &shape, &strides, &read_only, &error) == DAP_OK);
  CHECK(data == field && shape[0] == 6 && strides[0] == 1 && read_only == 0);
  CHECK(array.blocks[0].tensor->dl_tensor.data == field);

  CHECK(dap_array_move(&array, &moved, &error) == DAP_OK && array.release == NULL && let_go == 0);
  CHECK(dap_array_move(&moved, &moved, &error) == DAP_E_ARGUMENT);
  CHECK(dap_array_release(&array, &error) == DAP_E_RELEASED);
  CHECK(dap_array_release(&moved, &error) == DAP_OK && let_go == 1);
  CHECK(dap_array_release(&moved, NULL) == DAP_E_RELEASED && let_go == 1);
  CHECK(dap_array_validate(&moved, &error) == DAP_E_RELEASED && error.code == DAP_E_RELEASED);
}

static void refused_memory(void) {
  double field[8];
  int let_go = 0;
  int64_t shape[2] = {2, 3}, strides[2] = {0, 1};
  DapError error;
  DapArray array;
  DapDim dims[2];
  DapDType vector = FLOAT64;
  const int32_t ndims[] = {-1, 65, INT32_MAX, INT32_MIN};
  size_t k;
  dims[0] = dap_dim_whole(2);
  dims[1] = dap_dim_whole(3);
  memset(&array, 0x5a, sizeof array);
#define REFUSED(expected, ...)                                                              \
  CHECK(dap_array_from_memory(__VA_ARGS__, count, &let_go, &array, &error) == (expected));  \
  CHECK(error.code == (expected) && error.message[0] != 0)
  for (k = 0; k < 4; ++k) {
    REFUSED(DAP_E_NDIM, ndims[k], dims, field, FLOAT64, NULL, NULL, 0);
  }
  REFUSED(DAP_E_NULL, 2, NULL, field, FLOAT64, NULL, NULL, 0);
  REFUSED(DAP_E_ALIGNMENT, 2, (DapDim *)((char *)dims + 4), field, FLOAT64, NULL, NULL, 0);
  REFUSED(DAP_E_ALIGNMENT, 2, dims, (char *)field + 4, FLOAT64, NULL, NULL, 0);
  REFUSED(DAP_E_TENSOR, 2, dims, NULL, FLOAT64, NULL, NULL, 0);
  REFUSED(DAP_E_TENSOR, 2, dims, field, FLOAT64, shape, strides, 0); /* rows share memory */
  vector.lanes = 4;
  REFUSED(DAP_E_DTYPE, 2, dims, field, vector, NULL, NULL, 0);
  vector.lanes = 1;
  vector.bits = 4;
  REFUSED(DAP_E_DTYPE, 2, dims, field, vector, NULL, NULL, 0);
  strides[0] = INT64_MAX;
  REFUSED(DAP_E_TENSOR, 2, dims, field, FLOAT64, shape, strides, 0);
  dims[1].dist_type = 0;
  REFUSED(DAP_E_DIST_TYPE, 2, dims, field, FLOAT64, NULL, NULL, 0);
  CHECK(error.dim == 1);
  dims[1] = dap_dim_unstructured(3, 1, 0, INT64_MAX, shape);
  REFUSED(DAP_E_INDICES, 2, dims, field, FLOAT64, NULL, NULL, 0);
  /* The extent would follow from the dimension: the sentence says why it does not. */
  dims[1] = dap_dim_block(3, 1, 0, 5, 3);
  REFUSED(DAP_E_ARGUMENT, 2, dims, field, FLOAT64, NULL, NULL, 0);
  CHECK(error.dim == 1 && strstr(error.message, "`stop` is 3, expected 5, its `start`, or more"));
  dims[1] = dap_dim_block(3, 1, 0, INT64_MIN, 3);
  REFUSED(DAP_E_ARGUMENT, 2, dims, field, FLOAT64, NULL, NULL, 0);
  CHECK(strstr(error.message, "`start` is -9223372036854775808, expected 0 or more"));
  dims[1] = dap_dim_cyclic(3, 1, 0, 0);
  REFUSED(DAP_E_ARGUMENT, 2, dims, field, FLOAT64, NULL, NULL, 0);
  CHECK(strstr(error.message, "`block_size` is 0, expected 1 or more"));
  dims[1] = dap_dim_block(3, 1, 0, 0, 2);
  CHECK(dap_array_from_memory(2, dims, field, FLOAT64, NULL, NULL, 0, count, &let_go, &array, &error) > 300);
  CHECK(error.dim == 1 && error.code < 700);
  dims[1] = dap_dim_whole(3);
  CHECK(dap_array_from_memory(2, dims, field, FLOAT64, NULL, NULL, 0, count, &let_go, NULL, &error) == DAP_E_NULL);
  CHECK(let_go == 0 && array.ndim == 0x5a5a5a5a);
  /* Items of read-only memory may share bytes. */
  strides[0] = 0;
  CHECK(dap_array_from_memory(2, dims, field, FLOAT64, shape, strides, 1, count, &let_go, &array, &error) == DAP_OK);
  CHECK(array.blocks[0].tensor->flags & 1);
  dap_release(&array);
  CHECK(let_go == 1);
}

static int tensors_deleted;
static void delete_tensor(DLManagedTensorVersioned *self) {
  (void)self;
  ++tensors_deleted;
}

static void tensors(void) {
  float items[6] = {0};
  int64_t shape[2] = {2, 3};
  DLManagedTensorVersioned tensor = {{1, 0}, NULL, delete_tensor, 0, {items, {1, 0}, 2, {2, 32, 1}, shape, NULL, 0}};
  DLManagedTensorVersioned *taken = NULL;
  DapError error;
  DapArray array;
  DapDim dims[2];
  dims[0] = dap_dim_whole(2);
  dims[1] = dap_dim_whole(3);
  tensor.version.major = 2;
  CHECK(dap_array_from_dlpack(2, dims, &tensor, &array, &error) == DAP_E_TENSOR_VERSION);
  tensor.version.major = 1;
  tensor.dl_tensor.device.device_type = 2;
  CHECK(dap_array_from_dlpack(2, dims, &tensor, &array, &error) == DAP_E_DEVICE);
  tensor.dl_tensor.device.device_type = 1;
  CHECK(dap_array_from_dlpack(1, dims, &tensor, &array, &error) == DAP_E_TENSOR);
  CHECK(strstr(error.message, "has 2 dimensions, but the array has 1"));
  CHECK(dap_array_from_dlpack(2, dims, NULL, &array, &error) == DAP_E_NULL);
  CHECK(tensors_deleted == 0);
  CHECK(dap_array_from_dlpack(2, dims, &tensor, &array, &error) == DAP_OK);
  CHECK(dap_array_take_tensor(&array, NULL, &error) == DAP_E_NULL);
  CHECK(dap_array_take_tensor(&array, &taken, &error) == DAP_OK);
  CHECK(dap_array_take_tensor(&array, &taken, &error) == DAP_E_TAKEN);
  CHECK(taken->dl_tensor.data == items && taken->dl_tensor.strides[0] == 3 && taken->dl_tensor.byte_offset == 0);
  dap_release(&array);
  CHECK(tensors_deleted == 0);
  taken->deleter(taken);
  CHECK(tensors_deleted == 1);
}

static void texts(void) {
  char text[4096], small[8];
  size_t needed = 0;
  int32_t code;
  double field[4] = {0};
  DapError error;
  DapArray array, read;
  DapDim dim = dap_dim_block(8, 2, 1, 4, 8);
  CHECK(dap_array_from_memory(1, &dim, field, FLOAT64, NULL, NULL, 0, NULL, NULL, &array, &error) == DAP_OK);
  CHECK(dap_array_to_json(&array, NULL, 0, &needed, &error) == DAP_OK && needed > 100);
  CHECK(dap_array_to_json(&array, small, sizeof small, &needed, &error) == DAP_E_TOO_SMALL && strlen(small) == 7);
  CHECK(dap_array_to_json(&array, text, sizeof text, &needed, &error) == DAP_OK && strlen(text) + 1 == needed);
  CHECK(strstr(text, "\"proc_grid_rank\": 1") != NULL);
  CHECK(dap_array_to_json(&array, NULL, 9, NULL, &error) == DAP_E_NULL);

  CHECK(dap_array_from_json(text, strlen(text), &read, &error) == DAP_OK);
  CHECK(read.ndim == 1 && read.blocks[0].dims[0].start == 4 && read.blocks[0].tensor == NULL);
  CHECK(dap_array_local(&read, NULL, NULL, NULL, NULL, &error) == DAP_E_TAKEN);
  CHECK(dap_array_validate(&read, &error) == DAP_OK);
  dap_release(&read);
  CHECK(dap_array_from_json("{", 1, &read, &error) > 0 && error.code < 100);
  CHECK(dap_array_from_json(NULL, 5, &read, &error) == DAP_E_NULL);
  CHECK(dap_array_from_json(text, SIZE_MAX, &read, &error) == DAP_E_ARGUMENT);

  CHECK(dap_array_describe(&array, text, sizeof text, NULL, NULL) == DAP_OK && strstr(text, "block 4 to 8") != NULL);
  dap_release(&array);

  CHECK(dap_rule_code("DAP304", &code) == DAP_OK && code == 304);
  CHECK(dap_rule_code("stop-beyond-size", &code) == DAP_OK && code == 304);
  CHECK(dap_rule_code("no such rule", &code) == DAP_E_NOT_FOUND && dap_rule_code(NULL, &code) == DAP_E_NULL);
  CHECK(dap_rule_id(304, text, sizeof text, &needed) == DAP_OK && strcmp(text, "DAP304") == 0 && needed == 7);
  CHECK(dap_rule_id(DAP_E_ARGUMENT, text, sizeof text, NULL) == DAP_E_NOT_FOUND);
  CHECK(dap_rule_page(304, text, sizeof text, NULL) == DAP_OK && strncmp(text, "# DAP304 ", 9) == 0);
  for (code = -5; code < 1100; ++code) CHECK(dap_strerror(code, text, sizeof text, NULL) == DAP_OK && text[0]);
  CHECK(dap_library_version()[0] >= '0');
}

static void layouts(void) {
  char text[4096], bundle[4096] = "";
  DapArray arrays[2];
  const DapArray *pointers[2];
  DapLayout *layout = NULL;
  DapError error;
  double field[5];
  int32_t ndim, r;
  int64_t processes, shape[1], rank, local[1], global[1];
  for (r = 0; r < 2; ++r) {
    DapDim dim = dap_dim_block(10, 2, r, 5 * r, 5 * r + 5);
    CHECK(dap_array_from_memory(1, &dim, field, FLOAT64, NULL, NULL, 0, NULL, NULL, &arrays[r], &error) == DAP_OK);
    pointers[r] = &arrays[r];
    CHECK(dap_array_to_json(&arrays[r], text, sizeof text, NULL, NULL) == DAP_OK);
    strcat(strcat(bundle, text), "\n");
  }
  CHECK(dap_layout_from_arrays(2, pointers, &layout, text, sizeof text, NULL, &error) == DAP_OK);
  CHECK(dap_layout_ndim(layout, &ndim, &error) == DAP_OK && ndim == 1);
  CHECK(dap_layout_processes(layout, &processes, &error) == DAP_OK && processes == 2);
  CHECK(dap_layout_shape(layout, shape, &error) == DAP_OK && shape[0] == 10);
  CHECK(dap_layout_grid(layout, shape, &error) == DAP_OK && shape[0] == 2);
  CHECK(dap_layout_local_shape(layout, 1, shape, &error) == DAP_OK && shape[0] == 5);
  CHECK(dap_layout_owned_shape(layout, 2, shape, &error) == DAP_E_NOT_FOUND);
  global[0] = 7;
  CHECK(dap_layout_owner(layout, global, &rank, local, &error) == DAP_OK && rank == 1 && local[0] == 2);
  CHECK(dap_layout_global(layout, 1, local, global, &error) == DAP_OK && global[0] == 7);
  global[0] = 10;
  CHECK(dap_layout_owner(layout, global, &rank, NULL, &error) == DAP_E_NOT_FOUND && error.dim == 0);
  CHECK(!strcmp(error.message, "no element with the index 10: the indices of the dimension are 0 to 9"));
  global[0] = -1;
  CHECK(dap_layout_owner(layout, global, &rank, NULL, &error) == DAP_E_NOT_FOUND && strstr(error.message, "dimension begin at 0"));
  local[0] = INT64_MIN;
  CHECK(dap_layout_global(layout, 1, local, global, &error) == DAP_E_NOT_FOUND);
  local[0] = 5;
  CHECK(dap_layout_global(layout, 1, local, global, &error) == DAP_E_NOT_FOUND && error.dim == 0);
  CHECK(!strcmp(error.message, "no place in the buffer of rank 1 with the index 5: the indices of the dimension are 0 to 4"));
  CHECK(dap_layout_global(layout, INT64_MAX, local, global, &error) == DAP_E_NOT_FOUND);
  CHECK(dap_layout_describe(layout, text, sizeof text, NULL, &error) == DAP_OK && strstr(text, "block") != NULL);
  dap_layout_free(layout);

  layout = NULL;
  CHECK(dap_layout_from_json(bundle, strlen(bundle), &layout, text, sizeof text, NULL, &error) == DAP_OK);
  dap_layout_free(layout);

  /* Rank 1 states the start 6: no rank owns 5. */
  *(int64_t *)&arrays[1].blocks[0].dims[0].start = 6;
  layout = NULL;
  CHECK(dap_layout_from_arrays(2, pointers, &layout, text, sizeof text, NULL, &error) != DAP_OK && layout == NULL);
  CHECK(error.rank >= 0 && strstr(text, "error[DAP") != NULL);
  pointers[1] = NULL;
  CHECK(dap_layout_from_arrays(2, pointers, &layout, text, sizeof text, NULL, &error) == DAP_E_NULL && error.rank == 1);
  CHECK(dap_layout_from_arrays(-1, pointers, &layout, NULL, 0, NULL, &error) == DAP_E_ARGUMENT);
  CHECK(dap_layout_from_arrays(INT64_MAX, pointers, &layout, NULL, 0, NULL, &error) == DAP_E_ARGUMENT);
  CHECK(dap_layout_from_arrays(0, NULL, &layout, NULL, 0, NULL, &error) != DAP_OK);
  CHECK(dap_layout_ndim(NULL, &ndim, &error) == DAP_E_NULL);
  dap_layout_free(NULL);
  dap_release(&arrays[0]);
  dap_release(&arrays[1]);
}

/* A report is truncated to its memory; the layout is made. */
static void reports(void) {
  const char *text =
      "{\"ranks\": [{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]}, "
      "\"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0, "
      "\"start\": 0, \"stop\": 4, \"colour\": 1}]}]}";
  char small[16];
  size_t needed = 0;
  DapError error;
  DapLayout *layout = NULL;
  CHECK(dap_layout_from_json(text, strlen(text), &layout, small, sizeof small, &needed, &error) == DAP_OK);
  CHECK(layout != NULL && needed > sizeof small && strlen(small) == sizeof small - 1);
  dap_layout_free(layout);
  layout = NULL;
  CHECK(dap_layout_from_json(text, strlen(text), &layout, NULL, 7, NULL, &error) == DAP_E_NULL && layout == NULL);
}

static void scalapack(void) {
  const int32_t desc[9] = {1, 0, 6, 5, 2, 2, 0, 0, 1};
  int64_t shape[2] = {-7, -7}, strides[2] = {-7, -7};
  DapDim dims[2];
  DapError error;
  int32_t by_columns;
  dims[0] = dims[1] = dap_dim_whole(77);
  for (by_columns = 0; by_columns < 2; ++by_columns) {
    CHECK(dap_scalapack_dims(desc, 1, 1, 0, 0, by_columns, dims, NULL, strides, &error) == DAP_E_NULL);
    CHECK(dap_scalapack_dims(desc, 1, 1, 0, 0, by_columns, dims, shape, NULL, &error) == DAP_E_NULL);
    CHECK(dap_scalapack_dims(desc, 1, 1, 0, 0, by_columns, dims, shape, strides, &error) == DAP_E_ARGUMENT); /* LLD */
  }
  {
    /* The error names each wrong number, with its value and the allowed values. */
    static const struct {
      int32_t desc[9], grid[2], place[2];
      const char *name, *expected;
    } wrong[] = {
        {{1, 0, 6, 5, 2, 2, 0, 0, 6}, {0, 1}, {0, 0}, "`nprow` is 0", "1 or more"},
        {{1, 0, 6, 5, 2, 2, 0, 0, 6}, {1, 0}, {0, 0}, "`npcol` is 0", "1 or more"},
        {{1, 0, 6, 5, 2, 2, 0, 0, 6}, {-1, -1}, {-1, -1}, "`nprow` is -1", "1 or more"},
        {{1, 0, 6, 5, 2, 2, 0, 0, 6}, {2, 2}, {2, 0}, "`myrow` is 2", "0 to 1"},
        {{1, 0, 6, 5, 2, 2, 0, 0, 6}, {2, 2}, {0, -1}, "`mycol` is -1", "0 to 1"},
        {{1, 0, 6, 5, 2, 2, 2, 0, 6}, {2, 2}, {0, 0}, "RSRC` is 2", "0 to 1"},
        {{1, 0, 6, 5, 2, 2, 0, -1, 6}, {2, 2}, {0, 0}, "CSRC` is -1", "0 to 1"},
        {{1, 0, -1, 5, 2, 2, 0, 0, 6}, {2, 2}, {0, 0}, "M` is -1", "0 or more"},
        {{1, 0, 6, 5, 2, 0, 0, 0, 6}, {2, 2}, {0, 0}, "NB` is 0", "1 or more"},
        {{1, 0, 6, 5, 2, 2, 0, 0, 3}, {2, 2}, {0, 0}, "LLD` is 3", "at least 4"},
    };
    size_t k;
    for (k = 0; k < sizeof wrong / sizeof *wrong; ++k) {
      CHECK(dap_scalapack_dims(wrong[k].desc, wrong[k].grid[0], wrong[k].grid[1], wrong[k].place[0], wrong[k].place[1], 0, dims, shape,
                               strides, &error) == DAP_E_ARGUMENT);
      CHECK(strstr(error.message, wrong[k].name) && strstr(error.message, wrong[k].expected));
    }
  }
  CHECK(shape[0] == -7 && shape[1] == -7 && strides[0] == -7 && strides[1] == -7 && dims[0].size == 77 && dims[1].size == 77);
}

int main(void) {
  memory();
  refused_memory();
  tensors();
  texts();
  layouts();
  reports();
  scalapack();
  puts("functions: all right");
  return 0;
}
