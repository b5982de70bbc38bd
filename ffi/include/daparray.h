/* daparray.h: one process's part of a distributed array, handed from library to library without
 * copying.
 *
 * The structs and the inline functions need no library, as with DLPack; the functions below them
 * are those of libdaparray (`pkg-config --cflags --libs daparray`). All rules are in spec/abi.md.
 * In short:
 *
 *   - The code that declares a DapArray owns the struct itself. `release` frees its contents, once,
 *     and sets itself to NULL.
 *   - To move: copy the struct bit by bit, then set the source's `release` to NULL (dap_move).
 *   - The local buffer is a DLPack tensor. The program supplies dlpack.h; this header only uses
 *     pointers to its struct. Take the tensor by copying the pointer and setting it to NULL; the
 *     tensor then outlives the struct.
 *   - Check the version first (dap_check). Do not write to read-only memory (a flag of the tensor).
 *
 * C99, C11, C++11; 64-bit machines. The tests write the sections marked as generated, from ffi/src
 * (UPDATE_SNAPSHOTS=1).
 */
#ifndef DAPARRAY_H
#define DAPARRAY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if UINTPTR_MAX != UINT64_MAX
#error "daparray.h: the structs are laid out for 64-bit machines only"
#endif

#ifdef __cplusplus
extern "C" {
#endif

struct DLManagedTensorVersioned; /* from dlpack.h, version 1.x */

/* The version of this memory layout, not of the protocol. Of a struct with another major version,
 * an owner may only call `release`. */
#define DAP_LAYOUT_MAJOR 0u
#define DAP_LAYOUT_MINOR 1u
#define DAP_PROTOCOL_0_10 1000u
#define DAP_CAPSULE "dap_array_v0"
#define DAP_CAPSULE_USED "used_dap_array_v0"

typedef struct DapVersion {
  uint32_t major, minor;
} DapVersion;

/* As DLPack's DLDataType. */
typedef struct DapDType {
  uint8_t code; /* 0 integer, 1 unsigned, 2 float, 5 complex, 6 boolean */
  uint8_t bits;
  uint16_t lanes; /* 1 */
} DapDType;

enum { DAP_BLOCK = 98, DAP_CYCLIC = 99, DAP_UNSTRUCTURED = 117 }; /* 'b' 'c' 'u' */
enum { DAP_DTYPE_INT = 0, DAP_DTYPE_UINT = 1, DAP_DTYPE_FLOAT = 2, DAP_DTYPE_COMPLEX = 5, DAP_DTYPE_BOOL = 6 };

#define DAP_DIM_PERIODIC (1u << 0)
#define DAP_DIM_ONE_TO_ONE (1u << 1)
#define DAP_MUST_UNDERSTAND UINT64_C(0x7fffffff00000000) /* of DapArray.flags: refuse unknown bits that are set */
#define DAP_MAX_NDIM 64

/* One dimension. Fields that have no meaning for its type are 0. */
typedef struct DapDim {
  int64_t size;                           /* of the whole dimension */
  int64_t proc_grid_size, proc_grid_rank; /* processes along it, and this process's coordinate */
  uint32_t dist_type;                     /* DAP_BLOCK, DAP_CYCLIC, DAP_UNSTRUCTURED */
  uint32_t flags;                         /* DAP_DIM_... */
  int64_t start, stop;                    /* block: global indices of the buffer, padding included. cyclic: start only */
  int64_t pad_lo, pad_hi;                 /* block: padding; communication padding except at the outer ends */
  int64_t block_size;                     /* cyclic */
  int64_t n_indices;                      /* unstructured */
  const int64_t *indices;                 /* borrowed from the DapArray */
  int64_t reserved[5];
} DapDim;

/* One local buffer. */
typedef struct DapBlock {
  struct DLManagedTensorVersioned *tensor; /* NULL: taken */
  const DapDim *dims;                      /* ndim of them, borrowed */
  int64_t reserved[2];
} DapBlock;

typedef struct DapArray {
  DapVersion version; /* this and the next fields, up to flags, never change their offsets */
  void *private_data;
  void (*release)(struct DapArray *self); /* NULL: moved or released */
  uint64_t flags;
  uint32_t protocol; /* DAP_PROTOCOL_0_10 */
  int32_t ndim;
  const int64_t *global_shape;
  DapDType dtype;
  uint32_t pad_;
  int64_t n_blocks; /* 1; 0 for a process outside of the process grid */
  DapBlock *blocks;
  const void *mesh;     /* NULL: the plain process grid, in C order */
  const char *producer; /* for messages; may be NULL */
  int64_t reserved[5];
} DapArray;

/* The reason for which a function refused. */
typedef struct DapError {
  int32_t code;
  int32_t dim;  /* -1: none */
  int64_t rank; /* -1: none */
  char message[240];
} DapError;

/* One dimension of a whole array, on all of its processes, for dap_layout_new. Fields that have no
 * meaning for its type are 0. */
typedef struct DapDimSpec {
  int64_t size, proc_grid_size;
  uint32_t dist_type;     /* DAP_BLOCK, DAP_CYCLIC, DAP_UNSTRUCTURED */
  uint32_t flags;         /* DAP_DIM_..., DAP_SPEC_... */
  int64_t block_size;     /* cyclic. block: indices for each process while there are any; 0: ceil(size / proc_grid_size) */
  int64_t source;         /* cyclic: the grid rank that gets the first block */
  int64_t halo;           /* block: communication padding, on each edge between two processes */
  int64_t pad_lo, pad_hi; /* block: boundary padding at the ends, which is owned */
  const int64_t *bounds;  /* block: NULL, or p owns bounds[p] up to bounds[p + 1]; unstructured: positions in indices */
  const int64_t *indices; /* unstructured: the concatenated lists of all processes */
  int64_t reserved[6];
} DapDimSpec;

#define DAP_SPEC_BALANCED (1u << 8) /* block: the first size % proc_grid_size processes own one more than the others */
#define DAP_SPEC_BOUNDS_INT32 (1u << 9)   /* `bounds` points to int32_t */
#define DAP_SPEC_INDICES_INT32 (1u << 10) /* `indices` points to int32_t */

/* --- generated: codes --- */
/* Codes: below 1000 the number of a rule (304 is DAP304; pages in spec/rules); from 1000 on they
 * describe the call. */
enum {
  DAP_OK = 0,
  DAP_E_VERSION = 701, /* struct-version */
  DAP_E_NULL = 702, /* null-pointer */
  DAP_E_ALIGNMENT = 703, /* misaligned-pointer */
  DAP_E_RELEASED = 704, /* struct-released */
  DAP_E_FLAGS = 705, /* unknown-flags */
  DAP_E_PROTOCOL = 706, /* struct-protocol */
  DAP_E_NDIM = 707, /* ndim-out-of-range */
  DAP_E_BLOCKS = 708, /* block-count */
  DAP_E_MESH = 709, /* mesh-unknown */
  DAP_E_DIST_TYPE = 710, /* struct-dist-type */
  DAP_E_INDICES = 711, /* index-count */
  DAP_E_GLOBAL_SHAPE = 712, /* global-shape-differs */
  DAP_E_TAKEN = 713, /* tensor-taken */
  DAP_E_TENSOR_VERSION = 714, /* tensor-version */
  DAP_E_DEVICE = 715, /* tensor-device */
  DAP_E_DTYPE = 716, /* tensor-dtype */
  DAP_E_TENSOR = 717, /* tensor-malformed */
  DAP_E_READ_ONLY = 718, /* memory-read-only */
  DAP_E_INEXPRESSIBLE = 719, /* inexpressible */
  DAP_E_ARGUMENT = 1001,
  DAP_E_NOT_FOUND = 1002,
  DAP_E_TOO_SMALL = 1003,
  DAP_E_INCOMPLETE = 1004,
  DAP_E_INTERNAL = 1005,
  DAP_E_REMOTE = 1006,
  DAP_E_NO_SECTION = 1007,
  DAP_E_LAYOUTS_DIFFER = 1008,
  DAP_E_MPI = 1009,
  DAP_E_STATE = 1010,
  DAP_E_MEMORY = 1011,
};
/* --- end --- */

#if defined(__cplusplus)
#define DAP_ASSERT_(name, condition) static_assert(condition, #name)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define DAP_ASSERT_(name, condition) _Static_assert(condition, #name)
#else
#define DAP_ASSERT_(name, condition) typedef char dap_assert_##name[(condition) ? 1 : -1]
#endif
DAP_ASSERT_(size_of_dim, sizeof(DapDim) == 128);
DAP_ASSERT_(size_of_dim_spec, sizeof(DapDimSpec) == 128);
DAP_ASSERT_(size_of_block, sizeof(DapBlock) == 32);
DAP_ASSERT_(size_of_array, sizeof(DapArray) == 128);
DAP_ASSERT_(size_of_error, sizeof(DapError) == 256);
DAP_ASSERT_(size_of_dtype, sizeof(DapDType) == 4);
DAP_ASSERT_(array_private_data, offsetof(DapArray, private_data) == 8);
DAP_ASSERT_(array_release, offsetof(DapArray, release) == 16);
DAP_ASSERT_(array_flags, offsetof(DapArray, flags) == 24);
DAP_ASSERT_(array_ndim, offsetof(DapArray, ndim) == 36);
DAP_ASSERT_(array_global_shape, offsetof(DapArray, global_shape) == 40);
DAP_ASSERT_(array_dtype, offsetof(DapArray, dtype) == 48);
DAP_ASSERT_(array_n_blocks, offsetof(DapArray, n_blocks) == 56);
DAP_ASSERT_(array_blocks, offsetof(DapArray, blocks) == 64);
DAP_ASSERT_(array_producer, offsetof(DapArray, producer) == 80);
DAP_ASSERT_(dim_dist_type, offsetof(DapDim, dist_type) == 24);
DAP_ASSERT_(dim_start, offsetof(DapDim, start) == 32);
DAP_ASSERT_(dim_pad_lo, offsetof(DapDim, pad_lo) == 48);
DAP_ASSERT_(dim_block_size, offsetof(DapDim, block_size) == 64);
DAP_ASSERT_(dim_indices, offsetof(DapDim, indices) == 80);
DAP_ASSERT_(spec_block_size, offsetof(DapDimSpec, block_size) == 24);
DAP_ASSERT_(spec_bounds, offsetof(DapDimSpec, bounds) == 64);
DAP_ASSERT_(error_message, offsetof(DapError, message) == 16);

/* ---- inline: no library needed ---- */

/* 0, or the reason why the struct must not be read: DAP_E_NULL, DAP_E_VERSION, DAP_E_RELEASED,
 * DAP_E_FLAGS. */
static inline int32_t dap_check(const DapArray *array) {
  if (!array) return DAP_E_NULL;
  if (array->version.major != DAP_LAYOUT_MAJOR) return DAP_E_VERSION;
  if (!array->release) return DAP_E_RELEASED;
  if (array->flags & (DAP_MUST_UNDERSTAND | (UINT64_C(1) << 63))) return DAP_E_FLAGS;
  return DAP_OK;
}

/* Releases all that the struct owns; a moved or released struct, or NULL, is left unchanged. */
static inline void dap_release(DapArray *array) {
  if (array && array->release) array->release(array);
}

/* Moves the contents of `from` to `to`; `from` becomes a released struct. */
static inline void dap_move(DapArray *from, DapArray *to) {
  *to = *from;
  from->release = NULL;
}

/* An undistributed dimension: one process owns all of it. */
static inline DapDim dap_dim_whole(int64_t size) {
  DapDim dim;
  memset(&dim, 0, sizeof dim);
  dim.size = size;
  dim.proc_grid_size = 1;
  dim.dist_type = DAP_BLOCK;
  dim.stop = size;
  return dim;
}

/* A block without padding: process `rank` of `processes` has the global indices from start up to
 * stop. */
static inline DapDim dap_dim_block(int64_t size, int64_t processes, int64_t rank, int64_t start, int64_t stop) {
  DapDim dim = dap_dim_whole(size);
  dim.proc_grid_size = processes;
  dim.proc_grid_rank = rank;
  dim.start = start;
  dim.stop = stop;
  return dim;
}

/* Blocks of block_size, distributed cyclically, starting at process 0. */
static inline DapDim dap_dim_cyclic(int64_t size, int64_t processes, int64_t rank, int64_t block_size) {
  DapDim dim = dap_dim_block(size, processes, rank, 0, 0);
  dim.dist_type = DAP_CYCLIC;
  dim.block_size = block_size;
  /* Also if that is beyond size, because there are more processes than blocks. */
  dim.start = block_size > 0 && rank > INT64_MAX / block_size ? size : rank * block_size;
  return dim;
}

/* Listed indices, in the order of the buffer. */
static inline DapDim dap_dim_unstructured(int64_t size, int64_t processes, int64_t rank, int64_t n_indices,
                                          const int64_t *indices) {
  DapDim dim = dap_dim_block(size, processes, rank, 0, 0);
  dim.dist_type = DAP_UNSTRUCTURED;
  dim.n_indices = n_indices;
  dim.indices = indices;
  return dim;
}

/* For a whole array: a dimension of which each process of the grid has all indices. */
static inline DapDimSpec dap_spec_whole(int64_t size) {
  DapDimSpec spec;
  memset(&spec, 0, sizeof spec);
  spec.size = size;
  spec.proc_grid_size = 1;
  spec.dist_type = DAP_BLOCK;
  return spec;
}

/* For a whole array: ceil(size / processes) indices each until the indices run out. Other splits,
 * halos and boundaries are fields. DAP_DIM_PERIODIC does not make a halo wrap: the images of the
 * other end are boundary padding and counted in `size`, so a ring of 10 with a halo of 1 has size
 * 12, halo 1, pad_lo 1 and pad_hi 1. */
static inline DapDimSpec dap_spec_block(int64_t size, int64_t processes) {
  DapDimSpec spec = dap_spec_whole(size);
  spec.proc_grid_size = processes;
  return spec;
}

/* For a whole array: blocks of block_size, distributed cyclically, starting at process 0. */
static inline DapDimSpec dap_spec_cyclic(int64_t size, int64_t processes, int64_t block_size) {
  DapDimSpec spec = dap_spec_block(size, processes);
  spec.dist_type = DAP_CYCLIC;
  spec.block_size = block_size;
  return spec;
}

/* For a whole array: process p lists indices[bounds[p]] up to indices[bounds[p + 1]], in the order
 * of its buffer. */
static inline DapDimSpec dap_spec_unstructured(int64_t size, int64_t processes, const int64_t *bounds, const int64_t *indices) {
  DapDimSpec spec = dap_spec_block(size, processes);
  spec.dist_type = DAP_UNSTRUCTURED;
  spec.bounds = bounds;
  spec.indices = indices;
  return spec;
}

/* The length of the buffer along the dimension, padding included; -1 for invalid numbers. */
static inline int64_t dap_dim_extent(const DapDim *dim) {
  int64_t blocks, place, mine, last, full;
  if (dim->dist_type == DAP_BLOCK) return dim->start >= 0 && dim->stop >= dim->start ? dim->stop - dim->start : -1;
  if (dim->dist_type == DAP_UNSTRUCTURED) return dim->n_indices >= 0 ? dim->n_indices : -1;
  if (dim->dist_type != DAP_CYCLIC || dim->block_size < 1 || dim->proc_grid_size < 1 || dim->size < 0 || dim->start < 0)
    return -1;
  if (dim->start >= dim->size) return 0;
  blocks = dim->size / dim->block_size + (dim->size % dim->block_size != 0);
  place = dim->start / dim->block_size;
  mine = (blocks - place - 1) / dim->proc_grid_size + 1;
  last = place + (mine - 1) * dim->proc_grid_size;
  full = last == blocks - 1 ? mine - 1 : mine;
  return full * dim->block_size + (full < mine ? dim->size - last * dim->block_size : 0);
}

/* The local indices that this process owns, from lo up to hi: the buffer without communication
 * padding. */
static inline void dap_dim_owned_range(const DapDim *dim, int64_t *lo, int64_t *hi) {
  int64_t extent = dap_dim_extent(dim);
  if (extent < 0) extent = 0;
  *lo = 0;
  *hi = extent;
  if (dim->dist_type != DAP_BLOCK) return;
  if (dim->proc_grid_rank > 0 && dim->pad_lo > 0) *lo = dim->pad_lo < extent ? dim->pad_lo : extent;
  if (dim->proc_grid_rank < dim->proc_grid_size - 1 && dim->pad_hi > 0)
    *hi = dim->pad_hi < extent - *lo ? extent - dim->pad_hi : *lo;
}

/* The number of indices that this process owns. */
static inline int64_t dap_dim_owned_count(const DapDim *dim) {
  int64_t lo, hi;
  dap_dim_owned_range(dim, &lo, &hi);
  return hi - lo;
}

/* The distance between two blocks of one process; INT64_MAX if the product is too large, since
 * there is no second block then. */
static inline int64_t dap_dim_period_(const DapDim *dim) {
  if (dim->block_size < 1 || dim->proc_grid_size < 1) return INT64_MAX;
  return dim->block_size > INT64_MAX / dim->proc_grid_size ? INT64_MAX : dim->block_size * dim->proc_grid_size;
}

/* The global index at a position of the buffer; for communication padding, the index that it is a
 * copy of; -1 outside. */
static inline int64_t dap_dim_global(const DapDim *dim, int64_t local) {
  if (local < 0 || local >= dap_dim_extent(dim)) return -1;
  if (dim->dist_type == DAP_BLOCK) return dim->start + local;
  if (dim->dist_type == DAP_UNSTRUCTURED) return dim->indices[local];
  return dim->start + local / dim->block_size * dap_dim_period_(dim) + local % dim->block_size;
}

/* The local index of a global index that this process owns; -1 if it does not own it. Unstructured:
 * a linear search. */
static inline int64_t dap_dim_local(const DapDim *dim, int64_t global) {
  int64_t lo, hi, local, period;
  if (dim->dist_type == DAP_UNSTRUCTURED) {
    for (local = 0; local < dim->n_indices; ++local)
      if (dim->indices[local] == global) return local;
    return -1;
  }
  if (global < dim->start || global < 0 || global >= dim->size) return -1;
  if (dim->dist_type == DAP_BLOCK) {
    dap_dim_owned_range(dim, &lo, &hi);
    local = global - dim->start;
    return local >= lo && local < hi ? local : -1;
  }
  if (dim->dist_type != DAP_CYCLIC || dim->block_size < 1) return -1;
  period = dap_dim_period_(dim);
  local = (global - dim->start) % period;
  return local < dim->block_size ? (global - dim->start) / period * dim->block_size + local : -1;
}

/* ---- libdaparray ----
 *
 * Each function returns a code, 0 on success, and fills `error`, which may be NULL. Text is written
 * to the caller's memory of `capacity` bytes; `needed`, which may be NULL, gets the size of the
 * whole text, the final 0 included. With text NULL and capacity 0 a function only reports this
 * size. No function unwinds, aborts or sets errno. Functions may be called from any thread; while
 * one thread changes, moves or releases a struct, no other thread may use it. */

typedef struct DapLayout DapLayout; /* the distribution of a whole array */
typedef struct DapPlan DapPlan;     /* one process's part of moving an array from one layout to another */

enum { DAP_ORDER_C = 67, DAP_ORDER_F = 70 }; /* 'C': the last dimension is the fastest; 'F': the first */

/* --- generated: functions --- */
/* The library's version, such as "0.3.0". */
const char *dap_library_version(void);

/* One sentence for a code. The sentence of a rule may have {placeholders}; the sentence with values
   is in DapError. */
int32_t dap_strerror(int32_t code, char *text, size_t capacity, size_t *needed);

/* The id of a code's rule, such as "DAP304"; DAP_E_NOT_FOUND for a code that is not a rule. */
int32_t dap_rule_id(int32_t code, char *text, size_t capacity, size_t *needed);

/* The page of a code's rule, in Markdown: the check, its reason, and the remedy; DAP_E_NOT_FOUND
   for a code that is not a rule. */
int32_t dap_rule_page(int32_t code, char *text, size_t capacity, size_t *needed);

/* The code of a rule, by its id or name. */
int32_t dap_rule_code(const char *id_or_name, int32_t *code);

/* Shares a DLPack tensor: out owns it from now on. dims and their indices are copied. All rules
   that one process can check are checked. After an error the tensor is still the caller's, and out
   is unchanged. */
int32_t dap_array_from_dlpack(int32_t ndim, const DapDim *dims, struct DLManagedTensorVersioned *tensor, DapArray *out,
                              DapError *error);

/* Shares memory: data is the item at index 0. A NULL shape means the shape that dims demand.
   strides are in items; NULL means C order. A read_only other than 0 forbids writing.
   release(owner) is called once, on any thread, after the last use of the memory; it may be NULL.
   After an error it is not called, and out is unchanged. */
int32_t dap_array_from_memory(int32_t ndim, const DapDim *dims, void *data, DapDType dtype, const int64_t *shape,
                              const int64_t *strides, int32_t read_only, void (*release)(void *owner), void *owner,
                              DapArray *out, DapError *error);

/* Reads one process's export from JSON, length bytes, into a struct that has dimensions and no
   tensor: a description, such as one process sends to another. It is checked strictly. */
int32_t dap_array_from_json(const char *text, size_t length, DapArray *out, DapError *error);

/* Moves a struct: to gets the contents of from, which becomes a released struct. to is overwritten,
   whatever its content. */
int32_t dap_array_move(DapArray *from, DapArray *to, DapError *error);

/* Takes the local buffer out of a struct: the tensor is the caller's from now on, and outlives the
   struct. */
int32_t dap_array_take_tensor(DapArray *array, struct DLManagedTensorVersioned **tensor, DapError *error);

/* Releases all that a struct owns. A struct that was released or moved is an error, and unchanged.
   A struct of another version is released, too: its owner may always do so. */
int32_t dap_array_release(DapArray *array, DapError *error);

/* The local buffer: the address of the item at index 0, extents and strides in items (NULL for C
   order; both borrowed from the struct), and whether it may only be read. Each of the four may be
   NULL. A buffer without items may have a NULL data. */
int32_t dap_array_local(const DapArray *array, void **data, const int64_t **shape, const int64_t **strides,
                        int32_t *read_only, DapError *error);

/* A short description: shape, item type, and a line for each dimension. */
int32_t dap_array_describe(const DapArray *array, char *text, size_t capacity, size_t *needed, DapError *error);

/* The export as JSON, for a file or another process: one line, with a description of the buffer
   instead of its items. */
int32_t dap_array_to_json(const DapArray *array, char *text, size_t capacity, size_t *needed, DapError *error);

/* Checks a struct by itself, by all rules that need no other process. The code and the error are
   those of the first finding. */
int32_t dap_array_validate(const DapArray *array, DapError *error);

/* The layout of an array with these dimensions on a process grid in C order, without any message:
   processes with the same arguments get the same layout. An invalid specification is
   DAP_E_INCOMPLETE, with the dimension in error. Lists are copied. A halo that does not wrap round
   the ends of a periodic dimension is a warning: code 0, with the dimension and a sentence in
   error, or on stderr if error is NULL. */
int32_t dap_layout_new(int32_t ndim, const DapDimSpec *specs, DapLayout **out, DapError *error);

/* Checks the structs of all processes, in rank order, together, and makes the layout of the whole
   array. They need no tensors. A process outside of the process grid, whose n_blocks is 0, is not
   accepted: DAP_E_NO_SECTION. All findings, warnings too, are written to report as lines. If the
   memory is too small, the report is truncated without an error, and needed gives the full size.
   The first error's code is returned, and its rank is in error. */
int32_t dap_layout_from_arrays(int64_t count, const DapArray *const *arrays, DapLayout **out, char *report,
                               size_t capacity, size_t *needed, DapError *error);

/* The same from JSON, length bytes: a bundle {"ranks": [...]}, or one export per line, in rank
   order. */
int32_t dap_layout_from_json(const char *text, size_t length, DapLayout **out, char *report, size_t capacity,
                             size_t *needed, DapError *error);

/* Frees a layout; NULL is allowed. */
void dap_layout_free(DapLayout *layout);

/* The dimensions of a process of the layout, one struct each, for dap_array_from_memory. Lists of
   indices belong to the layout and are valid until it is freed. DAP_E_INEXPRESSIBLE for a halo that
   wraps round the ends. */
int32_t dap_layout_dims(const DapLayout *layout, int64_t rank, DapDim *dims, DapError *error);

/* The export of a process of the layout as JSON, with items of a type in C order: one line, as from
   dap_array_to_json. The lines of all processes, in rank order, describe the layout again:
   dap_layout_from_json. */
int32_t dap_layout_to_json(const DapLayout *layout, int64_t rank, DapDType dtype, char *text, size_t capacity,
                           size_t *needed, DapError *error);

/* The number of dimensions. */
int32_t dap_layout_ndim(const DapLayout *layout, int32_t *ndim, DapError *error);

/* The number of processes. */
int32_t dap_layout_processes(const DapLayout *layout, int64_t *processes, DapError *error);

/* The extents of the whole array. */
int32_t dap_layout_shape(const DapLayout *layout, int64_t *shape, DapError *error);

/* The number of processes along each dimension. */
int32_t dap_layout_grid(const DapLayout *layout, int64_t *grid, DapError *error);

/* The shape of a process's buffer, communication padding included. */
int32_t dap_layout_local_shape(const DapLayout *layout, int64_t rank, int64_t *shape, DapError *error);

/* The number of elements that a process owns along each dimension. */
int32_t dap_layout_owned_shape(const DapLayout *layout, int64_t rank, int64_t *shape, DapError *error);

/* The owner of an element, and its index in the owner's buffer; local may be NULL. */
int32_t dap_layout_owner(const DapLayout *layout, const int64_t *global, int64_t *rank, int64_t *local,
                         DapError *error);

/* The element at a position of a process's buffer; for communication padding, the element that it
   is a copy of. */
int32_t dap_layout_global(const DapLayout *layout, int64_t rank, const int64_t *local, int64_t *global,
                          DapError *error);

/* A line about the layout, such as "(16, 16) over 2x2: block(8), cyclic(2)". */
int32_t dap_layout_describe(const DapLayout *layout, char *text, size_t capacity, size_t *needed, DapError *error);

/* Plans the part of a process in moving an array from one layout to another. Each rank is the
   process's in that layout, or -1 if it has no part there, because the sets of processes may
   differ. Owned elements move; communication padding of the target is not filled. The layouts may
   be freed afterwards. */
int32_t dap_plan_new(const DapLayout *from, int64_t from_rank, const DapLayout *to, int64_t to_rank, DapPlan **out,
                     DapError *error);

/* The same for an array that gets another shape: the same items in the same row-major order (the
   last index varies fastest), whatever the order of the arrays in memory. Both layouts must have
   the same number of items, or the code is DAP_E_LAYOUTS_DIFFER. Such a plan is executed as any
   other; arrays in C order without gaps are copied fastest. */
int32_t dap_plan_new_reshape(const DapLayout *from, int64_t from_rank, const DapLayout *to, int64_t to_rank,
                             DapPlan **out, DapError *error);

/* Frees a plan; NULL is allowed. */
void dap_plan_free(DapPlan *plan);

/* The number of processes that this one sends to, itself excluded. */
int32_t dap_plan_sends(const DapPlan *plan, int64_t *count, DapError *error);

/* The target of send number at, from 0 and by ascending rank in the target layout, and its number
   of elements. */
int32_t dap_plan_send(const DapPlan *plan, int64_t at, int64_t *peer, int64_t *elements, DapError *error);

/* The number of processes that this one receives from, itself excluded. */
int32_t dap_plan_receives(const DapPlan *plan, int64_t *count, DapError *error);

/* The source of receive number at, from 0 and by ascending rank in the source layout, and its
   number of elements. */
int32_t dap_plan_receive(const DapPlan *plan, int64_t at, int64_t *peer, int64_t *elements, DapError *error);

/* The number of elements that stay on this process, for dap_plan_copy_local. */
int32_t dap_plan_kept(const DapPlan *plan, int64_t *elements, DapError *error);

/* Copies the elements of send number at from an array, that of the plan's own rank, into a message
   of capacity bytes, which must hold the bytes of the elements. order is that of the elements in
   the message, DAP_ORDER_C or DAP_ORDER_F, and the same at both ends. The message may be sent with
   any transport, need not be aligned, and may be uninitialised before. It does not contain the item
   type: the processes must agree that both arrays have the same. */
int32_t dap_plan_pack(const DapPlan *plan, int64_t at, const DapArray *source, void *message, size_t capacity,
                      int32_t order, DapError *error);

/* Copies the elements of receive number at from a message of length bytes into an array, that of
   the plan's own rank. */
int32_t dap_plan_unpack(const DapPlan *plan, int64_t at, const void *message, size_t length, int32_t order,
                        const DapArray *target, DapError *error);

/* Copies the elements that stay on this process from its part of the source array to its part of
   the target array. There may be none. The two must not share memory, and must have the same item
   type: DAP_E_DTYPE. */
int32_t dap_plan_copy_local(const DapPlan *plan, const DapArray *source, const DapArray *target, DapError *error);

/* The two dimensions of a ScaLAPACK matrix on the process at row myrow and column mycol of a BLACS
   grid, the extents of its local part and its strides in items, as arguments of
   dap_array_from_memory. desc has nine integers. A by_columns other than 0 means that BLACS counts
   ranks down the columns ("Col"); dimensions, extents and strides are then of the transposed
   matrix. */
int32_t dap_scalapack_dims(const int32_t *desc, int32_t nprow, int32_t npcol, int32_t myrow, int32_t mycol,
                           int32_t by_columns, DapDim *dims, int64_t *shape, int64_t *strides, DapError *error);

/* The nine integers that describe a section's memory, for a BLACS grid of that context; by_columns
   as above. Sections that no descriptor can express are refused: halos, unequal blocks, rows with
   gaps, numbers beyond 32 bits. */
int32_t dap_scalapack_descriptor(const DapArray *array, int32_t context, int32_t by_columns, int32_t *desc,
                                 DapError *error);

/* --- end --- */

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* DAPARRAY_H */
