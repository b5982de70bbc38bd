/* The declarations for the examples in spec/rules/DAP7nn.md: process 1 of 2 has rows 2 and 3 of 4
 * by 3, in `array`. */
#ifndef PAGES_H
#define PAGES_H

#include "daparray.h"
#include "dlpack_1_1.h"
#include "check.h"

enum { kDLCPU = 1, kDLCUDA = 2, kDLFloat = 2 };

/* `other` is a target for functions that make or move a struct. */
#define BEFORE                                                                                               \
  const DapDType float64 = {DAP_DTYPE_FLOAT, 64, 1};                                                         \
  double items[6] = {0};                                                                                     \
  int64_t shape[2] = {2, 3};                                                                                 \
  int32_t code = -1;                                                                                         \
  DapDim dims[2];                                                                                            \
  DapArray array, other, whole;                                                                              \
  DapError error;                                                                                            \
  dims[0] = dap_dim_block(4, 2, 1, 2, 4);                                                                    \
  dims[1] = dap_dim_whole(3);                                                                                \
  memset(&other, 0, sizeof other);                                                                           \
  CHECK(dap_array_from_memory(2, dims, items, float64, shape, NULL, 0, NULL, NULL, &array, &error) == DAP_OK); \
  whole = array;

/* Restores the fields that an example broke, before the release. */
#define AFTER                                                            \
  if (array.release) {                                                   \
    array = whole;                                                       \
    dap_release(&array);                                                 \
  }                                                                      \
  dap_release(&other);                                                   \
  if (code != DAP_OK) CHECK(error.code == code && error.message[0]);     \
  return code;

#endif
