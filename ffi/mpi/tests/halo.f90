! Fills the halo of a field by libdaparray_mpi, step by step from Fortran; then moves the field to
! another distribution, and to another shape.
program halo_test
   use, intrinsic :: iso_c_binding, only: c_associated, c_f_pointer, c_int64_t, c_ptr
   use, intrinsic :: iso_fortran_env, only: real64
   use mpi
   use daparray
   use daparray_mpi
   implicit none
   integer, parameter :: rows = 24, columns = 10
   real(real64), allocatable, target :: field(:, :), moved(:, :)
   type(dap_array_t) :: array, other
   type(dap_loan_t) :: loan, other_loan
   type(dap_halo_t) :: halo
   type(dap_move_t) :: move
   type(dap_error_t) :: error
   integer :: rank, processes, code, ierr, first, last, below, above, left, right, i, j, step

   call MPI_Init(ierr)
   call MPI_Comm_rank(MPI_COMM_WORLD, rank, ierr)
   call MPI_Comm_size(MPI_COMM_WORLD, processes, ierr)
   first = rows * rank / processes + 1
   last = rows * (rank + 1) / processes
   below = merge(1, 0, rank > 0)
   above = merge(1, 0, rank < processes - 1)
   allocate (field(first - below:last + above, columns))
   field = -1
   call dap_lend(field, [dap_block(rows, processes, rank, lo=first - below, hi=last + above, pad_lo=below, pad_hi=above), &
      dap_whole(columns)], array, loan, code, error)
   call must('lent')

   call dap_halo_new(MPI_COMM_WORLD, array, .false., halo, code, error)
   call must('a halo')
   do step = 1, 3
      do j = 1, columns
         field(first:last, j) = [(value(i, j, step), i=first, last)]
      end do
      call dap_halo_start(halo, array, code, error)
      call must('started')
      call dap_halo_start(halo, array, code, error)
      call check(code == DAP_E_STATE .or. code == DAP_E_REMOTE, 'started twice')
      if (rank == processes - 1) then
         call dap_halo_finish(halo, code=code, error=error)
         call check(code == DAP_E_TENSOR, 'finished without the field')
      else
         call dap_halo_finish(halo, array, code, error)
         call check(code == DAP_E_REMOTE, 'finished where another has no field')
      end if
      call dap_halo_finish(halo, array, code, error)
      call must('finished')
      do j = 1, columns
         do i = lbound(field, 1), ubound(field, 1)
            call check(abs(field(i, j) - value(i, j, step)) <= 0, 'the halo''s elements')
         end do
      end do
   end do
   call dap_halo_finish(halo, array, code, error)
   call check(code == DAP_E_STATE .or. code == DAP_E_REMOTE, 'finished twice')
   field(first:last, :) = field(first:last, :) + 10000
   call dap_halo_exchange(halo, array, code, error)
   call must('both halves')
   do j = 1, columns
      call check(all(abs(field(:, j) - [(value(i, j, 4), i=first - below, last + above)]) <= 0), 'the halo''s elements, at once')
   end do
   field = field - 10000
   call dap_halo_exchange(halo, code=code, error=error)
   call check(code == DAP_E_TENSOR .or. code == DAP_E_REMOTE, 'no field')
   call dap_halo_free(halo)
   if (processes > 1) then
      call dap_halo_new(MPI_COMM_WORLD, array, rank == 0, halo, code, error)
      call check(code == merge(DAP_E_ARGUMENT, DAP_E_REMOTE, rank == 1), 'corners on rank 0 only')
   end if

   left = columns * rank / processes + 1
   right = columns * (rank + 1) / processes
   allocate (moved(rows, left:right))
   moved = 0
   call dap_lend(moved, [dap_whole(rows), dap_block(columns, processes, rank, lo=left, hi=right)], other, other_loan, code, error)
   call must('lent, too')
   call dap_move_new(MPI_COMM_WORLD, array, other, move, code, error)
   call must('a move')
   call dap_move_execute(move, array, other, code, error)
   call must('moved')
   call dap_move_free(move)
   call arrived()
   moved = 0
   call dap_redistribute(MPI_COMM_WORLD, array, other, code, error)
   call must('moved at once')
   call arrived()
   call another_shape()
   call memory_of_the_node()

   call dap_release(array)
   call dap_release(other)
   call check(dap_end_loan(loan), 'back')
   call check(dap_end_loan(other_loan), 'the other is back')
   if (rank == 0) print '(a, i0, a)', 'halo: all right on ', processes, ' ranks'
   call MPI_Finalize(ierr)

