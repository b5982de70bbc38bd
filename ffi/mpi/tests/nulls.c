/* Gives NULL for each required argument of each collective function of libdaparray_mpi, on one
 * rank. All ranks return an error that names the argument and the rank, no byte of a target is
 * written, and the function works afterwards.
 *
 * Communicators and handles are left out, because without them the ranks cannot agree. The
 * functions are those of the header, which the project's tests read from their working
 * directory. */
#include "daparray_mpi.h"
#include "check.h"

enum { ROWS = 12, COLUMNS = 6 };

static const DapDType FLOAT64 = {DAP_DTYPE_FLOAT, 64, 1};
static int rank, size;
static DapArray rows, columns, line, field;
static DapMpiMove *move, *made_move;
static DapMpiHalo *halo, *made_halo;
static void *memory;

#define COMM MPI_COMM_WORLD
#define COMM_F MPI_Comm_c2f(MPI_COMM_WORLD)
#define UNLESS(at, pointer) (null == (at) ? NULL : (pointer))

/* A function with its arguments; the one at `null` is NULL, counted from 0. */
typedef struct {
  const char *name;
  const char *arguments[4];
  int32_t (*run)(int null, DapError *error);
} Call;

static void freed(void) {
  if (made_move) dap_mpi_move_free(made_move);
  if (made_halo) dap_mpi_halo_free(made_halo);
  if (memory) dap_mpi_release(memory);
  made_move = NULL;
  made_halo = NULL;
  memory = NULL;
}

static int32_t redistribute(int null, DapError *error) { return dap_mpi_redistribute(COMM, UNLESS(0, &rows), UNLESS(1, &columns), error); }
static int32_t redistribute_f(int null, DapError *error) { return dap_mpi_redistribute_f(COMM_F, UNLESS(0, &rows), UNLESS(1, &columns), error); }
static int32_t reshape(int null, DapError *error) { return dap_mpi_reshape(COMM, UNLESS(0, &rows), UNLESS(1, &line), error); }
static int32_t reshape_f(int null, DapError *error) { return dap_mpi_reshape_f(COMM_F, UNLESS(0, &rows), UNLESS(1, &line), error); }
static int32_t move_new(int null, DapError *error) {
  return dap_mpi_move_new(COMM, UNLESS(0, &rows), UNLESS(1, &columns), UNLESS(2, &made_move), error);
}
static int32_t move_new_f(int null, DapError *error) {
  return dap_mpi_move_new_f(COMM_F, UNLESS(0, &rows), UNLESS(1, &columns), UNLESS(2, &made_move), error);
}
static int32_t move_new_reshape(int null, DapError *error) {
  return dap_mpi_move_new_reshape(COMM, UNLESS(0, &rows), UNLESS(1, &line), UNLESS(2, &made_move), error);
}
static int32_t move_new_reshape_f(int null, DapError *error) {
  return dap_mpi_move_new_reshape_f(COMM_F, UNLESS(0, &rows), UNLESS(1, &line), UNLESS(2, &made_move), error);
}
static int32_t move_execute(int null, DapError *error) { return dap_mpi_move_execute(move, UNLESS(0, &rows), UNLESS(1, &columns), error); }
static int32_t halo_new(int null, DapError *error) { return dap_mpi_halo_new(COMM, UNLESS(0, &field), 0, UNLESS(1, &made_halo), error); }
static int32_t halo_new_f(int null, DapError *error) { return dap_mpi_halo_new_f(COMM_F, UNLESS(0, &field), 0, UNLESS(1, &made_halo), error); }
static int32_t halo_exchange(int null, DapError *error) { return dap_mpi_halo_exchange(halo, UNLESS(0, &field), error); }
/* A started exchange is finished after the call; an exchange to finish is started before it. */
static int32_t halo_start(int null, DapError *error) {
  const int32_t code = dap_mpi_halo_start(halo, UNLESS(0, &field), error);
  if (code == DAP_OK) CHECK(dap_mpi_halo_finish(halo, &field, NULL) == DAP_OK);
  return code;
}
static int32_t halo_finish(int null, DapError *error) {
  int32_t code;
  CHECK(dap_mpi_halo_start(halo, &field, NULL) == DAP_OK);
  code = dap_mpi_halo_finish(halo, UNLESS(0, &field), error);
  if (code != DAP_OK) CHECK(dap_mpi_halo_finish(halo, &field, NULL) == DAP_OK);
  return code;
}
static int32_t allocate(int null, DapError *error) { return dap_mpi_allocate(COMM, 8, UNLESS(0, &memory), error); }
static int32_t allocate_f(int null, DapError *error) { return dap_mpi_allocate_f(COMM_F, 8, UNLESS(0, &memory), error); }

