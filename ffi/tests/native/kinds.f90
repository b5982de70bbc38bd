! Integers of the default kind and of 64 bits: both are accepted and give the same numbers, and a
! number that does not fit is refused. `kinds NAME` asks for a number that does not fit without a
! code.
program kinds
   use daparray
   use daparray_layout
   use daparray_plan
   use, intrinsic :: iso_c_binding
   use, intrinsic :: iso_fortran_env, only: int64, real64
   implicit none
   integer(int64), parameter :: large = 3000000000_int64
   character(64) :: name
   call get_command_argument(1, name)
   if (len_trim(name) > 0) then
      call beyond(trim(name))
      stop
   end if
   call dimensions()
   call specifications()
   call layouts()
   call beyond_with_a_code()
   call lent_at_an_address()
   print '(a)', 'kinds: all right'
contains
   subroutine check(condition, what)
      logical, intent(in) :: condition
      character(*), intent(in) :: what
      if (condition) return
      print '(2a)', 'not so: ', what
      error stop 1
   end subroutine

   logical function same_dim(one, other) result(same)
      type(dap_dim_t), intent(in) :: one, other
      same = one%size == other%size .and. one%proc_grid_size == other%proc_grid_size .and. one%start == other%start .and. &
         one%proc_grid_rank == other%proc_grid_rank .and. one%dist_type == other%dist_type .and. one%flags == other%flags .and. &
         one%stop == other%stop .and. one%pad_lo == other%pad_lo .and. one%pad_hi == other%pad_hi .and. &
         one%block_size == other%block_size .and. one%n_indices == other%n_indices .and. same_address(one%indices, other%indices)
   end function

   logical function same_address(one, other) result(same)
      type(c_ptr), intent(in) :: one, other
      same = c_associated(one, other) .or. .not. (c_associated(one) .or. c_associated(other))
   end function

   subroutine dimensions()
      type(dap_dim_t) :: dim
      integer(int64), target :: indices(3)
      integer(int64) :: wide_lo, wide_hi, wide
      integer :: lo, hi, k
      dim = dap_block(100_int64, 4_int64, 1_int64, lo=25_int64, hi=52_int64, pad_lo=1_int64, pad_hi=2_int64, periodic=.true.)
      call check(same_dim(dim, dap_block(100, 4, 1, lo=25, hi=52, pad_lo=1, pad_hi=2, periodic=.true.)), 'a block')
      call check(same_dim(dim, dap_block(100_int64, 4, 1, lo=25_int64, hi=52_int64, pad_lo=1, pad_hi=2, periodic=.true.)), &
         'a large block')
      call check(same_dim(dap_whole(7), dap_whole(7_int64)), 'a whole dimension')
      call dap_owned(dim, lo, hi)
      call dap_owned(dim, wide_lo, wide_hi)
      call check(lo == 26 .and. hi == 50 .and. lo == wide_lo .and. hi == wide_hi, 'owned')
      call dap_owned_local(dim, lo, hi)
      call dap_owned_local(dim, wide_lo, wide_hi)
      call check(lo == 2 .and. hi == 26 .and. lo == wide_lo .and. hi == wide_hi, 'owned, local')
      do k = 1, 28
         wide = k
         call check(dap_global_index(dim, k) == dap_global_index(dim, wide), 'a global index')
         call check(dap_local_index(dim, 24 + k) == dap_local_index(dim, 24 + wide), 'a local index')
      end do
      call check(same_dim(dap_cyclic(10, 2, 1, 3), dap_cyclic(10_int64, 2_int64, 1_int64, 3_int64)), 'cyclic')
      call check(same_dim(dap_cyclic(10, 2, 1, 3), dap_cyclic(10_int64, 2, 1, 3)), 'large and cyclic')
      indices = dap_zero_based([3, 1, 2])
      dim = dap_unstructured(9_int64, 2_int64, 1_int64, indices, one_to_one=.true.)
      call check(same_dim(dim, dap_unstructured(9, 2, 1, indices, one_to_one=.true.)), 'listed')
      call check(same_dim(dim, dap_unstructured(9_int64, 2, 1, indices, .true.)), 'large and listed')
   end subroutine

   logical function same_spec(one, other) result(same)
      type(dap_spec_t), intent(in) :: one, other
      same = one%size == other%size .and. one%proc_grid_size == other%proc_grid_size .and. one%dist_type == other%dist_type .and. &
         one%flags == other%flags .and. one%block_size == other%block_size .and. one%source == other%source .and. &
         one%halo == other%halo .and. one%pad_lo == other%pad_lo .and. one%pad_hi == other%pad_hi .and. &
         same_address(one%bounds, other%bounds) .and. same_address(one%indices, other%indices)
   end function

   ! Whether all processes of both layouts have the same dimensions.
   logical function same_layout(one, other) result(same)
      type(dap_spec_t), intent(in) :: one, other
      type(dap_layout_t) :: layouts(2)
      type(dap_error_t) :: error
      integer(c_int32_t) :: codes(2)
      integer :: rank
      call dap_layout_new([one], layouts(1), codes(1), error)
      call dap_layout_new([other], layouts(2), codes(2), error)
      same = all(codes == DAP_OK)
      do rank = 0, 1
         if (.not. same) exit
         same = dap_layout_to_json(layouts(1), rank, DAP_REAL64) == dap_layout_to_json(layouts(2), rank, DAP_REAL64)
      end do
      call dap_layout_free(layouts(1))
      call dap_layout_free(layouts(2))
   end function

   subroutine specifications()
      type(dap_spec_t) :: spec
      integer(int64), target :: bounds(3), indices(4)
      integer, target :: narrow_bounds(3), narrow_indices(4)
      bounds = [0, 1, 4]
      narrow_bounds = [0, 1, 4]
      narrow_indices = [3, 0, 1, 2]
      indices = dap_zero_based([4, 1, 2, 3])
      spec = dap_spec_block(12_int64, 2_int64, width=7_int64, halo=1_int64, pad_lo=2_int64, pad_hi=3_int64, balanced=.true.)
      call check(same_spec(spec, dap_spec_block(12, 2, width=7, halo=1, pad_lo=2, pad_hi=3, balanced=.true.)), 'a block')
      call check(same_spec(spec, dap_spec_block(12_int64, 2, width=7, halo=1, pad_lo=2, pad_hi=3, balanced=.true.)), &
         'a large block')
      call check(.not. same_spec(spec, dap_spec_block(12, 2)), 'another')
      spec = dap_spec_cyclic(12_int64, 2_int64, 3_int64, source=1_int64)
      call check(same_spec(spec, dap_spec_cyclic(12, 2, 3, source=1)), 'cyclic')
      call check(same_spec(spec, dap_spec_cyclic(12_int64, 2, 3, 1)), 'large and cyclic')
      spec = dap_spec_bounds(bounds, halo=1_int64)
      call check(same_layout(spec, dap_spec_bounds(narrow_bounds, halo=1)) .and. spec%halo == 1, 'bounds')
      spec = dap_spec_bounds(bounds)
      call check(spec%halo == 0, 'bounds without a halo')
      call check(same_layout(spec, dap_spec_bounds(narrow_bounds)), 'default bounds')
      spec = dap_spec_unstructured(4_int64, bounds, indices, one_to_one=.true.)
      call check(same_spec(spec, dap_spec_unstructured(4, bounds, indices, one_to_one=.true.)), 'listed')
      call check(same_layout(spec, dap_spec_unstructured(4, narrow_bounds, indices, .true.)), 'default bounds of lists')
      call check(same_layout(spec, dap_spec_unstructured(4, narrow_bounds, narrow_indices, .true.)), 'default lists')
      call check(same_layout(spec, dap_spec_unstructured(4_int64, narrow_bounds, narrow_indices, .true.)), 'large, default lists')
      narrow_indices(1) = 7
      call check(.not. same_layout(spec, dap_spec_unstructured(4, narrow_bounds, narrow_indices)), 'an index too large')
   end subroutine

   subroutine layouts()
      type(dap_layout_t) :: layout, columns
      type(dap_plan_t) :: plan
      integer(int64) :: wide_rank, wide_local(2), wide_global(2), wide_elements
      integer :: rank, local(2), global(2), elements, peer, other, i, j
      integer, allocatable :: shape(:)
      integer(c_int32_t) :: code
      call dap_layout_new([dap_spec_block(8, 2, halo=1), dap_spec_cyclic(5, 2, 2)], layout, code)
      call check(code == DAP_OK, 'a layout')
      shape = dap_layout_shape(layout)
      call check(all(shape == [8, 5]) .and. all(dap_layout_shape(layout, 0_int64) == shape), 'its shape')
      call check(dap_layout_processes(layout) == product(dap_layout_grid(layout)), 'its processes')
      do rank = 0, 3
         shape = dap_layout_local_shape(layout, rank)
         call check(all(dap_layout_local_shape(layout, int(rank, int64)) == shape), 'a local shape')
         shape = dap_layout_owned_shape(layout, rank)
         call check(all(dap_layout_owned_shape(layout, int(rank, int64)) == shape), 'an owned shape')
      end do
      do j = 1, 5
         do i = 1, 8
            call dap_owner(layout, [i, j], rank, local, code)
            call check(code == DAP_OK, 'an owner')
            call dap_owner(layout, int([i, j], int64), wide_rank, wide_local, code)
            call check(code == DAP_OK .and. rank == wide_rank .and. all(local == wide_local), 'the same owner')
            call dap_global(layout, rank, local, global, code)
            call check(code == DAP_OK .and. all(global == [i, j]), 'and back')
            call dap_global(layout, wide_rank, wide_local, wide_global, code)
            call check(code == DAP_OK .and. all(wide_global == [i, j]), 'and back, too')
         end do
      end do
      call dap_owner(layout, [9, 1], rank, local, code)
      call check(code == DAP_E_NOT_FOUND .and. rank == -1 .and. all(local == 0), 'no owner')
      call dap_owner(layout, [9], rank, local, code)
      call check(code == DAP_E_ARGUMENT, 'one index of two')

      call dap_layout_new([dap_spec_whole(8), dap_spec_block(5, 4)], columns, code)
      call dap_plan_new(layout, 0, columns, 0, plan, code)
      call check(code == DAP_OK .and. plan%sends > 0 .and. plan%receives > 0, 'a plan')
      call dap_plan_send(plan, 1, peer, elements, code)
      call dap_plan_send(plan, 1, other, wide_elements, code)
      call check(code == DAP_OK .and. peer == other .and. elements == wide_elements .and. elements > 0, 'a send')
      call dap_plan_receive(plan, 1, peer, elements, code)
      call dap_plan_receive(plan, 1, other, wide_elements, code)
      call check(code == DAP_OK .and. peer == other .and. elements == wide_elements .and. elements > 0, 'a receive')
      call dap_plan_free(plan)
      call dap_layout_free(columns)
      call dap_layout_free(layout)
   end subroutine

   ! Two dimensions of more than 2^31 elements, over one process along the first.
   subroutine large_layout(layout)
      type(dap_layout_t), intent(out) :: layout
      integer(c_int32_t) :: code
      call dap_layout_new([dap_spec_block(large, 1), dap_spec_block(4, 2)], layout, code)
      call check(code == DAP_OK, 'a large layout')
   end subroutine

   subroutine beyond_with_a_code()
      type(dap_layout_t) :: layout, columns
      type(dap_error_t) :: error
      type(dap_plan_t) :: plan
      integer(int64) :: wide_rank, wide_local(2), wide_elements
      integer :: rank, local(2), peer, elements
      integer(c_int32_t) :: code
      call large_layout(layout)
      call check(all(dap_layout_shape(layout, 0_int64) == [large, 4_int64]), 'a large shape')
      call check(all(dap_layout_local_shape(layout, 1_int64) == [large, 2_int64]), 'a large local shape')
      call check(size(dap_layout_shape(layout, code, error)) == 0, 'a large shape in the default kind')
      call check(code == DAP_E_TOO_SMALL .and. error%code == code, 'a large shape in the default kind: its code')
      call check(index(dap_message(error), '32 bits') > 0, dap_message(error))
      call check(size(dap_layout_local_shape(layout, 1, code)) == 0 .and. code == DAP_E_TOO_SMALL, 'a large local shape')
      call check(size(dap_layout_owned_shape(layout, 1, code)) == 0 .and. code == DAP_E_TOO_SMALL, 'a large owned shape')
      call check(dap_layout_processes(layout, code) == 2 .and. code == DAP_OK, 'few processes')
      call dap_owner(layout, [large, 3_int64], wide_rank, wide_local, code)
      call check(code == DAP_OK .and. wide_rank == 1 .and. all(wide_local == [large, 1_int64]), 'a distant owner')
      call dap_owner(layout, [1, 3], rank, local, code)
      call check(code == DAP_OK .and. rank == 1 .and. all(local == 1), 'a near owner')
      call dap_layout_new([dap_spec_block(large, 2), dap_spec_whole(4)], columns, code)
      call dap_plan_new(layout, 0, columns, 0, plan, code)
      call check(code == DAP_OK .and. plan%sends == 1, 'a plan')
      call dap_plan_send(plan, 1, peer, wide_elements, code)
      call check(code == DAP_OK .and. wide_elements == large, 'many elements')
      call dap_plan_send(plan, 1, peer, elements, code)
      call check(code == DAP_E_TOO_SMALL .and. elements == 0, 'many elements in the default kind')
      call dap_plan_free(plan)
      call dap_layout_free(columns)
      call dap_layout_free(layout)
   end subroutine

   subroutine lent_at_an_address()
      real(real64), target :: field(4, 3)
      real(real64), pointer :: there(:, :)
      type(dap_array_t) :: array
      type(dap_loan_t) :: loan
      integer(c_int32_t) :: code
      field = 1
      nullify (there)
      call dap_lend_at(c_loc(field), DAP_REAL64, shape(field), storage_size(field) / 8 * [1, 4], [dap_whole(4), dap_whole(3)], &
         array, loan, code)
      call dap_point(array, there, code, writing=.true.)
      call check(code == DAP_OK, 'lent at an address')
      there(4, 3) = 2
      call check(field(4, 3) == 2 .and. all(shape(there) == [4, 3]), 'the same field')
      call dap_release(array)
      call check(dap_end_loan(loan), 'back')
   end subroutine

   subroutine beyond(name)
      character(*), intent(in) :: name
      type(dap_layout_t) :: layout
      type(dap_dim_t) :: dim
      integer :: lo, hi
      call large_layout(layout)
      dim = dap_block(large, 1, 0, lo=1_int64, hi=large)
      select case (name)
       case ('dap_layout_shape')
         print *, dap_layout_shape(layout)
       case ('dap_layout_local_shape')
         print *, dap_layout_local_shape(layout, 0)
       case ('dap_owned')
         call dap_owned(dim, lo, hi)
         print *, lo, hi
       case ('dap_global_index')
         dim%start = large
         print *, dap_global_index(dim, 1)
      end select
      print '(2a)', name, ': went on'
   end subroutine
end program
