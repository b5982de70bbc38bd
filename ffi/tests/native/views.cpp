// Views of arrays: local() and owned() beside enumeration, for item types, orders and paddings; and
// the classes around them.
#include "daparray.hpp"

#include "check.h"

#include <complex>
#include <cstring>
#include <type_traits>
#include <vector>

template <typename T, std::size_t N>
using View = dap::View<T, N>;

static_assert(std::is_convertible<View<int, 2>, View<const int, 2>>::value, "what can be written can be read");
static_assert(!std::is_convertible<View<const int, 2>, View<int, 2>>::value, "what can be read cannot be written");
static_assert(!std::is_convertible<View<int, 2>, View<float, 2>>::value, "items have one type");
static_assert(std::is_trivially_copyable<View<int, 3>>::value, "an address and numbers");

template <typename Call>
static dap::Error refused(Call call) {
  try {
    call();
  } catch (const dap::Error &error) {
    CHECK(error.what()[0]);
    return error;
  }
  CHECK(!"refused");
  return dap::Error(0, "");
}

// Rows in blocks with a halo, columns cyclic: each item is 100 times its row and its column.
static void halo_and_cyclic(std::int64_t processes) {
  DapDimSpec rows = dap_spec_block(4 * processes, processes);
  rows.halo = 1;
  const dap::Layout layout({rows, dap_spec_cyclic(7, 2, 2)});
  CHECK(layout.processes() == 2 * processes && layout.ndim() == 2);
  CHECK((layout.shape() == std::vector<std::int64_t>{4 * processes, 7} && layout.grid() == std::vector<std::int64_t>{processes, 2}));
  std::int64_t owned_items = 0;
  for (std::int64_t rank = 0; rank < layout.processes(); ++rank) {
    dap::Array array = layout.zeros<float>(rank);
    const View<float, 2> all = array.local<float, 2>(), mine = array.owned<float, 2>();
    CHECK((std::vector<std::int64_t>(all.extents().begin(), all.extents().end()) == layout.local_shape(rank)));
    CHECK((std::vector<std::int64_t>(mine.extents().begin(), mine.extents().end()) == layout.owned_shape(rank)));
    CHECK(all.is_c_contiguous() && all.stride(1) == 1 && all.stride(0) == all.extent(1) && all.rank() == 2);
    for (std::int64_t i = 0; i < mine.extent(0); ++i)
      for (std::int64_t j = 0; j < mine.extent(1); ++j) mine(i, j) = static_cast<float>(++owned_items);
    // Exactly the places that this rank owns are written.
    for (std::int64_t i = 0; i < all.extent(0); ++i)
      for (std::int64_t j = 0; j < all.extent(1); ++j) {
        const std::int64_t row = dap_dim_global(&array.dim(0), i), column = dap_dim_global(&array.dim(1), j);
        CHECK((all(i, j) != 0) == (layout.owner({row, column}) == rank));
        CHECK(&all(i, j) == all.data() + i * all.stride(0) + j * all.stride(1) && (&all[{{i, j}}] == &all(i, j)));
      }
    CHECK(mine.size() == 0 || all.size() >= mine.size());
  }
  CHECK(owned_items == 4 * processes * 7);
}

// Memory in Fortran order, from back to front, read-only, and without items.
static void memories() {
  std::vector<std::int16_t> items(24);
  for (std::size_t k = 0; k < items.size(); ++k) items[k] = static_cast<std::int16_t>(k);
  const std::vector<DapDim> dims{dap_dim_whole(4), dap_dim_whole(6)};
  const std::int64_t fortran[] = {1, 4}, back[] = {-6, 1};
  dap::Array columns = dap::share(dims, items.data(), fortran);
  const View<std::int16_t, 2> view = columns.local<std::int16_t, 2>();
  CHECK(view(3, 5) == 23 && view(1, 0) == 1 && view(0, 1) == 4 && !view.is_c_contiguous());
  dap::Array reversed = dap::share(dims, items.data() + 18, back);
  const View<const std::int16_t, 2> other = reversed.local<const std::int16_t, 2>();
  CHECK(other(0, 0) == 18 && other(3, 5) == 5);
  const View<const std::int16_t, 2> inner = other.slice(0, 1, 3).slice(1, 2, 6);
  CHECK(inner.extent(0) == 2 && inner.extent(1) == 4 && inner(0, 0) == 14 && inner(1, 3) == 11 && other.slice(1, 6, 6).empty());

  const std::vector<std::int16_t> &fixed = items;
  dap::Array read_only = dap::share(dims, fixed.data());
  CHECK((read_only.local<const std::int16_t, 2>()(1, 1) == 7));
  CHECK(refused([&] { read_only.local<std::int16_t, 2>(); }).code() == DAP_E_READ_ONLY);

  const dap::Layout wide({dap_spec_block(2, 5), dap_spec_whole(3)});
  dap::Array none = wide.zeros<double>(4);
  CHECK((none.local<double, 2>().empty() && none.owned<double, 2>().extent(0) == 0 && none.owned<double, 2>().extent(1) == 3));
  const dap::Layout scalar{std::vector<DapDimSpec>()};
  dap::Array number = scalar.zeros<std::complex<double>>(0);
  number.local<std::complex<double>, 0>()() = std::complex<double>(1, 2);
  CHECK((number.owned<const std::complex<double>, 0>()().imag() == 2 && number.local<std::complex<double>, 0>().size() == 1));
  CHECK((View<int, 2>().empty() && View<int, 2>().data() == nullptr));
}

