#!/usr/bin/env bash
# Tests that dap_lend does not compile for fields that would need a temporary or have an unknown
# type: `refused-by-compiler.sh MODULES`, the folder of the module files. Each line below is a
# declaration and a field.
set -euo pipefail
modules=$1
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
count=0
compiles() { # GENERIC DECLARATION FIELD
    cat >"$place/t.f90" <<F
subroutine t(assumed, sized, given)
   use daparray
   use, intrinsic :: iso_fortran_env, only: real32, real64
   implicit none
   real(real64), target, intent(inout) :: assumed(:), sized(*)
   real(real64), intent(inout) :: given(:)
   type(dap_array_t) :: array
   type(dap_loan_t) :: loan
   integer :: code
   type particle
      real(real64) :: mass, charge
   end type
   $2
   call $1($3, [dap_whole(4)], array, loan, code)
end subroutine
F
    gfortran -std=f2018 -w -fsyntax-only -I"$modules" "$place/t.f90" >"$place/log" 2>&1
}
for generic in dap_lend dap_lend_readonly; do
    while IFS='|' read -r expected declaration field; do
        count=$((count + 1))
        found=refused
        compiles "$generic" "$declaration" "$field" && found=taken
        [ "$found" = "$expected" ] || { echo "$generic($field) with '$declaration' is $found" >&2; cat "$place/log" >&2; exit 1; }
    done <<'F'
taken|real(real64), target :: u(4)|u
taken|real(real64), target :: u(4)|u(4:1:-1)
taken|complex(real64), target :: z(4)|z%re
taken|type(particle), target :: p(4)|p%mass
taken|type(particle), target :: p(4)|p(2)%mass
taken|integer :: unused|assumed
taken|integer :: unused|sized(:4)
taken|real(real64), pointer :: u(:)|u
refused|real(real64) :: u(4)|u
refused|real(real64), allocatable :: u(:)|u
refused|integer :: unused|given
refused|integer :: unused|sized
refused|type(particle) :: p(4)|p%mass
refused|real(real64), target :: u(4)|u + 1
refused|real(real64), target :: u(4)|(u)
refused|real(real64), target :: u(4)|sin(u)
refused|real(real64), target :: u(4)|u([1, 3, 2, 4])
refused|real(real64), target :: u(4); integer :: at(4)|u(at)
refused|type(particle), target :: p(4); integer :: at(4)|p(at)%mass
refused|real(real64), parameter :: u(4) = 1|u
refused|integer :: unused|1.0_real64
refused|type(particle), target :: p(4)|p
refused|logical, target :: u(4)|u
refused|character, target :: u(4)|u
F
done
echo "refused by the compiler: $count fields"