static const Call CALLS[] = {
    {"dap_mpi_redistribute", {"source", "target"}, redistribute},
    {"dap_mpi_redistribute_f", {"source", "target"}, redistribute_f},
    {"dap_mpi_reshape", {"source", "target"}, reshape},
    {"dap_mpi_reshape_f", {"source", "target"}, reshape_f},
    {"dap_mpi_move_new", {"source", "target", "out"}, move_new},
    {"dap_mpi_move_new_f", {"source", "target", "out"}, move_new_f},
    {"dap_mpi_move_new_reshape", {"source", "target", "out"}, move_new_reshape},
    {"dap_mpi_move_new_reshape_f", {"source", "target", "out"}, move_new_reshape_f},
    {"dap_mpi_move_execute", {"source", "target"}, move_execute},
    {"dap_mpi_halo_new", {"array", "out"}, halo_new},
    {"dap_mpi_halo_new_f", {"array", "out"}, halo_new_f},
    {"dap_mpi_halo_start", {"array"}, halo_start},
    {"dap_mpi_halo_finish", {"array"}, halo_finish},
    {"dap_mpi_halo_exchange", {"array"}, halo_exchange},
    {"dap_mpi_allocate", {"memory"}, allocate},
    {"dap_mpi_allocate_f", {"memory"}, allocate_f},
};
enum { COUNT = sizeof CALLS / sizeof *CALLS };

/* The functions that are not collective, and accept NULL. */
static const char *const LOCAL[] = {"dap_mpi_move_free", "dap_mpi_halo_free", "dap_mpi_release"};

/* Every function of the header is in one of the lists. */
static void all_functions(void) {
  char word[4096];
  int found = 0;
  FILE *header = fopen("ffi/mpi/include/daparray_mpi.h", "r");
  if (!header) {
    fprintf(stderr, "nulls: found no ffi/mpi/include/daparray_mpi.h: run it in the project's folder\n");
    exit(1);
  }
  while (fgets(word, sizeof word, header)) {
    char *at = word, *name;
    while ((name = strstr(at, "dap_mpi_")) != NULL) {
      size_t k, len = strspn(name, "abcdefghijklmnopqrstuvwxyz_");
      int known = 0;
      at = name + len;
      if (*at != '(') continue;
      for (k = 0; k < COUNT; ++k) known += strlen(CALLS[k].name) == len && !strncmp(CALLS[k].name, name, len);
      for (k = 0; k < sizeof LOCAL / sizeof *LOCAL; ++k) known += strlen(LOCAL[k]) == len && !strncmp(LOCAL[k], name, len);
      if (known != 1) fprintf(stderr, "nulls: %.*s is in no list\n", (int)len, name);
      CHECK(known == 1);
      ++found;
    }
  }
  fclose(header);
  CHECK(found == (int)(COUNT + sizeof LOCAL / sizeof *LOCAL));
}

static int64_t items(const DapArray *array, double **data) {
  void *local;
  const int64_t *shape;
  int64_t k, count = 1;
  CHECK(dap_array_local(array, &local, &shape, NULL, NULL, NULL) == DAP_OK);
  for (k = 0; k < array->ndim; ++k) count *= shape[k];
  *data = (double *)local;
  return count;
}

static void fill(const DapArray *array, double value) {
  double *data;
  int64_t k, count = items(array, &data);
  for (k = 0; k < count; ++k) data[k] = value;
}

/* The number of items that still have their initial value. */
static int64_t still(const DapArray *array, double value) {
  double *data;
  int64_t k, same = 0, count = items(array, &data);
  for (k = 0; k < count; ++k) same += data[k] == value;
  return same;
}

static int64_t count(const DapArray *array) {
  double *data;
  return items(array, &data);
}

