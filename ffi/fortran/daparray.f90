! daparray: hands one process's part of a distributed array to other languages, and takes it from
! them, without copying.
!
! Bounds are Fortran's here, from 1 and inclusive; in the structs they are the protocol's.
! Dimensions keep their order: the strides express that the first one varies fastest. Compile this
! file and daparray_cfi.c with your program and link libdaparray
! (`pkg-config --cflags --libs daparray`).
!
!   use daparray
!   real(real64), allocatable, target :: field(:, :)
!   type(dap_array_t) :: array
!   type(dap_loan_t) :: loan
!   call dap_lend(field, [dap_block(100, processes, me, lo=1, hi=50), dap_whole(64)], &
!      array, loan, code)
!   ... a borrower takes `array` over ...
!   do while (.not. dap_end_loan(loan)); end do
!
! A field to lend must be a variable with the target attribute. The program does not compile without
! the attribute, for an expression (`u + 1`, `(u)`), for a vector subscript (`u([1, 3])`), or for
! items that DLPack has no type for: "no specific subroutine for the generic dap_lend". Sections,
! components (`particles%mass`) and parts (`z%re`) are lent in place. A dummy argument that is
! `contiguous` or has explicit shape can be a copy that the compiler made for the call. Such a copy
! no longer exists when the procedure returns: gfortran's -Warray-temporaries reports these calls.
!
! A loan is in one of four states:
!
!   state       reached by             dap_returned  dap_end_loan          dap_lend into it
!   never lent  its declaration, and a   .false.      .true., and a line    lends
!               refused dap_lend                      on stderr
!   lent        dap_lend                 .false.      .false., stays lent   DAP_E_STATE, no change
!   returned    the borrower's release   .true.       .true., is ended      ends it and lends
!   ended       dap_end_loan that was    .false.      .true., and a line    lends
!               .true.                                on stderr
!
! Loans that are never ended are counted on stderr when the program ends, and also while it runs if
! there are thousands.
module daparray
   use, intrinsic :: iso_c_binding
   use, intrinsic :: iso_fortran_env, only: error_unit, int32, int64, real32, real64
   implicit none
   private

   public :: dap_version_t, dap_dtype_t, dap_dim_t, dap_block_t, dap_array_t, dap_error_t, dap_loan_t, dap_scoped_loan_t
   public :: dap_block, dap_whole, dap_cyclic, dap_unstructured, dap_zero_based
   public :: dap_owned, dap_owned_local, dap_global_index, dap_local_index
   public :: dap_lend, dap_lend_readonly, dap_lend_at, dap_returned, dap_end_loan, dap_point, dap_release, dap_move, dap_check
   public :: dap_message, dap_describe, dap_to_json, dap_rule
   public :: dap_c_text, dap_error_of
   public :: dap_array_validate, dap_array_from_json, dap_sizes_agree
   public :: dap_scalapack_dims, dap_scalapack_descriptor
   public :: dap_layout_t, dap_layout_from_json, dap_layout_free, dap_layout_handle, dap_layout_adopt, dap_owner, dap_global

   integer(c_int32_t), parameter, public :: DAP_OK = 0, DAP_E_VERSION = 701, DAP_E_NULL = 702, DAP_E_ALIGNMENT = 703, &
      DAP_E_RELEASED = 704, DAP_E_FLAGS = 705, DAP_E_PROTOCOL = 706, DAP_E_NDIM = 707, DAP_E_BLOCKS = 708, &
      DAP_E_MESH = 709, DAP_E_DIST_TYPE = 710, DAP_E_INDICES = 711, DAP_E_GLOBAL_SHAPE = 712, DAP_E_TAKEN = 713, &
      DAP_E_TENSOR_VERSION = 714, DAP_E_DEVICE = 715, DAP_E_DTYPE = 716, DAP_E_TENSOR = 717, DAP_E_READ_ONLY = 718, &
      DAP_E_INEXPRESSIBLE = 719, DAP_E_ARGUMENT = 1001, DAP_E_NOT_FOUND = 1002, DAP_E_TOO_SMALL = 1003, &
      DAP_E_INCOMPLETE = 1004, DAP_E_INTERNAL = 1005, DAP_E_REMOTE = 1006, DAP_E_NO_SECTION = 1007, &
      DAP_E_LAYOUTS_DIFFER = 1008, DAP_E_MPI = 1009, DAP_E_STATE = 1010, DAP_E_MEMORY = 1011
   integer(c_int32_t), parameter, public :: DAP_TYPE_BLOCK = 98, DAP_TYPE_CYCLIC = 99, DAP_TYPE_UNSTRUCTURED = 117
   integer(c_int32_t), parameter, public :: DAP_DIM_PERIODIC = 1, DAP_DIM_ONE_TO_ONE = 2

   type, bind(C) :: dap_version_t
      integer(c_int32_t) :: major = 0, minor = 1
   end type

   type, bind(C) :: dap_dtype_t
      integer(c_int8_t) :: code = 0, bits = 0
      integer(c_int16_t) :: lanes = 1
   end type
   ! The item types of dap_lend, as arguments of dap_lend_at.
   type(dap_dtype_t), parameter, public :: DAP_REAL32 = dap_dtype_t(2_c_int8_t, 32_c_int8_t), &
      DAP_REAL64 = dap_dtype_t(2_c_int8_t, 64_c_int8_t), DAP_INT8 = dap_dtype_t(0_c_int8_t, 8_c_int8_t), &
      DAP_INT16 = dap_dtype_t(0_c_int8_t, 16_c_int8_t), DAP_INT32 = dap_dtype_t(0_c_int8_t, 32_c_int8_t), &
      DAP_INT64 = dap_dtype_t(0_c_int8_t, 64_c_int8_t), DAP_COMPLEX32 = dap_dtype_t(5_c_int8_t, 64_c_int8_t), &
      DAP_COMPLEX64 = dap_dtype_t(5_c_int8_t, -127_c_int8_t - 1_c_int8_t), DAP_BOOL = dap_dtype_t(6_c_int8_t, 8_c_int8_t)

   type, bind(C) :: dap_dim_t
      integer(c_int64_t) :: size = 0, proc_grid_size = 1, proc_grid_rank = 0
      integer(c_int32_t) :: dist_type = DAP_TYPE_BLOCK, flags = 0
      integer(c_int64_t) :: start = 0, stop = 0, pad_lo = 0, pad_hi = 0
      integer(c_int64_t) :: block_size = 0
      integer(c_int64_t) :: n_indices = 0
      type(c_ptr) :: indices = c_null_ptr
      integer(c_int64_t) :: reserved(5) = 0
   end type

   type, bind(C) :: dap_block_t
      type(c_ptr) :: tensor = c_null_ptr
      type(c_ptr) :: dims = c_null_ptr
      integer(c_int64_t) :: reserved(2) = 0
   end type

   type, bind(C) :: dap_array_t
      type(dap_version_t) :: version
      type(c_ptr) :: private_data = c_null_ptr
      type(c_funptr) :: release = c_null_funptr
      integer(c_int64_t) :: flags = 0
      integer(c_int32_t) :: protocol = 1000, ndim = 0
      type(c_ptr) :: global_shape = c_null_ptr
      type(dap_dtype_t) :: dtype
      integer(c_int32_t) :: pad_ = 0
      integer(c_int64_t) :: n_blocks = 0
      type(c_ptr) :: blocks = c_null_ptr, mesh = c_null_ptr, producer = c_null_ptr
      integer(c_int64_t) :: reserved(5) = 0
   end type

   ! The reason for a code. `dim` and `rank` count from 0 as in C, and are -1 for none: dap_message
   ! counts dimensions from 1.
   type, bind(C) :: dap_error_t
      integer(c_int32_t) :: code = 0, dim = -1
      integer(c_int64_t) :: rank = -1
      character(kind=c_char) :: message(240) = c_null_char
   end type

   ! A field that is lent, in one of four states: see the table above. Copies are the same loan.
   type, bind(C) :: dap_loan_t
      private
      integer(c_int64_t) :: row = 0, number = 0
   end type

   ! A loan that ends with its scope, such as a local variable of a procedure.
   !
   !   type(dap_scoped_loan_t) :: lent
   !   call dap_lend(field, dims, lent%array, lent%loan, code, error)
   !   call borrow(lent%array)
   !
   ! At the end of the scope the array is released, unless a borrower took it, and the loan is
   ! ended. If a borrower still has the field then, a line on stderr says so, and the loan stays
   ! active: the field must live as long as its borrower. Before the end of the scope,
   ! `lent%is_back()` does the same and tells. Fortran does not finalize variables of a main program
   ! or with `save`, and a variable is not assigned.
   type :: dap_scoped_loan_t
      type(dap_array_t) :: array
      type(dap_loan_t) :: loan
   contains
      procedure :: is_back => end_scoped
      procedure, private :: assign_scoped
      generic :: assignment(=) => assign_scoped
      final :: finish_scoped
   end type

   ! The layout of a whole array: the owner of every index.
   type :: dap_layout_t
      private
      type(c_ptr) :: handle = c_null_ptr
      integer :: ndim = 0
   end type

   ! Integers are of the default kind or all int64. Where sizes and indices are int64, all other
   ! arguments may be of the default kind.
   !
   ! size, processes, rank (from 0), and lo and hi: the first and last global index of the buffer,
   ! padding included.
   interface dap_block
      procedure block_int32, block_int64, block_size_int64
   end interface
   interface dap_whole
      procedure whole_int32, whole_int64
   end interface
   interface dap_cyclic
      procedure cyclic_int32, cyclic_int64, cyclic_size_int64
   end interface
   ! `indices` are int64, count from 0 (dap_zero_based) and must stay valid until the field has been
   ! lent; lending copies them.
   interface dap_unstructured
      procedure unstructured_int32, unstructured_int64, unstructured_size_int64
   end interface
   ! The first and last local index, from 1, that this process owns of a block: the buffer without
   ! communication padding.
   interface dap_owned_local
      procedure owned_local_int32, owned_local_int64
   end interface
   ! The first and last global index, from 1, that this process owns of a block.
   interface dap_owned
      procedure owned_int32, owned_int64
   end interface
   ! The global index at a position of a block's or cyclic dimension's buffer; both count from 1.
   ! The result has the kind of the position; the program stops where it does not fit.
   interface dap_global_index
      procedure global_index_int32, global_index_int64
   end interface
   ! The local index of a global index that this process owns, for a block or cyclic dimension; both
   ! count from 1 and have one kind. The result is 0 if this process does not own it.
   interface dap_local_index
      procedure local_index_int32, local_index_int64
   end interface
   ! Shares the field whose first element is at an address (`c_loc` of it), with extents and with
   ! strides in bytes. It serves components of derived types and memory of other languages, with any
   ! compiler. The strides of x(:)%c are those of x(:).
   !
   !   call dap_lend_at(c_loc(x(1)%c), DAP_REAL64, [size(x)], [storage_size(x) / 8], &
   !      dims, array, loan, code)
   interface dap_lend_at
      procedure lend_at_int32, lend_at_int64
   end interface
   ! dap_owner(layout, global, rank, local, code, error): the process, from 0, that owns an element,
   ! and the element's local index there; indices count from 1. DAP_E_TOO_SMALL if the numbers do
   ! not fit the kind of the arguments.
   interface dap_owner
      procedure owner_int32, owner_int64
   end interface
   ! dap_global(layout, rank, local, global, code, error): the element at a position of a process's
   ! buffer; indices count from 1, processes from 0.
   ! DAP_E_TOO_SMALL if the numbers do not fit the kind of the arguments.
   interface dap_global
      procedure global_int32, global_int64
   end interface
   ! Returns a copy of indices from 1 as indices from 0; dap_unstructured points to the copy.
   interface dap_zero_based
      procedure zero_based_int32, zero_based_int64
   end interface
   ! Points a pointer of the right type and rank at the local buffer. `writing` (false if absent)
   ! refuses read-only memory.
   interface dap_point
      procedure point_real32, point_real64, point_int8, point_int16, point_int32, &
         point_int64, point_complex32, point_complex64, point_bool
   end interface

   ! Each specific procedure is a C function. With `pointer, intent(in)` the compiler refuses fields
   ! without the target attribute and expressions, with `asynchronous` vector subscripts: a program
   ! in which it would make a temporary does not compile. Interfaces by
   ! `procedure(abstract), bind(C)` are shorter, but gfortran 12 passes no descriptors in the second
   ! call of such a procedure.
   interface
      subroutine dap_f_lend_real32(field, dims, array, loan, code, error) bind(C)
         import
         real(c_float), pointer, intent(in), asynchronous :: field(..)
         type(dap_dim_t), intent(in) :: dims(:)
         type(dap_array_t), intent(inout) :: array
         type(dap_loan_t), intent(inout) :: loan
         integer(c_int32_t), intent(out) :: code
         type(dap_error_t), intent(out), optional :: error
      end subroutine
      subroutine dap_f_lend_readonly_real32(field, dims, array, loan, code, error) bind(C)
         import
         real(c_float), pointer, intent(in), asynchronous :: field(..)
         type(dap_dim_t), intent(in) :: dims(:)
         type(dap_array_t), intent(inout) :: array
         type(dap_loan_t), intent(inout) :: loan
         integer(c_int32_t), intent(out) :: code
         type(dap_error_t), intent(out), optional :: error
      end subroutine
      subroutine dap_f_lend_real64(field, dims, array, loan, code, error) bind(C)
         import
         real(c_double), pointer, intent(in), asynchronous :: field(..)
         type(dap_dim_t), intent(in) :: dims(:)
         type(dap_array_t), intent(inout) :: array
         type(dap_loan_t), intent(inout) :: loan
         integer(c_int32_t), intent(out) :: code
         type(dap_error_t), intent(out), optional :: error
      end subroutine
      subroutine dap_f_lend_readonly_real64(field, dims, array, loan, code, error) bind(C)
         import
         real(c_double), pointer, intent(in), asynchronous :: field(..)
         type(dap_dim_t), intent(in) :: dims(:)
         type(dap_array_t), intent(inout) :: array
         type(dap_loan_t), intent(inout) :: loan
         integer(c_int32_t), intent(out) :: code
         type(dap_error_t), intent(out), optional :: error
      end subroutine
      subroutine dap_f_lend_int8(field, dims, array, loan, code, error) bind(C)
         import
         integer(c_int8_t), pointer, intent(in), asynchronous :: field(..)
         type(dap_dim_t), intent(in) :: dims(:)
         type(dap_array_t), intent(inout) :: array
         type(dap_loan_t), intent(inout) :: loan
         integer(c_int32_t), intent(out) :: code
         type(dap_error_t), intent(out), optional :: error
      end subroutine
      subroutine dap_f_lend_readonly_int8(field, dims, array, loan, code, error) bind(C)
         import
         integer(c_int8_t), pointer, intent(in), asynchronous :: field(..)
         type(dap_dim_t), intent(in) :: dims(:)
         type(dap_array_t), intent(inout) :: array
         type(dap_loan_t), intent(inout) :: loan
         integer(c_int32_t), intent(out) :: code
         type(dap_error_t), intent(out), optional :: error
      end subroutine
      subroutine dap_f_lend_int16(field, dims, array, loan, code, error) bind(C)
         import
         integer(c_int16_t), pointer, intent(in), asynchronous :: field(..)
         type(dap_dim_t), intent(in) :: dims(:)
         type(dap_array_t), intent(inout) :: array
         type(dap_loan_t), intent(inout) :: loan
         integer(c_int32_t), intent(out) :: code
         type(dap_error_t), intent(out), optional :: error
      end subroutine
      subroutine dap_f_lend_readonly_int16(field, dims, array, loan, code, error) bind(C)
         import
         integer(c_int16_t), pointer, intent(in), asynchronous :: field(..)
         type(dap_dim_t), intent(in) :: dims(:)
         type(dap_array_t), intent(inout) :: array
         type(dap_loan_t), intent(inout) :: loan
         integer(c_int32_t), intent(out) :: code
         type(dap_error_t), intent(out), optional :: error
      end subroutine
      subroutine dap_f_lend_int32(field, dims, array, loan, code, error) bind(C)
         import
         integer(c_int32_t), pointer, intent(in), asynchronous :: field(..)
         type(dap_dim_t), intent(in) :: dims(:)
         type(dap_array_t), intent(inout) :: array
         type(dap_loan_t), intent(inout) :: loan
         integer(c_int32_t), intent(out) :: code
         type(dap_error_t), intent(out), optional :: error
      end subroutine
      subroutine dap_f_lend_readonly_int32(field, dims, array, loan, code, error) bind(C)
         import
         integer(c_int32_t), pointer, intent(in), asynchronous :: field(..)
         type(dap_dim_t), intent(in) :: dims(:)
         type(dap_array_t), intent(inout) :: array
         type(dap_loan_t), intent(inout) :: loan
         integer(c_int32_t), intent(out) :: code
         type(dap_error_t), intent(out), optional :: error
      end subroutine
      subroutine dap_f_lend_int64(field, dims, array, loan, code, error) bind(C)
         import
         integer(c_int64_t), pointer, intent(in), asynchronous :: field(..)
         type(dap_dim_t), intent(in) :: dims(:)
         type(dap_array_t), intent(inout) :: array
         type(dap_loan_t), intent(inout) :: loan
         integer(c_int32_t), intent(out) :: code
         type(dap_error_t), intent(out), optional :: error
      end subroutine
      subroutine dap_f_lend_readonly_int64(field, dims, array, loan, code, error) bind(C)
         import
         integer(c_int64_t), pointer, intent(in), asynchronous :: field(..)
         type(dap_dim_t), intent(in) :: dims(:)
         type(dap_array_t), intent(inout) :: array
         type(dap_loan_t), intent(inout) :: loan
         integer(c_int32_t), intent(out) :: code
         type(dap_error_t), intent(out), optional :: error
      end subroutine
      subroutine dap_f_lend_complex32(field, dims, array, loan, code, error) bind(C)
         import
         complex(c_float_complex), pointer, intent(in), asynchronous :: field(..)
         type(dap_dim_t), intent(in) :: dims(:)
         type(dap_array_t), intent(inout) :: array
         type(dap_loan_t), intent(inout) :: loan
         integer(c_int32_t), intent(out) :: code
         type(dap_error_t), intent(out), optional :: error
      end subroutine
      subroutine dap_f_lend_readonly_complex32(field, dims, array, loan, code, error) bind(C)
         import
         complex(c_float_complex), pointer, intent(in), asynchronous :: field(..)
         type(dap_dim_t), intent(in) :: dims(:)
         type(dap_array_t), intent(inout) :: array
         type(dap_loan_t), intent(inout) :: loan
         integer(c_int32_t), intent(out) :: code
         type(dap_error_t), intent(out), optional :: error
      end subroutine
      subroutine dap_f_lend_complex64(field, dims, array, loan, code, error) bind(C)
         import
         complex(c_double_complex), pointer, intent(in), asynchronous :: field(..)
         type(dap_dim_t), intent(in) :: dims(:)
         type(dap_array_t), intent(inout) :: array
         type(dap_loan_t), intent(inout) :: loan
         integer(c_int32_t), intent(out) :: code
         type(dap_error_t), intent(out), optional :: error
      end subroutine
      subroutine dap_f_lend_readonly_complex64(field, dims, array, loan, code, error) bind(C)
         import
         complex(c_double_complex), pointer, intent(in), asynchronous :: field(..)
         type(dap_dim_t), intent(in) :: dims(:)
         type(dap_array_t), intent(inout) :: array
         type(dap_loan_t), intent(inout) :: loan
         integer(c_int32_t), intent(out) :: code
         type(dap_error_t), intent(out), optional :: error
      end subroutine
      subroutine dap_f_lend_bool(field, dims, array, loan, code, error) bind(C)
         import
         logical(c_bool), pointer, intent(in), asynchronous :: field(..)
         type(dap_dim_t), intent(in) :: dims(:)
         type(dap_array_t), intent(inout) :: array
         type(dap_loan_t), intent(inout) :: loan
         integer(c_int32_t), intent(out) :: code
         type(dap_error_t), intent(out), optional :: error
      end subroutine
      subroutine dap_f_lend_readonly_bool(field, dims, array, loan, code, error) bind(C)
         import
         logical(c_bool), pointer, intent(in), asynchronous :: field(..)
         type(dap_dim_t), intent(in) :: dims(:)
         type(dap_array_t), intent(inout) :: array
         type(dap_loan_t), intent(inout) :: loan
         integer(c_int32_t), intent(out) :: code
         type(dap_error_t), intent(out), optional :: error
      end subroutine
   end interface

   ! Shares a field, of any rank and strides, as the local part that `dims` describe. A borrower
   ! takes `array` over, by dap_move or in another language; until then the caller must release it.
   interface dap_lend
      procedure dap_f_lend_real32, dap_f_lend_real64, dap_f_lend_int8, &
         dap_f_lend_int16, dap_f_lend_int32, dap_f_lend_int64, &
         dap_f_lend_complex32, dap_f_lend_complex64, dap_f_lend_bool
   end interface
   ! As dap_lend, for a borrower that may not write.
   interface dap_lend_readonly
      procedure dap_f_lend_readonly_real32, dap_f_lend_readonly_real64, dap_f_lend_readonly_int8, &
         dap_f_lend_readonly_int16, dap_f_lend_readonly_int32, dap_f_lend_readonly_int64, &
         dap_f_lend_readonly_complex32, dap_f_lend_readonly_complex64, dap_f_lend_readonly_bool
   end interface

   abstract interface
      integer(c_int32_t) function text_of(array, text, capacity, needed, error) bind(C)
         import
         type(dap_array_t), intent(in) :: array
         character(kind=c_char), intent(inout) :: text(*)
         integer(c_size_t), value :: capacity
         integer(c_size_t), intent(inout) :: needed
         type(dap_error_t), intent(inout) :: error
      end function
   end interface
   procedure(text_of), bind(C, name='dap_array_describe') :: array_describe
   procedure(text_of), bind(C, name='dap_array_to_json') :: array_to_json

   interface
      integer(c_int32_t) function dap_f_lend_at(first, dtype, n_extents, extents, n_strides, strides, n_dims, dims, &
                                                read_only, loan, array, error) bind(C)
         import
         type(c_ptr), value :: first
         type(dap_dtype_t), value :: dtype
         integer(c_int64_t), value :: n_extents, n_strides, n_dims
         integer(c_int64_t), intent(in) :: extents(*), strides(*)
         type(dap_dim_t), intent(in) :: dims(*)
         integer(c_int32_t), value :: read_only
         type(dap_loan_t), intent(inout) :: loan
         type(dap_array_t), intent(inout) :: array
         type(dap_error_t), intent(out), optional :: error
      end function
      integer(c_int32_t) function dap_f_returned(loan) bind(C)
         import
         type(dap_loan_t), intent(in) :: loan
      end function
      integer(c_int32_t) function dap_f_end(loan) bind(C)
         import
         type(dap_loan_t), intent(in) :: loan
      end function
      integer(c_int32_t) function dap_f_point_real32(array, pointer, writing, error) bind(C)
         import
         type(dap_array_t), intent(in) :: array
         real(c_float), pointer, intent(inout) :: pointer(..)
         integer(c_int32_t), value :: writing
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function dap_f_point_real64(array, pointer, writing, error) bind(C)
         import
         type(dap_array_t), intent(in) :: array
         real(c_double), pointer, intent(inout) :: pointer(..)
         integer(c_int32_t), value :: writing
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function dap_f_point_int8(array, pointer, writing, error) bind(C)
         import
         type(dap_array_t), intent(in) :: array
         integer(c_int8_t), pointer, intent(inout) :: pointer(..)
         integer(c_int32_t), value :: writing
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function dap_f_point_int16(array, pointer, writing, error) bind(C)
         import
         type(dap_array_t), intent(in) :: array
         integer(c_int16_t), pointer, intent(inout) :: pointer(..)
         integer(c_int32_t), value :: writing
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function dap_f_point_bool(array, pointer, writing, error) bind(C)
         import
         type(dap_array_t), intent(in) :: array
         logical(c_bool), pointer, intent(inout) :: pointer(..)
         integer(c_int32_t), value :: writing
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function dap_f_point_int32(array, pointer, writing, error) bind(C)
         import
         type(dap_array_t), intent(in) :: array
         integer(c_int32_t), pointer, intent(inout) :: pointer(..)
         integer(c_int32_t), value :: writing
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function dap_f_point_int64(array, pointer, writing, error) bind(C)
         import
         type(dap_array_t), intent(in) :: array
         integer(c_int64_t), pointer, intent(inout) :: pointer(..)
         integer(c_int32_t), value :: writing
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function dap_f_point_complex32(array, pointer, writing, error) bind(C)
         import
         type(dap_array_t), intent(in) :: array
         complex(c_float_complex), pointer, intent(inout) :: pointer(..)
         integer(c_int32_t), value :: writing
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function dap_f_point_complex64(array, pointer, writing, error) bind(C)
         import
         type(dap_array_t), intent(in) :: array
         complex(c_double_complex), pointer, intent(inout) :: pointer(..)
         integer(c_int32_t), value :: writing
         type(dap_error_t), intent(inout) :: error
      end function
      ! The C functions, as declared in daparray.h; they return a code.
      integer(c_int32_t) function dap_array_validate(array, error) bind(C)
         import
         type(dap_array_t), intent(in) :: array
         type(dap_error_t), intent(inout) :: error
      end function
      ! Describes a ScaLAPACK descriptor as two dimensions, extents and strides in items.
      ! `by_columns` is 0 for a BLACS grid of order "Row", 1 for "Col", whose matrix is described
      ! transposed.
      integer(c_int32_t) function dap_scalapack_dims(desc, nprow, npcol, myrow, mycol, by_columns, dims, &
                                                     extents, strides, error) bind(C)
         import
         integer(c_int32_t), intent(in) :: desc(9)
         integer(c_int32_t), value :: nprow, npcol, myrow, mycol, by_columns
         type(dap_dim_t), intent(out) :: dims(2)
         integer(c_int64_t), intent(out) :: extents(2), strides(2)
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function dap_scalapack_descriptor(array, context, by_columns, desc, error) bind(C)
         import
         type(dap_array_t), intent(in) :: array
         integer(c_int32_t), value :: context, by_columns
         integer(c_int32_t), intent(out) :: desc(9)
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function array_release(array, error) bind(C, name='dap_array_release')
         import
         type(dap_array_t), intent(inout) :: array
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function array_move(from, to, error) bind(C, name='dap_array_move')
         import
         type(dap_array_t), intent(inout) :: from, to
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function array_from_json(text, length, array, error) bind(C, name='dap_array_from_json')
         import
         character(kind=c_char), intent(in) :: text(*)
         integer(c_size_t), value :: length
         type(dap_array_t), intent(inout) :: array
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function layout_from_json(text, length, layout, report, capacity, needed, error) &
         bind(C, name='dap_layout_from_json')
         import
         character(kind=c_char), intent(in) :: text(*)
         integer(c_size_t), value :: length, capacity
         type(c_ptr), intent(inout) :: layout
         character(kind=c_char), intent(inout) :: report(*)
         integer(c_size_t), intent(inout) :: needed
         type(dap_error_t), intent(inout) :: error
      end function
      subroutine layout_free(layout) bind(C, name='dap_layout_free')
         import
         type(c_ptr), value :: layout
      end subroutine
      integer(c_int32_t) function layout_ndim(layout, ndim, error) bind(C, name='dap_layout_ndim')
         import
         type(c_ptr), value :: layout
         integer(c_int32_t), intent(inout) :: ndim
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function layout_owner(layout, global, rank, local, error) bind(C, name='dap_layout_owner')
         import
         type(c_ptr), value :: layout
         integer(c_int64_t), intent(in) :: global(*)
         integer(c_int64_t), intent(inout) :: rank, local(*)
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function layout_global(layout, rank, local, global, error) bind(C, name='dap_layout_global')
         import
         type(c_ptr), value :: layout
         integer(c_int64_t), value :: rank
         integer(c_int64_t), intent(in) :: local(*)
         integer(c_int64_t), intent(inout) :: global(*)
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function rule_id(code, text, capacity, needed) bind(C, name='dap_rule_id')
         import
         integer(c_int32_t), value :: code
         character(kind=c_char), intent(inout) :: text(*)
         integer(c_size_t), value :: capacity
         integer(c_size_t), intent(inout) :: needed
      end function
   end interface

