/* Prints sizes and offsets in C, or C++; they must be those of ffi/abi/layout.txt. */
#include "daparray.h"

#include <stdio.h>

#define SIZE(type) printf(#type " %u\n", (unsigned)sizeof(type))
#define FIELD(type, field) printf(#type "." #field " %u\n", (unsigned)offsetof(type, field))

int main(void) {
  SIZE(DapVersion);
  FIELD(DapVersion, major);
  FIELD(DapVersion, minor);
  SIZE(DapDType);
  FIELD(DapDType, code);
  FIELD(DapDType, bits);
  FIELD(DapDType, lanes);
  SIZE(DapDim);
  FIELD(DapDim, size);
  FIELD(DapDim, proc_grid_size);
  FIELD(DapDim, proc_grid_rank);
  FIELD(DapDim, dist_type);
  FIELD(DapDim, flags);
  FIELD(DapDim, start);
  FIELD(DapDim, stop);
  FIELD(DapDim, pad_lo);
  FIELD(DapDim, pad_hi);
  FIELD(DapDim, block_size);
  FIELD(DapDim, n_indices);
  FIELD(DapDim, indices);
  FIELD(DapDim, reserved);
  SIZE(DapDimSpec);
  FIELD(DapDimSpec, size);
  FIELD(DapDimSpec, proc_grid_size);
  FIELD(DapDimSpec, dist_type);
  FIELD(DapDimSpec, flags);
  FIELD(DapDimSpec, block_size);
  FIELD(DapDimSpec, source);
  FIELD(DapDimSpec, halo);
  FIELD(DapDimSpec, pad_lo);
  FIELD(DapDimSpec, pad_hi);
  FIELD(DapDimSpec, bounds);
  FIELD(DapDimSpec, indices);
  FIELD(DapDimSpec, reserved);
  SIZE(DapBlock);
  FIELD(DapBlock, tensor);
  FIELD(DapBlock, dims);
  FIELD(DapBlock, reserved);
  SIZE(DapArray);
  FIELD(DapArray, version);
  FIELD(DapArray, private_data);
  FIELD(DapArray, release);
  FIELD(DapArray, flags);
  FIELD(DapArray, protocol);
  FIELD(DapArray, ndim);
  FIELD(DapArray, global_shape);
  FIELD(DapArray, dtype);
  FIELD(DapArray, pad_);
  FIELD(DapArray, n_blocks);
  FIELD(DapArray, blocks);
  FIELD(DapArray, mesh);
  FIELD(DapArray, producer);
  FIELD(DapArray, reserved);
  SIZE(DapError);
  FIELD(DapError, code);
  FIELD(DapError, dim);
  FIELD(DapError, rank);
  FIELD(DapError, message);
  return 0;
}
