"""Small programs written for NumPy. Each takes the namespace, and arrays of it: a change of the
import is all that distributes it."""


def heat(np, field):
    """Steps of the heat equation, by slices."""
    for _ in range(20):
        inner = field[1:-1, 1:-1]
        inner += 0.1 * (field[2:, 1:-1] + field[:-2, 1:-1] + field[1:-1, 2:] + field[1:-1, :-2] - 4 * inner)
    return field, field.sum(0), np.max(field, 1)


def escapes(np, field):
    """Iterations of z**2 + c until |z| > 2: the points that stay are selected by masks."""
    x, y = np.mgrid[0:20, 0:15]
    c = np.linspace(-2, 0.6, 20)[x] + 1j * np.linspace(-1.2, 1.2, 15)[y]
    x.shape = y.shape = c.shape = 20 * 15
    counts = np.zeros((20, 15), dtype=np.int64)
    z = np.zeros(c.shape, np.complex128)
    for number in range(1, 30):
        np.multiply(z, z, z)
        np.add(z, c, z)
        is_out = abs(z) > 2.0
        counts[x[is_out], y[is_out]] = number
        x, y, z, c = x[~is_out], y[~is_out], z[~is_out], c[~is_out]
    return (counts,)


def elimination(np, field):
    """A system of equations by Gauss: element by element, row by row."""
    n = 12
    a = field[:n, :n] / 10 + n * np.eye(n)
    b = np.array(field[0, :n])
    for i in range(n):
        for j in range(i + 1, n):
            factor = a[j, i] / a[i, i]
            a[j] -= factor * a[i]
            b[j] -= factor * b[i]
    x = np.empty_like(b)
    for i in range(n - 1, -1, -1):
        x[i] = (b[i] - a[i, i + 1 :] @ x[i + 1 :]) / a[i, i]
    return (x,)


def bins(np, field):
    """Means of the elements in each bin of another array."""
    radius = np.sqrt(np.add.outer(np.arange(16) ** 2, np.arange(16) ** 2))
    edges = np.linspace(0, 22, 6)
    means = np.zeros(5)
    for number in range(5):
        means[number] = field[(edges[number] <= radius) & (radius < edges[number + 1])].mean()
    sums = np.histogram(radius.ravel(), 5, weights=field.ravel())[0]
    return means, sums, np.average(field, 0, np.arange(16) + 1.0)


def layers(np, field):
    """A network of two layers, and the distances of all pairs of rows."""
    hidden = np.maximum(field @ field.T / 16, 0.0)
    scores = np.exp(hidden - np.max(hidden, axis=-1, keepdims=True))
    scores = scores / np.sum(scores, -1, keepdims=True)
    distances = np.sqrt(((field[:, None, :] - field[None, :, :]) ** 2).sum(-1))
    scale = np.sqrt(float(16)) * np.exp(-0.5)
    return scores, distances, np.argsort(distances, 1)[:, 0], scores / scale, np.std(field, 0, ddof=1)


def scans(np, field):
    """Sums up to each place, their differences and integrals, joined."""
    sums = np.cumsum(field, 1)
    area = np.trapezoid(sums, dx=0.5)
    table = np.column_stack([area, np.ptp(field, 1), np.median(field, 1)])
    slopes = np.gradient(sums, axis=1)
    values, counts = np.unique(np.round(field, 0), return_counts=True)
    return table, slopes, values, counts, np.where(field > 0, field, np.float64(0)), np.trace(field)


PROGRAMS = (heat, escapes, elimination, bins, layers, scans)
