! Scoped loans: each ends with its variable, whether a borrower took the array or not. `scoped keep`
! ends a scope while a borrower has the field; `scoped assign` assigns a scoped loan.
program scoped
   use daparray
   use, intrinsic :: iso_c_binding
   use, intrinsic :: iso_fortran_env, only: real64
   implicit none
   real(real64), target :: field(5, 3)
   type(dap_array_t) :: kept
   character(16) :: what
   integer :: k
   call get_command_argument(1, what)
   select case (what)
    case ('keep')
      call keep()
    case ('assign')
      call assign()
    case default
      field = 0
      do k = 1, 100
         call not_taken()
         call taken()
         call never_lent()
         call several()
         call in_a_block()
         call asked()
      end do
      if (any(field /= 100)) error stop 'each borrower that took the field has written'
      print '(a)', 'scoped: all right'
   end select
contains
   subroutine lend(lent)
      type(dap_scoped_loan_t), intent(inout) :: lent
      type(dap_error_t) :: error
      integer(c_int32_t) :: code
      call dap_lend(field, [dap_whole(5), dap_whole(3)], lent%array, lent%loan, code, error)
      if (code /= DAP_OK) error stop 'lent'
   end subroutine

   subroutine borrow(array)
      type(dap_array_t), intent(inout) :: array
      type(dap_array_t) :: mine
      real(real64), pointer :: items(:, :)
      integer(c_int32_t) :: code
      nullify (items)
      call dap_move(array, mine, code)
      call dap_point(mine, items, code, writing=.true.)
      items = items + 1
      call dap_release(mine)
   end subroutine

   subroutine not_taken()
      type(dap_scoped_loan_t) :: lent
      call lend(lent)
   end subroutine

   subroutine taken()
      type(dap_scoped_loan_t) :: lent
      call lend(lent)
      call borrow(lent%array)
   end subroutine

   subroutine never_lent()
      type(dap_scoped_loan_t) :: lent
      if (.not. lent%is_back()) error stop 'never lent'
   end subroutine

   subroutine several()
      type(dap_scoped_loan_t) :: lent(2)
      type(dap_scoped_loan_t), allocatable :: allocated
      call lend(lent(1))
      allocate (allocated)
      call lend(allocated)
   end subroutine

   subroutine in_a_block()
      block
         type(dap_scoped_loan_t) :: lent
         call lend(lent)
      end block
   end subroutine

   ! The loan is lent and ended several times before its scope ends.
   subroutine asked()
      type(dap_scoped_loan_t) :: lent
      type(dap_array_t) :: mine
      integer(c_int32_t) :: code
      call lend(lent)
      call dap_move(lent%array, mine, code)
      if (lent%is_back()) error stop 'a borrower has the field'
      call dap_release(mine)
      if (.not. lent%is_back() .or. .not. lent%is_back()) error stop 'back'
      call lend(lent)
      if (.not. lent%is_back()) error stop 'back without a borrower'
   end subroutine

   subroutine keep()
      type(dap_scoped_loan_t) :: lent
      integer(c_int32_t) :: code
      call lend(lent)
      call dap_move(lent%array, kept, code)
   end subroutine

   subroutine assign()
      type(dap_scoped_loan_t) :: one, other
      call lend(one)
      other = one
      print '(a)', 'assigned'
   end subroutine
end program
