"""Writes a Fortran program that lends fields of every type, rank and form, and checks the data from
both sides.

The borrower reads what the lender wrote, and the lender reads what the borrower wrote.
`lending.py RANKS > lending.f90`: the ranks are those of real64, other types have fewer.
"""

import sys

# The type in Fortran, and its item number k.
TYPES = {
    "real32": ("real(c_float)", "real(k, c_float)"),
    "real64": ("real(c_double)", "real(k, c_double)"),
    "int8": ("integer(c_int8_t)", "int(k, c_int8_t)"),
    "int16": ("integer(c_int16_t)", "int(k, c_int16_t)"),
    "int32": ("integer(c_int32_t)", "int(k, c_int32_t)"),
    "int64": ("integer(c_int64_t)", "int(k, c_int64_t)"),
    "complex32": ("complex(c_float_complex)", "cmplx(k, -k, c_float_complex)"),
    "complex64": ("complex(c_double_complex)", "cmplx(k, -k, c_double_complex)"),
    "bool": ("logical(c_bool)", "logical(mod(k, 2) == 0, c_bool)"),
}
EXTENTS = [5, 3, 2, 2, 1, 2, 2]

PROCEDURES = """
   subroutine check(condition, what)
      logical, intent(in) :: condition
      character(*), intent(in) :: what
      if (condition) return
      print '(2a)', 'not so: ', what
      error stop 1
   end subroutine

   ! Undistributed dimensions of these extents.
   subroutine whole_dims(extents, dims)
      integer(int64), intent(in) :: extents(:)
      type(dap_dim_t), intent(out) :: dims(:)
      integer :: k
      do k = 1, size(extents)
         dims(k) = dap_whole(extents(k))
      end do
   end subroutine

   ! The strides of an array in Fortran order, with elements of `bits` bits.
   function strides_of(extents, bits) result(strides)
      integer(int64), intent(in) :: extents(:), bits
      integer(int64) :: strides(size(extents))
      integer :: k
      do k = 1, size(extents)
         strides(k) = bits / 8 * product(extents(:k - 1))
      end do
   end function
"""


def per_dimension(rank, text):
    """`text` for each dimension, in brackets; nothing for a scalar."""
    return "(" + ", ".join([text] * rank) + ")" if rank else ""


def section(rank):
    """Every second of the first dimension, the last one backwards."""
    bounds = ["5:1:-2"] if rank == 1 else ["1:5:2"] + [":"] * (rank - 2) + ["ubound(whole, %d):1:-1" % rank]
    return "(" + ", ".join(bounds) + ")"