static void make(DapArray *array, int ndim, const DapDim *dims) {
  int64_t extent = 1;
  int k;
  double *data;
  for (k = 0; k < ndim; ++k) extent *= dap_dim_extent(&dims[k]);
  data = (double *)malloc((size_t)(extent + 1) * sizeof *data);
  CHECK(dap_array_from_memory(ndim, dims, data, FLOAT64, NULL, NULL, 0, free, data, array, NULL) == DAP_OK);
}

static void arrays(void) {
  const int64_t first = ROWS * rank / size, last = ROWS * (rank + 1) / size, all = ROWS * COLUMNS;
  const int64_t below = rank > 0, above = rank < size - 1;
  DapDim dims[2];
  dims[0] = dap_dim_block(ROWS, size, rank, first, last);
  dims[1] = dap_dim_whole(COLUMNS);
  make(&rows, 2, dims);
  dims[0] = dap_dim_whole(ROWS);
  dims[1] = dap_dim_cyclic(COLUMNS, size, rank, 1);
  make(&columns, 2, dims);
  dims[0] = dap_dim_block(all, size, rank, all * rank / size, all * (rank + 1) / size);
  make(&line, 1, dims);
  dims[0] = dap_dim_block(ROWS, size, rank, first - below, last + above);
  dims[0].pad_lo = below;
  dims[0].pad_hi = above;
  dims[1] = dap_dim_whole(COLUMNS);
  make(&field, 2, dims);
}

static void is_named(const Call *call, int null, int on) {
  char all[64][240];
  DapError error;
  int32_t code;
  int k;
  memset(&error, 0, sizeof error);
  fill(&rows, 1);
  fill(&columns, -2);
  fill(&line, -3);
  fill(&field, -4);
  code = call->run(rank == on ? null : -1, &error);
  if (code == DAP_OK || error.code != code || error.rank != on || !strstr(error.message, call->arguments[null]))
    fprintf(stderr, "rank %d: %s without `%s` on rank %d: code %d, rank %d: %s\n", rank, call->name, call->arguments[null], on, (int)code,
            (int)error.rank, error.message);
  CHECK(code != DAP_OK && error.code == code && error.rank == on);
  CHECK((code == DAP_E_REMOTE) <= (rank != on));
  CHECK(strstr(error.message, call->arguments[null]));
  CHECK(still(&rows, 1) == count(&rows) && still(&columns, -2) == count(&columns));
  CHECK(still(&line, -3) == count(&line) && still(&field, -4) == count(&field));
  CHECK(!made_move && !made_halo && !memory);
  /* All other ranks report the same. */
  MPI_Allgather(error.message, 240, MPI_CHAR, all, 240, MPI_CHAR, MPI_COMM_WORLD);
  for (k = 1; k < size; ++k)
    if (k != on && on != 0) CHECK(!strcmp(all[k], all[0]));
}

int main(int argc, char **argv) {
  DapError error;
  int k, null, on;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  CHECK(size <= 64);
  all_functions();
  arrays();
  CHECK(dap_mpi_move_new(MPI_COMM_WORLD, &rows, &columns, &move, &error) == DAP_OK);
  CHECK(dap_mpi_halo_new(MPI_COMM_WORLD, &field, 0, &halo, &error) == DAP_OK);
  for (k = 0; k < COUNT; ++k) {
    for (null = 0; null < 4 && CALLS[k].arguments[null]; ++null)
      for (on = 0; on < size; ++on) is_named(&CALLS[k], null, on);
    /* The function still works. */
    fill(&rows, 1);
    fill(&columns, -2);
    fill(&line, -3);
    if (CALLS[k].run(-1, &error) != DAP_OK) fprintf(stderr, "%s: %s\n", CALLS[k].name, error.message);
    CHECK(error.code == DAP_OK);
    if (!strncmp(CALLS[k].name, "dap_mpi_redistribute", 20)) CHECK(still(&columns, 1) == count(&columns));
    if (!strncmp(CALLS[k].name, "dap_mpi_move_execute", 20)) CHECK(still(&columns, 1) == count(&columns));
    if (!strncmp(CALLS[k].name, "dap_mpi_reshape", 15)) CHECK(still(&line, 1) == count(&line));
    freed();
  }
  dap_mpi_move_free(move);
  dap_mpi_halo_free(halo);
  dap_release(&rows);
  dap_release(&columns);
  dap_release(&line);
  dap_release(&field);
  if (rank == 0) printf("nulls: all right on %d ranks\n", size);
  MPI_Finalize();
  return 0;
}
