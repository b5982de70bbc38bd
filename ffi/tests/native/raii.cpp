// The header for C++: structs are moved, released once, never copied.
#include "daparray.hpp"

#include "check.h"

#include <cstring>
#include <type_traits>
#include <vector>

static_assert(!std::is_copy_constructible<dap::Array>::value, "a copy would release twice");
static_assert(std::is_nothrow_move_constructible<dap::Array>::value, "moves are bitwise");
static_assert(sizeof(dap::Array) == sizeof(DapArray), "nothing but the struct");

static_assert(!std::is_constructible<dap::Array, const DapArray &>::value, "a constant struct cannot be left as a moved one");
static_assert(!std::is_convertible<DapArray &, dap::Array>::value, "taking over is written out");

static int let_go = 0;

static dap::Array make(std::vector<float> &field) {
  const DapDim dim = dap_dim_whole(static_cast<std::int64_t>(field.size()));
  const DapDType float32 = {DAP_DTYPE_FLOAT, 32, 1};
  dap::Array array;
  DapError error;
  dap::check(dap_array_from_memory(1, &dim, field.data(), float32, nullptr, nullptr, 0,
                                   [](void *) { ++let_go; }, nullptr, array.out(), &error),
             error);
  return array;
}

int main() {
  std::vector<float> field(5);
  {
    dap::Array array = make(field);
    dap::Array moved = std::move(array);
    CHECK(!array && moved && moved->ndim == 1 && moved.dim(0).size == 5);
    array = std::move(moved);
    CHECK(let_go == 0);
    array = make(field);
    CHECK(let_go == 1);
    try {
      array.dim(1);
      CHECK(!"a dimension that is not there");
    } catch (const dap::Error &error) {
      CHECK(error.code() == DAP_E_ARGUMENT);
    }
  }
  CHECK(let_go == 2);

  DapArray raw = make(field).into_raw();
  dap::Array taken = dap::take(&raw);
  CHECK(raw.release == nullptr && let_go == 2);
  try {
    dap::take(&raw);
    CHECK(!"a released struct");
  } catch (const dap::Error &error) {
    CHECK(error.code() == DAP_E_RELEASED && std::strstr(error.what(), "moved or released"));
  }
  try {
    dap::take(nullptr);
    CHECK(!"no struct");
  } catch (const dap::Error &error) {
    CHECK(error.code() == DAP_E_NULL && std::strstr(error.what(), "NULL"));
  }
  try {
    DapArray newer = raw;
    newer.version.major = 7;
    dap::take(&newer);
    CHECK(!"another version");
  } catch (const dap::Error &error) {
    CHECK(error.code() == DAP_E_VERSION && std::strstr(error.what(), "version 7."));
  }

  // Each way to take a struct over leaves the source released, and the field is released once.
  let_go = 0;
  for (int way = 0; way < 4; ++way) {
    DapArray source = make(field).into_raw();
    {
      dap::Array owner = way == 0   ? dap::Array(source)
                         : way == 1 ? dap::Array(std::move(source))
                         : way == 2 ? dap::take(&source)
                                    : dap::Array(dap::Array(source).into_raw());
      CHECK(source.release == nullptr && owner && let_go == way);
      dap_release(&source);
      CHECK(let_go == way && owner->ndim == 1);
    }
    CHECK(let_go == way + 1);
    dap_release(&source);
    CHECK(let_go == way + 1);
  }
  let_go = 2;
  try {
    DapError error;
    const DapDim bad = dap_dim_block(5, 1, 0, 0, 6);
    dap::check(dap_array_from_memory(1, &bad, field.data(), DapDType{2, 32, 1}, nullptr, nullptr, 0, nullptr, nullptr,
                                     taken.out(), &error),
               error);
    CHECK(!"a block beyond its dimension");
  } catch (const dap::Error &error) {
    CHECK(error.code() > 300 && error.code() < 400 && error.what()[0]);
  }
  CHECK(!taken && let_go == 3);

  dap::Array whole = make(field);
  const DapArray *arrays = whole.get();
  dap::Layout layout;
  dap::Plan plan, kept;
  DapError error;
  dap::check(dap_layout_from_arrays(1, &arrays, layout.out(), nullptr, 0, nullptr, &error), error);
  for (int twice = 0; twice < 2; ++twice)
    dap::check(dap_plan_new(layout.get(), 0, layout.get(), 0, plan.out(), &error), error);
  kept = std::move(plan);
  layout = dap::Layout();
  std::int64_t elements = 0;
  dap::check(dap_plan_kept(kept.get(), &elements, &error), error);
  CHECK(!plan && !layout && kept && elements == 5);
  std::puts("raii: all right");
}
