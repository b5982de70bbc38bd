// Two libraries in one program, independent of each other: a simulation that has a distributed
// field, and statistics.
#include <daparray.hpp>

#include <iostream>
#include <vector>

namespace simulation {
dap::Array field(std::vector<double> &memory) {
  // Indices 3 to 7 of 10, on process 1 of 3; 3 and 7 are copies of the neighbours' elements.
  DapDim dim = dap_dim_block(10, 3, 1, 3, 8);
  dim.pad_lo = dim.pad_hi = 1;
  dap::Array array;
  DapError error;
  dap::check(dap_array_from_memory(1, &dim, memory.data(), DapDType{DAP_DTYPE_FLOAT, 64, 1}, nullptr, nullptr, 0,
                                   nullptr, nullptr, array.out(), &error),
             error);
  return array;
}
}  // namespace simulation

namespace statistics {
// The sum of the elements that this process owns: the neighbours own the padding.
double owned_sum(dap::Array array, const void **address) {
  DapError error;
  dap::check(dap_array_validate(array.get(), &error), error);
  void *data = nullptr;
  const std::int64_t *strides = nullptr;
  dap::check(dap_array_local(array.get(), &data, nullptr, &strides, nullptr, &error), error);
  *address = data;
  std::int64_t lo, hi;
  dap_dim_owned_range(&array.dim(0), &lo, &hi);
  double sum = 0;
  for (std::int64_t k = lo; k < hi; ++k) sum += static_cast<double *>(data)[k * strides[0]];
  return sum;
}
}  // namespace statistics

int main() {
  try {
    std::vector<double> memory{100, 4, 5, 6, 100};
    const void *address = nullptr;
    const double sum = statistics::owned_sum(simulation::field(memory), &address);
    std::cout << "the sum of what is owned is " << sum << '\n';
    return sum == 15 && address == memory.data() ? 0 : 1;
  } catch (const dap::Error &error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
