// daparray.hpp: DapArray as a C++11 type that is moved, never copied, and released once. Header
// only.
//
//   dap::Array array = dap::take(&given);       // `given` becomes a released struct
//   array->ndim; array.dim(0).size;
//   DapArray to_c = array.into_raw();           // export it again
//   dap::Layout layout; dap::check(dap_layout_from_json(..., layout.out(), ..., &error), error);
#ifndef DAPARRAY_HPP
#define DAPARRAY_HPP

#include "daparray.h"

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>

namespace dap {

// A code other than 0 as an exception: what() is the sentence.
class Error : public std::runtime_error {
 public:
  Error(std::int32_t code, const std::string &message) : std::runtime_error(message), code_(code) {}
  explicit Error(const DapError &error) : std::runtime_error(error.message), code_(error.code) {}
  std::int32_t code() const noexcept { return code_; }

 private:
  std::int32_t code_;
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
using Layout = Handle<DapLayout, dap_layout_free>;
// One process's part of moving an array from one layout to another.
using Plan = Handle<DapPlan, dap_plan_free>;

}  // namespace dap

#endif  // DAPARRAY_HPP
