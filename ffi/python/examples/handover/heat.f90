! The heat equation on a plate of n x m points, rows shared out over MPI processes, one row of each
! neighbour beside them. After each `every` steps the field is lent to the Python function that
! watches it. Built as a library; `watch.py` is the program around it.
module heat
   use daparray
   use mpi
   use, intrinsic :: iso_c_binding
   implicit none

   real(c_double), allocatable, target, save :: field(:, :), next(:, :)
   integer, save :: n, m, first, last, comm, rank, processes

   abstract interface
      ! Takes the struct over, and lets it go before it returns.
      subroutine borrower(array, step) bind(C)
         import :: dap_array_t, c_int32_t
         type(dap_array_t), intent(inout) :: array
         integer(c_int32_t), value :: step
      end subroutine
   end interface

contains

   ! A plate that is cold but for a hot square, and hot along its upper edge.
   subroutine start(communicator, rows, columns) bind(C, name='heat_start')
      integer(c_int32_t), value :: communicator, rows, columns
      integer :: code, i, j

      comm = communicator
      n = rows
      m = columns
      call MPI_Comm_rank(comm, rank, code)
      call MPI_Comm_size(comm, processes, code)
      first = n*rank/processes + 1
      last = n*(rank + 1)/processes
      allocate (field(max(1, first - 1):min(n, last + 1), m), next(first:last, m))
      do j = 1, m
         do i = lbound(field, 1), ubound(field, 1)
            field(i, j) = 0
            if (i == 1) field(i, j) = 1
            if (i > n/2 .and. i <= 3*n/4 .and. j > m/4 .and. j <= m/2) field(i, j) = 2
         end do
      end do
   end subroutine

   ! `steps` steps, lending the field after each `every`. -1 when a borrower kept it, a code when it
   ! could not be lent, 0 otherwise.
   function run(steps, every, borrow) result(code) bind(C, name='heat_run')
      integer(c_int32_t), value :: steps, every
      procedure(borrower) :: borrow
      integer(c_int32_t) :: code
      integer :: step

      code = 0
      do step = 0, steps
         if (step > 0) call advance()
         if (mod(step, every) == 0) code = lend(step, borrow)
         if (code /= 0) return
      end do
   end function

   function lend(step, borrow) result(code)
      integer, intent(in) :: step
      procedure(borrower) :: borrow
      integer(c_int32_t) :: code
      type(dap_array_t) :: array
      type(dap_dim_t) :: dims(2)
      type(dap_loan_t) :: loan
      type(dap_error_t) :: error

      dims = [dap_block(n, processes, rank, lo=lbound(field, 1), hi=ubound(field, 1), &
                        pad_lo=first - lbound(field, 1), pad_hi=ubound(field, 1) - last), dap_whole(m)]
      call dap_lend(field, dims, array, loan, code, error)
      if (code /= DAP_OK) then
         print '(2a)', 'heat: ', dap_message(error)
         return
      end if
      call borrow(array, step)
      call dap_release(array) ! in case it was not taken
      if (.not. dap_end_loan(loan)) code = -1
   end function

   subroutine advance()
      integer :: i, j

      call exchange()
      do j = 2, m - 1
         do i = max(2, first), min(n - 1, last)
            next(i, j) = field(i, j) + 0.2d0*(field(i - 1, j) + field(i + 1, j) + field(i, j - 1) + field(i, j + 1) - 4*field(i, j))
         end do
      end do
      field(max(2, first):min(n - 1, last), 2:m - 1) = next(max(2, first):min(n - 1, last), 2:m - 1)
   end subroutine

   ! The neighbours' rows into the halo. Rows are not contiguous in Fortran: they go by way of two
   ! lines.
   subroutine exchange()
      real(c_double) :: give(m), take(m)
      integer :: code, up, down

      up = merge(rank - 1, MPI_PROC_NULL, rank > 0)
      down = merge(rank + 1, MPI_PROC_NULL, rank < processes - 1)
      give = field(last, :)
      call MPI_Sendrecv(give, m, MPI_DOUBLE_PRECISION, down, 1, take, m, MPI_DOUBLE_PRECISION, up, 1, comm, MPI_STATUS_IGNORE, code)
      if (rank > 0) field(first - 1, :) = take
      give = field(first, :)
      call MPI_Sendrecv(give, m, MPI_DOUBLE_PRECISION, up, 2, take, m, MPI_DOUBLE_PRECISION, down, 2, comm, MPI_STATUS_IGNORE, code)
      if (rank < processes - 1) field(last + 1, :) = take
   end subroutine

   function address() bind(C, name='heat_address')
      type(c_ptr) :: address
      address = c_loc(field)
   end function
end module
