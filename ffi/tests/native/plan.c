/* Plans from C, without a transport: this process plays every process of both sides. The moved
 * elements are compared with the indices' maps. */
#include "daparray.h"
#include "check.h"

#define ROWS 7
#define COLUMNS 6
#define RANKS 3

static const DapDType INT32 = {DAP_DTYPE_INT, 32, 1};
static const DapDType FLOAT32 = {DAP_DTYPE_FLOAT, 32, 1};
static const DapDType INT64 = {DAP_DTYPE_INT, 64, 1};

/* A part of the whole array, in separate memory, in C or Fortran order. */
typedef struct Part {
  int32_t items[ROWS * COLUMNS];
  int64_t shape[2], strides[2];
  DapArray array;
} Part;

static void make(Part *part, const DapDim *dims, int order) {
  int d;
  for (d = 0; d < 2; ++d) part->shape[d] = dap_dim_extent(&dims[d]);
  part->strides[0] = order == DAP_ORDER_C ? part->shape[1] : 1;
  part->strides[1] = order == DAP_ORDER_C ? 1 : part->shape[0];
  for (d = 0; d < ROWS * COLUMNS; ++d) part->items[d] = -1;
  CHECK(dap_array_from_memory(2, dims, part->items, INT32, NULL, part->strides, 0, NULL, NULL, &part->array, NULL) == DAP_OK);
}

static int32_t *item(Part *part, int64_t i, int64_t j) {
  return &part->items[i * part->strides[0] + j * part->strides[1]];
}

/* Rows in blocks with a halo, on three processes; columns distributed cyclically one by one. */
static DapLayout *rows(Part *parts) {
  static const int64_t first[RANKS + 1] = {0, 3, 3, 7};
  const DapArray *arrays[RANKS];
  DapLayout *layout = NULL;
  int64_t r, i, j;
  for (r = 0; r < RANKS; ++r) {
    DapDim dims[2];
    dims[0] = dap_dim_block(ROWS, RANKS, r, first[r], first[r + 1]);
    dims[1] = dap_dim_whole(COLUMNS);
    make(&parts[r], dims, DAP_ORDER_C);
    for (i = 0; i < parts[r].shape[0]; ++i)
      for (j = 0; j < COLUMNS; ++j) *item(&parts[r], i, j) = (int32_t)(100 * dap_dim_global(&dims[0], i) + j);
    arrays[r] = &parts[r].array;
  }
  CHECK(dap_layout_from_arrays(RANKS, arrays, &layout, NULL, 0, NULL, NULL) == DAP_OK);
  return layout;
}

static DapLayout *columns(Part *parts) {
  const DapArray *arrays[2];
  DapLayout *layout = NULL;
  int64_t r;
  for (r = 0; r < 2; ++r) {
    DapDim dims[2];
    dims[0] = dap_dim_whole(ROWS);
    dims[1] = dap_dim_cyclic(COLUMNS, 2, r, 2);
    make(&parts[r], dims, DAP_ORDER_F);
    arrays[r] = &parts[r].array;
  }
  CHECK(dap_layout_from_arrays(2, arrays, &layout, NULL, 0, NULL, NULL) == DAP_OK);
  return layout;
}