class Fields:
    """The subroutine for one type and rank."""

    def __init__(self, kind, rank):
        self.kind, self.rank = kind, rank
        self.type, self.item = TYPES[kind]
        self.name = f"of_{kind}_{rank}"
        self.procedures = []

    def same(self, a, b):
        test = f"logical({a} .eqv. {b})" if self.kind == "bool" else f"{a} == {b}"
        return f"all({test})" if self.rank else f"({test})"

    def check(self, condition, what):
        return f"call check({condition}, &\n            '{self.kind} of rank {self.rank}, {what}')\n"

    def sized(self, field):
        return f"call whole_dims(shape({field}, kind=int64), dims)\n" if self.rank else ""

    def lent(self, call, field, what):
        """A field that `call` lends, checked from both sides, and returned."""
        return (
            f"want = {field}\nother = {self.turned('want')}\nloan = dap_loan_t()\n{self.sized(field)}{call}\n"
            + self.check("code == DAP_OK", f"{what}: lent")
            + "call dap_point(array, seen, code, writing=.true.)\n"
            + self.check(f"code == DAP_OK .and. {self.same('seen', 'want')}", f"{what}: what is there")
            + f"{field} = other\n"
            + self.check(self.same("seen", "other"), f"{what}: what the lender writes")
            + "seen = want\n"
            + self.check(self.same(field, "want"), f"{what}: what the borrower writes")
            + self.check(".not. dap_returned(loan)", f"{what}: not returned yet")
            + self.check(".not. dap_end_loan(loan)", f"{what}: not back yet")
            + "call dap_release(array)\n"
            + self.check("dap_returned(loan)", f"{what}: returned")
            + self.check("dap_end_loan(loan)", f"{what}: back")
        )

    def turned(self, field):
        """Values that differ from a field's."""
        if self.kind == "bool":
            return f".not. {field}"
        return f"-{field}" if "int" in self.kind or "real" in self.kind else f"conjg({field})"

    def called(self, text):
        """A call of an internal procedure: small ones are compiled faster."""
        name = f"form_{len(self.procedures)}"
        self.procedures.append(f"subroutine {name}()\n{text}end subroutine\n")
        return f"call {name}()\n"

    def form(self, field, what):
        return self.called(
            self.lent(f"call dap_lend({field}, dims(:{self.rank}), array, loan, code)", field, what)
            + f"call dap_lend_readonly({field}, dims(:{self.rank}), array, loan, code)\n"
            + "call dap_point(array, seen, code)\n"
            + self.check(f"code == DAP_OK .and. {self.same('seen', 'want')}", f"{what}: read")
            + "call dap_point(array, seen, code, writing=.true.)\n"
            + self.check("code == DAP_E_READ_ONLY", f"{what}: not written")
            + "call dap_release(array)\n"
            + self.check("dap_end_loan(loan)", f"{what}: back again")
        )

    def at_address(self, field, component, what):
        first = f"{field}{per_dimension(self.rank, '1')}{component}"
        strides = f"strides_of(shape({field}, kind=int64), storage_size({field}, int64))"
        call = (
            f"call dap_lend_at(c_loc({first}), DAP_{self.kind.upper()}, shape({field}, kind=int64), &\n"
            f"   {strides}, dims(:{self.rank}), array, loan, code)"
        )
        return self.called(self.lent(call, field + component, what))

    def text(self):
        colons = per_dimension(self.rank, ":")
        extents = "(" + ", ".join(map(str, EXTENTS[: self.rank])) + ")" if self.rank else ""
        copies = f"{self.type}, allocatable :: want{colons}, other{colons}\n" if self.rank else f"{self.type} :: want, other\n"
        passed = f"{self.type}, pointer :: seen{colons}\ntype(dap_dim_t) :: dims({max(self.rank, 1)})\n"
        passed += "type(dap_array_t) :: array\ntype(dap_loan_t) :: loan\ninteger(c_int32_t) :: code\n"
        out = f"subroutine {self.name}()\n"
        out += f"type :: inner\n{self.type} :: before, c, after\nend type\n"
        out += f"{self.type}, target :: whole{extents}\ntype(inner), target :: structs{extents}\n"
        out += f"{self.type}, allocatable, target :: made{colons}\n{self.type}, pointer :: there{colons}\n"
        out += f"{self.type} :: all_of_it{extents}\n" + copies + passed + "integer :: k\nnullify (seen)\n"
        if self.rank:
            count = 1
            for extent in EXTENTS[: self.rank]:
                count *= extent
            out += f"whole = reshape([({self.item}, k=1, {count})], shape(whole))\n"
        else:
            out += f"k = 5\nwhole = {self.item}\n"
        out += "allocate (made, source=whole)\nstructs%before = whole\nstructs%c = whole\nstructs%after = whole\nall_of_it = whole\n"
        out += self.form("whole", "a variable") + self.form("made", "an allocatable") + "there => made\n"
        out += self.form("there", "a pointer") + self.form("structs%c", "a component") + "there => structs%c\n"
        out += self.form("there", "a pointer at a component")
        out += self.at_address("structs", "%c", "a component by its address")
        out += self.at_address("whole", "", "a variable by its address")
        if self.rank:
            part = section(self.rank)
            out += self.form(f"whole{part}", "a section") + self.form(f"structs{part}%c", "a component of a section")
            out += f"there => made{part}\n" + self.form("there", "a pointer at a section")
            out += "".join(f"call {self.name}_passed({field})\n" for field in ["whole", "made", f"whole{part}", f"structs{part}%c"])
        # Each form restored the values that it found, and wrote no other element.
        for field in ["whole", "made", "structs%before", "structs%c", "structs%after"]:
            out += self.check(self.same(field, "all_of_it"), f"{field} at the end")
        out += self.ended()
        if self.rank:
            out += f"subroutine {self.name}_passed(field)\n{self.type}, target, intent(inout) :: field{colons}\n{copies}{passed}"
            out += "nullify (seen)\n" + self.form("field", "a dummy argument") + self.ended()
        return out

    def ended(self):
        procedures, self.procedures = self.procedures, []
        return "contains\n" + "".join(procedures) + "end subroutine\n"


def main():
    fields = [Fields("real64", int(rank)) for rank in sys.argv[1:]]
    fields += [Fields(kind, rank) for kind in TYPES if kind != "real64" for rank in (0, 1)]
    print("! Made by lending.py.\nmodule lending_fields\n   use daparray\n   use, intrinsic :: iso_c_binding")
    print(f"   use, intrinsic :: iso_fortran_env, only: int64\n   implicit none\ncontains{PROCEDURES}")
    for field in fields:
        print(field.text())
    print("end module\nprogram lending\n   use lending_fields\n   implicit none")
    for field in fields:
        print(f"   call {field.name}()")
    print(f"   print '(a)', 'lending: {len(fields)} types and ranks, seen from both sides'\nend program")


main()
