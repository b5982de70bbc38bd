//! Closures over the elements of one to four arrays in the same place.

use dap_kernels::element::Element;
use dap_kernels::map::{map0, map1, map2, map3, map4};
use dap_mpi::Result;

use super::{in_place, new_array};
use crate::array::DynArray;
use crate::typed::DistArray;

macro_rules! zips {
    ($($name:ident $in_place:ident $kernel:ident $kernel_mut:ident $text:literal: $($number:literal $other:ident $type:ident),*;)*) => {
        impl DynArray {
            $(
                #[doc = concat!("A new array of `f` of the elements of this array", $text, ".")]
                ///
                /// The shapes are broadcast together; the result has the distribution of the
                /// largest operand that has its shape. Collective if operands move.
                ///
                /// # Errors
                /// Elements of other types than the closure's; shapes that cannot be broadcast
                /// together; arrays on several contexts; a failure of one on some rank, where they
                /// move.
                #[track_caller]
                pub fn $name<T: Element, $($type: Element,)* R: Element>(
                    &self,
                    $($other: &DynArray,)*
                    f: impl Fn(T, $($type),*) -> R + Sync,
                ) -> Result<DynArray> {
                    let _call = self.enter(stringify!($name), std::any::type_name_of_val(&f))?;
                    self.check_type::<T>()?;
                    $($other.check_type::<$type>()?;)*
                    new_array(&[self, $($other),*], R::TYPE, |target, views| {
                        $kernel(target, &views[0], $(&views[$number],)* |to: &mut R, x: T, $($other: $type),*| {
                            *to = f(x, $($other),*);
                        })
                    })
                }

                #[doc = concat!("Calls `f` with each element of this array, to be changed", $text, ".")]
                ///
                /// The others are broadcast to this shape, moved to these ranks, and read as they
                /// were before the first write. Collective.
                ///
                /// # Errors
                /// Elements of other types than the closure's; a shape that cannot be broadcast to
                /// this one; arrays on several contexts; a failure of one on some rank; memory that
                /// may only be read or is in use. Nothing is written then.
                #[track_caller]
                pub fn $in_place<T: Element, $($type: Element),*>(
                    &self,
                    $($other: &DynArray,)*
                    f: impl Fn(&mut T, $($type),*) + Sync,
                ) -> Result<()> {
                    let _call = self.enter(stringify!($in_place), std::any::type_name_of_val(&f))?;
                    self.check_type::<T>()?;
                    $($other.check_type::<$type>()?;)*
                    in_place(self, &[$($other),*], |target, _views| {
                        $kernel_mut(target, $(&_views[$number - 1],)* f)
                    })
                }
            )*
        }

        impl<T: Element> DistArray<T> {
            $(
                #[doc = concat!("As [`DynArray::", stringify!($name), "`].")]
                ///
                /// # Errors
                #[doc = concat!("As [`DynArray::", stringify!($name), "`].")]
                #[track_caller]
                pub fn $name<$($type: Element,)* R: Element>(
                    &self,
                    $($other: &DistArray<$type>,)*
                    f: impl Fn(T, $($type),*) -> R + Sync,
                ) -> Result<DistArray<R>> {
                    DynArray::$name(self, $($other,)* f)?.typed()
                }

                #[doc = concat!("As [`DynArray::", stringify!($in_place), "`]. Collective.")]
                ///
                /// # Errors
                #[doc = concat!("As [`DynArray::", stringify!($in_place), "`].")]
                #[track_caller]
                pub fn $in_place<$($type: Element),*>(
                    &mut self,
                    $($other: &DistArray<$type>,)*
                    f: impl Fn(&mut T, $($type),*) + Sync,
                ) -> Result<()> {
                    DynArray::$in_place(self, $($other,)* f)
                }
            )*
        }
    };
}

zips! {
    map map_mut map1 map0 "":;
    zip zip_mut map2 map1 ", and that of another array in the same place": 1 other A;
    zip3 zip3_mut map3 map2 ", and those of two other arrays in the same place": 1 second A, 2 third B;
    zip4 zip4_mut map4 map3 ", and those of three other arrays in the same place": 1 second A, 2 third B, 3 fourth C;
}
