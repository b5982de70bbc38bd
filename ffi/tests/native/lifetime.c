/* Arrays are made, read and released by different threads; tensors are taken; structs are moved; in
 * every order. */
#include "daparray.h"
#include "dlpack_1_1.h"
#include "check.h"

#include <pthread.h>

static const DapDType FLOAT64 = {DAP_DTYPE_FLOAT, 64, 1};

static void *make(void *out) {
  double *field = (double *)malloc(6 * sizeof *field);
  DapDim dims[2];
  int k;
  for (k = 0; k < 6; ++k) field[k] = k;
  dims[0] = dap_dim_block(4, 2, 1, 2, 4);
  dims[1] = dap_dim_whole(3);
  CHECK(dap_array_from_memory(2, dims, field, FLOAT64, NULL, NULL, 0, free, field, (DapArray *)out, NULL) == DAP_OK);
  return NULL;
}

static void *check(void *array) {
  char text[512];
  int k;
  for (k = 0; k < 100; ++k) {
    CHECK(dap_array_validate((const DapArray *)array, NULL) == DAP_OK);
    CHECK(dap_array_to_json((const DapArray *)array, text, sizeof text, NULL, NULL) == DAP_OK);
  }
  return NULL;
}

static void *release(void *array) {
  dap_release((DapArray *)array);
  return NULL;
}

static void in_thread(void *(*work)(void *), void *argument) {
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, work, argument) == 0);
  CHECK(pthread_join(thread, NULL) == 0);
}

int main(void) {
  DapArray array, moved;
  pthread_t readers[4];
  struct DLManagedTensorVersioned *tensor;
  DapLayout *layout;
  const DapArray *pointer = &array;
  char report[512];
  int k;

  in_thread(make, &array);
  for (k = 0; k < 4; ++k) CHECK(pthread_create(&readers[k], NULL, check, &array) == 0);
  for (k = 0; k < 4; ++k) CHECK(pthread_join(readers[k], NULL) == 0);
  in_thread(release, &array);
  CHECK(array.release == NULL);

  /* Moved twice, and released by the last owner. */
  make(&array);
  dap_move(&array, &moved);
  CHECK(dap_array_move(&moved, &array, NULL) == DAP_OK);
  CHECK(dap_array_move(&moved, &array, NULL) == DAP_E_RELEASED);
  in_thread(release, &array);

  /* The tensor outlives the struct, and the struct the tensor. */
  for (k = 0; k < 2; ++k) {
    make(&array);
    CHECK(dap_array_take_tensor(&array, &tensor, NULL) == DAP_OK);
    if (k == 0) dap_release(&array);
    CHECK(((double *)tensor->dl_tensor.data)[5] == 5);
    tensor->deleter(tensor);
    if (k == 1) dap_release(&array);
  }

  /* A layout outlives the arrays that it was made of; a description needs no tensor. */
  make(&array);
  CHECK(dap_array_take_tensor(&array, &tensor, NULL) == DAP_OK);
  tensor->deleter(tensor);
  CHECK(dap_layout_from_arrays(1, &pointer, &layout, report, sizeof report, NULL, NULL) != DAP_OK);
  dap_release(&array);
  make(&array);
  dap_array_to_json(&array, report, sizeof report, NULL, NULL);
  dap_release(&array);
  CHECK(dap_array_from_json(report, strlen(report), &array, NULL) == DAP_OK);
  dap_release(&array);

  puts("lifetime: all right");
  return 0;
}
