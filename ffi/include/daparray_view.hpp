// daparray_view.hpp: dap::View, a view of the memory of an array in the manner of std::mdspan, for
// C++11. Included by daparray.hpp.
//
//   dap::View<double, 2> field = array.local<double, 2>();
//   for (std::int64_t i = 0; i < field.extent(0); ++i)
//     for (std::int64_t j = 0; j < field.extent(1); ++j) field(i, j) += 1;
//
// A view holds an address, extents and strides, and owns nothing: it is valid as long as the array,
// or another owner of the memory, is. With a library that has std::mdspan (C++23), a view converts
// to std::mdspan<T, std::dextents<std::int64_t, N>, std::layout_stride>.
#ifndef DAPARRAY_VIEW_HPP
#define DAPARRAY_VIEW_HPP

#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <type_traits>

#if defined(__has_include)
#if __has_include(<version>)
#include <version>
#endif
#endif
#if defined(__cpp_lib_mdspan)
#include <mdspan>
#endif

#include "daparray.h"

namespace dap {

// The item type of a C++ type, for a DapArray: integers, float, double, std::complex of them, bool.
// Any other type does not compile.
template <typename T>
struct Item {
  static_assert(std::is_integral<T>::value || std::is_same<T, float>::value || std::is_same<T, double>::value,
                "an item is an integer, a float, a double, a std::complex of these two, or a bool");
  static DapDType dtype() noexcept {
    const int code = std::is_same<T, bool>::value         ? DAP_DTYPE_BOOL
                     : std::is_floating_point<T>::value   ? DAP_DTYPE_FLOAT
                     : std::is_signed<T>::value           ? DAP_DTYPE_INT
                                                          : DAP_DTYPE_UINT;
    return DapDType{static_cast<std::uint8_t>(code), static_cast<std::uint8_t>(8 * sizeof(T)), 1};
  }
};
template <typename T>
struct Item<std::complex<T>> {
  static_assert(std::is_same<T, float>::value || std::is_same<T, double>::value, "a std::complex of float or double");
  static DapDType dtype() noexcept { return DapDType{DAP_DTYPE_COMPLEX, static_cast<std::uint8_t>(16 * sizeof(T)), 1}; }
};
template <typename T>
struct Item<const T> : Item<T> {};

// Items of type T in N dimensions. `const T` cannot be written through. Copies see the same items.
template <typename T, std::size_t N>
class View {
  static_assert(N <= DAP_MAX_NDIM, "0 to 64 dimensions");

 public:
  using element_type = T;
  using value_type = typename std::remove_cv<T>::type;
  using index_type = std::int64_t;
  using reference = T &;

  // A view of nothing: all extents are 0 (and without dimensions the address is null).
  View() noexcept : data_(nullptr), extents_(), strides_() {}
  // `extents` and `strides`, in items, have N numbers each; strides NULL: C order.
  View(T *data, const std::int64_t *extents, const std::int64_t *strides) noexcept : data_(data), extents_(), strides_() {
    std::int64_t step = 1;
    for (std::size_t dim = N; dim-- > 0;) {
      extents_[dim] = extents[dim];
      strides_[dim] = strides ? strides[dim] : step;
      step *= extents[dim];
    }
  }
  // A view that can be written is one that can be read.
  template <typename U, typename = typename std::enable_if<std::is_convertible<U (*)[], T (*)[]>::value>::type>
  View(const View<U, N> &other) noexcept : data_(other.data()), extents_(other.extents()), strides_(other.strides()) {}

  // The item at N indices from 0, which are not checked.
  template <typename... Index>
  T &operator()(Index... index) const {
    static_assert(sizeof...(Index) == N, "as many indices as the view has dimensions");
    return (*this)[std::array<std::int64_t, N>{{static_cast<std::int64_t>(index)...}}];
  }
  T &operator[](const std::array<std::int64_t, N> &index) const {
    std::ptrdiff_t offset = 0;
    for (std::size_t dim = N; dim-- > 0;) offset += index[dim] * strides_[dim];
    return data_[offset];
  }

  static constexpr std::size_t rank() noexcept { return N; }
  T *data() const noexcept { return data_; }
  std::int64_t extent(int dim) const { return extents_.at(static_cast<std::size_t>(dim)); }
  std::int64_t stride(int dim) const { return strides_.at(static_cast<std::size_t>(dim)); }
  const std::array<std::int64_t, N> &extents() const noexcept { return extents_; }
  const std::array<std::int64_t, N> &strides() const noexcept { return strides_; }
  // The number of items.
  std::int64_t size() const noexcept {
    std::int64_t size = 1;
    for (const std::int64_t extent : extents_) size *= extent;
    return size;
  }
  bool empty() const noexcept { return size() == 0; }
  // Whether the items lie one behind the other, with the last index the fastest.
  bool is_c_contiguous() const noexcept {
    std::int64_t step = 1;
    for (std::size_t dim = N; dim-- > 0;) {
      if (extents_[dim] != 1 && strides_[dim] != step && !empty()) return false;
      step *= extents_[dim];
    }
    return true;
  }
  // Indices `begin` up to `end` of dimension `dim`, which count from 0 in the result.
  View slice(int dim, std::int64_t begin, std::int64_t end) const {
    View part = *this;
    part.extents_.at(static_cast<std::size_t>(dim)) = end - begin;
    // The address of an empty view is not used, and may lie outside of the memory.
    if (!part.empty()) part.data_ += begin * part.stride(dim);
    return part;
  }

#if defined(__cpp_lib_mdspan)
  using mdspan_type = std::mdspan<T, std::dextents<std::int64_t, N>, std::layout_stride>;
  // Throws std::domain_error for a view of items from back to front, or of one item many times: the
  // strides of an mdspan are above 0.
  operator mdspan_type() const {
    std::array<std::int64_t, N> strides = strides_;
    for (std::size_t dim = N; dim-- > 0;) {
      if (strides[dim] > 0) continue;
      if (extents_[dim] > 1 && !empty()) throw std::domain_error("dap::View: a stride is not above 0, which std::mdspan demands");
      strides[dim] = 1;
    }
    return mdspan_type(data_, {std::dextents<std::int64_t, N>(extents_), strides});
  }
#endif

 private:
  T *data_;
  std::array<std::int64_t, N> extents_, strides_;
};

}  // namespace dap

#endif  // DAPARRAY_VIEW_HPP