static void every_element_arrives(int32_t order) {
  static char messages[RANKS][2][1 + 4 * ROWS * COLUMNS]; /* not aligned */
  static int64_t sent[RANKS][2];
  Part from[RANKS], to[2];
  DapLayout *a = rows(from), *b = columns(to);
  DapPlan *plans[RANKS];
  DapError error;
  int64_t r, i, j, k, count, peer, elements, moved = 0;
  memset(sent, 0, sizeof sent);
  for (r = 0; r < RANKS; ++r) {
    CHECK(dap_plan_new(a, r, b, r < 2 ? r : -1, &plans[r], &error) == DAP_OK);
    CHECK(dap_plan_sends(plans[r], &count, &error) == DAP_OK);
    for (k = 0; k < count; ++k) {
      CHECK(dap_plan_send(plans[r], k, &peer, &elements, &error) == DAP_OK && peer != r && elements > 0);
      CHECK(dap_plan_pack(plans[r], k, &from[r].array, messages[r][peer] + 1, (size_t)(4 * elements), order, &error) == DAP_OK);
      sent[r][peer] = elements;
      moved += elements;
    }
    CHECK(dap_plan_kept(plans[r], &elements, &error) == DAP_OK);
    moved += elements;
  }
  CHECK(moved == ROWS * COLUMNS);
  dap_layout_free(a); /* the plans have what they need */
  dap_layout_free(b);
  for (r = 0; r < 2; ++r) {
    CHECK(dap_plan_copy_local(plans[r], &from[r].array, &to[r].array, &error) == DAP_OK);
    CHECK(dap_plan_receives(plans[r], &count, &error) == DAP_OK);
    for (k = 0; k < count; ++k) {
      CHECK(dap_plan_receive(plans[r], k, &peer, &elements, &error) == DAP_OK && elements == sent[peer][r]);
      CHECK(dap_plan_unpack(plans[r], k, messages[peer][r] + 1, (size_t)(4 * elements), order, &to[r].array, &error) == DAP_OK);
    }
    for (i = 0; i < ROWS; ++i)
      for (j = 0; j < to[r].shape[1]; ++j)
        CHECK(*item(&to[r], i, j) == 100 * i + dap_dim_global(&to[r].array.blocks[0].dims[1], j));
  }
  CHECK(dap_plan_receives(plans[2], &count, &error) == DAP_OK && count == 0); /* it is no target */
  for (r = 0; r < RANKS; ++r) {
    dap_plan_free(plans[r]);
    dap_release(&from[r].array);
  }
  for (r = 0; r < 2; ++r) dap_release(&to[r].array);
}

/* Rows in C order become one line, in cyclic blocks of four, and the line becomes the same rows
 * again. */
