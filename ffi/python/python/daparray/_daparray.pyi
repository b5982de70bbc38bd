from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import EllipsisType
from typing import Any, Literal, Protocol, SupportsIndex, TypeAlias, final

__version__: str

class _HasBuffer(Protocol):
    def __buffer__(self, flags: int, /) -> memoryview: ...

class _HasDLPack(Protocol):
    def __dlpack__(self) -> Any: ...
    def __dlpack_device__(self) -> tuple[int, int]: ...

class _HasDistArray(Protocol):
    def __distarray__(self) -> Mapping[str, Any]: ...

class _HasDistArrayC(Protocol):
    def __distarray_c__(self, max_version: tuple[int, int] | None = None, copy: bool | None = None) -> Any: ...

_Memory: TypeAlias = _HasBuffer | _HasDLPack
_Indices: TypeAlias = Sequence[SupportsIndex] | _Memory
_Export: TypeAlias = _HasDistArray | _HasDistArrayC | Mapping[str, Any] | str | bytes

class ValidationError(ValueError):
    """The protocol's rules are broken. ``report`` says which, where, and what to do; the text is that of its errors."""
    report: Report

class ProtocolWarning(UserWarning):
    """Something was accepted that strict DAP 0.10.0 does not allow, or that other consumers may stumble over."""

@final
class Local:
    """One process's memory of a distributed array, without a copy: hand it to NumPy, PyTorch, or
    anything else that knows the buffer protocol or DLPack.

        numpy.asarray(section.local)        # shares the memory
        torch.from_dlpack(section.local)    # does too

    Made from anything of the kind: ``Local(array)``.
    """
    def __new__(cls, buffer: _Memory, /) -> Local: ...
    @property
    def shape(self) -> tuple[int, ...]:
        """The extents, padding included."""
    @property
    def strides(self) -> tuple[int, ...]:
        """The strides, in bytes."""
    @property
    def ndim(self) -> int:
        """The number of dimensions."""
    @property
    def dtype(self) -> Any:
        """The item type: NumPy's ``dtype``, or its text such as ``'<f8'`` where NumPy is not
        installed.
        """
    @property
    def itemsize(self) -> int:
        """The bytes of one item."""
    @property
    def size(self) -> int:
        """The number of items: 1 without dimensions."""
    @property
    def nbytes(self) -> int:
        """The bytes of all items."""
    @property
    def readonly(self) -> bool:
        """Whether the memory may only be read."""
    @property
    def address(self) -> int:
        """The address of the item at index 0. Means nothing where there are no items."""
    def __len__(self) -> int: ...
    def __buffer__(self, flags: int, /) -> memoryview: ...
    def __dlpack__(
        self,
        *,
        stream: None = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[int, int] | None = None,
        copy: bool | None = None,
    ) -> Any: ...
    def __dlpack_device__(self) -> tuple[int, int]: ...

