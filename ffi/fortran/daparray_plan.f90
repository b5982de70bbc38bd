! daparray_plan: the elements that a process sends, receives and keeps when an array moves from one
! layout to another.
!
! A plan is independent of the transport: pack the elements for a peer into a message, send the
! message by any means, unpack received messages. Sends and receives are numbered from 1, processes
! from 0. Compile this file after daparray.f90 and daparray_cfi.c.
!
!   call dap_plan_new(rows, me, columns, me, plan, code)
!   do k = 1, plan%sends
!      call dap_plan_send(plan, k, peer, elements, code)
!      call dap_plan_pack(plan, k, mine, message(:elements), code)
!      ... MPI_Isend(message, elements, MPI_DOUBLE_PRECISION, peer, ...) ...
!   end do
!   call dap_plan_copy_local(plan, mine, theirs, code)
!   ... for each of plan%receives: dap_plan_receive, MPI_Recv, dap_plan_unpack ...
module daparray_plan
   use, intrinsic :: iso_c_binding
   use, intrinsic :: iso_fortran_env, only: int32, int64
   use daparray
   implicit none
   private

   public :: dap_plan_t, dap_plan_new, dap_plan_new_reshape, dap_plan_free
   public :: dap_plan_send, dap_plan_receive, dap_plan_pack, dap_plan_unpack, dap_plan_copy_local

   type :: dap_plan_t
      type(c_ptr), private :: handle = c_null_ptr
      integer :: sends = 0, receives = 0   ! with how many other processes
      integer(int64) :: kept = 0           ! elements that stay here
   end type

   abstract interface
      integer(c_int32_t) function new_plan(from, from_rank, to, to_rank, plan, error) bind(C)
         import
         type(c_ptr), value :: from, to
         integer(c_int64_t), value :: from_rank, to_rank
         type(c_ptr), intent(inout) :: plan
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function count_of(plan, count, error) bind(C)
         import
         type(c_ptr), value :: plan
         integer(c_int64_t), intent(inout) :: count
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function peer_of(plan, at, peer, elements, error) bind(C)
         import
         type(c_ptr), value :: plan
         integer(c_int64_t), value :: at
         integer(c_int64_t), intent(inout) :: peer, elements
         type(dap_error_t), intent(inout) :: error
      end function
   end interface

   procedure(new_plan), bind(C, name='dap_plan_new') :: plan_new
   procedure(new_plan), bind(C, name='dap_plan_new_reshape') :: plan_new_reshape
   procedure(count_of), bind(C, name='dap_plan_sends') :: plan_sends
   procedure(count_of), bind(C, name='dap_plan_receives') :: plan_receives
   procedure(count_of), bind(C, name='dap_plan_kept') :: plan_kept
   procedure(peer_of), bind(C, name='dap_plan_send') :: plan_send
   procedure(peer_of), bind(C, name='dap_plan_receive') :: plan_receive

   interface
      subroutine plan_free(plan) bind(C, name='dap_plan_free')
         import
         type(c_ptr), value :: plan
      end subroutine
      integer(c_int32_t) function plan_copy_local(plan, source, target, error) bind(C, name='dap_plan_copy_local')
         import
         type(c_ptr), value :: plan
         type(dap_array_t), intent(in) :: source, target
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function dap_f_pack(plan, at, source, message, error) bind(C)
         import
         type(c_ptr), value :: plan
         integer(c_int64_t), value :: at
         type(dap_array_t), intent(in) :: source
         type(*), dimension(..), intent(inout) :: message
         type(dap_error_t), intent(inout) :: error
      end function
      integer(c_int32_t) function dap_f_unpack(plan, at, message, target, error) bind(C)
         import
         type(c_ptr), value :: plan
         integer(c_int64_t), value :: at
         type(*), dimension(..), intent(in) :: message
         type(dap_array_t), intent(in) :: target
         type(dap_error_t), intent(inout) :: error
      end function
   end interface

   ! The target process of send number `at`, and its number of elements, of the default kind or
   ! int64. DAP_E_TOO_SMALL for more elements than the kind can count.
   interface dap_plan_send
      procedure send_int32, send_int64
   end interface
   ! The source process of receive number `at`, and its number of elements, as dap_plan_send.
   interface dap_plan_receive
      procedure receive_int32, receive_int64
   end interface

