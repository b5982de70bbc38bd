! Moves a field from rows to columns: daparray plans the messages, MPI sends them.
! `mpirun -n 3 ./move`
program move
   use, intrinsic :: iso_fortran_env, only: real64
   use mpi
   use daparray
   use daparray_layout
   use daparray_plan
   implicit none
   integer, parameter :: rows = 400, columns = 300
   real(real64), allocatable, target :: from(:, :), to(:, :)
   type(dap_array_t) :: mine, theirs
   type(dap_loan_t) :: loan_of_mine, loan_of_theirs
   type(dap_layout_t) :: by_rows, by_columns
   type(dap_dim_t), allocatable :: mine_has(:), theirs_has(:)
   type(dap_plan_t) :: plan
   type(dap_error_t) :: error
   integer :: rank, processes, code, ierr, i, j, wrong, all_wrong

   call MPI_Init(ierr)
   call MPI_Comm_rank(MPI_COMM_WORLD, rank, ierr)
   call MPI_Comm_size(MPI_COMM_WORLD, processes, ierr)

   ! The field is distributed by rows in blocks; the target is columns in blocks. Making the layouts
   ! takes no message.
   call dap_layout_new([dap_spec_block(rows, processes), dap_spec_whole(columns)], by_rows, code, error)
   call must(code)
   call dap_layout_new([dap_spec_whole(rows), dap_spec_block(columns, processes)], by_columns, code, error)
   call must(code)

   ! This process's part of source and target.
   mine_has = dap_layout_dims(by_rows, rank)
   theirs_has = dap_layout_dims(by_columns, rank)
   allocate (from(mine_has(1)%start + 1:mine_has(1)%stop, columns), to(rows, theirs_has(2)%start + 1:theirs_has(2)%stop))
   do j = 1, columns
      from(:, j) = [(real(i + rows * j, real64), i=lbound(from, 1), ubound(from, 1))]
   end do
   call dap_lend(from, mine_has, mine, loan_of_mine, code, error)
   call must(code)
   call dap_lend(to, theirs_has, theirs, loan_of_theirs, code, error)
   call must(code)

   call dap_plan_new(by_rows, rank, by_columns, rank, plan, code, error)
   call must(code)
   call carry_out()

   wrong = 0
   do j = lbound(to, 2), ubound(to, 2)
      wrong = wrong + count(abs(to(:, j) - [(real(i + rows * j, real64), i=1, rows)]) > 0)
   end do
   call MPI_Allreduce(wrong, all_wrong, 1, MPI_INTEGER, MPI_SUM, MPI_COMM_WORLD, ierr)
   if (rank == 0) print '(a, i0, a, i0, a, i0, a)', 'Fortran: ', rows * columns, ' elements moved over ', processes, &
      ' processes, ', all_wrong, ' wrong'
   call dap_plan_free(plan)
   call dap_layout_free(by_rows)
   call dap_layout_free(by_columns)
   call dap_release(mine)
   call dap_release(theirs)
   if (.not. dap_end_loan(loan_of_mine)) error stop 'a borrower still has the source'
   if (.not. dap_end_loan(loan_of_theirs)) error stop 'a borrower still has the target'
   call MPI_Finalize(ierr)
   if (all_wrong /= 0) error stop 1

contains

   ! One message to each process and one from each: MPI_Alltoallv, with the counts of the plan.
   subroutine carry_out()
      integer :: send_counts(0:processes - 1), send_places(0:processes - 1)
      integer :: receive_counts(0:processes - 1), receive_places(0:processes - 1)
      real(real64), allocatable :: outgoing(:), incoming(:)
      integer :: k, peer, place, elements
      send_counts = 0
      send_places = 0
      receive_counts = 0
      receive_places = 0
      allocate (outgoing(size(from)), incoming(size(to)))
      place = 0
      do k = 1, plan%sends
         call dap_plan_send(plan, k, peer, elements, code)
         call must(code)
         send_counts(peer) = elements
         send_places(peer) = place
         call dap_plan_pack(plan, k, mine, outgoing(place + 1:place + send_counts(peer)), code, error)
         call must(code)
         place = place + send_counts(peer)
      end do
      place = 0
      do k = 1, plan%receives
         call dap_plan_receive(plan, k, peer, elements, code)
         call must(code)
         receive_counts(peer) = elements
         receive_places(peer) = place
         place = place + receive_counts(peer)
      end do
      call MPI_Alltoallv(outgoing, send_counts, send_places, MPI_DOUBLE_PRECISION, &
         incoming, receive_counts, receive_places, MPI_DOUBLE_PRECISION, MPI_COMM_WORLD, ierr)
      do k = 1, plan%receives
         call dap_plan_receive(plan, k, peer, elements, code)
         place = receive_places(peer)
         call dap_plan_unpack(plan, k, incoming(place + 1:place + receive_counts(peer)), theirs, code, error)
         call must(code)
      end do
      call dap_plan_copy_local(plan, mine, theirs, code, error)
      call must(code)
   end subroutine

   subroutine must(code)
      integer, intent(in) :: code
      if (code == DAP_OK) return
      print '(2a)', 'move: ', dap_message(error)
      call MPI_Abort(MPI_COMM_WORLD, 1, ierr)
   end subroutine
end program
