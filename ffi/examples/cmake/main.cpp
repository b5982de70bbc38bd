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
  return dap::share({dim}, memory.data());
}
}  // namespace simulation

namespace statistics {
// The sum of the elements that this process owns: the neighbours own the padding.
double owned_sum(dap::Array array, const double **address) {
  DapError error;
  dap::check(dap_array_validate(array.get(), &error), error);
  *address = array.local<const double, 1>().data();
  const dap::View<const double, 1> owned = array.owned<const double, 1>();
  double sum = 0;
  for (std::int64_t k = 0; k < owned.extent(0); ++k) sum += owned(k);
  return sum;
}
}  // namespace statistics

int main() {
  try {
    std::vector<double> memory{100, 4, 5, 6, 100};
    const double *address = nullptr;
    const double sum = statistics::owned_sum(simulation::field(memory), &address);
    std::cout << "the sum of what is owned is " << sum << '\n';
    return sum == 15 && address == memory.data() ? 0 : 1;
  } catch (const dap::Error &error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