@final
class DimData:
    """One process's dictionary of one dimension: what stands in ``dim_data``.

        DimData({'dist_type': 'b', 'size': 10, 'proc_grid_size': 2, 'proc_grid_rank': 0,
                 'start': 0, 'stop': 5})
        DimData.block(10, 0, 5, proc_grid_size=2)            # the same
        DimData.cyclic(10, 0, block_size=2, proc_grid_size=2)
        DimData.unstructured(10, [3, 1, 4], proc_grid_size=3)

    Nothing is checked here: the dictionary may be as wrong as it likes, for ``validate`` to say so.
    Mapping keys are read with ``[]``, iterated and turned into a plain dictionary with ``dict()``.
    """
    def __new__(cls, mapping: Mapping[str, Any] | DimData, /) -> DimData: ...
    @staticmethod
    def block(
        size: SupportsIndex,
        start: SupportsIndex,
        stop: SupportsIndex,
        *,
        proc_grid_size: SupportsIndex = 1,
        proc_grid_rank: SupportsIndex = 0,
        padding: tuple[SupportsIndex, SupportsIndex] | None = None,
        periodic: bool | None = None,
    ) -> DimData:
        """A block: the buffer holds global indices ``start`` to ``stop`` (exclusive), padding
        included.
        """
    @staticmethod
    def cyclic(
        size: SupportsIndex,
        start: SupportsIndex,
        block_size: SupportsIndex = 1,
        *,
        proc_grid_size: SupportsIndex = 1,
        proc_grid_rank: SupportsIndex = 0,
    ) -> DimData:
        """A cyclic section: blocks of ``block_size`` indices, of which this process's first begins at
        ``start``.
        """
    @staticmethod
    def unstructured(
        size: SupportsIndex,
        indices: _Indices,
        *,
        proc_grid_size: SupportsIndex = 1,
        proc_grid_rank: SupportsIndex = 0,
        one_to_one: bool | None = None,
    ) -> DimData:
        """An unstructured section: ``indices`` (a sequence, or a one-dimensional buffer of integers)
        are the global indices.
        """
    def to_dict(self) -> dict[str, Any]:
        """A plain dictionary; ``indices`` are a buffer of 64-bit integers."""
    def keys(self) -> list[str]: ...
    def __getitem__(self, key: str) -> Any: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...
    def __contains__(self, key: object) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Runs:
    """Runs of global indices that one process owns: ``count`` times ``length`` consecutive ones.

    The k-th begins at ``global_start + k * global_stride`` and lies in the buffer at
    ``local_start + k * local_stride``. With a ``count`` of 1 both strides are 0.
    """
    @property
    def global_start(self) -> int: ...
    @property
    def local_start(self) -> int: ...
    @property
    def length(self) -> int: ...
    @property
    def count(self) -> int: ...
    @property
    def global_stride(self) -> int: ...
    @property
    def local_stride(self) -> int: ...
    def __hash__(self) -> int: ...

class Dim:
    """How one dimension is distributed over all processes: the maps between global indices and
    (process, local index).

    Made as ``Block``, ``Cyclic`` or ``Unstructured``. Processes are counted along this dimension
    alone: a *grid rank* runs from 0 to ``grid_size - 1``. Indices are never negative, and an index
    that is not there raises ``IndexError``.
    """
    @property
    def dist_type(self) -> Literal["b", "c", "u"]:
        """The letter of the protocol: ``'b'``, ``'c'`` or ``'u'``."""
    @property
    def size(self) -> int:
        """The number of global indices."""
    @property
    def grid_size(self) -> int:
        """The number of processes along the dimension."""
    def owner(self, index: SupportsIndex) -> tuple[int, int]:
        """The process that owns a global index, and where in its buffer: ``(grid rank, local index)``.
        ``IndexError`` when there is no such index.
        """
    def global_index(self, grid_rank: SupportsIndex, local: SupportsIndex) -> int:
        """The global index at a place of a process's buffer, or the one that communication padding
        there images. ``IndexError`` outside of the buffer.
        """
    def local_index(self, grid_rank: SupportsIndex, index: SupportsIndex) -> int | None:
        """Where a process holds a global index that it owns; None when another owns it."""
    def owned_len(self, grid_rank: SupportsIndex) -> int:
        """How many indices a process owns: boundary padding counted, communication padding not."""
    def extent(self, grid_rank: SupportsIndex) -> int:
        """The extent of a process's buffer, all padding included."""
    def owned(self, grid_rank: SupportsIndex) -> tuple[Runs, ...]:
        """The indices that a process owns, as ``Runs`` in ascending order: cheap for block and cyclic
        dimensions whatever their size.
        """
    def dim_data(self, grid_rank: SupportsIndex) -> DimData:
        """The dictionary that a process exports, of version 0.10. ``ValueError`` for a halo that wraps
        round the ends.
        """
    def __hash__(self) -> int: ...