contains

   ! Tests that the types have the sizes of the header: 8, 4, 128, 32, 128 and 256 bytes.
   pure logical function dap_sizes_agree() result(agree)
      type(dap_version_t) :: version
      type(dap_dtype_t) :: dtype
      type(dap_dim_t) :: dim
      type(dap_block_t) :: block
      type(dap_array_t) :: array
      type(dap_error_t) :: error
      agree = c_sizeof(version) == 8 .and. c_sizeof(dtype) == 4 .and. c_sizeof(dim) == 128 .and. &
         c_sizeof(block) == 32 .and. c_sizeof(array) == 128 .and. c_sizeof(error) == 256
   end function

   ! ---- dimensions ----

   pure type(dap_dim_t) function block_int64(size, processes, rank, lo, hi, pad_lo, pad_hi, periodic) result(dim)
      integer(int64), intent(in) :: size, processes, rank, lo, hi
      integer(int64), intent(in), optional :: pad_lo, pad_hi
      logical, intent(in), optional :: periodic
      dim%size = size
      dim%proc_grid_size = processes
      dim%proc_grid_rank = rank
      dim%start = lo - 1
      dim%stop = hi
      if (present(pad_lo)) dim%pad_lo = pad_lo
      if (present(pad_hi)) dim%pad_hi = pad_hi
      if (present(periodic)) dim%flags = merge(DAP_DIM_PERIODIC, 0_c_int32_t, periodic)
   end function

   pure type(dap_dim_t) function block_int32(size, processes, rank, lo, hi, pad_lo, pad_hi, periodic) result(dim)
      integer(int32), intent(in) :: size, processes, rank, lo, hi
      integer(int32), intent(in), optional :: pad_lo, pad_hi
      logical, intent(in), optional :: periodic
      integer(int64) :: below, above
      below = 0
      above = 0
      if (present(pad_lo)) below = pad_lo
      if (present(pad_hi)) above = pad_hi
      dim = block_int64(int(size, int64), int(processes, int64), int(rank, int64), int(lo, int64), int(hi, int64), &
         below, above, periodic)
   end function

   pure type(dap_dim_t) function block_size_int64(size, processes, rank, lo, hi, pad_lo, pad_hi, periodic) result(dim)
      integer(int64), intent(in) :: size, lo, hi
      integer(int32), intent(in) :: processes, rank
      integer(int32), intent(in), optional :: pad_lo, pad_hi
      logical, intent(in), optional :: periodic
      dim = block_int64(size, int(processes, int64), int(rank, int64), lo, hi, periodic=periodic)
      if (present(pad_lo)) dim%pad_lo = pad_lo
      if (present(pad_hi)) dim%pad_hi = pad_hi
   end function

   pure type(dap_dim_t) function whole_int64(size) result(dim)
      integer(int64), intent(in) :: size
      dim%size = size
      dim%stop = size
   end function

   pure type(dap_dim_t) function whole_int32(size) result(dim)
      integer(int32), intent(in) :: size
      dim = whole_int64(int(size, int64))
   end function

   pure type(dap_dim_t) function cyclic_int64(size, processes, rank, block_size) result(dim)
      integer(int64), intent(in) :: size, processes, rank, block_size
      dim%size = size
      dim%proc_grid_size = processes
      dim%proc_grid_rank = rank
      dim%dist_type = DAP_TYPE_CYCLIC
      dim%block_size = block_size
      dim%start = size
      if (block_size > 0) then
         if (rank <= huge(rank) / block_size) dim%start = rank * block_size
      end if
   end function

   pure type(dap_dim_t) function cyclic_int32(size, processes, rank, block_size) result(dim)
      integer(int32), intent(in) :: size, processes, rank, block_size
      dim = cyclic_int64(int(size, int64), int(processes, int64), int(rank, int64), int(block_size, int64))
   end function

   pure type(dap_dim_t) function cyclic_size_int64(size, processes, rank, block_size) result(dim)
      integer(int64), intent(in) :: size
      integer(int32), intent(in) :: processes, rank, block_size
      dim = cyclic_int64(size, int(processes, int64), int(rank, int64), int(block_size, int64))
   end function

   pure function zero_based_int64(indices) result(zero_based)
      integer(int64), intent(in) :: indices(:)
      integer(int64) :: zero_based(size(indices))
      zero_based = indices - 1
   end function

   pure function zero_based_int32(indices) result(zero_based)
      integer(int32), intent(in) :: indices(:)
      integer(int64) :: zero_based(size(indices))
      zero_based = int(indices, int64) - 1
   end function

   type(dap_dim_t) function unstructured_int32(size_, processes, rank, indices, one_to_one) result(dim)
      integer(int32), intent(in) :: size_, processes, rank
      integer(int64), intent(in), target, contiguous :: indices(:)
      logical, intent(in), optional :: one_to_one
      dim = unstructured_int64(int(size_, int64), int(processes, int64), int(rank, int64), indices, one_to_one)
   end function

   type(dap_dim_t) function unstructured_size_int64(size_, processes, rank, indices, one_to_one) result(dim)
      integer(int64), intent(in) :: size_
      integer(int32), intent(in) :: processes, rank
      integer(int64), intent(in), target, contiguous :: indices(:)
      logical, intent(in), optional :: one_to_one
      dim = unstructured_int64(size_, int(processes, int64), int(rank, int64), indices, one_to_one)
   end function

   type(dap_dim_t) function unstructured_int64(size_, processes, rank, indices, one_to_one) result(dim)
      integer(int64), intent(in) :: size_, processes, rank
      integer(int64), intent(in), target, contiguous :: indices(:)
      logical, intent(in), optional :: one_to_one
      dim%size = size_
      dim%proc_grid_size = processes
      dim%proc_grid_rank = rank
      dim%dist_type = DAP_TYPE_UNSTRUCTURED
      dim%n_indices = size(indices, kind=int64)
      if (size(indices) > 0) dim%indices = c_loc(indices)
      if (present(one_to_one)) dim%flags = merge(DAP_DIM_ONE_TO_ONE, 0_c_int32_t, one_to_one)
   end function

   ! A number of 64 bits as one of the default kind; the program stops where it does not fit.
   pure integer(int32) function narrow(number)
      integer(int64), intent(in) :: number
      if (abs(number) > huge(narrow)) error stop 'daparray: an index is beyond 32 bits: use integer(int64) here'
      narrow = int(number, int32)
   end function

   pure subroutine owned_local_int32(dim, lo, hi)
      type(dap_dim_t), intent(in) :: dim
      integer(int32), intent(out) :: lo, hi
      integer(int64) :: first, last
      call owned_local_int64(dim, first, last)
      lo = narrow(first)
      hi = narrow(last)
   end subroutine

   pure subroutine owned_local_int64(dim, lo, hi)
      type(dap_dim_t), intent(in) :: dim
      integer(int64), intent(out) :: lo, hi
      lo = 1
      hi = dim%stop - dim%start
      if (dim%proc_grid_rank > 0) lo = lo + dim%pad_lo
      if (dim%proc_grid_rank < dim%proc_grid_size - 1) hi = hi - dim%pad_hi
   end subroutine

   pure subroutine owned_int32(dim, lo, hi)
      type(dap_dim_t), intent(in) :: dim
      integer(int32), intent(out) :: lo, hi
      integer(int64) :: first, last
      call owned_int64(dim, first, last)
      lo = narrow(first)
      hi = narrow(last)
   end subroutine

   pure subroutine owned_int64(dim, lo, hi)
      type(dap_dim_t), intent(in) :: dim
      integer(int64), intent(out) :: lo, hi
      call owned_local_int64(dim, lo, hi)
      lo = lo + dim%start
      hi = hi + dim%start
   end subroutine

   pure integer(int32) function global_index_int32(dim, local) result(global)
      type(dap_dim_t), intent(in) :: dim
      integer(int32), intent(in) :: local
      global = narrow(global_index_int64(dim, int(local, int64)))
   end function

   pure integer(int64) function global_index_int64(dim, local) result(global)
      type(dap_dim_t), intent(in) :: dim
      integer(int64), intent(in) :: local
      global = dim%start + local
      if (dim%dist_type == DAP_TYPE_CYCLIC) global = dim%start + 1 + mod(local - 1, dim%block_size) + &
         (local - 1) / dim%block_size * dim%block_size * dim%proc_grid_size
   end function

   ! A local index is at most the global one, so it fits.
   pure integer(int32) function local_index_int32(dim, global) result(local)
      type(dap_dim_t), intent(in) :: dim
      integer(int32), intent(in) :: global
      local = int(local_index_int64(dim, int(global, int64)), int32)
   end function

   pure integer(int64) function local_index_int64(dim, global) result(local)
      type(dap_dim_t), intent(in) :: dim
      integer(int64), intent(in) :: global
      integer(int64) :: lo, hi, distance, period
      local = 0
      if (global < 1 .or. global > dim%size) return
      if (dim%dist_type == DAP_TYPE_BLOCK) then
         call owned_int64(dim, lo, hi)
         if (global >= lo .and. global <= hi) local = global - dim%start
      else if (dim%dist_type == DAP_TYPE_CYCLIC .and. global > dim%start) then
         distance = global - 1 - dim%start
         period = huge(period)
         if (dim%block_size <= period / dim%proc_grid_size) period = dim%block_size * dim%proc_grid_size
         if (mod(distance, period) < dim%block_size) local = distance / period * dim%block_size + mod(distance, period) + 1
      end if
   end function

   ! ---- lending ----

   subroutine lend_at_int32(first, dtype, extents, strides, dims, array, loan, code, error, read_only)
      type(c_ptr), intent(in) :: first
      type(dap_dtype_t), intent(in) :: dtype
      integer(int32), intent(in) :: extents(:), strides(:)
      type(dap_dim_t), intent(in) :: dims(:)
      type(dap_array_t), intent(inout) :: array
      type(dap_loan_t), intent(inout) :: loan
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      logical, intent(in), optional :: read_only
      call lend_at_int64(first, dtype, int(extents, int64), int(strides, int64), dims, array, loan, code, error, read_only)
   end subroutine

   subroutine lend_at_int64(first, dtype, extents, strides, dims, array, loan, code, error, read_only)
      type(c_ptr), intent(in) :: first
      type(dap_dtype_t), intent(in) :: dtype
      integer(int64), intent(in) :: extents(:), strides(:)
      type(dap_dim_t), intent(in) :: dims(:)
      type(dap_array_t), intent(inout) :: array
      type(dap_loan_t), intent(inout) :: loan
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      logical, intent(in), optional :: read_only
      code = dap_f_lend_at(first, dtype, size(extents, kind=int64), extents, size(strides, kind=int64), strides, &
         size(dims, kind=int64), dims, as_int(read_only), loan, array, error)
   end subroutine

   ! Whether the loan has been returned: the borrower has released the field, and its writes are
   ! visible.
   logical function dap_returned(loan) result(returned)
      type(dap_loan_t), intent(in) :: loan
      returned = dap_f_returned(loan) /= 0
   end function

   ! Ends a loan that has been returned. `.false.`: a borrower has the field, which must not be
   ! written or freed, and the loan stays active; call again later. `.true.`: no borrower has the
   ! field by this loan.
   logical function dap_end_loan(loan) result(ended)
      type(dap_loan_t), intent(in) :: loan
      ended = dap_f_end(loan) /= 0
   end function

   ! Releases the array, unless a borrower took it, and ends the loan; `.false.`: a borrower has the
   ! field.
   logical function end_scoped(self) result(ended)
      class(dap_scoped_loan_t), intent(inout) :: self
      call dap_release(self%array)
      ended = self%loan%number == 0
      if (ended) return
      ended = dap_end_loan(self%loan)
      if (ended) self%loan = dap_loan_t()
   end function

   impure elemental subroutine finish_scoped(self)
      type(dap_scoped_loan_t), intent(inout) :: self
      if (.not. end_scoped(self)) write (error_unit, '(2a)') 'daparray: a scoped loan ends while a borrower has the field: ', &
         'it must not be freed before the borrower has released it'
   end subroutine

   ! Two variables for one loan would end it twice.
   subroutine assign_scoped(to, from)
      class(dap_scoped_loan_t), intent(inout) :: to
      type(dap_scoped_loan_t), intent(in) :: from
      associate (same => to%loan%number == from%loan%number); end associate
      error stop 'daparray: a dap_scoped_loan_t is not assigned: pass the variable itself'
   end subroutine

   ! 0, or the reason why the struct must not be read.
   pure integer(c_int32_t) function dap_check(array) result(code)
      type(dap_array_t), intent(in) :: array
      code = DAP_OK
      if (array%version%major /= 0) then
         code = DAP_E_VERSION
      else if (.not. c_associated(array%release)) then
         code = DAP_E_RELEASED
      else if (iand(array%flags, int(z'7fffffff00000000', c_int64_t)) /= 0 .or. array%flags < 0) then
         code = DAP_E_FLAGS
      end if
   end function

   ! Releases all that the struct owns; a moved or released struct is left unchanged.
   subroutine dap_release(array)
      type(dap_array_t), intent(inout) :: array
      type(dap_error_t) :: error
      integer(c_int32_t) :: code
      if (c_associated(array%release)) code = array_release(array, error)
   end subroutine

   ! Moves the contents of `from` to `to`; `from` becomes a released struct.
   subroutine dap_move(from, to, code)
      type(dap_array_t), intent(inout) :: from, to
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t) :: error
      code = array_move(from, to, error)
   end subroutine

   ! ---- the other direction: pointers to other libraries' memory ----

   subroutine point_real32(array, pointer, code, error, writing)
      type(dap_array_t), intent(in) :: array
      real(c_float), pointer, intent(inout) :: pointer(..)
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      logical, intent(in), optional :: writing
      type(dap_error_t) :: why
      code = dap_f_point_real32(array, pointer, as_int(writing), why)
      if (present(error)) error = why
   end subroutine

   subroutine point_real64(array, pointer, code, error, writing)
      type(dap_array_t), intent(in) :: array
      real(c_double), pointer, intent(inout) :: pointer(..)
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      logical, intent(in), optional :: writing
      type(dap_error_t) :: why
      code = dap_f_point_real64(array, pointer, as_int(writing), why)
      if (present(error)) error = why
   end subroutine

   subroutine point_int8(array, pointer, code, error, writing)
      type(dap_array_t), intent(in) :: array
      integer(c_int8_t), pointer, intent(inout) :: pointer(..)
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      logical, intent(in), optional :: writing
      type(dap_error_t) :: why
      code = dap_f_point_int8(array, pointer, as_int(writing), why)
      if (present(error)) error = why
   end subroutine

   subroutine point_int16(array, pointer, code, error, writing)
      type(dap_array_t), intent(in) :: array
      integer(c_int16_t), pointer, intent(inout) :: pointer(..)
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      logical, intent(in), optional :: writing
      type(dap_error_t) :: why
      code = dap_f_point_int16(array, pointer, as_int(writing), why)
      if (present(error)) error = why
   end subroutine

   subroutine point_bool(array, pointer, code, error, writing)
      type(dap_array_t), intent(in) :: array
      logical(c_bool), pointer, intent(inout) :: pointer(..)
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      logical, intent(in), optional :: writing
      type(dap_error_t) :: why
      code = dap_f_point_bool(array, pointer, as_int(writing), why)
      if (present(error)) error = why
   end subroutine

   subroutine point_int32(array, pointer, code, error, writing)
      type(dap_array_t), intent(in) :: array
      integer(c_int32_t), pointer, intent(inout) :: pointer(..)
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      logical, intent(in), optional :: writing
      type(dap_error_t) :: why
      code = dap_f_point_int32(array, pointer, as_int(writing), why)
      if (present(error)) error = why
   end subroutine

   subroutine point_int64(array, pointer, code, error, writing)
      type(dap_array_t), intent(in) :: array
      integer(c_int64_t), pointer, intent(inout) :: pointer(..)
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      logical, intent(in), optional :: writing
      type(dap_error_t) :: why
      code = dap_f_point_int64(array, pointer, as_int(writing), why)
      if (present(error)) error = why
   end subroutine

   subroutine point_complex32(array, pointer, code, error, writing)
      type(dap_array_t), intent(in) :: array
      complex(c_float_complex), pointer, intent(inout) :: pointer(..)
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      logical, intent(in), optional :: writing
      type(dap_error_t) :: why
      code = dap_f_point_complex32(array, pointer, as_int(writing), why)
      if (present(error)) error = why
   end subroutine

   subroutine point_complex64(array, pointer, code, error, writing)
      type(dap_array_t), intent(in) :: array
      complex(c_double_complex), pointer, intent(inout) :: pointer(..)
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      logical, intent(in), optional :: writing
      type(dap_error_t) :: why
      code = dap_f_point_complex64(array, pointer, as_int(writing), why)
      if (present(error)) error = why
   end subroutine

   pure integer(c_int32_t) function as_int(writing)
      logical, intent(in), optional :: writing
      as_int = 0
      if (present(writing)) as_int = merge(1_c_int32_t, 0_c_int32_t, writing)
   end function

   ! ---- texts ----

   ! The sentence of an error, and its dimension, counted from 1. Sentences come from C and count
   ! indices and dimensions from 0: where one has such a number, the text says so.
   pure function dap_message(error) result(message)
      type(dap_error_t), intent(in) :: error
      character(:), allocatable :: message, note
      character(20) :: number
      message = dap_c_text(error%message)
      note = ''
      if (error%dim >= 0) then
         write (number, '(i0)') error%dim + 1
         note = 'in dimension '//trim(number)//', counted from 1'
      end if
      if (counts_from_0(message)) then
         if (len(note) > 0) note = note//'; '
         note = note//'this sentence counts from 0'
      end if
      if (len(message) > 0 .and. len(note) > 0) message = message//' ('//note//')'
   end function

   ! Whether a sentence of C has numbers of indices or dimensions.
   pure logical function counts_from_0(sentence) result(found)
      character(*), intent(in) :: sentence
      character(7), parameter :: words(4) = [character(7) :: '`start`', '`stop`', 'index', 'indices']
      integer :: k
      found = .false.
      do k = 1, size(words)
         found = found .or. index(sentence, trim(words(k))) > 0
      end do
      k = index(sentence, 'dimension ')
      if (k > 0 .and. k + 10 <= len(sentence)) found = found .or. scan(sentence(k + 10:k + 10), '0123456789') > 0
   end function

   ! An error with this code and sentence, for the modules of this library.
   pure type(dap_error_t) function dap_error_of(code, sentence) result(error)
      integer(c_int32_t), intent(in) :: code
      character(*), intent(in) :: sentence
      integer :: k
      error%code = code
      do k = 1, min(len(sentence), size(error%message) - 1)
         error%message(k) = sentence(k:k)
      end do
   end function

   ! The id of a code's rule, such as DAP304; empty for a code that is not a rule.
   function dap_rule(code) result(id)
      integer(c_int32_t), intent(in) :: code
      character(:), allocatable :: id
      character(kind=c_char) :: text(16)
      integer(c_size_t) :: needed
      id = ''
      if (rule_id(code, text, size(text, kind=c_size_t), needed) == DAP_OK) id = dap_c_text(text)
   end function

   ! A few lines about a struct; empty if it cannot be read.
   function dap_describe(array) result(text)
      type(dap_array_t), intent(in) :: array
      character(:), allocatable :: text
      text = told(array, array_describe)
   end function

   ! The export as JSON, for a file or another process; empty if the struct cannot be read.
   function dap_to_json(array) result(text)
      type(dap_array_t), intent(in) :: array
      character(:), allocatable :: text
      text = told(array, array_to_json)
   end function

   ! The text of a C function about a struct, which is asked for its length first.
   function told(array, question) result(text)
      type(dap_array_t), intent(in) :: array
      procedure(text_of) :: question
      character(:), allocatable :: text
      character(kind=c_char), allocatable :: room(:)
      integer(c_size_t) :: needed
      type(dap_error_t) :: error
      allocate (room(1))
      needed = 0
      if (question(array, room, 1_c_size_t, needed, error) == DAP_E_TOO_SMALL) then
         deallocate (room)
         allocate (room(needed))
         if (question(array, room, needed, needed, error) /= DAP_OK) room(1) = c_null_char
      end if
      text = dap_c_text(room)
   end function

   ! Makes a description without memory from JSON.
   subroutine dap_array_from_json(text, array, code, error)
      character(*), intent(in) :: text
      type(dap_array_t), intent(inout) :: array
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      type(dap_error_t) :: why
      code = array_from_json(to_c(text), len(text, kind=c_size_t), array, why)
      if (present(error)) error = why
   end subroutine

   ! The text of C before its end, for the modules of this library.
   pure function dap_c_text(text) result(string)
      character(kind=c_char), intent(in) :: text(:)
      character(:), allocatable :: string
      integer :: length, k
      length = findloc(text, c_null_char, dim=1) - 1
      if (length < 0) length = size(text)
      allocate (character(length) :: string)
      do k = 1, length
         string(k:k) = text(k)
      end do
   end function

   pure function to_c(string) result(text)
      character(*), intent(in) :: string
      character(kind=c_char) :: text(len(string) + 1)
      integer :: k
      do k = 1, len(string)
         text(k) = string(k:k)
      end do
      text(len(string) + 1) = c_null_char
   end function

   ! ---- all processes together ----

   ! The layout of a whole array from the JSON of all processes: one export per line, in rank order,
   ! or a bundle.
   subroutine dap_layout_from_json(text, layout, code, error, report)
      character(*), intent(in) :: text
      type(dap_layout_t), intent(out) :: layout
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      character(:), allocatable, intent(out), optional :: report
      character(kind=c_char), allocatable :: room(:)
      integer(c_size_t) :: needed
      type(dap_error_t) :: why
      allocate (room(4096))
      do
         room(1) = c_null_char
         needed = 0
         code = layout_from_json(to_c(text), len(text, kind=c_size_t), layout%handle, room, size(room, kind=c_size_t), &
            needed, why)
         if (.not. present(report) .or. needed <= size(room, kind=c_size_t)) exit
         ! Repeat the call with room for the whole report.
         call dap_layout_free(layout)
         deallocate (room)
         allocate (room(needed))
      end do
      if (present(error)) error = why
      if (present(report)) report = dap_c_text(room)
      if (code == DAP_OK) layout = dap_layout_adopt(layout%handle)
   end subroutine

   ! Takes over a layout that a C function made; dap_layout_free frees it.
   type(dap_layout_t) function dap_layout_adopt(handle) result(layout)
      type(c_ptr), intent(in) :: handle
      type(dap_error_t) :: error
      integer(c_int32_t) :: ndim
      ndim = 0
      if (layout_ndim(handle, ndim, error) /= DAP_OK) ndim = 0
      layout%handle = handle
      layout%ndim = ndim
   end function

   ! The C handle of a layout, for functions such as those of daparray_plan.
   type(c_ptr) function dap_layout_handle(layout) result(handle)
      type(dap_layout_t), intent(in) :: layout
      handle = layout%handle
   end function

   subroutine dap_layout_free(layout)
      type(dap_layout_t), intent(inout) :: layout
      call layout_free(layout%handle)
      layout%handle = c_null_ptr
   end subroutine

   subroutine owner_int32(layout, global, rank, local, code, error)
      type(dap_layout_t), intent(in) :: layout
      integer(int32), intent(in) :: global(:)
      integer(int32), intent(out) :: rank, local(:)
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      integer(int64) :: its_rank, place(size(local))
      call owner_int64(layout, int(global, int64), its_rank, place, code, error)
      if (code == DAP_OK) call fits([its_rank, place], code, error)
      rank = -1
      local = 0
      if (code /= DAP_OK) return
      rank = int(its_rank, int32)
      local = int(place, int32)
   end subroutine

   subroutine owner_int64(layout, global, rank, local, code, error)
      type(dap_layout_t), intent(in) :: layout
      integer(int64), intent(in) :: global(:)
      integer(int64), intent(out) :: rank, local(:)
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      type(dap_error_t) :: why
      rank = -1
      local = 0
      call one_a_dimension(layout, [size(global), size(local)], why)
      code = why%code
      if (code == DAP_OK) code = layout_owner(layout%handle, global - 1, rank, local, why)
      if (code == DAP_OK) local = local + 1
      if (present(error)) error = why
   end subroutine

   subroutine global_int32(layout, rank, local, global, code, error)
      type(dap_layout_t), intent(in) :: layout
      integer(int32), intent(in) :: rank, local(:)
      integer(int32), intent(out) :: global(:)
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      integer(int64) :: element(size(global))
      call global_int64(layout, int(rank, int64), int(local, int64), element, code, error)
      if (code == DAP_OK) call fits(element, code, error)
      global = 0
      if (code == DAP_OK) global = int(element, int32)
   end subroutine

   subroutine global_int64(layout, rank, local, global, code, error)
      type(dap_layout_t), intent(in) :: layout
      integer(int64), intent(in) :: rank, local(:)
      integer(int64), intent(out) :: global(:)
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      type(dap_error_t) :: why
      global = 0
      call one_a_dimension(layout, [size(global), size(local)], why)
      code = why%code
      if (code == DAP_OK) code = layout_global(layout%handle, rank, local - 1, global, why)
      if (code == DAP_OK) global = global + 1
      if (present(error)) error = why
   end subroutine

   ! Refuses lists of indices that do not have one index for each dimension of the layout.
   subroutine one_a_dimension(layout, counts, why)
      type(dap_layout_t), intent(in) :: layout
      integer, intent(in) :: counts(2)
      type(dap_error_t), intent(out) :: why
      character(80) :: sentence
      if (all(counts == layout%ndim)) return
      write (sentence, '(3(a, i0))') 'give one index a dimension: the lists have ', counts(1), ' and ', counts(2), &
         ', the layout has ', layout%ndim
      why = dap_error_of(DAP_E_ARGUMENT, trim(sentence))
   end subroutine

   ! Refuses numbers beyond the default kind.
   subroutine fits(numbers, code, error)
      integer(int64), intent(in) :: numbers(:)
      integer(c_int32_t), intent(inout) :: code
      type(dap_error_t), intent(inout), optional :: error
      if (all(abs(numbers) <= huge(0_int32))) return
      code = DAP_E_TOO_SMALL
      if (present(error)) error = dap_error_of(code, 'a number is beyond 32 bits: ask with a 64-bit integer')
   end subroutine

end module
