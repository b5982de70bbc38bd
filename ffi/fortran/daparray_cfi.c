/* The C half of the Fortran module: the address, type and strides of any array (its descriptor),
 * pointers with strides, and a flag that a borrower sets on another thread. It is compiled with the
 * program, by the compiler family that compiles its Fortran, because each family has its own
 * ISO_Fortran_binding.h.
 *
 * A loan, which is a dap_loan_t of the module, is in one of four states:
 *
 *   state       reached by             dap_returned  dap_end_loan          dap_lend into it
 *   never lent  its declaration, and a   false        true, and a line      lends
 *               refused dap_lend                      on stderr
 *   lent        dap_lend                 false        false, stays lent     DAP_E_STATE, no change
 *   returned    the borrower's release   true         true, is ended        ends it and lends
 *   ended       dap_end_loan that was    false        true, and a line      lends
 *               true                                  on stderr
 *
 * If dap_end_loan returns `true`, no borrower has the field by this loan, so
 * `do while (.not. dap_end_loan(loan))` ends. Copies of a dap_loan_t are the same loan. Loans that
 * are never ended are counted on stderr when the program ends, and also while it runs whenever
 * their table has to grow because of them. */
#include <ISO_Fortran_binding.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "daparray.h"

#define MAX_NDIM (CFI_MAX_RANK > DAP_MAX_NDIM ? CFI_MAX_RANK : DAP_MAX_NDIM)

/* ---- loans ---- */

/* dap_loan_t: a row of the table, and the number of the loan in that row. Numbers begin at 1; 0:
 * never lent. */
typedef struct DapLoan {
  int64_t row, number;
} DapLoan;

/* Held by the table until the loan is ended, and by the borrower until it releases; the last holder
 * frees it. */
typedef struct Loan {
  int holders;
  int returned;
  const void *field;
} Loan;

typedef struct Row {
  int64_t number;
  Loan *loan; /* NULL: ended */
} Row;

static struct {
  Row *rows;
  int64_t capacity, unused, last_number; /* `unused`: the first row that was never used */
  int64_t *free_rows, n_free;
} table;

enum { FIRST_CAPACITY = 16, MANY_LOANS = 1024 };

static char table_lock;

static void lock(void) {
  while (__atomic_test_and_set(&table_lock, __ATOMIC_ACQUIRE)) continue;
}

static void unlock(void) { __atomic_clear(&table_lock, __ATOMIC_RELEASE); }

static void let_go(Loan *loan) {
  if (__atomic_sub_fetch(&loan->holders, 1, __ATOMIC_ACQ_REL) == 0) free(loan);
}

/* The borrower's release. A thread that reads the flag also sees all writes of the borrower. */
static void give_back(void *owner) {
  Loan *loan = (Loan *)owner;
  __atomic_store_n(&loan->returned, 1, __ATOMIC_RELEASE);
  let_go(loan);
}

static int is_back(const Loan *loan) { return __atomic_load_n(&loan->returned, __ATOMIC_ACQUIRE); }

/* The row of a loan that is lent or returned; NULL for a loan that was never lent or is ended. The
 * caller holds the lock. */
static Row *row_of(const DapLoan *loan) {
  Row *row;
  if (loan->number <= 0 || loan->row < 0 || loan->row >= table.unused) return NULL;
  row = &table.rows[loan->row];
  return row->number == loan->number && row->loan ? row : NULL;
}

static void report_loans(void) {
  const void *first = NULL;
  int64_t k, count = 0;
  lock();
  for (k = 0; k < table.unused; ++k)
    if (table.rows[k].loan) {
      if (count++ == 0) first = table.rows[k].loan->field;
    }
  unlock();
  if (count > 0)
    fprintf(stderr,
            "daparray: %" PRId64 " loan%s of dap_lend %s never ended, the first of the field at %p: call dap_end_loan until "
            "it returns .true.\n",
            count, count == 1 ? "" : "s", count == 1 ? "was" : "were", first);
}

/* Makes room for one more loan; returns 0 without memory. The caller holds the lock. */
static int grow(void) {
  int64_t capacity = table.capacity ? 2 * table.capacity : FIRST_CAPACITY, back = 0, k;
  Row *rows;
  int64_t *free_rows;
  if (table.n_free > 0 || table.unused < table.capacity) return 1;
  rows = (Row *)realloc(table.rows, (size_t)capacity * sizeof *rows);
  if (!rows) return 0;
  table.rows = rows;
  free_rows = (int64_t *)realloc(table.free_rows, (size_t)capacity * sizeof *free_rows);
  if (!free_rows) return 0;
  table.free_rows = free_rows;
  if (table.capacity == 0) atexit(report_loans);
  for (k = 0; k < table.unused; ++k) back += is_back(table.rows[k].loan);
  if (table.capacity >= MANY_LOANS && back > table.capacity / 2)
    fprintf(stderr,
            "daparray: %" PRId64 " loans of dap_lend were returned and not ended, so their memory is not freed: call "
            "dap_end_loan for each\n",
            back);
  table.capacity = capacity;
  return 1;
}