static void an_array_of_another_shape(void) {
  int32_t line[2][ROWS * COLUMNS], message[ROWS * COLUMNS];
  Part from[RANKS], back[RANKS];
  DapLayout *a = rows(from), *b, *again = rows(back);
  DapPlan *plans[RANKS];
  DapArray lines[2];
  const DapArray *arrays[2];
  DapError error;
  int64_t r, i, j, k, t, count, peer, elements, theirs;
  for (r = 0; r < 2; ++r) {
    DapDim dim = dap_dim_cyclic(ROWS * COLUMNS, 2, r, 4);
    CHECK(dap_array_from_memory(1, &dim, line[r], INT32, NULL, NULL, 0, NULL, NULL, &lines[r], NULL) == DAP_OK);
    arrays[r] = &lines[r];
  }
  CHECK(dap_layout_from_arrays(2, arrays, &b, NULL, 0, NULL, NULL) == DAP_OK);
  for (r = 0; r < RANKS; ++r)
    for (i = 0; i < ROWS * COLUMNS; ++i) back[r].items[i] = -1;
  /* A move and its reverse. */
  for (t = 0; t < 2; ++t) {
    for (r = 0; r < RANKS; ++r) {
      const int64_t other = r < 2 ? r : -1;
      CHECK((t ? dap_plan_new_reshape(b, other, again, r, &plans[r], &error)
               : dap_plan_new_reshape(a, r, b, other, &plans[r], &error)) == DAP_OK);
      if (other >= 0)
        CHECK(dap_plan_copy_local(plans[r], t ? &lines[r] : &from[r].array, t ? &back[r].array : &lines[r], &error) == DAP_OK);
    }
    for (r = 0; r < RANKS; ++r) {
      CHECK(dap_plan_sends(plans[r], &count, &error) == DAP_OK);
      for (k = 0; k < count; ++k) {
        CHECK(dap_plan_send(plans[r], k, &peer, &elements, &error) == DAP_OK);
        CHECK(dap_plan_pack(plans[r], k, t ? &lines[r] : &from[r].array, message, sizeof message, DAP_ORDER_C, &error) == DAP_OK);
        for (j = 0, theirs = -1; theirs != r; ++j) CHECK(dap_plan_receive(plans[peer], j, &theirs, &i, &error) == DAP_OK);
        CHECK(i == elements);
        CHECK(dap_plan_unpack(plans[peer], j - 1, message, (size_t)(4 * elements), DAP_ORDER_C,
                              t ? &back[peer].array : &lines[peer], &error) == DAP_OK);
      }
    }
    for (r = 0; r < 2 && !t; ++r)
      for (i = 0; i < dap_dim_extent(&lines[r].blocks[0].dims[0]); ++i) {
        j = dap_dim_global(&lines[r].blocks[0].dims[0], i);
        CHECK(line[r][i] == 100 * (j / COLUMNS) + j % COLUMNS);
      }
    for (r = 0; r < RANKS; ++r) dap_plan_free(plans[r]);
  }
  for (r = 0; r < RANKS; ++r)
    for (i = 0; i < back[r].shape[0]; ++i)
      for (j = 0; j < COLUMNS; ++j) CHECK(*item(&back[r], i, j) == *item(&from[r], i, j));

  /* Without the same number of items there is no plan. */
  CHECK(dap_plan_new(a, 0, b, 0, &plans[0], &error) == DAP_E_LAYOUTS_DIFFER);
  dap_layout_free(b);
  dap_release(&lines[0]);
  {
    DapDim dim = dap_dim_whole(ROWS * COLUMNS - 1);
    CHECK(dap_array_from_memory(1, &dim, line[0], INT32, NULL, NULL, 0, NULL, NULL, &lines[0], NULL) == DAP_OK);
  }
  CHECK(dap_layout_from_arrays(1, arrays, &b, NULL, 0, NULL, NULL) == DAP_OK);
  CHECK(dap_plan_new_reshape(a, 0, b, 0, &plans[0], &error) == DAP_E_LAYOUTS_DIFFER && strstr(error.message, "number of items"));
  CHECK(dap_plan_new_reshape(a, 9, b, 0, &plans[0], &error) == DAP_E_NOT_FOUND);
  CHECK(dap_plan_new_reshape(NULL, 0, b, 0, &plans[0], &error) == DAP_E_NULL);
  dap_layout_free(a);
  dap_layout_free(b);
  dap_layout_free(again);
  for (r = 0; r < 2; ++r) dap_release(&lines[r]);
  for (r = 0; r < RANKS; ++r) {
    dap_release(&from[r].array);
    dap_release(&back[r].array);
  }
}

