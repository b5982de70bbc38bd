/* Tests that a libclang works as bindgen uses it: `libclang PATH` loads the library and parses C's
 * own headers with it. */
#include <dlfcn.h>
#include <stdio.h>

struct file {
  const char *name;
  const char *contents;
  unsigned long length;
};

/* A pointer to an object becomes one to a function, which ISO C has no cast for. */
static void find(void *library, const char *name, void *function) {
  *(void **)function = dlsym(library, name);
  if (!*(void **)function) {
    printf("error: the library has no %s\n", name);
  }
}

int main(int count, char **words) {
  const char text[] = "#include <stddef.h>\n#include <stdint.h>\n#include <stdio.h>\nsize_t one(FILE *);\n";
  struct file file = {"probe.c", text, sizeof text - 1};
  void *library = count == 2 ? dlopen(words[1], RTLD_NOW) : NULL;
  void *(*create)(int, int), *(*parse)(void *, const char *, const char **, int, struct file *, unsigned, unsigned);
  unsigned (*findings)(void *);
  if (!library) {
    printf("error: %s\n", count == 2 ? dlerror() : "expected one path");
    return 1;
  }
  find(library, "clang_createIndex", &create);
  find(library, "clang_parseTranslationUnit", &parse);
  find(library, "clang_getNumDiagnostics", &findings);
  if (!create || !parse || !findings) {
    return 1;
  }
  void *unit = parse(create(0, 1), "probe.c", NULL, 0, &file, 1, 0);
  if (!unit || findings(unit) != 0) {
    printf("error: %s does not parse <stddef.h>, <stdint.h> and <stdio.h>\n", words[1]);
    return 1;
  }
  printf("%s\n", words[1]);
  return 0;
}