@final
class Block(Dim):
    """A block-distributed dimension: each process owns one interval of ``size`` indices.

        Block(10, 4)                      # 3, 3, 3, 1: ceil(10 / 4) each until they run out
        Block(10, 4, balanced=True)       # 3, 3, 2, 2
        Block(10, 4, width=4)             # 4, 4, 2, 0
        Block(bounds=[0, 2, 10])          # 2, 8: any split
        Block(10, 2, halo=1)              # communication padding: one element of each neighbour
        Block(10, 2, boundary=(1, 1))     # boundary padding: the outermost elements, owned
        Block(10)                         # undistributed: one process holds it all

    ``periodic`` says so to consumers, and does not make a halo wrap: images of the other end are
    boundary padding, counted in ``size``, so a ring of 10 with a halo of 1 is ``Block(12, 2,
    halo=1, boundary=(1, 1), periodic=True)``; a narrower boundary is a ``ProtocolWarning``.
    ``wrap=1`` is a halo of that width round the ends of a periodic dimension, which version 0.10 of
    the protocol cannot export. ``sections`` gives each process's ``(owned start, owned stop,
    communication padding below, above, boundary padding below, above)``. Raises ``ValueError`` for
    what cannot be.
    """
    def __new__(
        cls,
        size: SupportsIndex | None = None,
        grid_size: SupportsIndex | None = None,
        *,
        width: SupportsIndex | None = None,
        balanced: bool = False,
        bounds: _Indices | None = None,
        halo: SupportsIndex = 0,
        boundary: tuple[SupportsIndex, SupportsIndex] = (0, 0),
        periodic: bool = False,
        wrap: SupportsIndex = 0,
        sections: Sequence[tuple[int, int, int, int, int, int]] | None = None,
    ) -> Block: ...

@final
class Cyclic(Dim):
    """A cyclic dimension: blocks of ``block_size`` indices are distributed cyclically, the first to
    grid rank ``source``.

        Cyclic(10, 3)          # 0 3 6 9 | 1 4 7 | 2 5 8
        Cyclic(10, 2, 2)       # 0 1 4 5 8 9 | 2 3 6 7

    Raises ``ValueError`` for what cannot be.
    """
    def __new__(
        cls,
        size: SupportsIndex,
        grid_size: SupportsIndex = 1,
        block_size: SupportsIndex = 1,
        *,
        source: SupportsIndex = 0,
    ) -> Cyclic: ...
    @property
    def block_size(self) -> int:
        """The number of consecutive indices in a block."""

@final
class Unstructured(Dim):
    """An unstructured dimension: each process lists the global indices that it holds, in the order of
    its buffer.

        Unstructured([[3, 0], [1, 2]])

    ``lists`` holds a sequence or a one-dimensional buffer of integers for each process. ``size`` is
    the number of all indices held, or of the distinct ones where processes share some; without it,
    of those held. ``one_to_one`` promises that none is shared. Raises ``ValueError`` for what
    cannot be.
    """
    def __new__(
        cls, lists: Iterable[_Indices], *, size: SupportsIndex | None = None, one_to_one: bool = False
    ) -> Unstructured: ...

