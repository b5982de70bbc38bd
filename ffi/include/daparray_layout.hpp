// daparray_layout.hpp: dap::Layout, the distribution of a whole array, and dap::Plan. Included by
// daparray.hpp.
#ifndef DAPARRAY_LAYOUT_HPP
#define DAPARRAY_LAYOUT_HPP

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "daparray.h"
#include "daparray_array.hpp"

namespace dap {

// Owns an object that libdaparray made: the destructor frees it.
template <typename T, void (*Free)(T *)>
class Handle {
 public:
  Handle() noexcept : handle_(nullptr) {}
  Handle(Handle &&other) noexcept : handle_(other.handle_) { other.handle_ = nullptr; }
  Handle &operator=(Handle &&other) noexcept {
    if (this != &other) {
      Free(handle_);
      handle_ = other.handle_;
      other.handle_ = nullptr;
    }
    return *this;
  }
  Handle(const Handle &) = delete;
  Handle &operator=(const Handle &) = delete;
  ~Handle() { Free(handle_); }

  T *get() noexcept { return handle_; }
  const T *get() const noexcept { return handle_; }
  explicit operator bool() const noexcept { return handle_ != nullptr; }
  // The address for a function that makes an object; the previous object is freed.
  T **out() noexcept {
    Free(handle_);
    handle_ = nullptr;
    return &handle_;
  }

 private:
  T *handle_;
};

// The distribution of a whole array.
class Layout : public Handle<DapLayout, dap_layout_free> {
 public:
  Layout() noexcept = default;
  // The layout of an array with these dimensions on a process grid in C order; without messages. A
  // warning, such as for a halo that does not wrap, is written to stderr.
  explicit Layout(const std::vector<DapDimSpec> &specs) {
    DapError error;
    check(dap_layout_new(static_cast<std::int32_t>(specs.size()), specs.data(), out(), &error), error);
    if (error.message[0]) std::fprintf(stderr, "daparray: dimension %d: %s\n", static_cast<int>(error.dim), error.message);
  }

  std::int32_t ndim() const {
    std::int32_t ndim = 0;
    DapError error;
    check(dap_layout_ndim(get(), &ndim, &error), error);
    return ndim;
  }
  // The number of processes.
  std::int64_t processes() const {
    std::int64_t processes = 0;
    DapError error;
    check(dap_layout_processes(get(), &processes, &error), error);
    return processes;
  }
  // The extents of the whole array.
  std::vector<std::int64_t> shape() const {
    return filled([this](std::int64_t *shape, DapError *error) { return dap_layout_shape(get(), shape, error); });
  }
  // The number of processes along each dimension.
  std::vector<std::int64_t> grid() const {
    return filled([this](std::int64_t *grid, DapError *error) { return dap_layout_grid(get(), grid, error); });
  }
  // The shape of a process's buffer, communication padding included.
  std::vector<std::int64_t> local_shape(std::int64_t rank) const {
    return filled([this, rank](std::int64_t *shape, DapError *error) { return dap_layout_local_shape(get(), rank, shape, error); });
  }
  // The number of elements that a process owns along each dimension.
  std::vector<std::int64_t> owned_shape(std::int64_t rank) const {
    return filled([this, rank](std::int64_t *shape, DapError *error) { return dap_layout_owned_shape(get(), rank, shape, error); });
  }
  // The dimensions of a process, for `share` and `own`. Lists of indices belong to the layout.
  std::vector<DapDim> dims(std::int64_t rank) const {
    std::vector<DapDim> dims(static_cast<std::size_t>(ndim()));
    DapError error;
    check(dap_layout_dims(get(), rank, dims.data(), &error), error);
    return dims;
  }
  // An array of zeros in memory of its own: the part of a process.
  template <typename T>
  Array zeros(std::int64_t rank) const {
    const std::vector<DapDim> mine = dims(rank);
    return own(mine, std::vector<T>(static_cast<std::size_t>(item_count(mine))));
  }
  // The owner of an element.
  std::int64_t owner(const std::vector<std::int64_t> &global) const {
    if (global.size() != static_cast<std::size_t>(ndim()))
      throw Error(DAP_E_ARGUMENT, "an element has one index a dimension: " + std::to_string(global.size()) +
                                      " indices were given, the layout has " + std::to_string(ndim()) + " dimensions");
    std::int64_t rank = -1;
    DapError error;
    check(dap_layout_owner(get(), global.data(), &rank, nullptr, &error), error);
    return rank;
  }

 private:
  template <typename Question>
  std::vector<std::int64_t> filled(Question question) const {
    std::vector<std::int64_t> numbers(static_cast<std::size_t>(ndim()));
    DapError error;
    check(question(numbers.data(), &error), error);
    return numbers;
  }
};

// One process's part of moving an array from one layout to another.
using Plan = Handle<DapPlan, dap_plan_free>;

}  // namespace dap

#endif  // DAPARRAY_LAYOUT_HPP
