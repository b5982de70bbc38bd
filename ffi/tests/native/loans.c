/* The loans of the Fortran module's C half, without a descriptor: their states, on many threads,
 * and the messages about loans that are never ended (`loans forget`). */
#include "daparray.h"
#include "check.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>

typedef struct DapLoan {
  int64_t row, number;
} DapLoan;

int32_t dap_f_lend_at(void *first, DapDType dtype, int64_t n_extents, const int64_t *extents, int64_t n_strides,
                      const int64_t *strides, int64_t n_dims, const DapDim *dims, int32_t read_only, DapLoan *loan,
                      DapArray *array, DapError *error);
int32_t dap_f_returned(const DapLoan *loan);
int32_t dap_f_end(const DapLoan *loan);

static int32_t lend(double *field, DapLoan *loan, DapArray *array, DapError *error) {
  const DapDType float64 = {DAP_DTYPE_FLOAT, 64, 1};
  const int64_t extent = 4, stride = 8;
  const DapDim dim = dap_dim_whole(4);
  return dap_f_lend_at(field, float64, 1, &extent, 1, &stride, 1, &dim, 0, loan, array, error);
}

static void states(void) {
  double field[4] = {0};
  DapLoan loan = {0, 0}, copy, garbage = {77, 12345}, negative = {-1, -1};
  DapArray array, other;
  DapError error;
  int k;
  memset(&other, 0, sizeof other);
  CHECK(!dap_f_returned(&loan) && dap_f_end(&loan));
  CHECK(!dap_f_returned(&garbage) && dap_f_end(&garbage) && !dap_f_returned(&negative) && dap_f_end(&negative));
  CHECK(lend(field, &loan, &array, &error) == DAP_OK);
  copy = loan;
  for (k = 0; k < 3; ++k) CHECK(!dap_f_returned(&loan) && !dap_f_end(&loan));
  CHECK(lend(field, &loan, &other, &error) == DAP_E_STATE && error.message[0] && !other.release);
  CHECK(lend(field, &loan, &other, NULL) == DAP_E_STATE);
  dap_release(&array);
  CHECK(dap_f_returned(&loan) && dap_f_returned(&copy) && dap_f_end(&copy));
  CHECK(!dap_f_returned(&loan) && dap_f_end(&loan));
  /* The row is used again; the earlier loan differs from the later one. */
  CHECK(lend(field, &loan, &array, &error) == DAP_OK && loan.row == copy.row);
  CHECK(dap_f_end(&copy) && !dap_f_end(&loan));
  dap_release(&array);
  CHECK(lend(field, &loan, &array, &error) == DAP_OK && !dap_f_returned(&loan));
  dap_release(&array);
  CHECK(dap_f_end(&loan));
}

static void *borrow(void *array) {
  void *data;
  CHECK(dap_array_local((DapArray *)array, &data, NULL, NULL, NULL, NULL) == DAP_OK);
  ((double *)data)[0] += 1;
  dap_release((DapArray *)array);
  return NULL;
}

/* A lender whose borrower is another thread. */
static void *lends(void *unused) {
  double field[4] = {0};
  int k;
  (void)unused;
  for (k = 0; k < 100; ++k) {
    pthread_t borrower;
    DapLoan loan = {0, 0};
    DapArray array;
    CHECK(lend(field, &loan, &array, NULL) == DAP_OK);
    CHECK(!dap_f_end(&loan));
    CHECK(pthread_create(&borrower, NULL, borrow, &array) == 0);
    while (!dap_f_end(&loan)) sched_yield();
    CHECK(field[0] == k + 1);
    CHECK(pthread_join(borrower, NULL) == 0 && !array.release);
  }
  return NULL;
}

int main(int argc, char **argv) {
  pthread_t lenders[4];
  int k;
  if (argc > 1 && strcmp(argv[1], "forget") == 0) {
    double field[4] = {0};
    for (k = 0; k < 3000; ++k) {
      DapLoan loan = {0, 0};
      DapArray array;
      CHECK(lend(field, &loan, &array, NULL) == DAP_OK);
      dap_release(&array);
    }
    return 0;
  }
  states();
  for (k = 0; k < 4; ++k) CHECK(pthread_create(&lenders[k], NULL, lends, NULL) == 0);
  for (k = 0; k < 4; ++k) CHECK(pthread_join(lenders[k], NULL) == 0);
  puts("loans: all right");
  return 0;
}
