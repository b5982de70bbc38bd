// The C++ classes for MPI: halos and moves of a field beside enumeration, memory of the node, a
// rank without a part, and errors that all ranks throw.
#include <daparray_mpi.hpp>

#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

static int rank_, size_;

#define CHECK(condition)                                                                             \
  do {                                                                                               \
    if (!(condition)) {                                                                              \
      std::fprintf(stderr, "%s:%d: rank %d: not so: %s\n", __FILE__, __LINE__, rank_, #condition);   \
      MPI_Abort(MPI_COMM_WORLD, 1);                                                                  \
    }                                                                                                \
  } while (0)

static double value(std::int64_t row, std::int64_t column, int step) {
  return static_cast<double>(row + 100 * column + 10000 * step);
}

// Rows in blocks with a halo; columns on every rank.
static dap::Layout rows() {
  DapDimSpec dim = dap_spec_block(6 * size_, size_);
  dim.halo = 1;
  return dap::Layout({dim, dap_spec_whole(5)});
}

static void fill(const dap::Array &field, int step) {
  const dap::View<double, 2> mine = field.owned<double, 2>();
  std::int64_t lo, hi;
  dap_dim_owned_range(&field.dim(0), &lo, &hi);
  for (std::int64_t i = 0; i < mine.extent(0); ++i)
    for (std::int64_t j = 0; j < mine.extent(1); ++j) mine(i, j) = value(dap_dim_global(&field.dim(0), lo + i), j, step);
}

// Whether every local item, padding included, is that of its global index.
static bool is_filled(const dap::Array &field, int step) {
  const dap::View<const double, 2> all = field.local<const double, 2>();
  for (std::int64_t i = 0; i < all.extent(0); ++i)
    for (std::int64_t j = 0; j < all.extent(1); ++j)
      if (all(i, j) != value(dap_dim_global(&field.dim(0), i), dap_dim_global(&field.dim(1), j), step)) return false;
  return true;
}

static void halos() {
  const dap::Array field = rows().zeros<double>(rank_), other = rows().zeros<double>(rank_);
  dap::mpi::Halo halo(MPI_COMM_WORLD, field);
  for (int step = 1; step <= 3; ++step) {
    fill(field, step);
    halo.start(field);
    halo.finish(field);
    CHECK(is_filled(field, step));
  }
  fill(other, 4);
  halo.exchange(other);
  CHECK(is_filled(other, 4) && is_filled(field, 3));
  dap::mpi::Halo moved = std::move(halo);
  CHECK(!halo && moved);
  try {
    moved.finish(field);
    CHECK(!"finished what was not started");
  } catch (const dap::Error &error) {
    CHECK(error.rule().empty() && (error.code() == DAP_E_STATE || error.code() == DAP_E_REMOTE) && error.rank() >= 0);
  }
}

// From rows to columns and back, by three ways.
static void moves() {
  const dap::Array field = rows().zeros<double>(rank_);
  const dap::Layout by_columns({dap_spec_whole(6 * size_), dap_spec_block(5, size_)});
  dap::Array columns = by_columns.zeros<double>(rank_);
  fill(field, 1);
  dap::mpi::redistribute(MPI_COMM_WORLD, field, columns);
  CHECK(is_filled(columns, 1));
  dap::mpi::Move move(MPI_COMM_WORLD, field, columns);
  for (int step = 2; step <= 3; ++step) {
    fill(field, step);
    move.execute(field, columns);
    CHECK(is_filled(columns, step));
  }
  const dap::Array shared = dap::mpi::allocate<double>(MPI_COMM_WORLD, rows().dims(rank_));
  CHECK((shared.local<double, 2>()(0, 0) == 0));
  fill(shared, 4);
  move.execute(shared, columns);
  CHECK(is_filled(columns, 4));

  const dap::Layout by_items({dap_spec_block(30 * size_, size_)});
  const dap::Array line = by_items.zeros<double>(rank_);
  dap::mpi::reshape(MPI_COMM_WORLD, columns, line);
  const dap::View<double, 1> items = line.owned<double, 1>();
  for (std::int64_t k = 0; k < items.extent(0); ++k) {
    const std::int64_t at = dap_dim_global(&line.dim(0), k);
    CHECK(items(k) == value(at / 5, at % 5, 4));
  }
  const dap::Array again = by_columns.zeros<double>(rank_);
  dap::mpi::Move::reshape(MPI_COMM_WORLD, line, again).execute(line, again);
  CHECK(is_filled(again, 4));
}

// The last rank has no part of the target: it gives an empty array.
static void without_a_part() {
  if (size_ < 2) return;
  const dap::Layout fewer({dap_spec_block(6 * size_, size_ - 1), dap_spec_whole(5)});
  const dap::Array field = rows().zeros<double>(rank_);
  const dap::Array target = rank_ < size_ - 1 ? fewer.zeros<double>(rank_) : dap::Array();
  fill(field, 1);
  dap::mpi::redistribute(MPI_COMM_WORLD, field, target);
  CHECK(!target || is_filled(target, 1));
}

// An error of one rank is one of all; a broken rule has its id on all of them.
static void errors() {
  const dap::Array field = rows().zeros<double>(rank_);
  const dap::Array wrong = rank_ == size_ - 1 ? rows().zeros<float>(rank_) : rows().zeros<double>(rank_);
  try {
    dap::mpi::redistribute(MPI_COMM_WORLD, field, wrong);
    CHECK(!"items of two types");
  } catch (const dap::Error &error) {
    CHECK(error.code() != DAP_OK && error.what()[0]);
  }
  if (size_ < 2) return;
  // Rank 0 stops where a row is missing before rank 1.
  std::vector<double> memory(64);
  const std::int64_t begin = 6 * rank_, end = begin + (rank_ == 0 ? 5 : 6);
  const dap::Array gap = dap::share({dap_dim_block(6 * size_, size_, rank_, begin, end), dap_dim_whole(5)}, memory.data());
  try {
    dap::mpi::Halo halo(MPI_COMM_WORLD, gap);
    CHECK(!"a gap between two ranks");
  } catch (const dap::Error &error) {
    CHECK(error.rule() == "DAP612" && error.rank() == 1 && error.dim() == 0);
  }
}

int main(int argc, char **argv) {
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &size_);
  try {
    halos();
    moves();
    without_a_part();
    errors();
  } catch (const dap::Error &error) {
    std::fprintf(stderr, "classes: rank %d: %s (rank %d, %s)\n", rank_, error.what(), static_cast<int>(error.rank()), error.rule().c_str());
    MPI_Abort(MPI_COMM_WORLD, 1);
  }
  if (rank_ == 0) std::printf("classes: all right on %d ranks\n", size_);
  return MPI_Finalize();
}