contains

   ! The part of a process in moving an array from one layout to another: its rank in each, from 0,
   ! or -1 if it has no part there.
   subroutine dap_plan_new(from, from_rank, to, to_rank, plan, code, error)
      type(dap_layout_t), intent(in) :: from, to
      integer, intent(in) :: from_rank, to_rank
      type(dap_plan_t), intent(out) :: plan
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      call make(plan_new, from, from_rank, to, to_rank, plan, code, error)
   end subroutine

   ! The same for an array that gets another shape, with the same items in the same row-major order:
   ! the LAST index varies fastest, as in C and NumPy. It is not Fortran's `reshape`, and arrays in
   ! Fortran order are copied slowly.
   subroutine dap_plan_new_reshape(from, from_rank, to, to_rank, plan, code, error)
      type(dap_layout_t), intent(in) :: from, to
      integer, intent(in) :: from_rank, to_rank
      type(dap_plan_t), intent(out) :: plan
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      call make(plan_new_reshape, from, from_rank, to, to_rank, plan, code, error)
   end subroutine

   subroutine make(new, from, from_rank, to, to_rank, plan, code, error)
      procedure(new_plan) :: new
      type(dap_layout_t), intent(in) :: from, to
      integer, intent(in) :: from_rank, to_rank
      type(dap_plan_t), intent(inout) :: plan
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      type(dap_error_t) :: why
      code = new(dap_layout_handle(from), int(from_rank, c_int64_t), dap_layout_handle(to), int(to_rank, c_int64_t), &
         plan%handle, why)
      if (code == DAP_OK) call count_peers(plan, code, why)
      if (present(error)) error = why
   end subroutine

   subroutine count_peers(plan, code, error)
      type(dap_plan_t), intent(inout) :: plan
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(inout) :: error
      integer(c_int64_t) :: sends, receives
      sends = 0
      receives = 0
      code = plan_sends(plan%handle, sends, error)
      if (code == DAP_OK) code = plan_receives(plan%handle, receives, error)
      if (code == DAP_OK) code = plan_kept(plan%handle, plan%kept, error)
      plan%sends = int(sends)
      plan%receives = int(receives)
   end subroutine

   subroutine dap_plan_free(plan)
      type(dap_plan_t), intent(inout) :: plan
      call plan_free(plan%handle)
      plan = dap_plan_t()
   end subroutine

   subroutine send_int32(plan, at, peer, elements, code)
      type(dap_plan_t), intent(in) :: plan
      integer, intent(in) :: at
      integer, intent(out) :: peer
      integer(int32), intent(out) :: elements
      integer(c_int32_t), intent(out) :: code
      integer(int64) :: count
      call find_peer(plan_send, plan, at, peer, count, code)
      call narrow(count, elements, code)
   end subroutine

   subroutine send_int64(plan, at, peer, elements, code)
      type(dap_plan_t), intent(in) :: plan
      integer, intent(in) :: at
      integer, intent(out) :: peer
      integer(int64), intent(out) :: elements
      integer(c_int32_t), intent(out) :: code
      call find_peer(plan_send, plan, at, peer, elements, code)
   end subroutine

   subroutine receive_int32(plan, at, peer, elements, code)
      type(dap_plan_t), intent(in) :: plan
      integer, intent(in) :: at
      integer, intent(out) :: peer
      integer(int32), intent(out) :: elements
      integer(c_int32_t), intent(out) :: code
      integer(int64) :: count
      call find_peer(plan_receive, plan, at, peer, count, code)
      call narrow(count, elements, code)
   end subroutine

   subroutine receive_int64(plan, at, peer, elements, code)
      type(dap_plan_t), intent(in) :: plan
      integer, intent(in) :: at
      integer, intent(out) :: peer
      integer(int64), intent(out) :: elements
      integer(c_int32_t), intent(out) :: code
      call find_peer(plan_receive, plan, at, peer, elements, code)
   end subroutine

   subroutine find_peer(question, plan, at, peer, elements, code)
      procedure(peer_of) :: question
      type(dap_plan_t), intent(in) :: plan
      integer, intent(in) :: at
      integer, intent(out) :: peer
      integer(int64), intent(out) :: elements
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t) :: error
      integer(c_int64_t) :: rank
      rank = -1
      elements = 0
      code = question(plan%handle, at - 1_c_int64_t, rank, elements, error)
      peer = int(rank)
   end subroutine

   subroutine narrow(count, elements, code)
      integer(int64), intent(in) :: count
      integer(int32), intent(out) :: elements
      integer(c_int32_t), intent(inout) :: code
      elements = 0
      if (count > huge(elements)) then
         code = DAP_E_TOO_SMALL
      else
         elements = int(count, int32)
      end if
   end subroutine

   ! Copies the elements of send number `at` into a message, a contiguous array of any type: in
   ! Fortran order, the same at both ends.
   subroutine dap_plan_pack(plan, at, source, message, code, error)
      type(dap_plan_t), intent(in) :: plan
      integer, intent(in) :: at
      type(dap_array_t), intent(in) :: source
      type(*), dimension(..), intent(inout) :: message
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      type(dap_error_t) :: why
      code = dap_f_pack(plan%handle, at - 1_c_int64_t, source, message, why)
      if (present(error)) error = why
   end subroutine

   ! Copies the elements of receive number `at` from a message to their places.
   subroutine dap_plan_unpack(plan, at, message, target, code, error)
      type(dap_plan_t), intent(in) :: plan
      integer, intent(in) :: at
      type(*), dimension(..), intent(in) :: message
      type(dap_array_t), intent(in) :: target
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      type(dap_error_t) :: why
      code = dap_f_unpack(plan%handle, at - 1_c_int64_t, message, target, why)
      if (present(error)) error = why
   end subroutine

   ! Copies the elements that stay on this process from the source part to the target part.
   subroutine dap_plan_copy_local(plan, source, target, code, error)
      type(dap_plan_t), intent(in) :: plan
      type(dap_array_t), intent(in) :: source, target
      integer(c_int32_t), intent(out) :: code
      type(dap_error_t), intent(out), optional :: error
      type(dap_error_t) :: why
      code = plan_copy_local(plan%handle, source, target, why)
      if (present(error)) error = why
   end subroutine

end module
