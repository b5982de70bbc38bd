/* Rust, C, C++ and Fortran, each as producer for each: the consumer sees the producer's address,
 * and the producer sees the consumer's writes. */
#include "daparray.h"
#include "check.h"

#define LANGUAGE(name)                       \
  void *produce_##name(DapArray *out);       \
  void *consume_##name(DapArray *array, double value); /* writes value to the last item, releases, gives the address */
LANGUAGE(rust)
LANGUAGE(c)
LANGUAGE(cpp)
LANGUAGE(fortran)

/* Calls the release of the producer and counts. */
static int released;
static void (*theirs)(DapArray *);
static void counted(DapArray *array) {
  ++released;
  array->release = theirs;
  theirs(array);
}

int main(void) {
  static const char *const names[4] = {"Rust", "C", "C++", "Fortran"};
  void *(*const produce[4])(DapArray *) = {produce_rust, produce_c, produce_cpp, produce_fortran};
  void *(*const consume[4])(DapArray *, double) = {consume_rust, consume_c, consume_cpp, consume_fortran};
  int p, c;
  for (p = 0; p < 4; ++p)
    for (c = 0; c < 4; ++c) {
      DapArray array;
      void *there, *here = produce[p](&array);
      CHECK(array.ndim == 2 && dap_check(&array) == DAP_OK);
      theirs = array.release;
      array.release = counted;
      released = 0;
      there = consume[c](&array, 10 * p + c);
      CHECK(array.release == NULL && released == 1);
      if (here != there) fprintf(stderr, "%s to %s: %p is not %p\n", names[p], names[c], there, here);
      CHECK(here == there);
    }
  puts("pairs: all 16 see the same address");
  return 0;
}
