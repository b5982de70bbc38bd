// C++'s side: a vector owns the memory.
#include "daparray.hpp"

#include "check.h"

#include <vector>

extern "C" void *produce_cpp(DapArray *out);
extern "C" void *consume_cpp(DapArray *array, double value);

extern "C" void *produce_cpp(DapArray *out) {
  std::vector<double> *field = new std::vector<double>(12);
  const DapDim dims[2] = {dap_dim_block(6, 2, 0, 0, 3), dap_dim_cyclic(8, 2, 1, 2)};
  dap::Array array;
  DapError error;
  dap::check(dap_array_from_memory(2, dims, field->data(), DapDType{DAP_DTYPE_FLOAT, 64, 1}, nullptr, nullptr, 0,
                                   [](void *owner) { delete static_cast<std::vector<double> *>(owner); }, field,
                                   array.out(), &error),
             error);
  *out = array.into_raw();
  return field->data();
}

extern "C" void *consume_cpp(DapArray *array, double value) {
  dap::Array mine = dap::take(array);
  void *data = nullptr;
  const std::int64_t *strides = nullptr;
  DapError error;
  dap::check(dap_array_local(mine.get(), &data, nullptr, &strides, nullptr, &error), error);
  static_cast<double *>(data)[2 * strides[0] + 3 * strides[1]] = value;
  return data;
}
