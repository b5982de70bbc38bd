//! This process's elements in C order: where they lie, if they lie so, or in a copy.

use dap_mpi::Result;
use dap_ndarray::Buffer;

use crate::access::{Reading, Writing};
use crate::array::DynArray;
use crate::transfer::copy_items;

/// Elements to be read.
pub(super) enum InOrder<'a> {
    InPlace(Reading<'a>),
    Copied(Buffer),
}

impl<'a> InOrder<'a> {
    /// The elements of an array; `None` if this process holds no section.
    pub(super) fn of(array: &'a DynArray) -> Result<Option<InOrder<'a>>> {
        let Some(reading) = array.read()? else { return Ok(None) };
        if reading.buffer().bytes().is_ok() {
            return Ok(Some(InOrder::InPlace(reading)));
        }
        let mut elements = Buffer::zeros(array.dtype().clone(), reading.buffer().shape())?;
        copy_items(reading.buffer(), &mut elements)?;
        Ok(Some(InOrder::Copied(elements)))
    }

    pub(super) fn buffer(&self) -> &Buffer {
        match self {
            InOrder::InPlace(reading) => reading.buffer(),
            InOrder::Copied(elements) => elements,
        }
    }
}

/// The bytes of elements, or none of a process without a section.
pub(super) fn bytes<'e>(elements: &'e Option<InOrder<'_>>) -> Result<&'e [u8]> {
    Ok(elements.as_ref().map_or(Ok(&[][..]), |elements| elements.buffer().bytes())?)
}

/// Elements to be written.
pub(super) struct InOrderMut<'a> {
    writing: Writing<'a>,
    /// The elements, if they lie in another order.
    copy: Option<Buffer>,
}

impl<'a> InOrderMut<'a> {
    /// The elements of an array, all of which are going to be written; `None` if this process holds
    /// no section.
    pub(super) fn all_of(array: &'a DynArray) -> Result<Option<InOrderMut<'a>>> {
        let Some(mut writing) = array.write()? else { return Ok(None) };
        let copy = match writing.buffer_mut().bytes_mut() {
            Ok(_) => None,
            Err(_) => Some(Buffer::zeros(array.dtype().clone(), writing.buffer_mut().shape())?),
        };
        Ok(Some(InOrderMut { writing, copy }))
    }

    /// The elements of an array, some of which are going to be written; `None` if this process
    /// holds no section.
    pub(super) fn some_of(array: &'a DynArray) -> Result<Option<InOrderMut<'a>>> {
        let Some(mut elements) = InOrderMut::all_of(array)? else { return Ok(None) };
        if let Some(copy) = &mut elements.copy {
            copy_items(elements.writing.buffer_mut(), copy)?;
        }
        Ok(Some(elements))
    }

    pub(super) fn buffer(&mut self) -> &mut Buffer {
        match &mut self.copy {
            Some(copy) => copy,
            None => self.writing.buffer_mut(),
        }
    }

    /// Writes the elements of a copy to where they belong.
    pub(super) fn finish(mut self) -> Result<()> {
        if let Some(copy) = &self.copy {
            copy_items(copy, self.writing.buffer_mut())?;
        }
        self.writing.finish()
    }
}
