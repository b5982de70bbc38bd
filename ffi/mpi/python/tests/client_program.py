"""A program for engines and in place: what it prints must not depend on which it is."""

import sys

import numpy

from daparray.client import Context, RankError

with Context(3) as context:
    da = context.array
    x = da.linspace(0, 1, 9)
    print(repr(x), x.shape, x.dtype, len(x), float(x.sum()), bool(x[0] == 0), int(da.argmax(x)))
    y = da.sin(x) + x * 2
    y.show()
    y[2:4] = 7
    y += 1
    print(f"{x.sum():.2f}", y.gather().round(3), numpy.sqrt(y).gather()[0], float(numpy.sum(y)), da.float32, da.pi)
    print(context.apply(lambda x: float(x.local.sum()), x))

    def speak(x, *, loud=False):
        print("I have", x.local, "!" if loud else "")
        return x.shape

    print(context.apply(speak, x, loud=True))
    print(context.apply(lambda x: x + 1, x), context.apply(lambda x: (x, da.flip(x)), x)[1].gather())

    @context.register
    def centred(x):
        return x - x.mean()

    print(centred(x).gather(), context.centred(x).shape)
    context.push(a=2, x=x)
    context.execute("b = a * rank; z = x * a")
    print(context.pull("b"), context.pull("z").gather(), context.pull("a", "b"))
    print(context.execute("print('on', rank)\nrank ** 2"), context.execute("c = 3"))

    def alone(x):
        # The others wait in a collective call that this rank never makes.
        if x.context.rank == 1:
            raise ValueError("only one")
        return float(x.sum())

    def divide():
        return 1 / 0

    for failing in (
        lambda: context.apply(divide),
        lambda: context.apply(sys.exit, 3),
        lambda: context.apply(alone, x),
        lambda: context.execute("undefined"),
        lambda: context.pull("nothing"),
        lambda: x + da.ones(4),
    ):
        try:
            failing()
        except (RankError, ArithmeticError, SystemExit, ValueError, NameError) as error:
            print(type(error).__name__, error)
        else:
            print("no error")
    for index in (99, "a"):
        try:
            x[index]
        except (IndexError, TypeError, ValueError) as error:
            print(type(error).__name__)
    print(context, float(x.sum()))
