! The Fortran modules: lending and pointing, strides, loans, bounds, texts, and a reshape on one
! process.
program module_test
   use daparray
   use daparray_layout
   use daparray_plan
   use, intrinsic :: iso_c_binding
   use, intrinsic :: iso_fortran_env, only: int32, int64, real32, real64
   implicit none
   call sizes()
   call lent_and_pointed_at()
   call states_of_a_loan()
   call sections()
   call refusals()
   call bounds()
   call texts_and_layouts()
   call another_shape()
   call made_of_dimensions()
   print '(a)', 'module: all right'
contains
   ! The last index varies fastest, although the first one does in memory.
   subroutine another_shape()
      real(real64), target :: plane(6, 4), line(24)
      type(dap_array_t) :: from, to
      type(dap_loan_t) :: loan_of_plane, loan_of_line
      type(dap_layout_t) :: planes, lines
      type(dap_plan_t) :: plan
      type(dap_error_t) :: error
      integer(c_int32_t) :: code
      integer :: k
      plane = reshape([(real(k, real64), k=1, 24)], [6, 4])
      call dap_lend(plane, [dap_whole(6), dap_whole(4)], from, loan_of_plane, code)
      call dap_lend(line, [dap_whole(24)], to, loan_of_line, code)
      call dap_layout_from_json(dap_to_json(from), planes, code)
      call dap_layout_from_json(dap_to_json(to), lines, code)
      call dap_plan_new(planes, 0, lines, 0, plan, code)
      call check(code == DAP_E_LAYOUTS_DIFFER, 'it is no move')
      call dap_plan_new_reshape(planes, 0, lines, -1, plan, code, error)
      call check(code == DAP_OK .and. plan%sends == 1 .and. plan%receives == 0 .and. plan%kept == 0, 'only a source')
      call dap_plan_free(plan)
      call dap_plan_new_reshape(planes, 0, lines, 0, plan, code, error)
      call check(code == DAP_OK .and. plan%sends == 0 .and. plan%kept == 24, 'all of it stays')
      call dap_plan_copy_local(plan, from, to, code, error)
      call check(code == DAP_OK .and. all(line == reshape(transpose(plane), [24])), 'in row-major order')
      call dap_plan_free(plan)
      call dap_layout_free(planes)
      call dap_layout_free(lines)
      call dap_release(from)
      call dap_release(to)
      call check(dap_end_loan(loan_of_plane) .and. dap_end_loan(loan_of_line), 'both are back')
   end subroutine

   subroutine made_of_dimensions()
      real(real64), target :: field(5, 3)
      integer(int64), target :: bounds(3), indices(4)
      type(dap_layout_t) :: layout, again
      type(dap_array_t) :: array
      type(dap_loan_t) :: loan
      type(dap_dim_t), allocatable :: dims(:)
      type(dap_error_t) :: error
      character(:), allocatable :: lines
      integer(c_int32_t) :: code
      integer :: rank
      field = 0
      call dap_layout_new([dap_spec_block(8, 2, halo=1), dap_spec_cyclic(5, 2, 2, source=1)], layout, code, error)
      call check(code == DAP_OK .and. dap_layout_processes(layout) == 4, 'a layout')
      call check(dap_layout_describe(layout) == '(8, 5) over 2x2: block(4) halo 1, cyclic(2) from 1', dap_layout_describe(layout))
      dims = dap_layout_dims(layout, 3)
      call check(size(dims) == 2 .and. dims(1)%start == 3 .and. dims(1)%stop == 8 .and. dims(2)%start == 0, 'its dimensions')
      call dap_lend(field, dims, array, loan, code, error)
      call check(code == DAP_OK .and. all(dap_layout_local_shape(layout, 3) == shape(field)), 'lent by them')
      lines = ''
      do rank = 0, 3
         lines = lines//dap_layout_to_json(layout, rank, dap_dtype_t(2_c_int8_t, 64_c_int8_t))//new_line('a')
      end do
      call dap_layout_from_json(lines, again, code, error)
      call check(code == DAP_OK .and. dap_layout_describe(again) == dap_layout_describe(layout), 'the same again')
      call dap_layout_free(again)
      call dap_layout_free(layout)
      call dap_release(array)
      call check(dap_end_loan(loan), 'back')

      bounds = [0, 1, 4]
      indices = dap_zero_based([4, 1, 2, 3])
      call dap_layout_new([dap_spec_bounds(bounds), dap_spec_unstructured(4_int64, bounds, indices, one_to_one=.true.), &
         dap_spec_whole(2), dap_spec_block(5_int64, 1_int64, balanced=.true., periodic=.true.)], layout, code, error)
      call check(code == DAP_OK .and. all(dap_layout_owned_shape(layout, 2) == [3, 1, 2, 5]), 'listed ones')
      call dap_layout_free(layout)
      call dap_layout_new([dap_spec_whole(3), dap_spec_block(10, 2, width=4)], layout, code, error)
      call check(code == DAP_E_INCOMPLETE .and. error%dim == 1, 'two are left over')
      call check(index(dap_message(error), '(in dimension 2, counted from 1') > 0, dap_message(error))
      call check(size(dap_layout_dims(layout, 0, code)) == 0, 'no layout, and no dimensions')
      call check(code == DAP_E_NULL, 'no layout')
      ! A ring: accepted, with a warning if the halo does not wrap, which names the dimension.
      call dap_layout_new([dap_spec_whole(3), dap_spec_block(10, 2, halo=1, periodic=.true.)], layout, code, error)
      call check(code == DAP_OK .and. error%code == DAP_OK .and. error%dim == 1, 'a halo that does not wrap')
      call check(index(dap_message(error), 'warning') == 1 .and. index(dap_message(error), 'size 12') > 0, dap_message(error))
      call dap_layout_free(layout)
      call dap_layout_new([dap_spec_block(12, 2, halo=1, pad_lo=1, pad_hi=1, periodic=.true.)], layout, code, error)
      call check(code == DAP_OK .and. len(dap_message(error)) == 0, 'a halo that wraps')
      call dap_layout_free(layout)
   end subroutine

   subroutine check(condition, what)
      logical, intent(in) :: condition
      character(*), intent(in) :: what
      if (.not. condition) then
         print '(2a)', 'not so: ', what
         error stop 1
      end if
   end subroutine

   subroutine sizes()
      call check(dap_sizes_agree(), 'sizes of the types')
   end subroutine

   subroutine lent_and_pointed_at()
      real(real64), target :: field(6, 4)
      real(real64), pointer :: there(:, :)
      type(dap_array_t) :: array, borrowed
      type(dap_loan_t) :: loan
      integer(c_int32_t) :: code
      integer :: k
      field = reshape([(real(k, real64), k=1, 24)], [6, 4])
      call dap_lend(field, [dap_block(10, 2, 1, lo=5, hi=10, pad_lo=1, pad_hi=0), dap_whole(4)], array, loan, code)
      call check(code == DAP_OK, 'lent')
      call check(dap_check(array) == DAP_OK .and. .not. dap_returned(loan), 'out')
      call dap_move(array, borrowed, code)
      call check(code == DAP_OK .and. dap_check(array) == DAP_E_RELEASED, 'moved')
      nullify (there)
      call dap_point(borrowed, there, code, writing=.true.)
      call check(code == DAP_OK .and. associated(there), 'pointed at')
      call check(c_associated(c_loc(there(1, 1)), c_loc(field(1, 1))), 'the same address')
      call check(all(shape(there) == [6, 4]) .and. all(lbound(there) == 1) .and. there(2, 3) == field(2, 3), 'the same items')
      there(6, 4) = -1
      call check(field(6, 4) == -1, 'written in place')
      call check(.not. dap_returned(loan), 'still out')
      call dap_release(borrowed)
      call check(dap_end_loan(loan), 'back')
      ! A borrower that keeps the field: the loan reports it, and the borrower frees it in the end.
      call dap_lend_readonly(field, [dap_whole(6), dap_whole(4)], array, loan, code)
      call check(.not. dap_end_loan(loan), 'kept')
      call dap_point(array, there, code)
      call check(code == DAP_OK .and. there(1, 1) == 1, 'read')
      call dap_point(array, there, code, writing=.true.)
      call check(code == DAP_E_READ_ONLY, 'not to be written')
      call check(.not. dap_end_loan(loan) .and. .not. dap_returned(loan), 'kept still')
      call dap_release(array)
      call dap_release(array)
      call check(dap_end_loan(loan), 'back in the end')
   end subroutine

   ! Every state of a loan, with every query: the table in daparray.f90.
   subroutine states_of_a_loan()
      real(real64), target :: field(4), other(4)
      real(real64), allocatable, target :: unallocated(:)
      real(real64), pointer :: nothing(:)
      type(dap_array_t) :: array, again, borrowed
      type(dap_loan_t) :: loan, copy
      type(dap_error_t) :: error
      integer(c_int32_t) :: code
      integer :: turns
      field = 1
      other = 1
      call check(.not. dap_returned(loan), 'never lent: not returned')
      call check(dap_end_loan(loan), 'never lent: no borrower has it')
      nullify (nothing)
      call dap_lend(nothing, [dap_whole(4)], array, loan, code, error)
      call check(code == DAP_E_NULL .and. len(dap_message(error)) > 0, 'a pointer at nothing')
      call dap_lend_readonly(unallocated, [dap_whole(4)], array, loan, code, error)
      call check(code == DAP_E_NULL, 'an array that is not allocated')
      call dap_lend_at(c_null_ptr, DAP_REAL64, [4_int64], [8_int64], [dap_whole(4)], array, loan, code, error)
      call check(code == DAP_E_NULL, 'no address')
      call check(.not. dap_returned(loan), 'refused: still never lent')
      call dap_lend(field, [dap_whole(4)], array, loan, code, error)
      call check(code == DAP_OK, 'lent')
      copy = loan
      call check(.not. dap_returned(loan), 'lent: not returned')
      do turns = 1, 3
         call check(.not. dap_end_loan(loan), 'lent: asked again and again')
      end do
      call dap_lend(other, [dap_whole(4)], again, loan, code, error)
      call check(code == DAP_E_STATE .and. index(dap_message(error), 'dap_end_loan') > 0, 'lent: not to be lent into')
      call dap_lend_readonly(other, [dap_whole(4)], again, loan, code)
      call check(code == DAP_E_STATE .and. dap_check(again) == DAP_E_RELEASED, 'lent: nothing was made')
      call dap_lend_at(c_loc(other), DAP_REAL64, [4_int64], [8_int64], [dap_whole(4)], again, loan, code)
      call check(code == DAP_E_STATE, 'lent: nor by an address')
      call dap_move(array, borrowed, code)
      turns = 0
      do while (.not. dap_end_loan(loan))
         turns = turns + 1
         if (turns == 100) call dap_release(borrowed)
      end do
      call check(turns == 100, 'the loop ends when the borrower has let go')
      call check(.not. dap_returned(loan) .and. .not. dap_returned(copy), 'ended: there is nothing to return')
      call check(dap_end_loan(loan), 'ended: no borrower has it')
      call check(dap_end_loan(copy), 'ended: nor by the copy')
      call dap_lend(field, [dap_whole(4)], array, loan, code)
      call check(code == DAP_OK .and. .not. dap_returned(loan), 'lent again')
      call check(dap_end_loan(copy), 'the copy is of the earlier loan')
      call check(.not. dap_end_loan(loan), 'which is another one')
      call dap_release(array)
      call check(dap_returned(loan), 'back')
      call dap_lend(field, [dap_block(4, 1, 0, lo=1, hi=5)], array, loan, code)
      call check(code > 300 .and. dap_returned(loan), 'back: a refused one leaves it there')
      call dap_lend(other, [dap_whole(4)], array, loan, code)
      call check(code == DAP_OK .and. .not. dap_returned(loan), 'back: lent into')
      call dap_release(array)
      call check(dap_end_loan(loan), 'back again')
   end subroutine

   subroutine sections()
      integer(int32), target :: field(0:9, 8)
      integer(int32), pointer :: there(:, :)
      type(dap_array_t) :: array
      type(dap_loan_t) :: loan
      integer(c_int32_t) :: code
      integer :: i, j
      do j = 1, 8
         field(:, j) = [(100 * j + i, i=0, 9)]
      end do
      nullify (there)
      call dap_lend(field(1:8:3, 8:2:-2), [dap_whole(3), dap_whole(4)], array, loan, code)
      call check(code == DAP_OK, 'a section with strides')
      call dap_point(array, there, code)
      call check(code == DAP_OK .and. all(there == field(1:8:3, 8:2:-2)), 'a section''s items')
      call check(c_associated(c_loc(there(3, 4)), c_loc(field(7, 2))), 'a section''s address')
      call dap_release(array)
      call check(dap_end_loan(loan), 'back')
      ! No loan at all.
      call dap_lend(field(1:0, :), [dap_whole(0), dap_whole(8)], array, loan, code)
      call check(code == DAP_OK, 'an empty field')
      call dap_point(array, there, code)
      call check(code == DAP_OK .and. size(there) == 0, 'no items')
      call dap_release(array)
      call check(dap_end_loan(loan), 'nothing is back')
   end subroutine

   subroutine refusals()
      ! Packed in order: the stride of `at` is not a multiple of its items.
      type :: particle
         real(real64) :: mass
         complex(real64) :: at
      end type
      type(particle), target :: particles(4)
      real(real64), target :: field(4)
      real(real32), pointer :: single(:)
      real(real64), pointer :: plane(:, :)
      type(dap_array_t) :: array
      type(dap_error_t) :: error
      type(dap_loan_t) :: loan
      integer(c_int32_t) :: code
      nullify (single, plane)
      call dap_lend(particles%at, [dap_whole(4)], array, loan, code, error)
      call check(code == DAP_E_INEXPRESSIBLE .and. index(dap_message(error), '24 bytes') > 0, dap_message(error))
      call dap_lend_at(c_loc(particles(1)%at), DAP_COMPLEX64, [4_int64], [24_int64], [dap_whole(4)], array, loan, code, error)
      call check(code == DAP_E_INEXPRESSIBLE .and. error%dim == 0, 'by its address')
      call dap_lend_at(c_loc(field), DAP_REAL64, [4_int64], [8_int64, 8_int64], [dap_whole(4)], array, loan, code, error)
      call check(code == DAP_E_TENSOR .and. index(dap_message(error), '2 strides') > 0, 'a stride too many')
      call dap_lend_at(c_loc(field), DAP_REAL64, [-1_int64], [8_int64], [dap_whole(4)], array, loan, code, error)
      call check(code == DAP_E_TENSOR .and. error%dim == 0, 'a negative extent')
      call dap_lend_at(c_loc(field), DAP_REAL64, [4_int64], [0_int64], [dap_whole(4)], array, loan, code, error)
      call check(code == DAP_E_TENSOR, 'items that share memory')
      call dap_lend_at(c_loc(field), DAP_REAL64, [4_int64], [0_int64], [dap_whole(4)], array, loan, code, read_only=.true.)
      call check(code == DAP_OK, 'and may be read')
      call dap_release(array)
      call check(dap_end_loan(loan), 'back')
      call dap_lend(field, [dap_whole(4), dap_whole(1)], array, loan, code, error)
      call check(code == DAP_E_TENSOR .and. index(dap_message(error), '1 dimensions and `dims` has 2') > 0, 'another rank')
      call dap_lend(field, [dap_block(4, 1, 0, lo=1, hi=5)], array, loan, code, error)
      call check(code > 300 .and. code < 500 .and. error%dim == 0, 'beyond the end')
      call check(len(dap_rule(code)) == 6 .and. dap_rule(DAP_E_ARGUMENT) == '', 'rules')
      call check(.not. dap_returned(loan), 'nothing was lent')
      call dap_lend(field, [dap_whole(4)], array, loan, code)
      call dap_point(array, single, code, error)
      call check(code == DAP_E_DTYPE .and. .not. associated(single), 'another type')
      call check(index(dap_message(error), 'float32') > 0 .and. index(dap_message(error), 'float64') > 0, 'both types')
      call dap_point(array, plane, code, error)
      call check(code == DAP_E_TENSOR .and. index(dap_message(error), '2 dimensions, but the array has 1') > 0, 'another rank')
      call dap_release(array)
      call check(dap_end_loan(loan), 'back')
      call dap_point(array, single, code)
      call check(code == DAP_E_RELEASED, 'released')
   end subroutine

   subroutine bounds()
      type(dap_dim_t) :: dim, same
      integer(int64) :: lo, hi, k
      integer(int64), target :: zero_based(3)
      dim = dap_block(100_int64, 4_int64, 1_int64, lo=25_int64, hi=52_int64, pad_lo=1_int64, pad_hi=2_int64)
      same = dap_block(100, 4, 1, lo=25, hi=52, pad_lo=1, pad_hi=2)
      call check(dim%start == 24 .and. dim%stop == 52 .and. same%start == 24 .and. same%pad_hi == 2, 'bounds')
      call dap_owned(dim, lo, hi)
      call check(lo == 26 .and. hi == 50, 'owned, global')
      call dap_owned_local(dim, lo, hi)
      call check(lo == 2 .and. hi == 26, 'owned, local')
      call check(dap_global_index(dim, 2_int64) == 26 .and. dap_local_index(dim, 26_int64) == 2, 'indices')
      call check(dap_local_index(dim, 25_int64) == 0 .and. dap_local_index(dim, 51_int64) == 0, 'not owned')
      dim = dap_cyclic(10, 2, 1, 3)
      do k = 1, 3
         call check(dap_global_index(dim, k) == 3 + k .and. dap_local_index(dim, 3 + k) == k, 'cyclic')
      end do
      call check(dap_global_index(dim, 4_int64) == 10 .and. dap_local_index(dim, 7_int64) == 0, 'the next block')
      zero_based = dap_zero_based([3, 1, 2])
      dim = dap_unstructured(3_int64, 1_int64, 0_int64, zero_based, one_to_one=.true.)
      call check(all(zero_based == [2, 0, 1]) .and. dim%n_indices == 3 .and. dim%flags == DAP_DIM_ONE_TO_ONE, 'listed')
   end subroutine

   subroutine texts_and_layouts()
      real(real64), target :: field(5)
      type(dap_array_t) :: array, read
      type(dap_loan_t) :: loan
      type(dap_layout_t) :: layout
      type(dap_error_t) :: error
      character(:), allocatable :: lines, report
      integer(c_int32_t) :: code
      integer(int64) :: rank, local(1), global(1)
      integer :: r, narrow_local(1)
      lines = ''
      do r = 0, 1
         call dap_lend(field, [dap_block(10, 2, r, lo=5 * r + 1, hi=5 * r + 5)], array, loan, code)
         lines = lines//dap_to_json(array)//new_line('a')
         call check(index(dap_describe(array), 'float64') > 0, 'described')
         call dap_release(array)
         call check(dap_end_loan(loan), 'back')
      end do
      call dap_layout_from_json(lines, layout, code, error, report)
      call check(code == DAP_OK .and. report == '', 'a layout')
      call dap_owner(layout, [8_int64], rank, local, code)
      call check(code == DAP_OK .and. rank == 1 .and. local(1) == 3, 'an owner')
      call dap_global(layout, rank, local, global, code)
      call check(code == DAP_OK .and. global(1) == 8, 'and back')
      call dap_owner(layout, [11_int64], rank, local, code)
      call check(code == DAP_E_NOT_FOUND, 'nobody')
      ! The sentence is of C; the text says how it counts, and the dimension is Fortran's.
      call dap_owner(layout, [11_int64], rank, local, code, error)
      call check(dap_message(error) == 'no element with the index 10: the indices of the dimension are 0 to 9 '// &
         '(in dimension 1, counted from 1; this sentence counts from 0)', dap_message(error))
      call dap_owner(layout, [1, 2], r, narrow_local, code, error)
      call check(code == DAP_E_ARGUMENT .and. index(dap_message(error), 'the lists have 2 and 1, the layout has 1') > 0, &
         dap_message(error))
      call dap_global(layout, 1, [6], narrow_local, code, error)
      call check(code == DAP_E_NOT_FOUND .and. index(dap_message(error), 'are 0 to 4 (in dimension 1') > 0, dap_message(error))
      call dap_global(layout, 5, [1], narrow_local, code, error)
      call check(code == DAP_E_NOT_FOUND .and. index(dap_message(error), '(') == 0, dap_message(error))
      call check(dap_layout_processes(layout) == 2 .and. all(dap_layout_shape(layout) == [10]), 'how large')
      call check(all(dap_layout_grid(layout) == [2]) .and. all(dap_layout_local_shape(layout, 1) == [5]), 'how distributed')
      call check(all(dap_layout_owned_shape(layout, 0) == [5]), 'owned')
      call check(index(dap_layout_describe(layout), '(10,) over 2') == 1, 'a line: '//dap_layout_describe(layout))
      call check(index(dap_rule_page(304), '# DAP304 stop-beyond-size') == 1 .and. dap_rule_page(1001) == '', 'a page')
      call check(index(dap_strerror(DAP_E_RELEASED), 'the struct has been released') == 1, 'a sentence')
      call dap_layout_free(layout)
      call check(size(dap_layout_shape(layout, code)) == 0, 'no layout, and no extents')
      call check(code == DAP_E_NULL, 'no layout: shape')
      call check(size(dap_layout_grid(layout, code, error)) == 0, 'no layout, and no grid')
      call check(code == DAP_E_NULL .and. error%code == code, 'no layout: grid')
      call check(dap_layout_processes(layout, code) == 0, 'no layout, and no processes')
      call check(code == DAP_E_NULL, 'no layout: processes')
      call check(len(dap_layout_describe(layout, code)) == 0, 'no layout, and no line')
      call check(code == DAP_E_NULL, 'no layout: describe')
      call dap_layout_from_json(lines(1:len(lines) / 2), layout, code, error, report)
      call check(code > 600 .and. code < 700 .and. index(report, 'error[DAP') == 1, 'one process is missing')
      call dap_array_from_json(lines(1:index(lines, new_line('a')) - 1), read, code, error)
      call check(code == DAP_OK .and. read%ndim == 1, 'read')
      call dap_release(read)
   end subroutine
end program
