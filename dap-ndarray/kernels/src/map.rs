//! Closures over elements, at the speed of a loop in C: `map2(&mut a, &b, &c, |a, b, c| *a += b *
//! c)`.
//!
//! The closure is given each element of the target, to read and write, and the elements of the
//! inputs in the same place; inputs are broadcast to the target's shape. Where the elements of a
//! row lie side by side the loop runs over slices, compiled for each instruction set; threads share
//! the rows.
//!
//! A [`program`](crate::program) is for expressions that are known when the program runs; a closure
//! is compiled with the caller.
//!
//! ```
//! use dap_kernels::map::map2;
//! use dap_kernels::view::{View, ViewMut};
//! let (mut a, b, c) = ([1.0, 2.0], [10.0, 20.0], [3.0]);
//! map2(&mut ViewMut::of(&mut a), &View::of(&b), &View::of(&c), |a: &mut f64, b: f64, c: f64| *a += b * c)?;
//! assert_eq!(a, [31.0, 62.0]);
//! # Ok::<(), dap_kernels::program::ProgramError>(())
//! ```
//!
//! # Limits
//!
//! The bits of a result do not depend on the instruction set as long as the closure uses operations
//! that round correctly (`+`, `*`, `sqrt`, `mul_add`), not the mathematical functions of the
//! machine's C library.

use num_complex::Complex;

use crate::element::{Element, ElementType};
use crate::environment::Environment;
use crate::isa::{Isa, Kernel, dispatch_to};
use crate::loops::{Nest, Order};
use crate::program::{Options, ProgramError, ProgramErrorKind};
use crate::threads;
use crate::view::{View, ViewMut, read_element};

/// Elements that are worth a thread's wake-up.
const GRAIN: usize = 1 << 15;

/// An address that threads share: each uses other elements of it, or reads.
#[derive(Clone, Copy)]
struct Base(*mut u8);

// SAFETY: the addresses are those of views that the functions below borrow until all threads have
// ended; threads have different elements of the target, and only read the inputs.
unsafe impl Sync for Base {}

fn check(what: &'static str, number: usize, found: ElementType, expected: ElementType) -> Result<(), ProgramError> {
    if found == expected { Ok(()) } else { Err(ProgramErrorKind::Type { what, number, found, expected }.into()) }
}

