// daparray_array.hpp: dap::Array, which owns a DapArray and releases it once; dap::Error. Included
// by daparray.hpp.
#ifndef DAPARRAY_ARRAY_HPP
#define DAPARRAY_ARRAY_HPP

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "daparray.h"
#include "daparray_view.hpp"

namespace dap {

// A code other than 0 as an exception: what() is the sentence.
class Error : public std::runtime_error {
 public:
  Error(std::int32_t code, const std::string &message) : std::runtime_error(message), code_(code), dim_(-1), rank_(-1) {}
  explicit Error(const DapError &error)
      : std::runtime_error(error.message), code_(error.code), dim_(error.dim), rank_(error.rank) {}
  std::int32_t code() const noexcept { return code_; }
  // The id of the broken rule, such as "DAP304" (`dap-validate rule DAP304` explains it); empty for
  // a code that describes the call.
  std::string rule() const {
    char id[16] = "";
    if (code_ > 0 && code_ < DAP_E_ARGUMENT) std::snprintf(id, sizeof id, "DAP%03d", static_cast<int>(code_));
    return id;
  }
  // The dimension and the rank of the mistake; -1: none.
  std::int32_t dim() const noexcept { return dim_; }
  std::int64_t rank() const noexcept { return rank_; }

 private:
  std::int32_t code_, dim_;
  std::int64_t rank_;
};

// Throws if a function of libdaparray returned a code other than 0:
// dap::check(dap_array_validate(a, &error), error).
inline void check(std::int32_t code, const DapError &error) {
  if (code != DAP_OK) throw Error(error);
}

// The sentence for a code of dap_check about `array`, which is read only as far as the code allows.
inline std::string unreadable(std::int32_t code, const DapArray &array) {
  switch (code) {
    case DAP_E_VERSION:
      return "the struct has version " + std::to_string(array.version.major) + "." + std::to_string(array.version.minor) +
             ", expected " + std::to_string(DAP_LAYOUT_MAJOR) + ".x: build both sides with one major version of daparray.h";
    case DAP_E_RELEASED:
      return "the struct was moved or released, so it owns nothing: use the struct that it was moved to, or make it anew";
    case DAP_E_FLAGS:
      return "the struct has flags (" + std::to_string(array.flags) + ") that this version of daparray.h does not know: update it";
    default:
      return "code " + std::to_string(code) + " of dap_check";
  }
}

inline std::string no_section() { return "the process is outside of the process grid and holds no part of the array"; }

// Owns a DapArray: the destructor releases it. Moving leaves an empty object.
class Array {
 public:
  Array() noexcept { std::memset(&array_, 0, sizeof array_); }
  // Takes the contents of `raw` over and leaves it as a released struct: a later dap_release(&raw)
  // does nothing. A constant struct cannot be changed so, and is not accepted.
  explicit Array(DapArray &raw) noexcept { dap_move(&raw, &array_); }
  explicit Array(DapArray &&raw) noexcept { dap_move(&raw, &array_); }
  Array(Array &&other) noexcept : array_(other.into_raw()) {}
  Array &operator=(Array &&other) noexcept {
    if (this != &other) {
      dap_release(&array_);
      array_ = other.into_raw();
    }
    return *this;
  }
  Array(const Array &) = delete;
  Array &operator=(const Array &) = delete;
  ~Array() { dap_release(&array_); }

  // Gives the struct away; its new owner must release it.
  DapArray into_raw() noexcept {
    DapArray raw;
    std::memset(&raw, 0, sizeof raw);
    dap_move(&array_, &raw);
    return raw;
  }

  explicit operator bool() const noexcept { return array_.release != nullptr; }
  const DapArray *get() const noexcept { return &array_; }
  const DapArray *operator->() const noexcept { return &array_; }
  // The address for a function that makes a struct; the previous contents are released.
  DapArray *out() noexcept {
    dap_release(&array_);
    return &array_;
  }