@final
class Layout:
    """How an array is distributed over all its processes: one ``Block``, ``Cyclic`` or
    ``Unstructured`` for each dimension.

        layout = Layout([Block(16, 2), Cyclic(16, 2, 2)])     # 16 x 16 elements on 2 x 2 processes
        layout = Layout.from_exports(comm.allgather(daparray.describe(array)))

    Ranks count the processes in C order over the grid: the last dimension's coordinate varies
    fastest. Global indices are tuples, one integer a dimension. Asking costs the same whatever the
    size of the array.
    """
    def __new__(cls, dims: Iterable[Dim], /) -> Layout: ...
    @staticmethod
    def from_exports(exports: _Export | Sequence[_Export]) -> Layout:
        """The layout that the exports of all ranks describe, in rank order: as ``validate`` takes
        them, a list or one text.

        ``ValidationError`` if they are wrong, or not all ranks are there.
        """
    @staticmethod
    def from_json(text: str) -> Layout:
        """The layout of a bundle: the text that ``to_json`` wrote, or ``{"ranks": [...]}`` with the
        export of each rank.
        """
    def to_json(self, dtype: Any = "=f8") -> str:
        """A bundle of all ranks' exports as JSON, for items of type ``dtype`` in buffers in C order.
        Grows with the number of ranks: ``MemoryError`` where there is no room for them. ``dtype``
        is spelled as for ``zeros``.
        """
    @property
    def dims(self) -> tuple[Dim, ...]:
        """The dimensions."""
    @property
    def shape(self) -> tuple[int, ...]:
        """The extents of the whole array."""
    @property
    def ndim(self) -> int:
        """The number of dimensions."""
    @property
    def size(self) -> int:
        """The number of elements of the whole array."""
    @property
    def grid_shape(self) -> tuple[int, ...]:
        """The number of processes along each dimension."""
    @property
    def processes(self) -> int:
        """The number of processes."""
    def coordinates(self, rank: SupportsIndex) -> tuple[int, ...]:
        """A rank's place in the process grid. ``IndexError`` for ranks that are not there, here and
        below.
        """
    def rank(self, coordinates: _Indices) -> int:
        """The rank at a place of the process grid."""
    def owner(self, index: _Indices) -> tuple[int, tuple[int, ...]]:
        """The owner of an element, and its place in the owner's buffer: ``(rank, local index)``.
        ``IndexError`` when there is no such element.
        """
    def global_index(self, rank: SupportsIndex, local: _Indices) -> tuple[int, ...]:
        """The global index of a place of a rank's buffer, or the one that communication padding there
        images. ``IndexError`` outside of the buffer.
        """
    def local_index(self, rank: SupportsIndex, index: _Indices) -> tuple[int, ...] | None:
        """Where a rank holds an element that it owns; None when another owns it."""
    def local_shape(self, rank: SupportsIndex) -> tuple[int, ...]:
        """The shape of a rank's buffer, all padding included."""
    def owned_shape(self, rank: SupportsIndex) -> tuple[int, ...]:
        """How many elements a rank owns along each dimension: boundary padding counted, communication
        padding not.
        """
    def owned(self, rank: SupportsIndex) -> tuple[tuple[Runs, ...], ...]:
        """The indices that a rank owns along each dimension, as tuples of ``Runs``: its elements are
        their product.
        """
    def dim_data(self, rank: SupportsIndex) -> tuple[DimData, ...]:
        """The dictionaries that a rank exports, of version 0.10."""
    def section(self, rank: SupportsIndex, buffer: _Memory) -> Section:
        """A rank's part, with memory that is shared: anything with the buffer protocol or
        ``__dlpack__``, of ``local_shape(rank)``.

        ``ValueError`` for a buffer of another shape.
        """
    def zeros(self, rank: SupportsIndex, dtype: Any = "=f8") -> Section:
        """A rank's part in new memory, all zero, in C order. ``dtype`` is a typestr such as ``'<f8'``,
        or any other spelling that NumPy takes: ``numpy.float32``, ``float``, ``'int16'``, a
        ``numpy.dtype``.
        """
    def svg(
        self,
        *,
        width: SupportsIndex = 960,
        theme: Literal["light", "dark"] = "light",
        slice: str | None = None,
        buffers: SupportsIndex = 16,
    ) -> str:
        """A picture of the distribution as SVG.

        ``width`` in pixels; ``theme`` ``'light'`` or ``'dark'``; ``slice`` such as ``'3,:,0,:'``
        picks one or two of more dimensions; ``buffers`` is how many ranks' buffers are drawn.
        """
    def _repr_svg_(self) -> str: ...
    def __hash__(self) -> int: ...

@final
class Section:
    """One process's part of a distributed array: a dictionary for each dimension, and the memory they
    are about.

        section = Section([DimData.block(10, 0, 5, proc_grid_size=2)], numpy.zeros(5))

    ``dim_data`` holds a ``DimData`` or a mapping for each dimension; ``buffer`` is anything with
    the buffer protocol or ``__dlpack__``, which is shared, not copied. The rules for one process
    are checked: ``ValidationError``. Content that is accepted although other consumers may stumble
    over it gives a ``ProtocolWarning``.

    A section is a part of something larger, so it is no array itself: hand ``section.local`` to
    NumPy.
    """
    def __new__(cls, dim_data: Iterable[DimData | Mapping[str, Any]], buffer: _Memory) -> Section: ...
    @property
    def local(self) -> Local:
        """The local memory, all padding included."""
    @property
    def owned(self) -> Local:
        """The part of the local memory that this process owns: without communication padding."""
    @property
    def owned_slices(self) -> tuple[slice, ...]:
        """The same as slices of the local memory, one for each dimension."""
    @property
    def dim_data(self) -> tuple[DimData, ...]:
        """The dictionaries, one a dimension."""
    @property
    def shape(self) -> tuple[int, ...]:
        """The extents of the whole array."""
    @property
    def ndim(self) -> int:
        """The number of dimensions."""
    @property
    def dtype(self) -> Any:
        """The item type: NumPy's ``dtype``, or its text such as ``'<f8'`` where NumPy is not
        installed.
        """
    @property
    def version(self) -> str:
        """The version of the protocol that the dictionaries are written in: ``'0.10.0'``, unless only
        0.9 can say it.
        """
    @property
    def layout(self) -> Layout | None:
        """The whole array's ``Layout``, if the section was made from one: one section alone does not
        know it.
        """
    @property
    def rank(self) -> int:
        """The rank in C order over the process grid."""
    def with_layout(self, layout: Layout) -> Section:
        """The same section, knowing the layout that all processes found out together. ``ValueError``
        if it is none of its parts.
        """
    def __distarray__(self) -> dict[str, Any]: ...
    def __distarray_c__(self, max_version: tuple[int, int] | None = None, copy: bool | None = None) -> Any: ...
    def _repr_svg_(self) -> str | None: ...

