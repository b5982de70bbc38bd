"""A rank's part of a request: it runs functions, keeps arrays, and makes the reply.

An object of `daparray.array` stays on its rank. The reply has a reference to it: the number of the
request and the object's number within the reply, the same on all ranks.

==========  ====================================================================================
operation   arguments
==========  ====================================================================================
`call`      target, positional arguments, keywords, `keep`
`register`  a number and a function
`execute`   source, file name: the value of the last expression, if there is one
`push`      a dictionary of names
`pull`      a list of names
`search`    the client's folders of modules
`value`     none: the result of the request before, of which a digest was sent
`html`      an array: its page for notebooks, on rank 0
`surface`   none: the names of `daparray.array` and of arrays
==========  ====================================================================================

A request is an operation, its arguments and `each`. With `each` every rank sends its result,
otherwise rank 0 does and the others send a digest. With `keep` the result stays, whatever it is.
"""

import ast
import linecache
import pickle
import sys
import traceback
from hashlib import blake2b

import daparray.array
from daparray.array._methods import html_of_all

from . import pickling
from .agreement import MISMATCH
from .output import Output
from .surface import described, surface

class Text(str):
    """The text of a value that cannot be sent."""

    __repr__ = str.__str__


class Worker:
    """``deliver`` takes text that is printed in the middle of a request."""

    def __init__(self, context, deliver):
        self.context = context
        self.output = Output(deliver)
        # Whether an interrupt raises; it does once a request.
        self.interruptible = False
        self._kept, self._registered = {}, {}
        # The result of the last request, if only its digest was sent.
        self.unsent = None
        self.namespace = {
            "__name__": "__main__", "da": daparray.array, "context": context, "rank": context.rank, "size": context.size,
        }  # fmt: skip

    def perform(self, number, dead, payload):
        """The buffers of the reply to a request that came from a client."""
        for reference in dead:
            if reference[1] is None:
                self._forget(reference[0])
            else:
                self._kept.pop(reference, None)
        return self._reply(number, lambda: pickling.load(payload, self._resolve))

    def perform_here(self, number, operation, arguments, each):
        """The same for the rank's own program, with the objects themselves."""
        return self._reply(number, lambda: (operation, arguments, each))

    def resolve_here(self, reference):
        """The object of a reference in a reply, in the rank's own program."""
        return self._kept[reference[0]]

    def forget(self):
        """Deletes all that was kept: the program itself has what it needs."""
        self._kept.clear()
        self.unsent = None

    def _reply(self, number, request):
        result = error = None
        is_full = False
        with self.output.captured():
            try:
                self.interruptible = True
                result, is_full = self._result(number, *request())
                self.interruptible = False
            except BaseException as raised:  # the client judges it, SystemExit too
                self.interruptible = False
                error = _described(raised)
                # The frames hold arguments, whose memory would live as long as the exception.
                traceback.clear_frames(raised.__traceback__)
                del raised
        text = self.output.take()
        if error is not None:
            self._forget(number)
            return [pickling.header("error", number, error, text)]
        digest = blake2b(digest_size=16)
        for buffer in result:
            digest.update(buffer)
        self.unsent = None if is_full else result
        return [pickling.header("result", number, digest.digest(), text), *(result if is_full else ())]

    def _forget(self, number):
        for reference in [one for one in self._kept if one[0] == number]:
            del self._kept[reference]

    def _result(self, number, operation, arguments, each):
        """The buffers of the result, and whether they are sent."""
        unsent, self.unsent = self.unsent, None
        if operation == "value":
            return unsent or [], True
        keep = False
        if operation == "call":
            target, positional, keywords, keep = arguments
            value = self._target(target, positional)(*positional, **keywords)
        else:
            value = getattr(self, f"_{operation}")(*arguments)
        is_full = each or self.context.rank == 0
        try:
            return pickling.dump(value, self._referrer(number, value, keep)), is_full
        except (pickle.PicklingError, TypeError, AttributeError) as error:
            if operation == "execute":
                return pickling.dump(Text(repr(value)), lambda one: None), is_full
            kind = type(value).__name__
            raise TypeError(f"a result of type `{kind}` cannot be sent to the client ({error}): keep=True keeps it on its rank") from None

    def _target(self, target, positional):
        kind, name = target
        if kind == "array":
            found = daparray.array
            for part in name.split("."):
                found = getattr(found, part)
            return found
        if kind == "method":
            bound = getattr(positional.pop(0), name)
            return bound if callable(bound) else (lambda: bound)
        return self._registered[name] if kind == "registered" else name

    def _register(self, number, function):
        self._registered[number] = function

    def _push(self, names):
        self.namespace.update(names)

    def _pull(self, names):
        missing = [name for name in names if name not in self.namespace]
        if missing:
            raise NameError(f"the ranks have no {', '.join(missing)}")
        found = [self.namespace[name] for name in names]
        return found[0] if len(found) == 1 else tuple(found)

    def _surface(self):
        return surface()

    def _html(self, array):
        return html_of_all(array)

    def _search(self, paths):
        """The client's folders of modules, behind those of the rank."""
        sys.path += [path for path in paths if path not in sys.path]

    def _execute(self, source, file):
        # Tracebacks show the lines of the source.
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        tree = ast.parse(source, file)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, file, "exec"), self.namespace)
        return None if last is None else eval(compile(ast.Expression(last.value), file, "eval"), self.namespace)

    def _resolve(self, reference):
        if reference[0] == "array":
            found = daparray.array
            for part in filter(None, reference[1].split(".")):
                found = getattr(found, part)
            return found
        return self._kept[reference]

    def _referrer(self, number, whole, keep):
        """References to the objects that stay here: arrays, and `whole` with `keep`."""
        references = {}

        def reference(one):
            if not (keep and one is whole) and not type(one).__module__.startswith("daparray.array"):
                return None
            if id(one) not in references:
                references[id(one)] = key = (number, len(references))
                self._kept[key] = one
            return references[id(one)], described(one)

        return reference

    def interrupt(self, *_):
        """A handler of SIGINT: raises in a request, once, and not between requests."""
        if self.interruptible:
            self.interruptible = False
            raise KeyboardInterrupt

    def join(self):
        """Meets the other ranks after an error.

        A rank that waits in a collective call meets this one in `barrier`, and its call ends with
        an error, as calls that differ do with DAP_CHECK=1. So ranks that an error or an interrupt
        has separated are together again.
        """
        while True:
            try:
                self.context.barrier()
            except RuntimeError as error:
                if MISMATCH not in str(error):
                    raise
            else:
                return


def _described(error):
    """An exception for the client."""
    lines = traceback.TracebackException.from_exception(error)
    here = {__file__, pickling.__file__}
    while lines.stack and lines.stack[0].filename in here:
        del lines.stack[0]
    try:
        sent = pickle.dumps(error)
        pickle.loads(sent)
    except Exception:  # exceptions have any constructor; then the text must do
        sent = None
    try:
        message = str(error)
    except Exception:  # a text that is made by the program's own code
        message = "an exception without a text"
    return {
        "kind": type(error).__name__,
        "message": message,
        "traceback": "".join(lines.format()),
        "exception": sent,
        "is_interrupt": isinstance(error, KeyboardInterrupt),
    }
