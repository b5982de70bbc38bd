/* Every function that takes a rank of a layout refuses a rank that does not exist, names the
 * existing ranks, and writes no result. A test in ffi/tests/header.rs compares the table with the
 * header. */
#include "daparray.h"
#include "check.h"

#include <string.h>

static DapLayout *layout;
static const DapDType FLOAT64 = {DAP_DTYPE_FLOAT, 64, 1};
static DapError error;
/* Memory for the results of the functions. */
static DapDim dims[2];
static int64_t numbers[2];
static const int64_t place[2] = {0, 0};
static char text[4096];
static DapPlan *plan;

#define CALL(name, call) \
  static int32_t try_##name(int64_t rank) { return call; }
CALL(dap_layout_dims, dap_layout_dims(layout, rank, dims, &error))
CALL(dap_layout_to_json, dap_layout_to_json(layout, rank, FLOAT64, text, sizeof text, NULL, &error))
CALL(dap_layout_local_shape, dap_layout_local_shape(layout, rank, numbers, &error))
CALL(dap_layout_owned_shape, dap_layout_owned_shape(layout, rank, numbers, &error))
CALL(dap_layout_global, dap_layout_global(layout, rank, place, numbers, &error))
CALL(dap_plan_new, dap_plan_new(layout, rank, layout, 0, &plan, &error))
CALL(dap_plan_new_to, dap_plan_new(layout, 0, layout, rank, &plan, &error))
CALL(dap_plan_new_reshape, dap_plan_new_reshape(layout, rank, layout, 0, &plan, &error))
CALL(dap_plan_new_reshape_to, dap_plan_new_reshape(layout, 0, layout, rank, &plan, &error))

int main(void) {
  static int32_t (*const calls[])(int64_t) = {
      try_dap_layout_dims,  try_dap_layout_to_json, try_dap_layout_local_shape,  try_dap_layout_owned_shape,     try_dap_layout_global,
      try_dap_plan_new,     try_dap_plan_new_to,    try_dap_plan_new_reshape,    try_dap_plan_new_reshape_to,
  };
  static const int64_t absent[] = {4, 5, -2, INT64_MAX, INT64_MIN};
  DapDimSpec specs[2];
  size_t k, r;
  specs[0] = dap_spec_block(8, 2);
  specs[1] = dap_spec_block(6, 2);
  CHECK(dap_layout_new(2, specs, &layout, &error) == DAP_OK);
  for (k = 0; k < sizeof calls / sizeof *calls; ++k) {
    for (r = 0; r < sizeof absent / sizeof *absent; ++r) {
      CHECK(calls[k](absent[r]) == DAP_E_NOT_FOUND && error.code == DAP_E_NOT_FOUND);
      CHECK(strstr(error.message, "4 processes") && strstr(error.message, "from 0 to 3"));
      CHECK(dims[0].proc_grid_size == 0 && numbers[0] == 0 && text[0] == 0 && !plan);
    }
  }
  for (k = 0; k < sizeof calls / sizeof *calls; ++k) {
    CHECK(calls[k](3) == DAP_OK);
    dap_plan_free(plan);
    plan = NULL;
  }
  dap_layout_free(layout);
  puts("ranks: all right");
  return 0;
}
