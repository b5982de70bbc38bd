! daparray_layout: layouts of whole arrays made of specifications of their dimensions, queries of
! layouts, and the texts of rules. Compile this file after daparray.f90.
!
!   call dap_layout_new([dap_spec_block(1000, processes, halo=1), dap_spec_whole(64)], &
!      layout, code, error)
!   extents = dap_layout_local_shape(layout, me)
!   allocate (field(extents(1), extents(2)))
!   call dap_lend(field, dap_layout_dims(layout, me), array, loan, code, error)
!
! Processes are numbered from 0. A function reports an invalid layout, or a rank that the layout
! does not have, in `code` and `error`, and its result is empty. Without `code` the program stops
! with the sentence, as `allocate` without `stat` does: an unnoticed empty result would let one rank
! wait for another forever.
!
! Results are of the default kind. Shapes beyond 32 bits are asked for with a 64-bit integer: the
! rank of dap_layout_local_shape and dap_layout_owned_shape, the mold of dap_layout_shape.
module daparray_layout
   use, intrinsic :: iso_c_binding
   use, intrinsic :: iso_fortran_env, only: error_unit, int32, int64
   use daparray
   implicit none
   private

   public :: dap_layout_processes, dap_layout_shape, dap_layout_grid, dap_layout_local_shape, dap_layout_owned_shape
   public :: dap_layout_describe, dap_strerror, dap_rule_page
   public :: dap_spec_t, dap_spec_whole, dap_spec_block, dap_spec_bounds, dap_spec_cyclic, dap_spec_unstructured
   public :: dap_layout_new, dap_layout_dims, dap_layout_to_json

   integer(c_int32_t), parameter, public :: DAP_SPEC_BALANCED = 256, DAP_SPEC_BOUNDS_INT32 = 512, &
      DAP_SPEC_INDICES_INT32 = 1024

   ! One dimension of a whole array, on all of its processes.
   type, bind(C) :: dap_spec_t
      integer(c_int64_t) :: size = 0, proc_grid_size = 1
      integer(c_int32_t) :: dist_type = DAP_TYPE_BLOCK, flags = 0
      integer(c_int64_t) :: block_size = 0, source = 0, halo = 0, pad_lo = 0, pad_hi = 0
      type(c_ptr) :: bounds = c_null_ptr, indices = c_null_ptr
      integer(c_int64_t) :: reserved(6) = 0
   end type

   ! size: each process of the grid has the whole dimension.
   interface dap_spec_whole
      procedure spec_whole_int32, spec_whole_int64
   end interface
   ! size, processes: ceil(size / processes) indices each until the indices run out. `width` gives
   ! another width; `balanced` gives block lengths that differ by at most one. `halo` is
   ! communication padding between neighbours, `pad_lo` and `pad_hi` boundary padding at the ends.
   ! `periodic` does not make the halo wrap: the images of the other end are boundary padding and
   ! counted in `size`, so a ring of 10 with a halo of 1 is dap_spec_block(12, processes, halo=1,
   ! pad_lo=1, pad_hi=1, periodic=.true.).
   interface dap_spec_block
      procedure spec_block_int32, spec_block_int64, spec_block_size_int64
   end interface
   ! size, processes, block_size: distributed cyclically, starting at process `source` (0 if
   ! absent).
   interface dap_spec_cyclic
      procedure spec_cyclic_int32, spec_cyclic_int64, spec_cyclic_size_int64
   end interface
   ! Blocks of any size: process p owns the indices from bounds(p + 1) + 1 to bounds(p + 2), and
   ! bounds(1) is 0. The result points to `bounds`.
   interface dap_spec_bounds
      procedure spec_bounds_int32, spec_bounds_int64, spec_bounds_halo_int32, spec_bounds_halo_int64
   end interface
   ! Listed indices: the concatenated lists of all processes, counted from 0 (dap_zero_based).
   ! Process p has indices(bounds(p + 1) + 1:bounds(p + 2)). The result points to both arrays.
   interface dap_spec_unstructured
      procedure spec_unstructured_int32, spec_unstructured_int64, spec_unstructured_size_int64
      procedure spec_unstructured_zero_based, spec_unstructured_bounds_int64
   end interface
   ! The extents of the whole array. A 64-bit `mold` asks for 64-bit extents.
   interface dap_layout_shape
      procedure shape_int32, shape_int64
   end interface
   ! The shape of a process's field, halo included, in the kind of `rank`.
   interface dap_layout_local_shape
      procedure local_shape_int32, local_shape_int64
   end interface
   ! The number of elements that a process owns along each dimension, in the kind of `rank`.
   interface dap_layout_owned_shape
      procedure owned_shape_int32, owned_shape_int64
   end interface

   ! The answer to a question about a layout.
   type :: answer_t
      integer(int64), allocatable :: numbers(:)
      integer(c_int32_t) :: code = DAP_OK
      type(dap_error_t) :: why
   end type

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
      integer(c_int32_t) function layout_new(ndim, specs, layout, error) bind(C, name='dap_layout_new')
         import
         integer(c_int32_t), value :: ndim
         type(dap_spec_t), intent(in) :: specs(*)
         type(c_ptr), intent(inout) :: layout
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function layout_dims(layout, rank, dims, error) bind(C, name='dap_layout_dims')
         import
         type(c_ptr), value :: layout
         integer(c_int64_t), value :: rank
         type(dap_dim_t), intent(inout) :: dims(*)
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function layout_to_json(layout, rank, dtype, text, capacity, needed, error) &
         bind(C, name='dap_layout_to_json')
         import
         type(c_ptr), value :: layout
         integer(c_int64_t), value :: rank
         type(dap_dtype_t), value :: dtype
         character(kind=c_char), intent(inout) :: text(*)
         integer(c_size_t), value :: capacity
         integer(c_size_t), intent(inout) :: needed
         type(dap_error_t), intent(inout) :: error
      end function
   end interface