@final
class Transfer:
    """The elements that two processes exchange: the product over the dimensions of the places that
    they have in common along each.

    ``source`` and ``target`` hold for each dimension the places in either buffer, in the same
    order, as a ``range`` or a list: ``buffer[numpy.ix_(*transfer.source)]`` are the elements in the
    order in which both sides count them. In a reshape they do so for each of the plan's ``groups``,
    of a buffer that is reshaped to have one dimension a group.
    """
    @property
    def peer(self) -> int:
        """The rank of the other process, in its own layout."""
    @property
    def elements(self) -> int:
        """The number of elements."""
    @property
    def source(self) -> tuple[range | list[int], ...]:
        """For each dimension or group, the places in the source's buffer."""
    @property
    def target(self) -> tuple[range | list[int], ...]:
        """For each dimension or group, the places in the target's buffer."""

@final
class Plan:
    """One process's part in moving an array from one layout to another: what it sends, receives and
    keeps.

        plan = Plan(rows, columns, comm.rank)
        plan.execute(comm, mine, theirs)                # all of it, by mpi4py

        for send in plan.sends:                         # or piece by piece, by any transport
            post(send.peer, plan.pack(send.peer, mine))
        plan.copy_local(mine, theirs)
        for receive in plan.receives:
            plan.unpack(receive.peer, fetch(receive.peer), theirs)

    ``rank`` is this process's rank in both layouts, ``to_rank`` its rank in the target if that
    differs. None: it takes no part on that side. A plan is mathematics: it holds no data and knows
    no communicator, so any library can execute it. Owned elements move; communication padding of
    the target is not filled. A transfer costs at most one number for each position along each
    dimension, never their product.

    ``Plan.reshape`` makes a plan for an array that gets another shape, which is used alike.

    ``ValueError`` for layouts of different shapes, ``IndexError`` for ranks that are not there.
    """
    def __new__(
        cls, source: Layout, target: Layout, rank: SupportsIndex | None, to_rank: SupportsIndex | None | EllipsisType = ...
    ) -> Plan: ...
    @staticmethod
    def reshape(
        source: Layout, target: Layout, rank: SupportsIndex | None, to_rank: SupportsIndex | None | EllipsisType = ...
    ) -> Plan:
        """The plan for an array that becomes one of another shape: the same items in the same
        row-major order (the last index varies fastest), as by ``numpy.reshape``, whatever the order
        of the arrays in memory.

            rows, columns = Layout([Block(1000, 4), Block(60)]), Layout([Block(20), Block(3000, 4)])
            plan = Plan.reshape(rows, columns, comm.rank)
            plan.execute(comm, mine, theirs)

        It is used as any other plan; fastest for arrays in C order without gaps. ``groups`` says
        what its transfers' places count. ``ValueError`` for layouts of different numbers of items,
        and for lists of indices that are not 0 to ``size`` - 1.
        """
    @property
    def groups(self) -> tuple[tuple[range, range], ...] | None:
        """The dimensions of the source and of the target, as two ``range``s, that each factor of a
        transfer is about; None where these are the dimensions themselves, so for every plan but a
        reshape's. Places along a group count in C order over the local extents.
        """
    @property
    def source(self) -> Layout:
        """The layout that is moved from."""
    @property
    def target(self) -> Layout:
        """The layout that is moved to."""
    @property
    def sends(self) -> tuple[Transfer, ...]:
        """The transfers to other processes, by ascending rank of the target: a ``Transfer`` each."""
    @property
    def receives(self) -> tuple[Transfer, ...]:
        """The transfers from other processes, by ascending rank of the source: a ``Transfer`` each."""
    @property
    def kept(self) -> Transfer | None:
        """Elements whose source and target are both this process (a local copy); None where nothing
        does.
        """
    @property
    def send_counts(self) -> list[int]:
        """How many elements go to each rank of the target, what is kept included: the counts of an
        ``Alltoallv``. ``MemoryError`` for more processes than a list has room for.
        """
    @property
    def receive_counts(self) -> list[int]:
        """How many elements come from each rank of the source, what is kept included: as
        ``send_counts``.
        """
    def pack(
        self,
        peer: SupportsIndex,
        source: Section | _Memory,
        message: _HasBuffer | None = None,
        *,
        order: Literal["C", "F"] = "C",
    ) -> Any:
        """Copies the elements that go to rank ``peer`` out of ``source`` into ``message``, and returns
        that: a new ``bytearray`` where none is given. ``order``, ``"C"`` or ``"F"``, is that of the
        elements in the message, the same at both ends.

        ``source`` is a ``Section``, or anything with the buffer protocol or ``__dlpack__`` in the
        shape of this process's part. The interpreter is let go meanwhile. ``IndexError`` where
        nothing goes there. A message does not say of which type its items are: that both sides have
        the same is theirs to see to, as ``execute`` does.
        """
    def unpack(
        self, peer: SupportsIndex, message: _HasBuffer, target: Section | _Memory, *, order: Literal["C", "F"] = "C"
    ) -> None:
        """Copies the elements that came from rank ``peer`` out of ``message`` into ``target``."""
    def copy_local(self, source: Section | _Memory, target: Section | _Memory) -> None:
        """Copies what stays on this process from ``source`` to ``target``, which must not share memory
        and have the same item type.
        """
    def execute(
        self,
        comm: Any,
        source: Section | _Memory | None,
        target: Section | _Memory | None,
        *,
        source_ranks: Sequence[int] | None = None,
        target_ranks: Sequence[int] | None = None,
        limit: int | None = None,
    ) -> None:
        """Moves the array: ``source`` is this process's part as it was, ``target`` as it will be; None
        where it has none.

        ``comm`` is a communicator of mpi4py, and this is called by all its processes. The ranks of
        the layouts are its ranks, or those that ``source_ranks`` and ``target_ranks`` list. If
        something is wrong on one process (an argument, a shape, an item type, memory that may only
        be read, an exception in ``__dlpack__``) all raise the same ``ValueError`` or ``TypeError``,
        and nothing is written. ``comm`` itself is the exception: a process without a communicator
        raises alone.

        Once all have agreed the move is carried out to its end on every process. A signal handler
        that raises meanwhile (Ctrl-C) is called when it is over. Messages are of at most ``limit``
        bytes, of which MPI counts 31 bits.

        The engine of ``daparray.array`` carries the elements where it was built for the MPI of
        mpi4py: one copy between arrays in memory that the processes of a node share (those of
        ``daparray.array``), small pieces otherwise. Without it, or from another thread than the
        first that used ``comm``, messages of mpi4py do, and all that this process sends and
        receives is held in memory once.
        """

