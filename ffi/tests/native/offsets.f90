! Prints sizes and offsets in Fortran; they must be those of ffi/abi/layout.txt.
program offsets
   use daparray
   use daparray_layout, only: dap_spec_t
   use, intrinsic :: iso_c_binding
   implicit none
   type(dap_version_t), target :: version
   type(dap_dtype_t), target :: dtype
   type(dap_dim_t), target :: dim
   type(dap_spec_t), target :: spec
   type(dap_block_t), target :: block
   type(dap_array_t), target :: array
   type(dap_error_t), target :: error
   print '(a, i0)', 'DapVersion ', c_sizeof(version)
   call field('DapVersion.major', c_loc(version), c_loc(version%major))
   call field('DapVersion.minor', c_loc(version), c_loc(version%minor))
   print '(a, i0)', 'DapDType ', c_sizeof(dtype)
   call field('DapDType.code', c_loc(dtype), c_loc(dtype%code))
   call field('DapDType.bits', c_loc(dtype), c_loc(dtype%bits))
   call field('DapDType.lanes', c_loc(dtype), c_loc(dtype%lanes))
   print '(a, i0)', 'DapDim ', c_sizeof(dim)
   call field('DapDim.size', c_loc(dim), c_loc(dim%size))
   call field('DapDim.proc_grid_size', c_loc(dim), c_loc(dim%proc_grid_size))
   call field('DapDim.proc_grid_rank', c_loc(dim), c_loc(dim%proc_grid_rank))
   call field('DapDim.dist_type', c_loc(dim), c_loc(dim%dist_type))
   call field('DapDim.flags', c_loc(dim), c_loc(dim%flags))
   call field('DapDim.start', c_loc(dim), c_loc(dim%start))
   call field('DapDim.stop', c_loc(dim), c_loc(dim%stop))
   call field('DapDim.pad_lo', c_loc(dim), c_loc(dim%pad_lo))
   call field('DapDim.pad_hi', c_loc(dim), c_loc(dim%pad_hi))
   call field('DapDim.block_size', c_loc(dim), c_loc(dim%block_size))
   call field('DapDim.n_indices', c_loc(dim), c_loc(dim%n_indices))
   call field('DapDim.indices', c_loc(dim), c_loc(dim%indices))
   call field('DapDim.reserved', c_loc(dim), c_loc(dim%reserved(1)))
   print '(a, i0)', 'DapDimSpec ', c_sizeof(spec)
   call field('DapDimSpec.size', c_loc(spec), c_loc(spec%size))
   call field('DapDimSpec.proc_grid_size', c_loc(spec), c_loc(spec%proc_grid_size))
   call field('DapDimSpec.dist_type', c_loc(spec), c_loc(spec%dist_type))
   call field('DapDimSpec.flags', c_loc(spec), c_loc(spec%flags))
   call field('DapDimSpec.block_size', c_loc(spec), c_loc(spec%block_size))
   call field('DapDimSpec.source', c_loc(spec), c_loc(spec%source))
   call field('DapDimSpec.halo', c_loc(spec), c_loc(spec%halo))
   call field('DapDimSpec.pad_lo', c_loc(spec), c_loc(spec%pad_lo))
   call field('DapDimSpec.pad_hi', c_loc(spec), c_loc(spec%pad_hi))
   call field('DapDimSpec.bounds', c_loc(spec), c_loc(spec%bounds))
   call field('DapDimSpec.indices', c_loc(spec), c_loc(spec%indices))
   call field('DapDimSpec.reserved', c_loc(spec), c_loc(spec%reserved(1)))
   print '(a, i0)', 'DapBlock ', c_sizeof(block)
   call field('DapBlock.tensor', c_loc(block), c_loc(block%tensor))
   call field('DapBlock.dims', c_loc(block), c_loc(block%dims))
   call field('DapBlock.reserved', c_loc(block), c_loc(block%reserved(1)))
   print '(a, i0)', 'DapArray ', c_sizeof(array)
   call field('DapArray.version', c_loc(array), c_loc(array%version))
   call field('DapArray.private_data', c_loc(array), c_loc(array%private_data))
   call field('DapArray.release', c_loc(array), c_loc(array%release))
   call field('DapArray.flags', c_loc(array), c_loc(array%flags))
   call field('DapArray.protocol', c_loc(array), c_loc(array%protocol))
   call field('DapArray.ndim', c_loc(array), c_loc(array%ndim))
   call field('DapArray.global_shape', c_loc(array), c_loc(array%global_shape))
   call field('DapArray.dtype', c_loc(array), c_loc(array%dtype))
   call field('DapArray.pad_', c_loc(array), c_loc(array%pad_))
   call field('DapArray.n_blocks', c_loc(array), c_loc(array%n_blocks))
   call field('DapArray.blocks', c_loc(array), c_loc(array%blocks))
   call field('DapArray.mesh', c_loc(array), c_loc(array%mesh))
   call field('DapArray.producer', c_loc(array), c_loc(array%producer))
   call field('DapArray.reserved', c_loc(array), c_loc(array%reserved(1)))
   print '(a, i0)', 'DapError ', c_sizeof(error)
   call field('DapError.code', c_loc(error), c_loc(error%code))
   call field('DapError.dim', c_loc(error), c_loc(error%dim))
   call field('DapError.rank', c_loc(error), c_loc(error%rank))
   call field('DapError.message', c_loc(error), c_loc(error%message(1)))
contains
   subroutine field(name, struct, place)
      character(*), intent(in) :: name
      type(c_ptr), intent(in) :: struct, place
      print '(2a, i0)', name, ' ', transfer(place, 0_c_intptr_t) - transfer(struct, 0_c_intptr_t)
   end subroutine
end program