/* Makes a loan, which is held by the table and by the borrower; NULL without memory. */
static Loan *new_loan(const void *field, DapLoan *handle) {
  Loan *loan = (Loan *)malloc(sizeof *loan);
  int has_room;
  if (!loan) return NULL;
  loan->holders = 2;
  loan->returned = 0;
  loan->field = field;
  lock();
  has_room = grow();
  if (has_room) {
    handle->row = table.n_free > 0 ? table.free_rows[--table.n_free] : table.unused++;
    handle->number = ++table.last_number;
    table.rows[handle->row].number = handle->number;
    table.rows[handle->row].loan = loan;
  }
  unlock();
  if (has_room) return loan;
  free(loan);
  return NULL;
}

/* Removes a loan from the table. The caller holds the lock. */
static void end_row(Row *row) {
  let_go(row->loan);
  row->loan = NULL;
  table.free_rows[table.n_free++] = row - table.rows;
}

int32_t dap_f_returned(const DapLoan *loan) {
  const Row *row;
  int returned;
  lock();
  row = row_of(loan);
  returned = row && is_back(row->loan);
  unlock();
  return returned;
}

int32_t dap_f_end(const DapLoan *loan) {
  Row *row;
  int returned;
  lock();
  row = row_of(loan);
  returned = !row || is_back(row->loan);
  if (row && returned) end_row(row);
  unlock();
  if (!row)
    fprintf(stderr, "daparray: dap_end_loan of a loan that %s: nothing is lent by it\n",
            loan->number == 0 ? "was never lent" : "is ended already");
  return returned;
}

/* ---- refusals ---- */

static int32_t refuse(DapError *error, int32_t code, int32_t dim, const char *format, ...) {
  if (error) {
    va_list values;
    va_start(values, format);
    error->code = code;
    error->dim = dim;
    error->rank = -1;
    vsnprintf(error->message, sizeof error->message, format, values);
    va_end(values);
  }
  return code;
}

/* The name of an item type, as "float64". */
static const char *type_name(DapDType dtype, char *room, size_t capacity) {
  const char *kind = dtype.code == DAP_DTYPE_INT       ? "int"
                     : dtype.code == DAP_DTYPE_UINT    ? "uint"
                     : dtype.code == DAP_DTYPE_FLOAT   ? "float"
                     : dtype.code == DAP_DTYPE_COMPLEX ? "complex"
                     : dtype.code == DAP_DTYPE_BOOL    ? "bool"
                                                       : "type ";
  snprintf(room, capacity, "%s%d", kind, dtype.bits);
  return room;
}

/* ---- lending ---- */

/* The item type of an array; 0 if DLPack has none. */
static int item_type(const CFI_cdesc_t *field, DapDType *dtype) {
  const CFI_type_t type = field->type;
  dtype->lanes = 1;
  dtype->bits = (uint8_t)(8 * field->elem_len);
  if (field->elem_len > 16) return 0;
  if (type == CFI_type_float || type == CFI_type_double)
    dtype->code = DAP_DTYPE_FLOAT;
  else if (type == CFI_type_float_Complex || type == CFI_type_double_Complex)
    dtype->code = DAP_DTYPE_COMPLEX;
  else if (type == CFI_type_int8_t || type == CFI_type_int16_t || type == CFI_type_int32_t || type == CFI_type_int64_t)
    dtype->code = DAP_DTYPE_INT;
  else if (type == CFI_type_Bool && field->elem_len == 1)
    dtype->code = DAP_DTYPE_BOOL;
  else
    return 0;
  return 1;
}

/* A field in memory: strides are in bytes. */
typedef struct Field {
  void *first;
  DapDType dtype;
  int32_t ndim;
  int64_t shape[MAX_NDIM], strides[MAX_NDIM];
} Field;

