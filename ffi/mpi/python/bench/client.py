"""The cost of interactive work: starting ranks, a call, an interrupt, a rank that is lost, sleep.

    python ffi/mpi/python/bench/client.py [RANKS [PART...]]

Best and median in milliseconds. The last column says whether the median is below the floor. Parts:
start, calls, interrupt, stuck, lost, idle; all without one.
"""

import os
import signal
import statistics
import sys
import threading
import time

from daparray.client import Context, RanksLost

RANKS = int(sys.argv[1]) if len(sys.argv) > 1 else 2


def timed(body):
    begin = time.perf_counter()
    body()
    return time.perf_counter() - begin


def started():
    begin = time.perf_counter()
    context = Context(RANKS)
    found = time.perf_counter() - begin
    context.close()
    return found


def interrupted(context):
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    begin = time.perf_counter()
    try:
        context.apply(time.sleep, 60)
    except KeyboardInterrupt:
        return time.perf_counter() - begin - 0.2
    raise AssertionError("nothing was interrupted")


def stuck():
    """An interrupt of ranks that do not stop."""
    with Context(RANKS) as context:
        timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        begin = time.perf_counter()
        try:
            context.execute("while True:\n  try:\n    while rank >= 0: pass\n  except KeyboardInterrupt: pass")
        except KeyboardInterrupt:
            return time.perf_counter() - begin - 0.2


def lost():
    with Context(RANKS) as context:
        begin = time.perf_counter()
        try:
            context.execute(f"import os, time\nif rank == {RANKS - 1}: os.kill(os.getpid(), 9)\ntime.sleep(60)")
        except RanksLost:
            return time.perf_counter() - begin


def calls():
    with Context(RANKS) as context:
        x = context.array.ones(1000)
        bodies = {"apply of a function": lambda: context.apply(abs, 3), "x + 1": lambda: x + 1, "x.sum()": x.sum}
        # In turns, so that all meet the same disturbances.
        times = {name: [] for name in bodies}
        for _ in range(1000):
            for name, body in bodies.items():
                times[name].append(timed(body))
        return [(name, found, 0.5e-3) for name, found in times.items()]


def interrupts():
    with Context(RANKS) as context:
        return [("interrupt", [interrupted(context) for _ in range(5)], 2)]


def idle():
    with Context(RANKS) as context:
        before = context.apply(time.process_time)
        time.sleep(5)
        used = [after - begin for begin, after in zip(before, context.apply(time.process_time))]
        print(f"{'processor of a rank that sleeps':36} {max(used) / 5 * 100:9.3f} %")
        return []


PARTS = {
    "start": lambda: [("start", [started() for _ in range(7)], 1.5)],
    "calls": calls,
    "interrupt": interrupts,
    "stuck": lambda: [("interrupt of ranks that do not stop", [stuck() for _ in range(3)], 2)],
    "lost": lambda: [("a rank that is lost", [lost() for _ in range(5)], 2)],
    "idle": idle,
}


def main():
    print(f"{RANKS} ranks{'':32} best    median     floor")
    for part in sys.argv[2:] or PARTS:
        for name, times, floor in PARTS[part]():
            best, middle = min(times), statistics.median(times)
            reached = "yes" if middle < floor else "NO"
            print(f"{name:36} {best * 1e3:9.3f} {middle * 1e3:9.3f} {floor * 1e3:9.1f} ms  {reached}", flush=True)


main()