contains

   pure real(real64) function value(i, j, step)
      integer, intent(in) :: i, j, step
      value = i + 100 * j + 10000 * step
   end function

   subroutine arrived()
      do j = left, right
         call check(all(abs(moved(:, j) - [(value(i, j, 3), i=1, rows)]) <= 0), 'arrived')
      end do
   end subroutine

   ! Along the line the last index of the field varies fastest.
   subroutine another_shape()
      real(real64), allocatable, target :: line(:)
      type(dap_array_t) :: whole
      type(dap_loan_t) :: line_loan
      integer :: begin, end, k
      begin = rows * columns * rank / processes
      end = rows * columns * (rank + 1) / processes
      allocate (line(begin + 1:end))
      line = 0
      call dap_lend(line, [dap_block(rows * columns, processes, rank, lo=begin + 1, hi=end)], whole, line_loan, code, error)
      call must('a line')
      call dap_reshape(MPI_COMM_WORLD, other, whole, code, error)
      call must('reshaped')
      do k = begin, end - 1
         call check(abs(line(k + 1) - value(k / columns + 1, mod(k, columns) + 1, 3)) <= 0, 'in row-major order')
      end do
      moved = 0
      call dap_move_new_reshape(MPI_COMM_WORLD, whole, other, move, code, error)
      call must('the way back')
      call dap_move_execute(move, whole, other, code, error)
      call must('reshaped back')
      call dap_move_free(move)
      call arrived()
      call dap_release(whole)
      call check(dap_end_loan(line_loan), 'the line is back')
   end subroutine

   subroutine memory_of_the_node()
      real(real64), pointer :: there(:, :)
      type(c_ptr) :: memory
      type(dap_array_t) :: pulled
      type(dap_loan_t) :: its_loan
      call dap_allocate(MPI_COMM_WORLD, 8_c_int64_t*rows*(right - left + 1), memory, code, error)
      call must('memory')
      call c_f_pointer(memory, there, [rows, right - left + 1])
      there = moved
      call dap_lend(there, [dap_whole(rows), dap_block(columns, processes, rank, lo=left, hi=right)], pulled, its_loan, code, error)
      call must('lent')
      moved = 0
      call dap_redistribute(MPI_COMM_WORLD, pulled, other, code, error)
      call must('moved from there')
      call arrived()
      call dap_release(pulled)
      call check(dap_end_loan(its_loan), 'back')
      call dap_deallocate(memory)
      call check(.not. c_associated(memory), 'released')
      call dap_allocate(MPI_COMM_WORLD, merge(-1_c_int64_t, 8_c_int64_t, rank == 0), memory, code, error)
      call check(code == merge(DAP_E_ARGUMENT, DAP_E_REMOTE, rank == 0) .and. .not. c_associated(memory), 'less than nothing')
   end subroutine

   subroutine must(what)
      character(*), intent(in) :: what
      if (code /= DAP_OK) print '(4a)', 'halo: ', what, ': ', dap_message(error)
      call check(code == DAP_OK, what)
   end subroutine

   subroutine check(condition, what)
      logical, intent(in) :: condition
      character(*), intent(in) :: what
      if (condition) return
      print '(a, i0, 2a)', 'halo: rank ', rank, ': not so: ', what
      call MPI_Abort(MPI_COMM_WORLD, 1, ierr)
   end subroutine
end program
