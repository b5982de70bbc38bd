// daparray.hpp: DapArray as a C++11 type that is moved, never copied, and released once. Header
// only.
//
//   dap::Array array = dap::take(&given);            // `given` becomes a released struct
//   array->ndim; array.dim(0).size;
//   dap::View<double, 2> all = array.local<double, 2>(), mine = array.owned<double, 2>();
//   DapArray to_c = array.into_raw();                // export it again
//
//   dap::Layout layout({dap_spec_block(1000, processes), dap_spec_whole(64)});
//   dap::Array field = dap::share(layout.dims(rank), memory.data());
//   dap::Layout other; dap::check(dap_layout_from_json(..., other.out(), ..., &error), error);
//
// A failure is a dap::Error, with the rule and the rank if there are some. daparray_mpi.hpp has
// moves and halos over MPI.
#ifndef DAPARRAY_HPP
#define DAPARRAY_HPP

#include "daparray_array.hpp"
#include "daparray_layout.hpp"
#include "daparray_view.hpp"

#endif  // DAPARRAY_HPP
