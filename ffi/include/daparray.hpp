// daparray.hpp: DapArray as a type of C++11 that is moved, never copied, and released once. Header
// only.
//
//   dap::Array array = dap::take(&given);       // `given` is left as a released one
//   array->ndim; array.dim(0).size;
//   DapArray to_c = array.into_raw();           // away again
//   dap::Layout layout; dap::check(dap_layout_from_json(..., layout.out(), ..., &error), error);
#ifndef DAPARRAY_HPP
#define DAPARRAY_HPP

#include "daparray.h"

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>

namespace dap {

// A code other than 0, thrown: what() has the sentence.
class Error : public std::runtime_error {
 public:
  Error(std::int32_t code, const std::string &message) : std::runtime_error(message), code_(code) {}
  explicit Error(const DapError &error) : std::runtime_error(error.message), code_(error.code) {}
  std::int32_t code() const noexcept { return code_; }

 private:
  std::int32_t code_;
};

// Throws what a function of libdaparray returned, unless it is 0: dap::check(dap_array_validate(a,
// &error), error).
inline void check(std::int32_t code, const DapError &error) {
  if (code != DAP_OK) throw Error(error);
}

// The sentence for a code of dap_check about `array`, which is not read beyond what the code
// allows.
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

// Owns a DapArray: released when this goes. Moving leaves an empty one.
class Array {
 public:
  Array() noexcept { std::memset(&array_, 0, sizeof array_); }
  // Takes over what `raw` owned, and leaves it as a released one: a later dap_release(&raw) does
  // nothing. A constant struct cannot be left so, and is not taken.
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

  // Gives the struct away; it must be released by whoever has it now.
  DapArray into_raw() noexcept {
    DapArray raw;
    std::memset(&raw, 0, sizeof raw);
    dap_move(&array_, &raw);
    return raw;
  }

  explicit operator bool() const noexcept { return array_.release != nullptr; }
  const DapArray *get() const noexcept { return &array_; }
  const DapArray *operator->() const noexcept { return &array_; }
  // To be filled by a function that makes one; what it held is released.
  DapArray *out() noexcept {
    dap_release(&array_);
    return &array_;
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

  // The tensor, which is the caller's from now on.
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

// Takes over what a struct of somebody else's owns, after looking at its version.
inline Array take(DapArray *source) {
  const std::int32_t code = dap_check(source);
  if (code == DAP_E_NULL) throw Error(code, "the pointer to the struct is NULL: give the address of a DapArray");
  if (code != DAP_OK) throw Error(code, unreadable(code, *source));
  return Array(*source);
}

// Owns what libdaparray makes: freed when this goes.
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

  const T *get() const noexcept { return handle_; }
  explicit operator bool() const noexcept { return handle_ != nullptr; }
  // To be filled by a function that makes one; what it held is freed.
  T **out() noexcept {
    Free(handle_);
    handle_ = nullptr;
    return &handle_;
  }

 private:
  T *handle_;
};

// Who has what of a whole array.
using Layout = Handle<DapLayout, dap_layout_free>;
// One process's part in moving an array from one layout to another.
using Plan = Handle<DapPlan, dap_plan_free>;

}  // namespace dap

#endif  // DAPARRAY_HPP
