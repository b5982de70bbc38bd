! A model with a halo that lends its field for each time step: to Python, or to any other borrower
! of a DapArray.
!
! Rows 5 to 8 of 12 belong to this process, 1 of 3 processes; the rows beside them are the
! neighbours' (the halo), and columns are not distributed. The model is built as a library, and
! Python is the main program.
module model
   use daparray
   use, intrinsic :: iso_c_binding
   implicit none

   real(c_double), target, save :: field(4:9, 5)
   ! Stored beside the field, so that the next run can tell whether a borrower still has it.
   type(dap_loan_t), save :: loan

   abstract interface
      ! The borrower takes the struct over, and releases it before it returns.
      subroutine borrower(array) bind(C)
         import :: dap_array_t
         type(dap_array_t), intent(inout) :: array
      end subroutine
   end interface

contains

   ! Runs `steps` time steps. The result is -1 if the borrower kept the field, a code if the field
   ! could not be lent, and 0 on success.
   function run(steps, borrow) result(code) bind(C, name='model_run')
      integer(c_int32_t), value :: steps
      procedure(borrower) :: borrow
      integer(c_int32_t) :: code
      type(dap_array_t) :: array
      type(dap_dim_t) :: dims(2)
      type(dap_error_t) :: error
      integer :: step

      field = 1
      dims = [dap_block(12, 3, 1, lo=lbound(field, 1), hi=ubound(field, 1), pad_lo=1, pad_hi=1), dap_whole(size(field, 2))]
      do step = 1, steps
         field(5:8, :) = field(5:8, :) + 1 ! the model's own work
         ! The call is refused while a borrower of an earlier step has the field.
         call dap_lend(field, dims, array, loan, code, error)
         if (code /= DAP_OK) then
            print '(2a)', 'model: ', dap_message(error)
            return
         end if
         call borrow(array)
         call dap_release(array) ! in case it was not taken
         if (.not. dap_end_loan(loan)) then
            code = -1
            return
         end if
      end do
   end function

   function address() bind(C, name='model_address')
      type(c_ptr) :: address
      address = c_loc(field)
   end function

   ! One element, by its global indices from 1.
   function item(row, column) bind(C, name='model_item')
      integer(c_int32_t), value :: row, column
      real(c_double) :: item
      item = field(row, column)
   end function
end module