static int32_t lend(Field *field, int64_t n_dims, const DapDim *dims, int32_t read_only, DapLoan *loan, DapArray *array,
                    DapError *error) {
  const int64_t item = field->dtype.bits < 8 ? 1 : field->dtype.bits / 8;
  DapLoan handle;
  Loan *owner;
  Row *row;
  int32_t code;
  int k, is_lent, is_empty = 0;
  const void *lent;
  lock();
  row = row_of(loan);
  is_lent = row && !is_back(row->loan);
  lent = row ? row->loan->field : NULL;
  unlock();
  if (is_lent)
    return refuse(error, DAP_E_STATE, -1,
                  "the loan is lent: the borrower of an earlier dap_lend has not released the field at %p; wait until "
                  "dap_end_loan returns .true., or use another dap_loan_t",
                  lent);
  if (field->ndim != n_dims)
    return refuse(error, DAP_E_TENSOR, -1,
                  "the field has %d dimensions and `dims` has %" PRId64 " entries: give one for each dimension",
                  field->ndim, n_dims);
  for (k = 0; k < field->ndim; ++k) {
    if (field->shape[k] < 0)
      return refuse(error, DAP_E_TENSOR, k,
                    "the extent is %" PRId64 ", and must be 0 or more: an assumed-size array has no last extent, lend a "
                    "section of it",
                    field->shape[k]);
    is_empty |= field->shape[k] == 0;
  }
  for (k = 0; k < field->ndim; ++k) {
    if (field->shape[k] <= 1 || is_empty) field->strides[k] = 0;
    if (field->strides[k] % item != 0)
      return refuse(error, DAP_E_INEXPRESSIBLE, k,
                    "the stride is %" PRId64 " bytes, no multiple of the %" PRId64 " bytes of an item, and DLPack counts "
                    "strides in items: lend a copy of the component",
                    field->strides[k], item);
    field->strides[k] /= item;
  }
  if (!field->first && !is_empty)
    return refuse(error, DAP_E_NULL, -1,
                  "the field has no address: allocate the array or associate the pointer before it is lent");
  owner = new_loan(field->first, &handle);
  if (!owner) return refuse(error, DAP_E_MEMORY, -1, "no memory for a loan of %d bytes", (int)sizeof *owner);
  code = dap_array_from_memory(field->ndim, dims, field->first, field->dtype, field->shape, field->strides, read_only,
                               give_back, owner, array, error);
  lock();
  if (code != DAP_OK) {
    end_row(&table.rows[handle.row]);
    let_go(owner);
  } else {
    /* A loan that has been returned ends here. */
    row = row_of(loan);
    if (row) end_row(row);
    *loan = handle;
  }
  unlock();
  return code;
}

/* Shares the field of a descriptor; gfortran passes no descriptor for an array that is not
 * allocated and a pointer that is not associated. */
static int32_t lend_described(const CFI_cdesc_t *described, const CFI_cdesc_t *dims, int32_t read_only, DapArray *array,
                              DapLoan *loan, DapError *error) {
  Field field;
  DapDim copied[MAX_NDIM];
  /* gfortran passes no descriptor for an array constructor without items. */
  const int64_t n_dims = dims && dims->dim[0].extent > 0 ? dims->dim[0].extent : 0;
  int64_t k;
  if (!described || !described->base_addr)
    return refuse(error, DAP_E_NULL, -1,
                  "the field has no address: allocate the array or associate the pointer before it is lent");
  if (n_dims > DAP_MAX_NDIM)
    return refuse(error, DAP_E_NDIM, -1, "`dims` has %" PRId64 " entries, and an array at most %d dimensions", n_dims,
                  DAP_MAX_NDIM);
  if (!item_type(described, &field.dtype))
    return refuse(error, DAP_E_INEXPRESSIBLE, -1,
                  "the field's items, of %zu bytes, have a type that DLPack does not have: lend integers, reals, complex numbers or "
                  "logical(c_bool)",
                  described->elem_len);
  for (k = 0; k < n_dims; ++k)
    memcpy(&copied[k], (const char *)dims->base_addr + k * dims->dim[0].sm, sizeof copied[k]);
  field.first = described->base_addr;
  field.ndim = described->rank;
  for (k = 0; k < field.ndim; ++k) {
    field.shape[k] = described->dim[k].extent;
    field.strides[k] = described->dim[k].sm;
  }
  return lend(&field, n_dims, copied, read_only, loan, array, error);
}

/* Shares the field at an address, with strides in bytes. */
int32_t dap_f_lend_at(void *first, DapDType dtype, int64_t n_extents, const int64_t *extents, int64_t n_strides,
                      const int64_t *strides, int64_t n_dims, const DapDim *dims, int32_t read_only, DapLoan *loan,
                      DapArray *array, DapError *error) {
  Field field;
  if (n_extents != n_strides)
    return refuse(error, DAP_E_TENSOR, -1,
                  "there are %" PRId64 " extents and %" PRId64 " strides: give one of each for each dimension", n_extents,
                  n_strides);
  if (n_extents > DAP_MAX_NDIM)
    return refuse(error, DAP_E_NDIM, -1, "the field has %" PRId64 " dimensions, and an array at most %d", n_extents,
                  DAP_MAX_NDIM);
  field.first = first;
  field.dtype = dtype;
  field.ndim = (int32_t)n_extents;
  memcpy(field.shape, extents, (size_t)n_extents * sizeof *extents);
  memcpy(field.strides, strides, (size_t)n_extents * sizeof *strides);
  return lend(&field, n_dims, dims, read_only, loan, array, error);
}

