! Every procedure that takes a rank refuses a rank that does not exist: with a code if the caller
! asks for one, and otherwise by ending the program with a sentence. `ranks NAME` calls one without
! asking. A test in ffi/tests/header.rs compares this with the module.
program ranks
   use daparray
   use daparray_layout
   use daparray_plan
   use, intrinsic :: iso_c_binding
   use, intrinsic :: iso_fortran_env, only: int64, real64
   implicit none
   integer, parameter :: absent(4) = [4, 5, -2, huge(1)]
   type(dap_layout_t) :: layout
   type(dap_error_t) :: error
   type(dap_plan_t) :: plan
   type(dap_array_t) :: array
   type(dap_loan_t) :: loan
   real(real64), target :: field(4, 3)
   integer(int64) :: global(2)
   integer(c_int32_t) :: code
   integer :: k
   character(64) :: name
   call dap_layout_new([dap_spec_block(8, 2), dap_spec_block(6, 2)], layout, code)
   call get_command_argument(1, name)
   if (len_trim(name) > 0) then
      call without_code(trim(name))
      print '(2a)', trim(name), ': went on'
      stop
   end if
   do k = 1, size(absent)
      call refused(size(dap_layout_dims(layout, absent(k), code, error)), 'dap_layout_dims')
      call refused(len(dap_layout_to_json(layout, absent(k), DAP_REAL64, code, error)), 'dap_layout_to_json')
      call refused(size(dap_layout_local_shape(layout, absent(k), code, error)), 'dap_layout_local_shape')
      call refused(size(dap_layout_owned_shape(layout, absent(k), code, error)), 'dap_layout_owned_shape')
      call dap_plan_new(layout, absent(k), layout, 0, plan, code, error)
      call refused(plan%sends, 'dap_plan_new')
      call dap_plan_new_reshape(layout, 0, layout, absent(k), plan, code, error)
      call refused(plan%sends, 'dap_plan_new_reshape')
      call dap_global(layout, int(absent(k), int64), [1_int64, 1_int64], global, code)
      if (code /= DAP_E_NOT_FOUND) error stop 'dap_global'
      call dap_lend(field, [dap_block(8, 2, absent(k), lo=1, hi=4), dap_block(6, 2, 0, lo=1, hi=3)], array, loan, code, error)
      if (code == DAP_OK .or. error%dim /= 0) error stop 'dap_block'
      call dap_lend(field, [dap_cyclic(8, 2, absent(k), 4), dap_block(6, 2, 0, lo=1, hi=3)], array, loan, code, error)
      if (code == DAP_OK .or. error%dim /= 0) error stop 'dap_cyclic'
   end do
   if (size(dap_layout_dims(layout, 3)) /= 2) error stop 'a rank that is there'
   call dap_layout_free(layout)
   print '(a)', 'ranks in Fortran: all right'
contains
   subroutine refused(items, what)
      integer, intent(in) :: items
      character(*), intent(in) :: what
      if (items == 0 .and. code == DAP_E_NOT_FOUND .and. error%code == code .and. index(dap_message(error), '0 to 3') > 0) return
      print '(4a)', what, ': ', dap_message(error)
      error stop 1
   end subroutine

   subroutine without_code(name)
      character(*), intent(in) :: name
      select case (name)
       case ('dap_layout_dims')
         print *, size(dap_layout_dims(layout, 4))
       case ('dap_layout_to_json')
         print *, len(dap_layout_to_json(layout, 4, DAP_REAL64))
       case ('dap_layout_local_shape')
         print *, size(dap_layout_local_shape(layout, 4))
       case ('dap_layout_owned_shape')
         print *, size(dap_layout_owned_shape(layout, 4))
      end select
   end subroutine
end program