  // The local items, all padding included. T is the item type, `const T` for memory that is only
  // read; N is the number of dimensions. The view is valid as long as the array, or a tensor taken
  // from it. Throws if item type or number of dimensions differ, and if a T that is not const asks
  // for read-only memory.
  template <typename T, std::size_t N>
  View<T, N> local() const {
    const DapDType wanted = Item<T>::dtype();
    if (array_.release && (array_.dtype.code != wanted.code || array_.dtype.bits != wanted.bits))
      throw Error(DAP_E_DTYPE, "the items have the type code " + std::to_string(array_.dtype.code) + " and " +
                                   std::to_string(array_.dtype.bits) + " bits, the view has " + std::to_string(wanted.code) +
                                   " and " + std::to_string(wanted.bits) + ": ask for a view of the array's type");
    if (array_.release && array_.ndim != static_cast<std::int32_t>(N))
      throw Error(DAP_E_NDIM, "the array has " + std::to_string(array_.ndim) + " dimensions, the view " + std::to_string(N));
    void *data = nullptr;
    const std::int64_t *shape = nullptr, *strides = nullptr;
    std::int32_t read_only = 0;
    DapError error;
    check(dap_array_local(&array_, &data, &shape, &strides, &read_only, &error), error);
    if (read_only && !std::is_const<T>::value)
      throw Error(DAP_E_READ_ONLY, "the memory may only be read: ask for a view of const items");
    return View<T, N>(static_cast<T *>(data), shape, strides);
  }
  // The items that this process owns: the local ones without communication padding. Boundary
  // padding, which is at the outer ends, is owned.
  template <typename T, std::size_t N>
  View<T, N> owned() const {
    View<T, N> view = local<T, N>();
    for (std::size_t at = N; at-- > 0;) {
      std::int64_t lo, hi;
      dap_dim_owned_range(&dim(static_cast<int>(at)), &lo, &hi);
      view = view.slice(static_cast<int>(at), lo, hi);
    }
    return view;
  }

  // One dimension of the local part.
  const DapDim &dim(int at) const {
    if (!array_.release) throw Error(DAP_E_RELEASED, unreadable(DAP_E_RELEASED, array_));
    if (at < 0 || at >= array_.ndim)
      throw Error(DAP_E_ARGUMENT, "dimension " + std::to_string(at) + " of an array with " + std::to_string(array_.ndim) +
                                      " dimensions: they are counted from 0");
    if (array_.n_blocks != 1) throw Error(DAP_E_NO_SECTION, no_section());
    return array_.blocks[0].dims[at];
  }

  // Takes the tensor, which is the caller's from now on.
  struct DLManagedTensorVersioned *take_tensor() {
    if (!array_.release) throw Error(DAP_E_RELEASED, unreadable(DAP_E_RELEASED, array_));
    if (array_.n_blocks != 1) throw Error(DAP_E_NO_SECTION, no_section());
    if (!array_.blocks[0].tensor) throw Error(DAP_E_TAKEN, "the tensor has been taken: the caller that took it has the memory");
    struct DLManagedTensorVersioned *tensor = array_.blocks[0].tensor;
    array_.blocks[0].tensor = nullptr;
    return tensor;
  }

 private:
  DapArray array_;
};

// Takes over the contents of another library's struct, after checking its version.
inline Array take(DapArray *source) {
  const std::int32_t code = dap_check(source);
  if (code == DAP_E_NULL) throw Error(code, "the pointer to the struct is NULL: give the address of a DapArray");
  if (code != DAP_OK) throw Error(code, unreadable(code, *source));
  return Array(*source);
}

// The number of local items, padding included. Throws for invalid numbers, and beyond 64 bits.
inline std::int64_t item_count(const std::vector<DapDim> &dims) {
  std::int64_t count = 1;
  for (const DapDim &dim : dims) {
    const std::int64_t extent = dap_dim_extent(&dim);
    if (extent < 0 || (extent > 0 && count > INT64_MAX / extent))
      throw Error(DAP_E_ARGUMENT, "the dimensions have invalid numbers, or more items than 64 bits can count");
    count *= extent;
  }
  return count;
}

// Shares memory that stays the caller's: `data` is the item at index 0, `strides` are in items, and
// NULL means C order. The memory must last as long as the array. Of `const T` it is read-only.
template <typename T>
Array share(const std::vector<DapDim> &dims, T *data, const std::int64_t *strides = nullptr) {
  Array array;
  DapError error;
  check(dap_array_from_memory(static_cast<std::int32_t>(dims.size()), dims.data(),
                              const_cast<typename std::remove_const<T>::type *>(data), Item<T>::dtype(), nullptr, strides,
                              std::is_const<T>::value, nullptr, nullptr, array.out(), &error),
        error);
  return array;
}

// Moves items into an array that owns them, in C order.
template <typename T>
Array own(const std::vector<DapDim> &dims, std::vector<T> items) {
  static_assert(!std::is_same<T, bool>::value, "a std::vector<bool> has no items in memory: use std::vector<unsigned char>");
  const std::int64_t needed = item_count(dims);
  if (needed > static_cast<std::int64_t>(items.size()))
    throw Error(DAP_E_TOO_SMALL, "the array needs " + std::to_string(needed) + " items, the vector has " + std::to_string(items.size()));
  std::vector<T> *owner = new std::vector<T>(std::move(items));
  Array array;
  DapError error;
  const std::int32_t code = dap_array_from_memory(
      static_cast<std::int32_t>(dims.size()), dims.data(), owner->data(), Item<T>::dtype(), nullptr, nullptr, 0,
      [](void *held) { delete static_cast<std::vector<T> *>(held); }, owner, array.out(), &error);
  if (code != DAP_OK) delete owner;
  check(code, error);
  return array;
}

}  // namespace dap

#endif  // DAPARRAY_ARRAY_HPP