macro_rules! maps {
    ($($(#[$lint:meta])* $name:ident $with:ident $row:ident $count:literal $text:literal: $($number:literal $input:ident $type:ident),*;)*) => {$(
        #[doc = concat!("Calls `f` with each element of `target` and those of ", $text, " in the same place.")]
        ///
        /// # Errors
        /// An array has another element type than the closure; an input cannot be broadcast to the
        /// shape of the target. Nothing is written then.
        pub fn $name<T: Element, $($type: Element),*>(
            target: &mut ViewMut<'_>,
            $($input: &View<'_>,)*
            f: impl Fn(&mut T, $($type),*) + Sync,
        ) -> Result<(), ProgramError> {
            $with(target, $($input,)* f, &Options::default())
        }

        #[doc = concat!("[`", stringify!($name), "`] with options; results are never written past the cache.")]
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($name), "`].")]
        $(#[$lint])*
        pub fn $with<T: Element, $($type: Element),*>(
            target: &mut ViewMut<'_>,
            $($input: &View<'_>,)*
            f: impl Fn(&mut T, $($type),*) + Sync,
            options: &Options,
        ) -> Result<(), ProgramError> {
            check("target", 0, target.element(), T::TYPE)?;
            $(
                check("input", $number, $input.element(), $type::TYPE)?;
                let $input = $input.broadcast_to(target.shape());
                let $input = $input.map_err(|error| ProgramErrorKind::Shape { input: $number, error })?;
            )*
            let nest = Nest::new(target.shape(), &[target.strides(), $($input.strides()),*], Order::Any);
            let bases = [Base(target.as_mut_ptr()), $(Base($input.as_ptr().cast_mut())),*];
            let isa = options.isa.unwrap_or_else(Isa::in_use);
            let wanted = if options.threads == 0 { threads::threads() } else { options.threads };
            let (_, strides) = nest.inner();
            threads::for_ranges(nest.len(), options.grain.unwrap_or(GRAIN), wanted, |range| {
                let _environment = Environment::new();
                let bases = &bases;
                let (mut cursor, mut at) = (nest.cursor(range.start), range.start);
                while at < range.end {
                    let n = cursor.left_in_row().min(range.end - at);
                    let offsets = cursor.offsets();
                    let pointers = std::array::from_fn(|number| bases[number].0.wrapping_offset(offsets[number]));
                    dispatch_to(isa, $row { pointers, strides, n, f: &f, types: std::marker::PhantomData::<(T, $($type),*)> });
                    cursor.advance(n);
                    at += n;
                }
            });
            Ok(())
        }

        /// `n` elements of one row of the nest, at these addresses and strides, those of views of
        /// the types; this call has the target's elements to itself.
        struct $row<'r, F, Types> {
            pointers: [*mut u8; $count],
            strides: &'r [isize],
            n: usize,
            f: &'r F,
            types: std::marker::PhantomData<Types>,
        }

        impl<T: Element, $($type: Element,)* F: Fn(&mut T, $($type),*)> Kernel for $row<'_, F, (T, $($type),*)> {
            type Output = ();

            #[inline(always)]
            fn run(self) {
                let [target, $($input),*] = self.pointers;
                let types = [(T::TYPE, size_of::<T>()), $(($type::TYPE, size_of::<$type>())),*];
                let dense = |(stride, (element, size)): (&isize, (ElementType, usize))| {
                    *stride == size as isize && element != ElementType::Bool
                };
                if self.strides.iter().zip(types).all(dense) {
                    // SAFETY: the elements lie side by side, aligned and initialised; no type is
                    // bool, so each pattern of bits is a value. This call has the target's elements
                    // to itself (the fields' contract).
                    let target = unsafe { std::slice::from_raw_parts_mut(target.cast::<T>(), self.n) };
                    // SAFETY: the same; nothing writes the inputs.
                    $(let $input = unsafe { std::slice::from_raw_parts($input.cast_const().cast::<$type>(), self.n) };)*
                    for at in 0..self.n {
                        (self.f)(&mut target[at], $($input[at]),*);
                    }
                    return;
                }
                for at in 0..self.n as isize {
                    let place = target.wrapping_offset(at * self.strides[0]);
                    // SAFETY: the offset is that of an element of the row, of the view's type.
                    let mut value = unsafe { read_element::<T>(place) };
                    (self.f)(&mut value, $({
                        let offset = at * self.strides[$number + 1];
                        // SAFETY: the same, of the input.
                        unsafe { read_element::<$type>($input.wrapping_offset(offset)) }
                    }),*);
                    // SAFETY: the same; this call has the target's elements to itself.
                    unsafe { place.cast::<T>().write(value) };
                }
            }
        }
    )*};
}

maps! {
    map0 map0_with Row0 1 "no input":;
    map1 map1_with Row1 2 "an input": 0 a A;
    map2 map2_with Row2 3 "two inputs": 0 a A, 1 b B;
    map3 map3_with Row3 4 "three inputs": 0 a A, 1 b B, 2 c C;
    map4 map4_with Row4 5 "four inputs": 0 a A, 1 b B, 2 c C, 3 d D;
    #[expect(clippy::too_many_arguments, reason = "one an input, as its neighbours")]
    map5 map5_with Row5 6 "five inputs": 0 a A, 1 b B, 2 c C, 3 d D, 4 e E;
}

