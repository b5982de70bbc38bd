/* A program of one MPI with a libdaparray_mpi that was built for another one: every function that
 * takes a communicator refuses with a sentence, and no function crashes. */
#include <mpi.h>
#include <stdint.h>
#include <string.h>

#include "daparray.h"
#include "check.h"

typedef struct Opaque Opaque;

/* As in daparray_mpi.h, except for the communicators, which are those of this program's MPI. */
int32_t dap_mpi_redistribute(MPI_Comm comm, const DapArray *source, const DapArray *target, DapError *error);
int32_t dap_mpi_redistribute_f(MPI_Fint comm, const DapArray *source, const DapArray *target, DapError *error);
int32_t dap_mpi_reshape(MPI_Comm comm, const DapArray *source, const DapArray *target, DapError *error);
int32_t dap_mpi_reshape_f(MPI_Fint comm, const DapArray *source, const DapArray *target, DapError *error);
int32_t dap_mpi_move_new(MPI_Comm comm, const DapArray *source, const DapArray *target, Opaque **out, DapError *error);
int32_t dap_mpi_move_new_f(MPI_Fint comm, const DapArray *source, const DapArray *target, Opaque **out, DapError *error);
int32_t dap_mpi_move_new_reshape(MPI_Comm comm, const DapArray *source, const DapArray *target, Opaque **out, DapError *error);
int32_t dap_mpi_move_new_reshape_f(MPI_Fint comm, const DapArray *source, const DapArray *target, Opaque **out, DapError *error);
int32_t dap_mpi_halo_new(MPI_Comm comm, const DapArray *array, int32_t corners, Opaque **out, DapError *error);
int32_t dap_mpi_halo_new_f(MPI_Fint comm, const DapArray *array, int32_t corners, Opaque **out, DapError *error);
int32_t dap_mpi_allocate(MPI_Comm comm, int64_t bytes, void **memory, DapError *error);
int32_t dap_mpi_allocate_f(MPI_Fint comm, int64_t bytes, void **memory, DapError *error);

static void refuses(int32_t code, const DapError *error, const char *sentence) {
  if (code != DAP_E_MPI || !strstr(error->message, sentence)) fprintf(stderr, "code %d: %s\n", (int)code, error->message);
  CHECK(code == DAP_E_MPI && error->code == code && strstr(error->message, sentence));
}

static void all(const DapArray *array, const char *sentence) {
  const MPI_Comm comm = MPI_COMM_WORLD;
  const MPI_Fint fortran = 0;
  Opaque *out = NULL;
  void *memory = NULL;
  DapError error;
  refuses(dap_mpi_redistribute(comm, array, array, &error), &error, sentence);
  refuses(dap_mpi_redistribute_f(fortran, array, array, &error), &error, sentence);
  refuses(dap_mpi_reshape(comm, array, array, &error), &error, sentence);
  refuses(dap_mpi_reshape_f(fortran, array, array, &error), &error, sentence);
  refuses(dap_mpi_move_new(comm, array, array, &out, &error), &error, sentence);
  refuses(dap_mpi_move_new_f(fortran, array, array, &out, &error), &error, sentence);
  refuses(dap_mpi_move_new_reshape(comm, array, array, &out, &error), &error, sentence);
  refuses(dap_mpi_move_new_reshape_f(fortran, array, array, &out, &error), &error, sentence);
  refuses(dap_mpi_halo_new(comm, array, 0, &out, &error), &error, sentence);
  refuses(dap_mpi_halo_new_f(fortran, array, 0, &out, &error), &error, sentence);
  refuses(dap_mpi_allocate(comm, 8, &memory, &error), &error, sentence);
  refuses(dap_mpi_allocate_f(fortran, 8, &memory, &error), &error, sentence);
  CHECK(out == NULL && memory == NULL);
}

int main(int argc, char **argv) {
  DapArray array;
  memset(&array, 0, sizeof array);
  all(&array, "MPI is not running");
  MPI_Init(&argc, &argv);
  all(&array, "another MPI than this library was built for");
  MPI_Finalize();
  printf("other_mpi: refused\n");
  return 0;
}
