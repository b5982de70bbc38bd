! A descriptor of the real ScaLAPACK from Fortran: `mpirun -n 4 scalapack_f`.
program scalapack
   use daparray
   use, intrinsic :: iso_c_binding
   implicit none

   interface
      integer(c_int32_t) function from_memory(ndim, dims, data, dtype, extents, strides, read_only, release, owner, array, error) &
         bind(C, name='dap_array_from_memory')
         import
         integer(c_int32_t), value :: ndim, read_only
         type(dap_dim_t), intent(in) :: dims(2)
         type(c_ptr), value :: data, owner
         type(dap_dtype_t), value :: dtype
         integer(c_int64_t), intent(in) :: extents(2), strides(2)
         type(c_funptr), value :: release
         type(dap_array_t), intent(inout) :: array
         type(dap_error_t), intent(inout) :: error
      end function
   end interface

   integer, external :: numroc, indxl2g
   integer, parameter :: m = 5, n = 9, mb = 2, nb = 2
   integer :: context, rank, processes, nprow, npcol, myrow, mycol, info, desc(9), again(9), lld, code, i, down, rsrc
   real(c_double), allocatable, target :: local(:, :)
   real(c_double), pointer :: seen(:, :)
   type(dap_dim_t) :: dims(2)
   type(dap_array_t) :: array
   type(dap_error_t) :: error
   type(dap_dtype_t) :: float64
   integer(c_int64_t) :: extents(2), strides(2)

   call blacs_pinfo(rank, processes)
   call blacs_get(-1, 0, context)
   down = merge(2, 1, processes == 4)
   call blacs_gridinit(context, 'Row', down, processes/down)
   call blacs_gridinfo(context, nprow, npcol, myrow, mycol)
   rsrc = nprow - 1
   lld = max(1, numroc(m, mb, myrow, rsrc, nprow))
   call descinit(desc, m, n, mb, nb, rsrc, 0, context, lld, info)
   call check(info == 0, 'descinit')
   allocate (local(lld, max(1, numroc(n, nb, mycol, 0, npcol))), source=1d0)

   code = dap_scalapack_dims(desc, nprow, npcol, myrow, mycol, 0, dims, extents, strides, error)
   call check(code == DAP_OK, 'dims: '//dap_message(error))
   call check(extents(1) == numroc(m, mb, myrow, rsrc, nprow) .and. extents(2) == numroc(n, nb, mycol, 0, npcol), 'extents')
   float64%code = 2_c_int8_t
   float64%bits = 64_c_int8_t
   float64%lanes = 1_c_int16_t
   code = from_memory(2, dims, c_loc(local), float64, extents, strides, 0, c_null_funptr, c_null_ptr, array, error)
   call check(code == DAP_OK, 'from memory: '//dap_message(error))
   do i = 1, int(extents(1))
      call check(dap_global_index(dims(1), int(i, c_int64_t)) == indxl2g(i, mb, myrow, rsrc, nprow), 'global')
   end do
   code = dap_scalapack_descriptor(array, context, 0, again, error)
   call check(code == DAP_OK, 'descriptor: '//dap_message(error))
   call check(all(again == desc), 'the same nine integers')
   call dap_point(array, seen, code, error, .true.)
   call check(code == DAP_OK .and. associated(seen), 'point: '//dap_message(error))
   seen = 3
   call check(all(abs(local(:int(extents(1)), :int(extents(2))) - 3) < 1d-15), 'the same memory')
   call dap_release(array)
   if (rank == 0) print '(a,i0,a)', 'ranks ', processes, ', checks 1'
   call blacs_exit(0)

contains

   subroutine check(right, what)
      logical, intent(in) :: right
      character(*), intent(in) :: what
      if (right) return
      print '(2a)', 'scalapack: ', what
      call blacs_abort(context, 1)
   end subroutine
end program
