// daparray_mpi.hpp: moves and halos over MPI as C++11 types. Header only; link libdaparray_mpi.
//
//   dap::mpi::redistribute(comm, rows, columns);        // once
//
//   dap::mpi::Halo halo(comm, field);                   // prepared once, without corners
//   for (...) {
//     halo.start(field);
//     ...                                               // the interior
//     halo.finish(field);
//     ...                                               // the elements beside the halo
//   }
//
// All functions but the destructors are collective. A rank that has no part of an array gives an
// empty dap::Array. If one rank's call fails, all ranks throw dap::Error: that rank with its own
// code, the others with DAP_E_REMOTE, all with the rank in rank(). On all ranks, objects must be
// gone before their communicator is freed and before MPI_Finalize.
#ifndef DAPARRAY_MPI_HPP
#define DAPARRAY_MPI_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "daparray.hpp"
#include "daparray_mpi.h"

namespace dap {
namespace mpi {

// The struct of an array, NULL of an empty one.
inline const DapArray *part(const Array &array) noexcept { return array ? array.get() : nullptr; }

// Moves an array from one distribution to another, once. Of the target, owned elements are written.
inline void redistribute(MPI_Comm comm, const Array &source, const Array &target) {
  DapError error;
  check(dap_mpi_redistribute(comm, part(source), part(target), &error), error);
}

// The same items in the same row-major order, as an array of another shape.
inline void reshape(MPI_Comm comm, const Array &source, const Array &target) {
  DapError error;
  check(dap_mpi_reshape(comm, part(source), part(target), &error), error);
}

// A move that is prepared once, for all arrays with the distributions of these two.
class Move : public Handle<DapMpiMove, dap_mpi_move_free> {
 public:
  Move() noexcept = default;
  Move(MPI_Comm comm, const Array &source, const Array &target) {
    DapError error;
    check(dap_mpi_move_new(comm, part(source), part(target), out(), &error), error);
  }
  static Move reshape(MPI_Comm comm, const Array &source, const Array &target) {
    Move move;
    DapError error;
    check(dap_mpi_move_new_reshape(comm, part(source), part(target), move.out(), &error), error);
    return move;
  }
  void execute(const Array &source, const Array &target) {
    DapError error;
    check(dap_mpi_move_execute(get(), part(source), part(target), &error), error);
  }
};

// A halo exchange that is prepared once, for all arrays with the distribution of this one.
class Halo : public Handle<DapMpiHalo, dap_mpi_halo_free> {
 public:
  Halo() noexcept = default;
  // `corners`: the elements of diagonal neighbours as well.
  Halo(MPI_Comm comm, const Array &array, bool corners = false) {
    DapError error;
    check(dap_mpi_halo_new(comm, part(array), corners, out(), &error), error);
  }
  // Packs and sends. From then on owned elements may be written again.
  void start(const Array &array) {
    DapError error;
    check(dap_mpi_halo_start(get(), part(array), &error), error);
  }
  // Fills the padding of the array that was started with.
  void finish(const Array &array) {
    DapError error;
    check(dap_mpi_halo_finish(get(), part(array), &error), error);
  }
  // Both halves at once.
  void exchange(const Array &array) {
    DapError error;
    check(dap_mpi_halo_exchange(get(), part(array), &error), error);
  }
};

// An array in memory that the other ranks of the node read in place, so that a move copies its
// elements only once. The items are zero. Collective: `dims` are this rank's, of any size.
template <typename T>
Array allocate(MPI_Comm comm, const std::vector<DapDim> &dims) {
  const std::int64_t items = item_count(dims);
  // More bytes than 64 bits count are refused on all ranks.
  const std::int64_t bytes = items > INT64_MAX / static_cast<std::int64_t>(sizeof(T)) ? -1 : items * static_cast<std::int64_t>(sizeof(T));
  void *memory = nullptr;
  DapError error;
  check(dap_mpi_allocate(comm, bytes, &memory, &error), error);
  if (memory) std::memset(memory, 0, static_cast<std::size_t>(bytes));
  Array array;
  const std::int32_t code = dap_array_from_memory(static_cast<std::int32_t>(dims.size()), dims.data(), memory, Item<T>::dtype(),
                                                  nullptr, nullptr, 0, dap_mpi_release, memory, array.out(), &error);
  if (code != DAP_OK) dap_mpi_release(memory);
  check(code, error);
  return array;
}

}  // namespace mpi
}  // namespace dap

#endif  // DAPARRAY_MPI_HPP
