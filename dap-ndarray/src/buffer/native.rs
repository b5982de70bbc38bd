//! Copies, and turning bytes round: what a buffer needs when its memory cannot be viewed as it
//! lies.
//!
//! Bytes of another machine are seldom, so nothing here is hidden in a view: [`Buffer::to_native`]
//! copies, [`Buffer::swap_in_place`] changes the memory itself.

use dap_core::dtype::{ByteOrder, DType, Kind as ItemKind, Scalar};

use super::Buffer;
use crate::error::{BufferError, BufferErrorKind as Kind};

impl Buffer {
    /// A copy in memory of its own: in C order, aligned, and in this machine's byte order.
    ///
    /// Structs are copied as they are: each of their fields has its own byte order, which stays.
    ///
    /// ```
    /// use dap_core::dtype::DType;
    /// use dap_ndarray::{Access, Buffer};
    /// let big_endian = Box::leak(Box::new([0_u8, 1, 0, 2]));
    /// let dtype = DType::parse(">i2")?;
    /// // SAFETY: the memory is never freed, and written by nobody.
    /// let buffer = unsafe { Buffer::from_raw(big_endian.as_mut_ptr(), dtype, &[2], None, Access::ReadOnly, ()) }?;
    /// assert_eq!(buffer.to_native()?.view::<i16>()?, ndarray::arr1(&[1, 2]).into_dyn());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Not enough memory.
    pub fn to_native(&self) -> Result<Self, BufferError> {
        let mut copy = Self::zeros(self.dtype.clone(), self.shape())?;
        let mut rest = copy.bytes_mut()?;
        self.for_each_item(|bytes| {
            let (item, behind) = std::mem::take(&mut rest).split_at_mut(bytes.len());
            item.copy_from_slice(bytes);
            rest = behind;
        })?;
        copy.swap_in_place()?;
        Ok(copy)
    }

    /// Turns the bytes of all items round where they are in another machine's order, so that they
    /// can be viewed. The memory is changed for all who share it.
    ///
    /// # Errors
    /// The memory may only be read, unless nothing is to be done: for items in this machine's
    /// order, and for structs.
    pub fn swap_in_place(&mut self) -> Result<(), BufferError> {
        let DType::Scalar(scalar) = self.dtype else { return Ok(()) };
        if scalar.is_native() {
            return Ok(());
        }
        self.writable()?;
        match unit(scalar) {
            2 => self.reverse_units::<2>()?,
            4 => self.reverse_units::<4>()?,
            8 => self.reverse_units::<8>()?,
            16 => self.reverse_units::<16>()?,
            _ => return Err(BufferError::new(Kind::ByteOrder).with_dtype(&self.dtype)),
        }
        let native = Scalar::new(scalar.kind(), scalar.itemsize(), ByteOrder::NATIVE);
        self.dtype = native.map_or_else(|_| self.dtype.clone(), DType::Scalar);
        Ok(())
    }

    fn reverse_units<const N: usize>(&mut self) -> Result<(), BufferError> {
        let reverse = |bytes: &mut [u8]| bytes.as_chunks_mut::<N>().0.iter_mut().for_each(|unit| unit.reverse());
        if let Ok(bytes) = self.bytes_mut() {
            reverse(bytes);
            return Ok(());
        }
        for mut item in self.byte_rows_mut()?.rows_mut() {
            item.as_slice_mut().into_iter().for_each(reverse);
        }
        Ok(())
    }

    /// Calls `take` with the bytes of each item, in C order of the indices; of several at once
    /// where they lie so.
    pub(super) fn for_each_item(&self, mut take: impl FnMut(&[u8])) -> Result<(), BufferError> {
        if let Ok(bytes) = self.bytes() {
            take(bytes);
            return Ok(());
        }
        match self.itemsize() {
            0 => return Ok(()),
            1 => return self.for_each_array::<1>(take),
            // Strides of other sizes than the item's are those of a field of a struct.
            2 if self.has_strides_of(2) => return self.for_each_array::<2>(take),
            4 if self.has_strides_of(4) => return self.for_each_array::<4>(take),
            8 if self.has_strides_of(8) => return self.for_each_array::<8>(take),
            16 if self.has_strides_of(16) => return self.for_each_array::<16>(take),
            _ => {}
        }
        for item in self.byte_rows()?.rows() {
            item.as_slice().into_iter().for_each(&mut take);
        }
        Ok(())
    }

    fn for_each_array<const N: usize>(&self, mut take: impl FnMut(&[u8])) -> Result<(), BufferError> {
        self.byte_arrays::<N>()?.iter().for_each(|item| take(item));
        Ok(())
    }

    fn has_strides_of(&self, bytes: i64) -> bool {
        self.strides().iter().all(|stride| stride % bytes == 0)
    }
}

/// The bytes of an item that are turned round together: the parts of a complex number, the
/// characters of a text.
fn unit(scalar: Scalar) -> i64 {
    match scalar.kind() {
        ItemKind::Complex => scalar.itemsize() / 2,
        ItemKind::Unicode => 4,
        _ => scalar.itemsize(),
    }
}
