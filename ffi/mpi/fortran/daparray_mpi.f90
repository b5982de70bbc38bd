! daparray_mpi: moves distributed arrays, and fills their halos, over MPI.
!
! Communicators are the integers of `use mpi`; with mpi_f08, pass comm%MPI_VAL. All procedures
! except those that free are collective. The ranks agree before any memory is written: an error of
! one rank is DAP_E_REMOTE on the others. Link libdaparray_mpi (`pkg-config --libs daparray_mpi`)
! and compile this file after daparray.f90.
!
!   call dap_redistribute(comm, mine, theirs, code, error)
!
!   call dap_halo_new(comm, field, .false., halo, code)
!   do step = 1, steps
!      call dap_halo_start(halo, field, code)
!      ... the interior ...
!      call dap_halo_finish(halo, field, code)
!      ... the elements beside the halo ...
!   end do
module daparray_mpi
   use, intrinsic :: iso_c_binding
   use daparray
   implicit none
   private

   public :: dap_redistribute, dap_reshape
   public :: dap_move_t, dap_move_new, dap_move_new_reshape, dap_move_execute, dap_move_free
   public :: dap_halo_t, dap_halo_new, dap_halo_start, dap_halo_finish, dap_halo_exchange, dap_halo_free
   public :: dap_allocate, dap_deallocate

   type :: dap_move_t
      private
      type(c_ptr) :: handle = c_null_ptr
   end type

   type :: dap_halo_t
      private
      type(c_ptr) :: handle = c_null_ptr
   end type

   ! Allocates memory that the other processes of a node read in place, for fields that are to be
   ! moved: a move then copies its elements only once. `bytes` is of the default kind or int64.
   !
   !   call dap_allocate(comm, 8_int64 * rows * columns, memory, code, error)
   !   call c_f_pointer(memory, field, [rows, columns])
   interface dap_allocate
      procedure allocate_int32, allocate_int64
   end interface

   interface
      integer(c_int32_t) function redistribute(comm, source, target, error) bind(C, name='dap_mpi_redistribute_f')
         import
         integer(c_int), value :: comm
         type(dap_array_t), intent(in), optional :: source, target
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function reshape_once(comm, source, target, error) bind(C, name='dap_mpi_reshape_f')
         import
         integer(c_int), value :: comm
         type(dap_array_t), intent(in), optional :: source, target
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function move_new_reshape(comm, source, target, move, error) bind(C, name='dap_mpi_move_new_reshape_f')
         import
         integer(c_int), value :: comm
         type(dap_array_t), intent(in), optional :: source, target
         type(c_ptr), intent(inout) :: move
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function move_new(comm, source, target, move, error) bind(C, name='dap_mpi_move_new_f')
         import
         integer(c_int), value :: comm
         type(dap_array_t), intent(in), optional :: source, target
         type(c_ptr), intent(inout) :: move
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function move_execute(move, source, target, error) bind(C, name='dap_mpi_move_execute')
         import
         type(c_ptr), value :: move
         type(dap_array_t), intent(in), optional :: source, target
         type(dap_error_t), intent(inout) :: error
      end function
      subroutine move_free(move) bind(C, name='dap_mpi_move_free')
         import
         type(c_ptr), value :: move
      end subroutine
      integer(c_int32_t) function halo_new(comm, array, corners, halo, error) bind(C, name='dap_mpi_halo_new_f')
         import
         integer(c_int), value :: comm
         type(dap_array_t), intent(in), optional :: array
         integer(c_int32_t), value :: corners
         type(c_ptr), intent(inout) :: halo
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function halo_start(halo, array, error) bind(C, name='dap_mpi_halo_start')
         import
         type(c_ptr), value :: halo
         type(dap_array_t), intent(in), optional :: array
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function halo_finish(halo, array, error) bind(C, name='dap_mpi_halo_finish')
         import
         type(c_ptr), value :: halo
         type(dap_array_t), intent(in), optional :: array
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function halo_exchange(halo, array, error) bind(C, name='dap_mpi_halo_exchange')
         import
         type(c_ptr), value :: halo
         type(dap_array_t), intent(in), optional :: array
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function allocate_bytes(comm, bytes, memory, error) bind(C, name='dap_mpi_allocate_f')
         import
         integer(c_int), value :: comm
         integer(c_int64_t), value :: bytes
         type(c_ptr), intent(inout) :: memory
         type(dap_error_t), intent(inout) :: error
      end function
      subroutine release_bytes(memory) bind(C, name='dap_mpi_release')
         import
         type(c_ptr), value :: memory
      end subroutine
      subroutine halo_free(halo) bind(C, name='dap_mpi_halo_free')
         import
         type(c_ptr), value :: halo
      end subroutine
   end interface

