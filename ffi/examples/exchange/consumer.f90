! Takes a field over from its producer, reads it, changes one element and releases it.
function consume(array, address) result(code) bind(C)
   use daparray
   use, intrinsic :: iso_c_binding
   implicit none
   type(dap_array_t), intent(inout) :: array
   type(c_ptr), intent(out) :: address
   integer(c_int32_t) :: code
   type(dap_array_t) :: mine
   type(dap_error_t) :: error
   real(c_double), pointer :: field(:, :)

   address = c_null_ptr
   call dap_move(array, mine, code)
   if (code /= DAP_OK) return
   nullify (field)
   call dap_point(mine, field, code, error, writing=.true.)
   if (code == DAP_OK) then
      print '(a)', dap_describe(mine)
      print '(a, f5.1)', 'Fortran: my row 1 is global row 5, and begins with', field(1, 1)
      field(4, 6) = -1
      address = c_loc(field(1, 1))
   else
      print '(2a)', 'Fortran: ', dap_message(error)
   end if
   call dap_release(mine)
end function