template <typename T>
static void type(std::uint8_t code) {
  const dap::Layout layout({dap_spec_whole(3)});
  dap::Array array = layout.zeros<T>(0);
  CHECK(array->dtype.code == code && array->dtype.bits == 8 * sizeof(T) && array->dtype.lanes == 1);
  array.local<T, 1>()(2) = T(1);
  CHECK((array.local<const T, 1>()(2) == T(1)));
}

static void types() {
  type<std::int8_t>(DAP_DTYPE_INT);
  type<std::int64_t>(DAP_DTYPE_INT);
  type<std::uint16_t>(DAP_DTYPE_UINT);
  type<float>(DAP_DTYPE_FLOAT);
  type<double>(DAP_DTYPE_FLOAT);
  type<std::complex<float>>(DAP_DTYPE_COMPLEX);
  type<std::complex<double>>(DAP_DTYPE_COMPLEX);
  bool flags[2] = {false, true};
  dap::Array array = dap::share({dap_dim_whole(2)}, flags);
  CHECK((array->dtype.code == DAP_DTYPE_BOOL && array.local<bool, 1>()(1)));
}

static void refusals() {
  const dap::Layout layout({dap_spec_block(8, 2)});
  dap::Array array = layout.zeros<float>(1), empty;
  CHECK(refused([&] { array.local<double, 1>(); }).code() == DAP_E_DTYPE);
  CHECK(refused([&] { array.local<std::int32_t, 1>(); }).code() == DAP_E_DTYPE);
  CHECK(refused([&] { array.owned<float, 2>(); }).code() == DAP_E_NDIM);
  CHECK(refused([&] { empty.local<float, 1>(); }).code() == DAP_E_RELEASED);
  CHECK(refused([&] { layout.local_shape(2); }).code() == DAP_E_NOT_FOUND);
  CHECK(refused([&] { layout.dims(-1); }).code() == DAP_E_NOT_FOUND);
  const dap::Error outside = refused([&] { layout.owner({8}); });
  CHECK(outside.code() == DAP_E_NOT_FOUND && outside.dim() == 0 && outside.rule().empty() && outside.rank() == -1);
  const dap::Error count = refused([&] { layout.owner({1, 2}); });
  CHECK(count.code() == DAP_E_ARGUMENT && std::strstr(count.what(), "2 indices were given, the layout has 1"));
  CHECK(refused([&] { dap::Layout({dap_spec_block(8, 0)}); }).dim() == 0);
  CHECK(refused([&] { dap::own(layout.dims(0), std::vector<float>(3)); }).code() == DAP_E_TOO_SMALL);
  CHECK(refused([&] { dap::own({dap_dim_whole(INT64_MAX), dap_dim_whole(2)}, std::vector<float>(3)); }).code() == DAP_E_ARGUMENT);
  CHECK(refused([&] { dap::own({dap_dim_whole(-1)}, std::vector<float>(3)); }).code() == DAP_E_ARGUMENT);

  // A broken rule has its id, and the rank of the mistake.
  const dap::Error broken = refused([&] { dap::share({dap_dim_block(8, 2, 1, 4, 9)}, array.local<float, 1>().data()); });
  char id[16];
  CHECK(dap_rule_id(broken.code(), id, sizeof id, nullptr) == DAP_OK && broken.rule() == id && broken.dim() == 0);
  dap::Array first = dap::share({dap_dim_block(8, 2, 0, 0, 3)}, array.local<float, 1>().data());
  const DapArray *both[] = {first.get(), array.get()};
  dap::Layout together;
  const dap::Error gap = refused([&] {
    DapError error;
    dap::check(dap_layout_from_arrays(2, both, together.out(), nullptr, 0, nullptr, &error), error);
  });
  CHECK(gap.rule() == "DAP612" && gap.rank() == 1 && gap.dim() == 0);
  CHECK(dap::Error(5, "").rule() == "DAP005" && dap::Error(DAP_E_MPI, "").rule().empty());
}

// The items of a vector become the array's, and are freed with it.
static void owning() {
  std::vector<double> items{1, 2, 3};
  const double *address = items.data();
  dap::Array array = dap::own({dap_dim_whole(3)}, std::move(items));
  CHECK((array.local<double, 1>().data() == address && array.local<double, 1>()(2) == 3));
  dap::Array moved = std::move(array);
  CHECK((!array && moved.local<double, 1>().data() == address));
}

#if defined(__cpp_lib_mdspan)
static void mdspans() {
  DapDimSpec rows = dap_spec_block(6, 2);
  rows.halo = 1;
  dap::Array array = dap::Layout({rows, dap_spec_whole(3)}).zeros<double>(1);
  const std::mdspan<double, std::dextents<std::int64_t, 2>, std::layout_stride> span = array.owned<double, 2>();
  CHECK(span.extent(0) == 3 && span.extent(1) == 3 && span.stride(0) == 3 && span.stride(1) == 1);
  CHECK((span.data_handle() == &array.local<double, 2>()(1, 0)));
  double item = 0;
  const std::int64_t back[] = {-1}, none[] = {1}, shape[] = {2};
  const View<double, 1> reversed(&item, shape, back), single(&item, none, back);
  try {
    const View<double, 1>::mdspan_type wrong = reversed;
    CHECK(wrong.extent(0) == 0);
  } catch (const std::domain_error &) {
    item = 1;
  }
  CHECK((item == 1 && View<double, 1>::mdspan_type(single).stride(0) == 1));
}
#else
static void mdspans() {}
#endif

int main() {
  for (std::int64_t processes = 1; processes <= 4; ++processes) halo_and_cyclic(processes);
  memories();
  types();
  refusals();
  owning();
  mdspans();
  std::puts("views: all right");
}
