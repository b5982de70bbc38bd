"""The energy spectrum of a flow in a periodic box, whose spectrum is known: k to the power -5/3.

    mpirun -n 4 python turbulence.py [POINTS [PICTURE]]

The flow is made of random numbers: each wave keeps its direction and phase, gets the part that is
perpendicular to the wave vector (the flow has no divergence), and the length that gives its shell
the energy of Kolmogorov's law. Its spectrum is then measured from the velocities alone: transforms,
and exact sums over the shells |k| = 1, 2, 3 ...
"""

import sys

import daparray.array as da

SLOPE = -5 / 3


def wave_vectors(points):
    """The three components of the wave vectors of a real transform, as arrays that broadcast."""
    k, half = da.fft.fftfreq(points, 1 / points), da.fft.rfftfreq(points, 1 / points)
    return k[:, None, None], k[None, :, None], half[None, None, :]


class Shells:
    """Waves by the length of their vectors, rounded."""

    def __init__(self, points):
        self.k = kx, ky, kz = wave_vectors(points)
        self.squared = kx * kx + ky * ky + kz * kz
        self.number = da.round(da.sqrt(self.squared)).astype(da.int64)
        # A real field has each wave and its opposite: half of the spectrum stands for both, but
        # where the last component is 0 or the highest one.
        self.weight = da.where((kz > 0) & (kz < points // 2), 2.0, 1.0)
        self.count = points // 2

    def sums(self, values):
        """The sums of values over the shells 0, 1 ... up to half of the points."""
        weighted = da.broadcast_to(self.weight, values.shape) * values
        return da.bincount(self.number.ravel(), weights=weighted.ravel())[: self.count]


def energy(velocities, shells):
    """The energy of each shell."""
    transforms = [da.fft.rfftn(component, norm="forward") for component in velocities]
    return shells.sums(0.5 * sum(da.abs(one) ** 2 for one in transforms))


def made_flow(shells, points, seed=3):
    """Three components of a velocity without divergence, whose shells have the energies k^-5/3."""
    rng = da.random.default_rng(seed)
    waves = [da.fft.rfftn(rng.random((points,) * 3) - 0.5) for _ in range(3)]
    along = sum(k * wave for k, wave in zip(shells.k, waves)) / da.maximum(shells.squared, 1.0)
    waves = [wave - k * along for k, wave in zip(shells.k, waves)]
    # All waves of a shell have the same energy, and the shells beyond the highest one have none.
    lengths = da.sqrt(sum(da.abs(wave) ** 2 for wave in waves))
    each = shells.sums(da.ones_like(lengths))
    numbers = da.arange(shells.count, dtype=da.float64)
    wanted = da.where(numbers > 0, da.maximum(numbers, 1.0) ** SLOPE, 0.0)
    is_inside = (shells.number > 0) & (shells.number < shells.count)
    amplitude = da.sqrt(2 * da.take(wanted / each, da.where(is_inside, shells.number, 0).ravel()).reshape(shells.number.shape))
    scale = da.where(is_inside, amplitude / da.where(lengths > 0, lengths, 1.0), 0.0)
    return [da.fft.irfftn(wave * scale, s=(points,) * 3, norm="forward") for wave in waves]


def divergence(velocities, shells, points):
    """The greatest divergence."""
    waves = sum(1j * k * da.fft.rfftn(component) for k, component in zip(shells.k, velocities))
    return float(da.max(da.abs(da.fft.irfftn(waves, s=(points,) * 3))))


def main(points=32, picture=None):
    points = int(points)
    shells = Shells(points)
    flow = made_flow(shells, points)
    spectrum = energy(flow, shells)
    whole = 0.5 * sum(float(da.mean(component * component)) for component in flow)
    assert divergence(flow, shells, points) < 1e-10
    assert abs(whole - float(da.sum(spectrum))) < 1e-12
    values = spectrum.gather(root=0)
    if values is not None:
        for k in range(1, points // 2):
            print(f"k = {k:2}: energy {values[k]:.9f}")
        print(f"in all {whole:.9f}")
        if picture:
            import drawing

            drawing.save_line(range(1, points // 2), values[1:], picture, ("wave number", "energy"), logarithmic=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
