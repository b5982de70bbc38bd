! Fortran's side: a field in Fortran order, which the program keeps.
module pairs_fortran
   use daparray
   use, intrinsic :: iso_c_binding
   implicit none
   real(c_double), target, save :: field(3, 4)
   type(dap_loan_t), save :: loan
contains
   function produce_fortran(out) result(address) bind(C)
      type(dap_array_t), intent(inout) :: out
      type(c_ptr) :: address
      integer(c_int32_t) :: code
      field = 0
      call dap_lend(field, [dap_block(6, 2, 0, lo=1, hi=3), dap_cyclic(8, 2, 1, 2)], out, loan, code)
      if (code /= DAP_OK) error stop 'not lent, or the last loan is not back'
      address = c_loc(field)
   end function

   function consume_fortran(array, value) result(address) bind(C)
      type(dap_array_t), intent(inout) :: array
      real(c_double), value :: value
      type(c_ptr) :: address
      type(dap_array_t) :: mine
      real(c_double), pointer :: there(:, :)
      integer(c_int32_t) :: code
      call dap_move(array, mine, code)
      nullify (there)
      call dap_point(mine, there, code, writing=.true.)
      if (code /= DAP_OK) error stop 'not pointed at'
      there(3, 4) = value
      address = c_loc(there(1, 1))
      call dap_release(mine)
   end function
end module
