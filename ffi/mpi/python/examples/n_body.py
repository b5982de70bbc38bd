"""Bodies that attract one another: all pairs by broadcasting, energy that stays the same.

    mpirun -n 4 python n_body.py [STEPS]

The positions are distributed; the differences of all pairs are matrices whose rows lie as the
bodies do. Weights and forces of pairs are pending expressions, which reductions compute.
"""

import sys

import daparray.array as da

SOFTENING = 0.05


def differences(x):
    """x[j] - x[i] of all pairs, rows i where the bodies lie."""
    return x[None, :] - x[:, None]


def acceleration(x, y, mass):
    """The acceleration of each body."""
    dx, dy = differences(x), differences(y)
    weight = mass[None, :] / (dx * dx + dy * dy + SOFTENING**2) ** 1.5
    return da.sum(dx * weight, axis=1), da.sum(dy * weight, axis=1)


def energy(x, y, vx, vy, mass):
    """Kinetic and potential energy."""
    dx, dy = differences(x), differences(y)
    pairs = da.sum(mass[:, None] * mass[None, :] / da.sqrt(dx * dx + dy * dy + SOFTENING**2))
    own = da.sum(mass * mass) / SOFTENING
    return float(0.5 * da.sum(mass * (vx * vx + vy * vy)) - 0.5 * (pairs - own))


def main(steps=100, bodies=24):
    angle = da.arange(bodies, dtype=da.float64) * (2 * da.pi / bodies)
    x, y = da.cos(angle), da.sin(angle)
    vx, vy = -0.5 * da.sin(angle), 0.5 * da.cos(angle)
    mass = da.full(bodies, 1.0 / bodies)
    before, step = energy(x, y, vx, vy, mass), 0.01
    ax, ay = acceleration(x, y, mass)
    for _ in range(steps):  # the leapfrog scheme
        vx, vy = vx + 0.5 * step * ax, vy + 0.5 * step * ay
        x, y = x + step * vx, y + step * vy
        ax, ay = acceleration(x, y, mass)
        vx, vy = vx + 0.5 * step * ax, vy + 0.5 * step * ay
    after = energy(x, y, vx, vy, mass)
    assert abs(after - before) < 1e-4 * abs(before), (before, after)
    radius = float(da.mean(da.sqrt(x * x + y * y)))
    if x.context.rank == 0:
        print(f"energy {before:.6f}, then {after:.6f}; mean radius {radius:.6f}, {radius.hex()}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
