/* What Fortran cannot say by itself: the address, type and strides of any array (its descriptor), pointers with strides, and a
 * flag that a borrower sets on another thread. Compiled with the program, by the compiler family that compiles its Fortran,
 * because each has its own ISO_Fortran_binding.h. */
#include <ISO_Fortran_binding.h>
#include <stdlib.h>

#include "daparray.h"

/* ---- loans ---- */

/* Held by the lender and by the borrower; whoever lets go last frees it. */
typedef struct Loan {
  int holders;
  int returned;
} Loan;

static void let_go(Loan *loan) {
  if (__atomic_sub_fetch(&loan->holders, 1, __ATOMIC_ACQ_REL) == 0) free(loan);
}

/* The borrower is done: what it wrote is seen by whoever sees the flag. */
static void give_back(void *owner) {
  Loan *loan = (Loan *)owner;
  __atomic_store_n(&loan->returned, 1, __ATOMIC_RELEASE);
  let_go(loan);
}

int32_t dap_f_returned(void *loan) {
  return loan == NULL || __atomic_load_n(&((Loan *)loan)->returned, __ATOMIC_ACQUIRE);
}

void dap_f_end(void *loan) {
  if (loan) let_go((Loan *)loan);
}

/* ---- descriptors ---- */

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

static int32_t refuse(DapError *error, int32_t code, int32_t dim, const char *message) {
  if (error) {
    error->code = code;
    error->dim = dim;
    error->rank = -1;
    strncpy(error->message, message, sizeof error->message - 1);
    error->message[sizeof error->message - 1] = 0;
  }
  return code;
}

/* Shares a field, whatever its type, rank and strides. `loan` is set to what dap_f_returned and dap_f_end want. */
int32_t dap_f_lend(const CFI_cdesc_t *field, int32_t ndim, const DapDim *dims, int32_t read_only, void **loan,
                   DapArray *array, DapError *error) {
  int64_t shape[CFI_MAX_RANK], strides[CFI_MAX_RANK];
  DapDType dtype;
  Loan *owner;
  int32_t code;
  int k;
  *loan = NULL;
  if (field->rank != ndim)
    return refuse(error, DAP_E_TENSOR, -1, "as many dimensions must be described as the field has");
  if (!item_type(field, &dtype))
    return refuse(error, DAP_E_INEXPRESSIBLE, -1, "DLPack has no type for the field's items");
  for (k = 0; k < field->rank; ++k) {
    if (field->dim[k].extent < 0)
      return refuse(error, DAP_E_TENSOR, k, "the extent is not known: an assumed-size array cannot be lent");
    if (field->dim[k].sm % (ptrdiff_t)field->elem_len != 0)
      return refuse(error, DAP_E_INEXPRESSIBLE, k, "the stride is no multiple of an item: a component of a derived type");
    shape[k] = field->dim[k].extent;
    strides[k] = field->dim[k].sm / (ptrdiff_t)field->elem_len;
  }
  owner = (Loan *)malloc(sizeof *owner);
  if (!owner) return refuse(error, DAP_E_INTERNAL, -1, "no memory");
  owner->holders = 2;
  owner->returned = 0;
  code = dap_array_from_memory(ndim, dims, field->base_addr, dtype, shape, strides, read_only, give_back, owner, array, error);
  if (code != DAP_OK)
    free(owner);
  else
    *loan = owner;
  return code;
}

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
  if (writing && read_only) return refuse(error, DAP_E_READ_ONLY, -1, "the memory may only be read");
  if (array->ndim != pointer->rank) return refuse(error, DAP_E_TENSOR, -1, "the pointer has another number of dimensions");
  if (!item_type(pointer, &dtype) || dtype.code != array->dtype.code || dtype.bits != array->dtype.bits)
    return refuse(error, DAP_E_DTYPE, -1, "the pointer is of another type than the items");
  for (k = pointer->rank - 1; k >= 0; --k) {
    pointer->dim[k].lower_bound = 1;
    pointer->dim[k].extent = shape[k];
    pointer->dim[k].sm = (strides ? strides[k] : step) * (ptrdiff_t)pointer->elem_len;
    step *= shape[k];
  }
  /* A buffer without items may have no address, and a Fortran pointer to it must have one to be associated. */
  pointer->base_addr = data ? data : (void *)pointer;
  return DAP_OK;
}

/* ---- plans ---- */

/* The bytes of an array in one piece; 0 where it is not. */
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
POINT(int32)
POINT(int64)
POINT(complex32)
POINT(complex64)