static void refusals(void) {
  int32_t message[ROWS * COLUMNS];
  int64_t count, peer, elements, wide[ROWS * COLUMNS];
  Part from[RANKS], to[2];
  DapLayout *a = rows(from), *b = columns(to), *other;
  DapPlan *plan = NULL;
  DapError error;
  DapArray array;
  const DapArray *arrays[1];
  DapDim dims[2];
  CHECK(dap_plan_new(NULL, 0, b, 0, &plan, &error) == DAP_E_NULL && dap_plan_new(a, 0, NULL, 0, &plan, &error) == DAP_E_NULL);
  CHECK(dap_plan_new(a, 0, b, 0, NULL, &error) == DAP_E_NULL);
  CHECK(dap_plan_new(a, 3, b, 0, &plan, &error) == DAP_E_NOT_FOUND && dap_plan_new(a, 0, b, -2, &plan, NULL) == DAP_E_NOT_FOUND);
  dims[0] = dap_dim_whole(ROWS);
  dims[1] = dap_dim_whole(COLUMNS + 1);
  CHECK(dap_array_from_memory(2, dims, wide, INT32, NULL, NULL, 0, NULL, NULL, &array, NULL) == DAP_OK);
  arrays[0] = &array;
  CHECK(dap_layout_from_arrays(1, arrays, &other, NULL, 0, NULL, NULL) == DAP_OK);
  CHECK(dap_plan_new(a, 0, other, 0, &plan, &error) == DAP_E_LAYOUTS_DIFFER && error.dim == 1 && !plan);
  /* Said once, without the dimension, which is beside it. */
  CHECK(strncmp(error.message, "the two layouts describe arrays of different shapes: `size` is ", 63) == 0);
  dap_layout_free(other);
  dap_release(&array);

  CHECK(dap_plan_new(a, 0, b, 0, &plan, &error) == DAP_OK);
  CHECK(dap_plan_sends(NULL, &count, &error) == DAP_E_NULL && dap_plan_sends(plan, NULL, &error) == DAP_E_NULL);
  CHECK(dap_plan_sends((DapPlan *)((char *)plan + 1), &count, &error) == DAP_E_ALIGNMENT);
  CHECK(dap_plan_sends(plan, &count, &error) == DAP_OK && count == 1);
  CHECK(dap_plan_send(plan, 1, &peer, &elements, &error) == DAP_E_NOT_FOUND);
  CHECK(!strcmp(error.message, "no send number 1: they are numbered from 0 to 0"));
  CHECK(dap_plan_send(plan, INT64_MIN, &peer, &elements, &error) == DAP_E_NOT_FOUND);
  CHECK(dap_plan_send(plan, 0, NULL, &elements, &error) == DAP_E_NULL && dap_plan_send(plan, 0, &peer, NULL, &error) == DAP_E_NULL);
  CHECK(dap_plan_receive(plan, 9, &peer, &elements, &error) == DAP_E_NOT_FOUND);
  CHECK(dap_plan_kept(NULL, &elements, NULL) == DAP_E_NULL);

#define PACK(array_, at_, message_, capacity_, order_) dap_plan_pack(plan, at_, array_, message_, capacity_, order_, &error)
  CHECK(PACK(NULL, 0, message, sizeof message, DAP_ORDER_C) == DAP_E_NULL);
  CHECK(PACK(&from[0].array, 0, NULL, sizeof message, DAP_ORDER_C) == DAP_E_NULL);
  CHECK(PACK(&from[0].array, 7, message, sizeof message, DAP_ORDER_C) == DAP_E_NOT_FOUND);
  CHECK(PACK(&from[0].array, 0, message, 4, DAP_ORDER_C) == DAP_E_TOO_SMALL);
  CHECK(PACK(&from[0].array, 0, message, sizeof message, 'A') == DAP_E_ARGUMENT);
  CHECK(PACK(&from[0].array, 0, from[0].items, sizeof from[0].items, DAP_ORDER_C) == DAP_E_ARGUMENT); /* into itself */
  /* The part of another rank, of the same shape or of another one. */
  CHECK(PACK(&from[2].array, 0, message, sizeof message, DAP_ORDER_C) == DAP_E_ARGUMENT);
  CHECK(strstr(error.message, "part of rank 2") && strstr(error.message, "plan is of rank 0"));
  CHECK(PACK(&to[0].array, 0, message, sizeof message, DAP_ORDER_C) == DAP_E_TENSOR);
#define UNPACK(array_, at_, message_, length_) dap_plan_unpack(plan, at_, message_, length_, DAP_ORDER_F, array_, &error)
  CHECK(UNPACK(&to[0].array, 0, message, 0) == DAP_E_TOO_SMALL && UNPACK(&to[0].array, -1, message, 0) == DAP_E_NOT_FOUND);
  CHECK(UNPACK(&from[0].array, 0, message, sizeof message) == DAP_E_TENSOR);
  CHECK(UNPACK(&to[0].array, 0, to[0].items, sizeof to[0].items) == DAP_E_ARGUMENT);
  dims[0] = dap_dim_block(ROWS, RANKS, 1, 0, 3);
  dims[1] = dap_dim_whole(COLUMNS);
  CHECK(dap_array_from_memory(2, dims, wide, INT32, NULL, NULL, 0, NULL, NULL, &array, NULL) == DAP_OK);
  CHECK(PACK(&array, 0, message, sizeof message, DAP_ORDER_C) == DAP_E_ARGUMENT && strstr(error.message, "part of rank 1"));
  CHECK(dap_plan_copy_local(plan, &array, &to[0].array, &error) == DAP_E_ARGUMENT && strstr(error.message, "part of rank 1"));
  dap_release(&array);
  dims[0] = dap_dim_whole(ROWS);
  dims[1] = dap_dim_cyclic(COLUMNS, 2, 1, 1);
  CHECK(dap_array_from_memory(2, dims, wide, INT32, NULL, NULL, 0, NULL, NULL, &array, NULL) == DAP_OK);
  CHECK(UNPACK(&array, 0, message, sizeof message) == DAP_E_ARGUMENT && strstr(error.message, "part of rank 1"));
  CHECK(dap_plan_copy_local(plan, &from[0].array, &array, &error) == DAP_E_ARGUMENT && strstr(error.message, "part of rank 1"));
  dap_release(&array);
  /* The part of the right rank, but in another distribution. */
  dims[1] = dap_dim_cyclic(COLUMNS, 2, 0, 4);
  CHECK(dap_array_from_memory(2, dims, wide, INT32, NULL, NULL, 0, NULL, NULL, &array, NULL) == DAP_OK);
  CHECK(UNPACK(&array, 0, message, sizeof message) == DAP_E_ARGUMENT && strstr(error.message, "another distribution"));
  dap_release(&array);
  dims[1] = dap_dim_cyclic(COLUMNS, 2, 0, 2);
  CHECK(dap_array_from_memory(2, dims, wide, INT32, NULL, NULL, 1, NULL, NULL, &array, NULL) == DAP_OK);
  CHECK(UNPACK(&array, 0, message, sizeof message) == DAP_E_READ_ONLY);
  CHECK(dap_plan_copy_local(plan, &from[0].array, &array, &error) == DAP_E_READ_ONLY);
  dap_release(&array);
  CHECK(dap_plan_copy_local(plan, &from[0].array, &array, &error) == DAP_E_RELEASED);
  CHECK(dap_array_from_memory(2, dims, wide, INT64, NULL, NULL, 0, NULL, NULL, &array, NULL) == DAP_OK);
  CHECK(dap_plan_copy_local(plan, &from[0].array, &array, &error) == DAP_E_DTYPE);
  dap_release(&array);
  /* The same number of bytes, but another item type. */
  CHECK(dap_array_from_memory(2, dims, wide, FLOAT32, NULL, NULL, 0, NULL, NULL, &array, NULL) == DAP_OK);
  CHECK(dap_plan_copy_local(plan, &from[0].array, &array, &error) == DAP_E_DTYPE);
  dap_release(&array);
  CHECK(dap_array_from_memory(2, dims, from[0].items, INT32, NULL, NULL, 0, NULL, NULL, &array, NULL) == DAP_OK);
  CHECK(dap_plan_copy_local(plan, &from[0].array, &array, &error) == DAP_E_ARGUMENT); /* the same memory */
  dap_release(&array);
  {
    struct DLManagedTensorVersioned *tensor;
    CHECK(dap_array_take_tensor(&from[1].array, &tensor, NULL) == DAP_OK);
    CHECK(PACK(&from[1].array, 0, message, sizeof message, DAP_ORDER_C) == DAP_E_TAKEN);
    from[1].array.blocks[0].tensor = tensor;
  }
  dap_plan_free(plan);
  dap_plan_free(NULL);
  dap_layout_free(a);
  dap_layout_free(b);
  for (count = 0; count < RANKS; ++count) dap_release(&from[count].array);
  for (count = 0; count < 2; ++count) dap_release(&to[count].array);
}

int main(void) {
  every_element_arrives(DAP_ORDER_C);
  every_element_arrives(DAP_ORDER_F);
  an_array_of_another_shape();
  refusals();
  puts("plan: all right");
  return 0;
}