contains

   ! ---- layouts from their dimensions ----

   pure type(dap_spec_t) function spec_whole_int64(size) result(spec)
      integer(int64), intent(in) :: size
      spec%size = size
   end function

   pure type(dap_spec_t) function spec_whole_int32(size) result(spec)
      integer(int32), intent(in) :: size
      spec%size = size
   end function

   pure type(dap_spec_t) function spec_block_int64(size, processes, width, halo, pad_lo, pad_hi, balanced, periodic) result(spec)
      integer(int64), intent(in) :: size, processes
      integer(int64), intent(in), optional :: width, halo, pad_lo, pad_hi
      logical, intent(in), optional :: balanced, periodic
      spec%size = size
      spec%proc_grid_size = processes
      if (present(width)) spec%block_size = width
      if (present(halo)) spec%halo = halo
      if (present(pad_lo)) spec%pad_lo = pad_lo
      if (present(pad_hi)) spec%pad_hi = pad_hi
      if (present(balanced)) spec%flags = merge(DAP_SPEC_BALANCED, 0_c_int32_t, balanced)
      if (present(periodic)) spec%flags = ior(spec%flags, merge(DAP_DIM_PERIODIC, 0_c_int32_t, periodic))
   end function

   pure type(dap_spec_t) function spec_block_int32(size, processes, width, halo, pad_lo, pad_hi, balanced, periodic) result(spec)
      integer(int32), intent(in) :: size, processes
      integer(int32), intent(in), optional :: width, halo, pad_lo, pad_hi
      logical, intent(in), optional :: balanced, periodic
      spec = spec_block_int64(int(size, int64), int(processes, int64), balanced=balanced, periodic=periodic)
      if (present(width)) spec%block_size = width
      if (present(halo)) spec%halo = halo
      if (present(pad_lo)) spec%pad_lo = pad_lo
      if (present(pad_hi)) spec%pad_hi = pad_hi
   end function

   pure type(dap_spec_t) function spec_block_size_int64(size, processes, width, halo, pad_lo, pad_hi, balanced, periodic) &
      result(spec)
      integer(int64), intent(in) :: size
      integer(int32), intent(in) :: processes
      integer(int32), intent(in), optional :: width, halo, pad_lo, pad_hi
      logical, intent(in), optional :: balanced, periodic
      spec = spec_block_int32(0, processes, width, halo, pad_lo, pad_hi, balanced, periodic)
      spec%size = size
   end function

   pure type(dap_spec_t) function spec_cyclic_int64(size, processes, block_size, source) result(spec)
      integer(int64), intent(in) :: size, processes, block_size
      integer(int64), intent(in), optional :: source
      spec%size = size
      spec%proc_grid_size = processes
      spec%dist_type = DAP_TYPE_CYCLIC
      spec%block_size = block_size
      if (present(source)) spec%source = source
   end function

   pure type(dap_spec_t) function spec_cyclic_int32(size, processes, block_size, source) result(spec)
      integer(int32), intent(in) :: size, processes, block_size
      integer(int32), intent(in), optional :: source
      spec = spec_cyclic_int64(int(size, int64), int(processes, int64), int(block_size, int64))
      if (present(source)) spec%source = source
   end function

   pure type(dap_spec_t) function spec_cyclic_size_int64(size, processes, block_size, source) result(spec)
      integer(int64), intent(in) :: size
      integer(int32), intent(in) :: processes, block_size
      integer(int32), intent(in), optional :: source
      spec = spec_cyclic_int32(0, processes, block_size, source)
      spec%size = size
   end function

   type(dap_spec_t) function spec_bounds_int64(bounds) result(spec)
      integer(int64), intent(in), target, contiguous :: bounds(:)
      spec%proc_grid_size = size(bounds) - 1
      if (size(bounds) > 0) spec%size = bounds(size(bounds))
      spec%bounds = c_loc(bounds)
   end function

   type(dap_spec_t) function spec_bounds_int32(bounds) result(spec)
      integer(int32), intent(in), target, contiguous :: bounds(:)
      spec%proc_grid_size = size(bounds) - 1
      if (size(bounds) > 0) spec%size = bounds(size(bounds))
      spec%bounds = c_loc(bounds)
      spec%flags = DAP_SPEC_BOUNDS_INT32
   end function

   type(dap_spec_t) function spec_bounds_halo_int32(bounds, halo) result(spec)
      integer(int32), intent(in), target, contiguous :: bounds(:)
      integer(int32), intent(in) :: halo
      spec = spec_bounds_int32(bounds)
      spec%halo = halo
   end function

   type(dap_spec_t) function spec_bounds_halo_int64(bounds, halo) result(spec)
      integer(int64), intent(in), target, contiguous :: bounds(:)
      integer(int64), intent(in) :: halo
      spec = spec_bounds_int64(bounds)
      spec%halo = halo
   end function

   ! The lists of the processes, of which `spec` has the bounds.
   type(dap_spec_t) function listed(spec_of_bounds, size, indices, one_to_one) result(spec)
      type(dap_spec_t), intent(in) :: spec_of_bounds
      integer(int64), intent(in) :: size
      type(c_ptr), intent(in) :: indices
      logical, intent(in), optional :: one_to_one
      spec = spec_of_bounds
      spec%size = size
      spec%dist_type = DAP_TYPE_UNSTRUCTURED
      spec%indices = indices
      if (present(one_to_one)) spec%flags = ior(spec%flags, merge(DAP_DIM_ONE_TO_ONE, 0_c_int32_t, one_to_one))
   end function

   type(dap_spec_t) function spec_unstructured_int64(size, bounds, indices, one_to_one) result(spec)
      integer(int64), intent(in) :: size
      integer(int64), intent(in), target, contiguous :: bounds(:), indices(:)
      logical, intent(in), optional :: one_to_one
      spec = listed(spec_bounds_int64(bounds), size, address_int64(indices), one_to_one)
   end function

   type(dap_spec_t) function spec_unstructured_bounds_int64(size, bounds, indices, one_to_one) result(spec)
      integer(int32), intent(in) :: size
      integer(int64), intent(in), target, contiguous :: bounds(:), indices(:)
      logical, intent(in), optional :: one_to_one
      spec = spec_unstructured_int64(int(size, int64), bounds, indices, one_to_one)
   end function

   ! The indices are those of dap_zero_based.
   type(dap_spec_t) function spec_unstructured_zero_based(size, bounds, indices, one_to_one) result(spec)
      integer(int32), intent(in) :: size
      integer(int32), intent(in), target, contiguous :: bounds(:)
      integer(int64), intent(in), target, contiguous :: indices(:)
      logical, intent(in), optional :: one_to_one
      spec = listed(spec_bounds_int32(bounds), int(size, int64), address_int64(indices), one_to_one)
   end function

   type(dap_spec_t) function spec_unstructured_size_int64(size, bounds, indices, one_to_one) result(spec)
      integer(int64), intent(in) :: size
      integer(int32), intent(in), target, contiguous :: bounds(:), indices(:)
      logical, intent(in), optional :: one_to_one
      type(c_ptr) :: address
      address = c_null_ptr
      if (ubound(indices, 1) > 0) address = c_loc(indices)
      spec = listed(spec_bounds_int32(bounds), size, address, one_to_one)
      spec%flags = ior(spec%flags, DAP_SPEC_INDICES_INT32)
   end function

   type(dap_spec_t) function spec_unstructured_int32(size, bounds, indices, one_to_one) result(spec)
      integer(int32), intent(in) :: size
      integer(int32), intent(in), target, contiguous :: bounds(:), indices(:)
      logical, intent(in), optional :: one_to_one
      spec = spec_unstructured_size_int64(int(size, int64), bounds, indices, one_to_one)
   end function

   type(c_ptr) function address_int64(list) result(address)
      integer(int64), intent(in), target, contiguous :: list(:)
      address = c_null_ptr
      if (size(list) > 0) address = c_loc(list)
   end function

   ! The layout of an array with these dimensions, on a process grid in C order, without messages
   ! between processes. A warning, such as for a halo that does not wrap, is a sentence in `error`
   ! with code 0; without `error` it goes to stderr.
   subroutine dap_layout_new(specs, layout, code, error)
      type(dap_spec_t), intent(in) :: specs(:)
      type(dap_layout_t), intent(out) :: layout
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      type(dap_error_t) :: why
      type(c_ptr) :: handle
      handle = c_null_ptr
      code = layout_new(size(specs, kind=c_int32_t), specs, handle, why)
      if (present(error)) then
         error = why
      else if (code == DAP_OK .and. why%message(1) /= c_null_char) then
         write (error_unit, '(2a)') 'daparray: ', dap_message(why)
      end if
      if (code == DAP_OK) layout = dap_layout_adopt(handle)
   end subroutine

   ! The dimensions of a process's field, for dap_lend.
   function dap_layout_dims(layout, rank, code, error) result(dims)
      type(dap_layout_t), intent(in) :: layout
      integer, intent(in) :: rank
      integer(c_int32_t), intent(out), optional :: code
      type(dap_error_t), intent(out), optional :: error
      type(dap_dim_t), allocatable :: dims(:)
      type(dap_error_t) :: why
      integer(c_int32_t) :: found
      allocate (dims(ndim_of(layout)))
      found = layout_dims(dap_layout_handle(layout), int(rank, c_int64_t), dims, why)
      if (found /= DAP_OK) dims = [dap_dim_t ::]
      call answer('dap_layout_dims', found, why, code, error)
   end function

   ! A process's export as a line of JSON; the lines of all processes describe the layout again
   ! (dap_layout_from_json).
   function dap_layout_to_json(layout, rank, dtype, code, error) result(line)
      type(dap_layout_t), intent(in) :: layout
      integer, intent(in) :: rank
      type(dap_dtype_t), intent(in) :: dtype
      integer(c_int32_t), intent(out), optional :: code
      type(dap_error_t), intent(out), optional :: error
      character(:), allocatable :: line
      character(kind=c_char), allocatable :: room(:)
      integer(c_size_t) :: needed
      integer(c_int32_t) :: found
      type(dap_error_t) :: why
      line = ''
      needed = 0
      allocate (room(1))
      found = layout_to_json(dap_layout_handle(layout), int(rank, c_int64_t), dtype, room, 1_c_size_t, needed, why)
      if (found == DAP_E_TOO_SMALL) then
         deallocate (room)
         allocate (room(needed))
         found = layout_to_json(dap_layout_handle(layout), int(rank, c_int64_t), dtype, room, needed, needed, why)
      end if
      if (found == DAP_OK) line = dap_c_text(room)
      call answer('dap_layout_to_json', found, why, code, error)
   end function

   ! ---- queries ----

   ! The number of processes.
   integer function dap_layout_processes(layout, code, error) result(processes)
      type(dap_layout_t), intent(in) :: layout
      integer(c_int32_t), intent(out), optional :: code
      type(dap_error_t), intent(out), optional :: error
      type(dap_error_t) :: why
      integer(c_int64_t) :: count(1)
      integer(c_int32_t) :: found
      count = 0
      found = layout_processes(dap_layout_handle(layout), count, why)
      call fits(count, found, why)
      processes = 0
      if (found == DAP_OK) processes = int(count(1))
      call answer('dap_layout_processes', found, why, code, error)
   end function

   ! The number of processes along each dimension.
   function dap_layout_grid(layout, code, error) result(grid)
      type(dap_layout_t), intent(in) :: layout
      integer(c_int32_t), intent(out), optional :: code
      type(dap_error_t), intent(out), optional :: error
      integer, allocatable :: grid(:)
      call narrowed('dap_layout_grid', asked(layout, layout_grid), grid, code, error)
   end function

   function shape_int32(layout, code, error) result(shape)
      type(dap_layout_t), intent(in) :: layout
      integer(c_int32_t), intent(out), optional :: code
      type(dap_error_t), intent(out), optional :: error
      integer(int32), allocatable :: shape(:)
      call narrowed('dap_layout_shape', asked(layout, layout_shape), shape, code, error)
   end function

   function shape_int64(layout, mold, code, error) result(shape)
      type(dap_layout_t), intent(in) :: layout
      integer(int64), intent(in) :: mold
      integer(c_int32_t), intent(out), optional :: code
      type(dap_error_t), intent(out), optional :: error
      integer(int64), allocatable :: shape(:)
      associate (kind_only => mold); end associate
      call whole('dap_layout_shape', asked(layout, layout_shape), shape, code, error)
   end function

   function local_shape_int32(layout, rank, code, error) result(shape)
      type(dap_layout_t), intent(in) :: layout
      integer(int32), intent(in) :: rank
      integer(c_int32_t), intent(out), optional :: code
      type(dap_error_t), intent(out), optional :: error
      integer(int32), allocatable :: shape(:)
      call narrowed('dap_layout_local_shape', asked_of(layout, int(rank, int64), layout_local_shape), shape, code, error)
   end function

   function local_shape_int64(layout, rank, code, error) result(shape)
      type(dap_layout_t), intent(in) :: layout
      integer(int64), intent(in) :: rank
      integer(c_int32_t), intent(out), optional :: code
      type(dap_error_t), intent(out), optional :: error
      integer(int64), allocatable :: shape(:)
      call whole('dap_layout_local_shape', asked_of(layout, rank, layout_local_shape), shape, code, error)
   end function

   function owned_shape_int32(layout, rank, code, error) result(shape)
      type(dap_layout_t), intent(in) :: layout
      integer(int32), intent(in) :: rank
      integer(c_int32_t), intent(out), optional :: code
      type(dap_error_t), intent(out), optional :: error
      integer(int32), allocatable :: shape(:)
      call narrowed('dap_layout_owned_shape', asked_of(layout, int(rank, int64), layout_owned_shape), shape, code, error)
   end function

   function owned_shape_int64(layout, rank, code, error) result(shape)
      type(dap_layout_t), intent(in) :: layout
      integer(int64), intent(in) :: rank
      integer(c_int32_t), intent(out), optional :: code
      type(dap_error_t), intent(out), optional :: error
      integer(int64), allocatable :: shape(:)
      call whole('dap_layout_owned_shape', asked_of(layout, rank, layout_owned_shape), shape, code, error)
   end function

   ! A line about the layout, such as "(16, 16) over 2x2: block(8), cyclic(2)".
   function dap_layout_describe(layout, code, error) result(line)
      type(dap_layout_t), intent(in) :: layout
      integer(c_int32_t), intent(out), optional :: code
      type(dap_error_t), intent(out), optional :: error
      character(:), allocatable :: line
      character(kind=c_char), allocatable :: room(:)
      integer(c_size_t) :: needed
      integer(c_int32_t) :: found
      type(dap_error_t) :: why
      line = ''
      needed = 0
      allocate (room(256))
      found = layout_describe(dap_layout_handle(layout), room, size(room, kind=c_size_t), needed, why)
      if (found == DAP_E_TOO_SMALL) then
         deallocate (room)
         allocate (room(needed))
         found = layout_describe(dap_layout_handle(layout), room, needed, needed, why)
      end if
      if (found == DAP_OK) line = dap_c_text(room)
      call answer('dap_layout_describe', found, why, code, error)
   end function

   ! One sentence about a code.
   function dap_strerror(code) result(sentence)
      integer(c_int32_t), intent(in) :: code
      character(:), allocatable :: sentence
      sentence = told(code, strerror)
   end function

   ! The page of a code's rule, in Markdown; empty for a code that is not a rule.
   function dap_rule_page(code) result(page)
      integer(c_int32_t), intent(in) :: code
      character(:), allocatable :: page
      page = told(code, rule_page)
   end function

   function asked(layout, question) result(answered)
      type(dap_layout_t), intent(in) :: layout
      procedure(extents) :: question
      type(answer_t) :: answered
      allocate (answered%numbers(ndim_of(layout)))
      answered%code = question(dap_layout_handle(layout), answered%numbers, answered%why)
   end function

   function asked_of(layout, rank, question) result(answered)
      type(dap_layout_t), intent(in) :: layout
      integer(int64), intent(in) :: rank
      procedure(extents_of) :: question
      type(answer_t) :: answered
      allocate (answered%numbers(ndim_of(layout)))
      answered%code = question(dap_layout_handle(layout), rank, answered%numbers, answered%why)
   end function

   ! Gives an answer in 64 bits.
   subroutine whole(name, answered, shape, code, error)
      character(*), intent(in) :: name
      type(answer_t), intent(in) :: answered
      integer(int64), allocatable, intent(out) :: shape(:)
      integer(c_int32_t), intent(out), optional :: code
      type(dap_error_t), intent(out), optional :: error
      shape = [integer(int64) ::]
      if (answered%code == DAP_OK) shape = answered%numbers
      call answer(name, answered%code, answered%why, code, error)
   end subroutine

   ! Gives an answer in the default kind, if it fits.
   subroutine narrowed(name, answered, shape, code, error)
      character(*), intent(in) :: name
      type(answer_t), intent(in) :: answered
      integer(int32), allocatable, intent(out) :: shape(:)
      integer(c_int32_t), intent(out), optional :: code
      type(dap_error_t), intent(out), optional :: error
      type(dap_error_t) :: why
      integer(c_int32_t) :: found
      found = answered%code
      why = answered%why
      call fits(answered%numbers, found, why)
      shape = [integer(int32) ::]
      if (found == DAP_OK) shape = int(answered%numbers, int32)
      call answer(name, found, why, code, error)
   end subroutine

   ! Refuses numbers beyond the default kind.
   subroutine fits(numbers, code, why)
      integer(int64), intent(in) :: numbers(:)
      integer(c_int32_t), intent(inout) :: code
      type(dap_error_t), intent(inout) :: why
      ! Without an answer the numbers are not set, and Fortran evaluates both sides of `.or.`.
      if (code /= DAP_OK) return
      if (all(numbers <= huge(0_int32))) return
      code = DAP_E_TOO_SMALL
      why = dap_error_of(code, 'a number is beyond 32 bits: ask with a 64-bit integer')
   end subroutine

   ! Passes a code on to a caller that asks for it; otherwise a code other than 0 ends the program.
   subroutine answer(name, found, why, code, error)
      character(*), intent(in) :: name
      integer(c_int32_t), intent(in) :: found
      type(dap_error_t), intent(in) :: why
      integer(c_int32_t), intent(out), optional :: code
      type(dap_error_t), intent(out), optional :: error
      if (present(error)) error = why
      if (present(code)) then
         code = found
      else if (found /= DAP_OK) then
         write (error_unit, '(4a)') 'daparray: ', name, ': ', dap_message(why)
         error stop 1
      end if
   end subroutine

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
      if (question(code, room, needed, needed) == DAP_OK) text = dap_c_text(room)
   end function

end module