contains

   ! Moves an array from one distribution to another. A rank that has no part of one array leaves it
   ! out, by name: source=..., target=...
   subroutine dap_redistribute(comm, source, target, code, error)
      integer, intent(in) :: comm
      type(dap_array_t), intent(in), optional :: source, target
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      type(dap_error_t) :: why
      code = redistribute(int(comm, c_int), source, target, why)
      if (present(error)) error = why
   end subroutine

   ! Moves the items of an array to an array of another shape, in the same row-major order: the LAST
   ! index varies fastest, as in C and NumPy. It is not Fortran's `reshape`, and arrays in Fortran
   ! order are copied slowly. Otherwise as dap_redistribute.
   subroutine dap_reshape(comm, source, target, code, error)
      integer, intent(in) :: comm
      type(dap_array_t), intent(in), optional :: source, target
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      type(dap_error_t) :: why
      code = reshape_once(int(comm, c_int), source, target, why)
      if (present(error)) error = why
   end subroutine

   ! Prepares to reshape arrays with the distribution of `source` into arrays with the distribution
   ! of `target`.
   subroutine dap_move_new_reshape(comm, source, target, move, code, error)
      integer, intent(in) :: comm
      type(dap_array_t), intent(in), optional :: source, target
      type(dap_move_t), intent(out) :: move
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      type(dap_error_t) :: why
      code = move_new_reshape(int(comm, c_int), source, target, move%handle, why)
      if (present(error)) error = why
   end subroutine

   ! Prepares a move for arrays with these distributions.
   subroutine dap_move_new(comm, source, target, move, code, error)
      integer, intent(in) :: comm
      type(dap_array_t), intent(in), optional :: source, target
      type(dap_move_t), intent(out) :: move
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      type(dap_error_t) :: why
      code = move_new(int(comm, c_int), source, target, move%handle, why)
      if (present(error)) error = why
   end subroutine

   subroutine dap_move_execute(move, source, target, code, error)
      type(dap_move_t), intent(in) :: move
      type(dap_array_t), intent(in), optional :: source, target
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      type(dap_error_t) :: why
      code = move_execute(move%handle, source, target, why)
      if (present(error)) error = why
   end subroutine

   subroutine dap_move_free(move)
      type(dap_move_t), intent(inout) :: move
      call move_free(move%handle)
      move%handle = c_null_ptr
   end subroutine

   ! Prepares to fill the halo of arrays with this distribution; with the elements of diagonal
   ! neighbours if `corners`.
   subroutine dap_halo_new(comm, array, corners, halo, code, error)
      integer, intent(in) :: comm
      type(dap_array_t), intent(in), optional :: array
      logical, intent(in) :: corners
      type(dap_halo_t), intent(out) :: halo
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      type(dap_error_t) :: why
      code = halo_new(int(comm, c_int), array, merge(1_c_int32_t, 0_c_int32_t, corners), halo%handle, why)
      if (present(error)) error = why
   end subroutine

   ! Begins: packs the elements for the neighbours. From then on, owned elements may be written
   ! again, also before dap_halo_finish.
   subroutine dap_halo_start(halo, array, code, error)
      type(dap_halo_t), intent(in) :: halo
      type(dap_array_t), intent(in), optional :: array
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      type(dap_error_t) :: why
      code = halo_start(halo%handle, array, why)
      if (present(error)) error = why
   end subroutine

   ! Ends: the halo is filled.
   subroutine dap_halo_finish(halo, array, code, error)
      type(dap_halo_t), intent(in) :: halo
      type(dap_array_t), intent(in), optional :: array
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      type(dap_error_t) :: why
      code = halo_finish(halo%handle, array, why)
      if (present(error)) error = why
   end subroutine

   ! Both halves at once.
   subroutine dap_halo_exchange(halo, array, code, error)
      type(dap_halo_t), intent(in) :: halo
      type(dap_array_t), intent(in), optional :: array
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      type(dap_error_t) :: why
      code = halo_exchange(halo%handle, array, why)
      if (present(error)) error = why
   end subroutine

   subroutine dap_halo_free(halo)
      type(dap_halo_t), intent(inout) :: halo
      call halo_free(halo%handle)
      halo%handle = c_null_ptr
   end subroutine

   subroutine allocate_int32(comm, bytes, memory, code, error)
      integer, intent(in) :: comm
      integer(c_int32_t), intent(in) :: bytes
      type(c_ptr), intent(out) :: memory
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      call allocate_int64(comm, int(bytes, c_int64_t), memory, code, error)
   end subroutine

   subroutine allocate_int64(comm, bytes, memory, code, error)
      integer, intent(in) :: comm
      integer(c_int64_t), intent(in) :: bytes
      type(c_ptr), intent(out) :: memory
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      type(dap_error_t) :: why
      memory = c_null_ptr
      code = allocate_bytes(int(comm, c_int), bytes, memory, why)
      if (present(error)) error = why
   end subroutine

   ! Frees the memory, after the last use of the field. The call is local to this process.
   subroutine dap_deallocate(memory)
      type(c_ptr), intent(inout) :: memory
      call release_bytes(memory)
      memory = c_null_ptr
   end subroutine

end module