/* Two functions for each type, because a binding label has one interface. The module's dap_lend is
 * bound to them directly: gfortran passes the true descriptor to a C function, but a copy to a
 * Fortran procedure that would call one. */
#define LEND(name)                                                                                                    \
  void dap_f_lend_##name(const CFI_cdesc_t *field, const CFI_cdesc_t *dims, DapArray *array, DapLoan *loan, int32_t *code, \
                         DapError *error) {                                                                           \
    *code = lend_described(field, dims, 0, array, loan, error);                                                       \
  }                                                                                                                   \
  void dap_f_lend_readonly_##name(const CFI_cdesc_t *field, const CFI_cdesc_t *dims, DapArray *array, DapLoan *loan,  \
                                  int32_t *code, DapError *error) {                                                   \
    *code = lend_described(field, dims, 1, array, loan, error);                                                       \
  }
LEND(real32)
LEND(real64)
LEND(int8)
LEND(int16)
LEND(int32)
LEND(int64)
LEND(complex32)
LEND(complex64)
LEND(bool)

/* ---- pointing ---- */

/* Points a Fortran pointer of the right type and rank at the local buffer; indices begin at 1. */
static int32_t point(const DapArray *array, CFI_cdesc_t *pointer, int32_t writing, DapError *error) {
  void *data;
  const int64_t *shape, *strides;
  int32_t read_only, code;
  int64_t step = 1;
  DapDType dtype;
  int k;
  pointer->base_addr = NULL;
  code = dap_array_local(array, &data, &shape, &strides, &read_only, error);
  if (code != DAP_OK) return code;
  if (writing && read_only)
    return refuse(error, DAP_E_READ_ONLY, -1, "the memory may only be read: leave out writing=.true., or copy the items");
  if (array->ndim != pointer->rank)
    return refuse(error, DAP_E_TENSOR, -1, "the pointer has %d dimension%s, but the array has %d: use a pointer of rank %d",
                  (int)pointer->rank, pointer->rank == 1 ? "" : "s", array->ndim, array->ndim);
  if (!item_type(pointer, &dtype) || dtype.code != array->dtype.code || dtype.bits != array->dtype.bits) {
    char wanted[24], found[24];
    return refuse(error, DAP_E_DTYPE, -1, "the pointer is of type %s, the items are %s: use a pointer of the items' type",
                  type_name(dtype, found, sizeof found), type_name(array->dtype, wanted, sizeof wanted));
  }
  for (k = pointer->rank - 1; k >= 0; --k) {
    pointer->dim[k].lower_bound = 1;
    pointer->dim[k].extent = shape[k];
    pointer->dim[k].sm = (strides ? strides[k] : step) * (ptrdiff_t)pointer->elem_len;
    step *= shape[k];
  }
  /* A buffer without items may have no address, but an associated Fortran pointer needs one. */
  pointer->base_addr = data ? data : (void *)pointer;
  return DAP_OK;
}

/* ---- plans ---- */

/* The bytes of a contiguous array; 0 for any other array, which the library then refuses as too
 * small. */
static size_t whole(const CFI_cdesc_t *message) {
  size_t bytes = message->elem_len;
  int k;
  if (!CFI_is_contiguous(message)) return 0;
  for (k = 0; k < message->rank; ++k) {
    if (message->dim[k].extent < 0) return 0;
    bytes *= (size_t)message->dim[k].extent;
  }
  return bytes;
}

int32_t dap_f_pack(const DapPlan *plan, int64_t at, const DapArray *source, const CFI_cdesc_t *message, DapError *error) {
  return dap_plan_pack(plan, at, source, message->base_addr, whole(message), DAP_ORDER_F, error);
}

int32_t dap_f_unpack(const DapPlan *plan, int64_t at, const CFI_cdesc_t *message, const DapArray *target, DapError *error) {
  return dap_plan_unpack(plan, at, message->base_addr, whole(message), DAP_ORDER_F, target, error);
}

/* One function for each type, because a binding label has one interface. */
#define POINT(name)                                                                                        \
  int32_t dap_f_point_##name(const DapArray *array, CFI_cdesc_t *pointer, int32_t writing, DapError *error) { \
    return point(array, pointer, writing, error);                                                          \
  }
POINT(real32)
POINT(real64)
POINT(int8)
POINT(int16)
POINT(int32)
POINT(int64)
POINT(complex32)
POINT(complex64)
POINT(bool)
