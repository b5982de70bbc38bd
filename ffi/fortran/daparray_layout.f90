! daparray_layout: questions to the layout of a whole array, and the texts of rules. Compile this file behind daparray.f90.
!
! Processes are numbered from 0. What is asked of a layout that is none, or of a rank that is not there, is empty.
module daparray_layout
   use, intrinsic :: iso_c_binding
   use, intrinsic :: iso_fortran_env, only: int64
   use daparray
   implicit none
   private

   public :: dap_layout_processes, dap_layout_shape, dap_layout_grid, dap_layout_local_shape, dap_layout_owned_shape
   public :: dap_layout_describe, dap_strerror, dap_rule_page

   abstract interface
      integer(c_int32_t) function extents(layout, shape, error) bind(C)
         import
         type(c_ptr), value :: layout
         integer(c_int64_t), intent(inout) :: shape(*)
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function extents_of(layout, rank, shape, error) bind(C)
         import
         type(c_ptr), value :: layout
         integer(c_int64_t), value :: rank
         integer(c_int64_t), intent(inout) :: shape(*)
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function text_of(code, text, capacity, needed) bind(C)
         import
         integer(c_int32_t), value :: code
         character(kind=c_char), intent(inout) :: text(*)
         integer(c_size_t), value :: capacity
         integer(c_size_t), intent(inout) :: needed
      end function
   end interface

   procedure(extents), bind(C, name='dap_layout_shape') :: layout_shape
   procedure(extents), bind(C, name='dap_layout_grid') :: layout_grid
   procedure(extents), bind(C, name='dap_layout_processes') :: layout_processes
   procedure(extents_of), bind(C, name='dap_layout_local_shape') :: layout_local_shape
   procedure(extents_of), bind(C, name='dap_layout_owned_shape') :: layout_owned_shape
   procedure(text_of), bind(C, name='dap_strerror') :: strerror
   procedure(text_of), bind(C, name='dap_rule_page') :: rule_page

   interface
      integer(c_int32_t) function layout_ndim(layout, ndim, error) bind(C, name='dap_layout_ndim')
         import
         type(c_ptr), value :: layout
         integer(c_int32_t), intent(inout) :: ndim
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function layout_describe(layout, text, capacity, needed, error) bind(C, name='dap_layout_describe')
         import
         type(c_ptr), value :: layout
         character(kind=c_char), intent(inout) :: text(*)
         integer(c_size_t), value :: capacity
         integer(c_size_t), intent(inout) :: needed
         type(dap_error_t), intent(inout) :: error
      end function
   end interface

contains

   ! The number of processes.
   integer(int64) function dap_layout_processes(layout) result(processes)
      type(dap_layout_t), intent(in) :: layout
      type(dap_error_t) :: error
      integer(c_int64_t) :: count(1)
      count = 0
      if (layout_processes(dap_layout_handle(layout), count, error) /= DAP_OK) count = 0
      processes = count(1)
   end function

   ! The extents of the whole array.
   function dap_layout_shape(layout) result(shape)
      type(dap_layout_t), intent(in) :: layout
      integer(int64), allocatable :: shape(:)
      shape = asked(layout, layout_shape)
   end function

   ! The number of processes along each dimension.
   function dap_layout_grid(layout) result(grid)
      type(dap_layout_t), intent(in) :: layout
      integer(int64), allocatable :: grid(:)
      grid = asked(layout, layout_grid)
   end function

   ! The shape of a process's field, halo included.
   function dap_layout_local_shape(layout, rank) result(shape)
      type(dap_layout_t), intent(in) :: layout
      integer, intent(in) :: rank
      integer(int64), allocatable :: shape(:)
      shape = asked_of(layout, rank, layout_local_shape)
   end function

   ! How many elements a process owns along each dimension.
   function dap_layout_owned_shape(layout, rank) result(shape)
      type(dap_layout_t), intent(in) :: layout
      integer, intent(in) :: rank
      integer(int64), allocatable :: shape(:)
      shape = asked_of(layout, rank, layout_owned_shape)
   end function

   ! A line about the layout, such as "(16, 16) over 2x2: block(8), cyclic(2)".
   function dap_layout_describe(layout) result(line)
      type(dap_layout_t), intent(in) :: layout
      character(:), allocatable :: line
      character(kind=c_char) :: text(1024)
      integer(c_size_t) :: needed
      type(dap_error_t) :: error
      line = ''
      if (layout_describe(dap_layout_handle(layout), text, size(text, kind=c_size_t), needed, error) == DAP_OK) line = string(text)
   end function

   ! One sentence about a code.
   function dap_strerror(code) result(sentence)
      integer(c_int32_t), intent(in) :: code
      character(:), allocatable :: sentence
      sentence = told(code, strerror)
   end function

   ! All about a code's rule, in Markdown; empty for a code that is no rule.
   function dap_rule_page(code) result(page)
      integer(c_int32_t), intent(in) :: code
      character(:), allocatable :: page
      page = told(code, rule_page)
   end function

   function asked(layout, question) result(shape)
      type(dap_layout_t), intent(in) :: layout
      procedure(extents) :: question
      integer(int64), allocatable :: shape(:)
      type(dap_error_t) :: error
      allocate (shape(ndim_of(layout)))
      if (size(shape) == 0) return
      if (question(dap_layout_handle(layout), shape, error) /= DAP_OK) shape = [integer(int64) ::]
   end function

   function asked_of(layout, rank, question) result(shape)
      type(dap_layout_t), intent(in) :: layout
      integer, intent(in) :: rank
      procedure(extents_of) :: question
      integer(int64), allocatable :: shape(:)
      type(dap_error_t) :: error
      allocate (shape(ndim_of(layout)))
      if (size(shape) == 0) return
      if (question(dap_layout_handle(layout), int(rank, c_int64_t), shape, error) /= DAP_OK) shape = [integer(int64) ::]
   end function

   integer function ndim_of(layout) result(ndim)
      type(dap_layout_t), intent(in) :: layout
      type(dap_error_t) :: error
      integer(c_int32_t) :: found
      found = 0
      if (layout_ndim(dap_layout_handle(layout), found, error) /= DAP_OK) found = 0
      ndim = found
   end function

   function told(code, question) result(text)
      integer(c_int32_t), intent(in) :: code
      procedure(text_of) :: question
      character(:), allocatable :: text
      character(kind=c_char), allocatable :: room(:)
      integer(c_size_t) :: needed
      text = ''
      allocate (room(1))
      needed = 0
      if (question(code, room, 1_c_size_t, needed) /= DAP_E_TOO_SMALL) return
      deallocate (room)
      allocate (room(needed))
      if (question(code, room, needed, needed) == DAP_OK) text = string(room)
   end function

   pure function string(text)
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

end module