@final
class Diagnostic:
    """One finding, folded over the ranks that have it."""
    @property
    def rule(self) -> str:
        """The rule's id, such as ``'DAP404'``: ``dap-validate rule DAP404`` explains it."""
    @property
    def name(self) -> str:
        """The rule's name, such as ``'cyclic-extent'``."""
    @property
    def severity(self) -> Literal["error", "warning", "info", "hint"]:
        """``'error'``, ``'warning'``, ``'info'`` or ``'hint'``."""
    @property
    def message(self) -> str:
        """The mistake, with the values of the first of the ranks."""
    @property
    def help(self) -> str:
        """The remedy."""
    @property
    def notes(self) -> tuple[str, ...]:
        """Known causes."""
    @property
    def rank(self) -> int | None:
        """The rank whose export is shown; None where it is about all together."""
    @property
    def ranks(self) -> tuple[range, ...]:
        """The ranks that have it, as ``range`` objects."""
    @property
    def count(self) -> int:
        """How often it was found."""
    @property
    def pointer(self) -> str:
        """The place in that rank's export, as a JSON pointer such as ``'/dim_data/0/start'``."""
    @property
    def place(self) -> str:
        """The same place as Python writes it, such as ``dim_data[0]['start']``; empty for the whole
        export.
        """
    @property
    def related(self) -> tuple[tuple[int, str, str], ...]:
        """Other places that belong to it: ``(rank, pointer, what stands there)``."""