/// Copies the elements of an input, broadcast to the shape of the target, whatever their type.
///
/// # Errors
/// As [`map1`].
pub fn copy(target: &mut ViewMut<'_>, input: &View<'_>) -> Result<(), ProgramError> {
    macro_rules! each {
        ($($name:ident $type:ty),*) => {
            match target.element() {
                $(ElementType::$name => map1(target, input, |to: &mut $type, from: $type| *to = from),)*
            }
        };
    }
    each!(
        Bool bool, I8 i8, I16 i16, I32 i32, I64 i64, U8 u8, U16 u16, U32 u32, U64 u64, F32 f32, F64 f64,
        C64 Complex<f32>, C128 Complex<f64>
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn closures_see_the_elements_of_each_place(
            rows in 0_usize..5, columns in 0_usize..70, turned in any::<[bool; 3]>(), narrow in any::<bool>(),
        ) {
            let n = rows * columns;
            let strides = |turned: bool| if turned { [1, rows as isize] } else { [columns as isize, 1] };
            let b: Vec<i64> = (0..n as i64).map(|item| item * 7 - 5).collect();
            let c: Vec<bool> = (0..n).map(|item| item % 3 == 0).collect();
            let shape = [rows, columns];
            let b_view = View::new(&b, 0, &shape, &strides(turned[1])).unwrap();
            let c_view = if narrow && columns > 0 {
                // A column, broadcast along the rows.
                View::new(&c[..rows], 0, &[rows, 1], &[1, 1]).unwrap()
            } else {
                View::new(&c, 0, &shape, &strides(turned[2])).unwrap()
            };
            for isa in Isa::available() {
                for threads in [1, 3] {
                    let mut a: Vec<f64> = (0..n).map(|item| item as f64).collect();
                    let before = a.clone();
                    let mut target = ViewMut::new(&mut a, 0, &shape, &strides(turned[0])).unwrap();
                    let options = Options { threads, isa: Some(*isa), grain: Some(1), stream: None };
                    let f = |a: &mut f64, b: i64, c: bool| *a = if c { *a * 3.0 + b as f64 } else { -*a };
                    map2_with(&mut target, &b_view, &c_view, f, &options).unwrap();
                    let held = View::new(&before, 0, &shape, &strides(turned[0])).unwrap();
                    let wide = c_view.broadcast_to(&shape).unwrap();
                    for index in (0..rows).flat_map(|row| (0..columns).map(move |column| [row, column])) {
                        let mut expected = held.get::<f64>(&index).unwrap();
                        f(&mut expected, b_view.get(&index).unwrap(), wide.get(&index).unwrap());
                        prop_assert_eq!(target.as_view().get::<f64>(&index), Some(expected));
                    }
                }
            }
        }
    }

    #[test]
    fn other_types_and_shapes_are_errors() {
        let (mut a, b) = ([1.0, 2.0], [1_i32, 2, 3]);
        let typed = map1(&mut ViewMut::of(&mut a), &View::of(&b), |_: &mut f64, _: f64| {});
        assert!(matches!(typed.unwrap_err().kind(), ProgramErrorKind::Type { what: "input", number: 0, .. }));
        let shaped = map1(&mut ViewMut::of(&mut a), &View::of(&b), |_: &mut f64, _: i32| {});
        assert!(matches!(shaped.unwrap_err().kind(), ProgramErrorKind::Shape { input: 0, .. }));
        let target = map0(&mut ViewMut::of(&mut a), |_: &mut f32| {});
        assert!(matches!(target.unwrap_err().kind(), ProgramErrorKind::Type { what: "target", .. }));
    }

    #[test]
    fn copies_are_of_one_type_and_broadcast() {
        let (row, mut target) = ([1_u16, 2, 3], [0_u16; 6]);
        copy(&mut ViewMut::shaped(&mut target, &[2, 3]).unwrap(), &View::of(&row)).unwrap();
        assert_eq!(target, [1, 2, 3, 1, 2, 3]);
        let backwards = View::of(&row).slice_axis(0, 2, 3, -1).unwrap();
        copy(&mut ViewMut::of(&mut target[..3]), &backwards).unwrap();
        assert_eq!(target, [3, 2, 1, 1, 2, 3]);
        assert!(copy(&mut ViewMut::of(&mut [0_i16; 3]), &View::of(&row)).is_err());
    }

    #[test]
    fn bytes_of_bools_that_are_neither_0_nor_1_are_true() {
        let bytes = [0_u8, 1, 2, 255];
        // SAFETY: four bytes of the array; bools may have any value in a view.
        let view = unsafe { View::from_raw(bytes.as_ptr(), ElementType::Bool, &[4], &[1]) }.unwrap();
        let mut count = [0_i32; 4];
        map1(&mut ViewMut::of(&mut count), &view, |count: &mut i32, is: bool| *count = i32::from(is)).unwrap();
        assert_eq!(count, [0, 1, 1, 1]);
    }
}
