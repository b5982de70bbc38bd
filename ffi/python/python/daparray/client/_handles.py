"""The client's handles of arrays and other objects on the ranks, and the namespace of the array's
functions.

A handle forwards what is done with it to the object on each rank, all ranks alike. It knows shape,
type and text of an array without asking. When a handle dies, its reference travels with the next
request, and the ranks delete their objects.
"""

import operator

import numpy

_INSTEAD = "use gather() for the elements as NumPy's array, or apply(function, x) for a function of each rank's part"


class Remote:
    """An object of which each rank has its part."""

    __slots__ = ("_context", "_reference", "_text", "__weakref__")

    def __init__(self, context, reference, text):
        self._context, self._reference, self._text = context, reference, text

    def __del__(self):
        # Only a deque: this runs at any time, on any thread.
        self._context._dead.append(self._reference)

    def _ask(self, name, *arguments, **keywords):
        return self._context._call(("method", name), (self, *arguments), keywords)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(f"handles do not forward {name}")
        return RemoteMethod(self, name, "")

    def __repr__(self):
        return f"<{self._text} on {self._context.size} ranks>"

    def __reduce__(self):
        raise TypeError("a handle is valid in its client only: pull its value, or save the array on the ranks")


class RemoteMethod:
    """A method of a handle, before it is called."""

    def __init__(self, handle, name, doc):
        self._handle, self.__name__, self.__doc__ = handle, name, doc

    def __call__(self, *arguments, **keywords):
        return self._handle._ask(self.__name__, *arguments, **keywords)

    def __repr__(self):
        return f"<{self.__name__} of {self._handle!r}>"


class RemoteArray(Remote):
    """A distributed array of the ranks: `daparray.array`'s methods and operators."""

    __slots__ = ("shape", "dtype")
    __hash__ = None

    def __init__(self, context, reference, shape, dtype, text):
        super().__init__(context, reference, text)
        self.shape, self.dtype = shape, dtype

    ndim = property(lambda self: len(self.shape), doc="The number of dimensions.")
    size = property(lambda self: int(numpy.prod(self.shape, dtype=object)), doc="The number of elements.")
    itemsize = property(lambda self: self.dtype.itemsize, doc="The bytes of an element.")
    nbytes = property(lambda self: self.size * self.itemsize, doc="The bytes of all elements.")
    context = property(lambda self: self._context, doc="The client's context.")

    def __getattr__(self, name):
        methods, properties = self._context._of_arrays
        if name in properties:
            return self._context._call(("method", name), (self,), {}, each=name in self._context._each)
        if name in methods:
            return RemoteMethod(self, name, methods[name])
        raise AttributeError(f"distributed arrays have no attribute {name!r}")

    def __dir__(self):
        return sorted({*object.__dir__(self), *self._context._of_arrays[0], *self._context._of_arrays[1]})

    def gather(self, *, root=None):
        """All elements as NumPy's array; they pass through rank 0 (or `root`) alone."""
        root = 0 if root is None else operator.index(root)
        return self._context._call(("method", "gather"), (self,), {"root": root}, each=True)[root]

    def __copy__(self):
        return self._ask("copy")

    def __deepcopy__(self, memo):
        return self._ask("copy")

    def __repr__(self):
        return self._text

    def _repr_html_(self):
        return self._context._html(self)

    def __len__(self):
        if not self.shape:
            raise TypeError("an array without dimensions has no length")
        return self.shape[0]

    def __iter__(self):
        return (self[index] for index in range(len(self)))

    def __setitem__(self, key, value):
        self._ask("__setitem__", key, value)

    def __array__(self, dtype=None, copy=None):
        if self.shape:
            raise TypeError(f"numpy.asarray would collect the distributed array in the client: {_INSTEAD}")
        return numpy.asarray(self.item(), self.dtype if dtype is None else dtype)

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **keywords):
        if method != "__call__":
            raise TypeError(f"numpy.{ufunc.__name__}.{method} does not take distributed arrays: {_INSTEAD}")
        if out is not None:
            keywords["out"] = out
        found = self._context._call(("object", ufunc), inputs, keywords)
        return found if out is None else out[0]

    def __array_function__(self, function, types, arguments, keywords):
        return self._context._call(("object", function), arguments, keywords)

    def __array_namespace__(self, /, *, api_version=None):
        return self._context.array

    def __dlpack__(self, **_):
        raise BufferError(f"the elements are on the ranks: {_INSTEAD}")

    def __dlpack_device__(self):
        return 1, 0


def _forwarded(name):
    def method(self, *arguments):
        return self._ask(name, *arguments)

    method.__name__ = method.__qualname__ = name
    return method


def _in_place(name):
    def method(self, other):
        self._ask(name, other)
        return self

    method.__name__ = method.__qualname__ = name
    return method


_BINARY = "add sub mul truediv floordiv mod pow and or xor lshift rshift matmul"
for _name in _BINARY.split():
    # Of other objects, such as groups, too.
    setattr(Remote, f"__{_name}__", _forwarded(f"__{_name}__"))
    setattr(Remote, f"__r{_name}__", _forwarded(f"__r{_name}__"))
    setattr(RemoteArray, f"__i{_name}__", _in_place(f"__i{_name}__"))
for _name in "neg pos abs invert lt le gt ge eq ne bool int float complex index format getitem".split():
    setattr(RemoteArray, f"__{_name}__", _forwarded(f"__{_name}__"))


class Namespace:
    """`daparray.array`, as its functions are called on all ranks."""

    def __init__(self, context, path, names):
        self._context, self._path, self._names = context, path, names
        self.__doc__ = "The functions of daparray.array, called on all ranks."

    def __getattr__(self, name):
        if name not in self._names:
            raise AttributeError(f"daparray.array has no {'.'.join(filter(None, (self._path, name)))}")
        kind, value = self._names[name]
        path = f"{self._path}.{name}" if self._path else name
        if kind == "constant":
            return value
        found = {"module": Namespace, "function": Function, "indexed": Indexed}[kind](self._context, path, value)
        setattr(self, name, found)
        return found

    def __dir__(self):
        return sorted(self._names)

    def __repr__(self):
        return f"<daparray.array{'.' + self._path if self._path else ''} on {self._context.size} ranks>"


class Function:
    """A function of `daparray.array`, called on all ranks."""

    def __init__(self, context, path, doc):
        self._context, self._path, self.__doc__ = context, path, doc
        self.__name__ = path.rpartition(".")[2]

    def __call__(self, *arguments, **keywords):
        return self._context._call(("array", self._path), arguments, keywords)

    def __repr__(self):
        return f"<daparray.array.{self._path} on {self._context.size} ranks>"


class Indexed:
    """An object of `daparray.array` that takes an index, such as `mgrid`, on all ranks."""

    def __init__(self, context, path, doc):
        self._context, self._path, self.__doc__ = context, path, doc

    def __getitem__(self, key):
        return self._context._call(("array", f"{self._path}.__getitem__"), (key,), {})

    def __repr__(self):
        return f"<daparray.array.{self._path} on {self._context.size} ranks>"