@final
class Report:
    """The result of checking the exports of an array.

    True when there is no error. ``str()`` is the verdict and all findings, with places as Python
    writes them; ``text()`` is what ``dap-validate check`` prints.
    """
    @property
    def valid(self) -> bool:
        """Whether no error was found."""
    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The findings, errors and lighter ones, in order of rank and place."""
    @property
    def layout(self) -> Layout | None:
        """The array's ``Layout``; None where something is wrong or not every rank is there."""
    @property
    def dtype(self) -> Any:
        """The item type of all ranks: NumPy's ``dtype``, or its text such as ``'<f8'`` where NumPy is
        not installed; None where it is unknown.
        """
    def text(self, *, color: bool = False, width: SupportsIndex = 100) -> str:
        """The report as ``dap-validate check`` prints it, with the lines of the exports in JSON:
        ``color`` for terminals, ``width`` in columns.
        """
    def to_json(self) -> str:
        """The report as JSON, in the form of ``dap-validate check --output-format json``."""
    def raise_for_errors(self) -> None:
        """Raises ``ValidationError`` if there is an error."""
    def _repr_svg_(self) -> str: ...
    def __bool__(self) -> bool: ...
    def __len__(self) -> int: ...

def from_address(
    address: SupportsIndex | None,
    shape: SupportsIndex | Sequence[SupportsIndex],
    dtype: Any,
    *,
    strides: Sequence[SupportsIndex] | None = None,
    order: Literal["C", "F"] = "C",
    readonly: bool = False,
    owner: object = None,
) -> Local:
    """Memory that C or Fortran lends, as a ``Local`` without a copy: items of type ``dtype`` from
    ``address`` on, that of the item at index 0.

        field = from_address(library.field(), (5, 4), "float64", owner=library)
        section = layout.section(rank, field)

    ``strides`` are in bytes, one for each dimension; without them the items lie one behind the
    other in ``order`` ``'C'`` or ``'F'``, Fortran's. ``owner`` is any object, which is kept as long
    as the memory is used: let it end the loan when it is freed. ``dtype`` is spelled as for
    ``Layout.zeros``. Nothing can be checked about the memory itself: it must be there, initialised,
    and stay until ``owner`` is let go.

    ``ValueError`` for a shape, strides or an item type that no memory can have.
    """
def from_distarray(
    object: _HasDistArrayC | _HasDistArray | Mapping[str, Any], *, check: bool = True
) -> Section:
    """Takes one process's part of a distributed array from any library, sharing its memory.

    ``object`` has ``__distarray_c__`` or ``__distarray__``, or is what one of them returned. The
    dictionary is read leniently (lists, NumPy's integers, ``{}``, version 0.9), with a
    ``ProtocolWarning``. The rules for one process are checked, unless ``check`` is false, which
    saves half a microsecond for producers that are trusted: ``ValidationError``.

    ``TypeError`` for other objects, ``BufferError`` for memory that cannot be described or lies on
    a device.
    """
def validate(
    exports: _Export | Sequence[_Export], *, partial: bool = False, profile: Literal["auto", "strict"] = "auto"
) -> Report:
    """Checks one rank's export, or those of all ranks, as ``dap-validate check`` does.

    ``exports`` is a list of all ranks' exports in rank order, or one by itself. An export is an
    object with ``__distarray__`` or ``__distarray_c__``, the dictionary that one returned, or a
    JSON text (``describe``), which can be sent to another process. One text, ``str`` or ``bytes``,
    may be that of all ranks: a bundle ``{"ranks": [...]}``, or a line for each.

        report = daparray.validate(comm.allgather(daparray.describe(array)))

    With ``partial`` a list may hold some of the ranks, in any order. ``profile`` is ``'auto'`` or
    ``'strict'``, which also tells what is only recommended. Mistakes are in the ``Report``;
    nothing is raised for it.
    """
def describe(object: _Export) -> str:
    """The export of an object as JSON text: its dictionaries, and its buffer's item type, shape and
    strides, not its data.

    This is what ``dap-validate check`` reads from a file, and what can be sent to another process
    to be validated there. ``TypeError`` for what has neither ``__distarray__`` nor
    ``__distarray_c__`` and is no dictionary.
    """
