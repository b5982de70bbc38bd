"""Principal components by singular values: points with five coordinates that vary along two
directions.

    mpirun -n 4 python pca.py [POINTS [PICTURE]]

The rows are distributed and stay where they are: the mean is a reduction, and the factorization of
a tall matrix sends small triangles only. The last singular values are those of the noise.
"""

import sys

import daparray.array as da

SPREAD = (3.0, 1.0)
DIRECTIONS = [[0.6, 0.8, 0.0, 0.0, 0.0], [0.0, 0.0, 2 / 3, -2 / 3, 1 / 3]]
NOISE = 0.05


def made_points(count, seed=11):
    """Points round a plane in five dimensions: each has two coordinates in it, and some noise."""
    rng = da.random.default_rng(seed)
    inside = (rng.random((count, 2)) - 0.5) * da.asarray(SPREAD)
    return inside @ da.asarray(DIRECTIONS) + NOISE * (rng.random((count, 5)) - 0.5)


def principal_components(points):
    """The directions, one a row, the variance along each, and the points in these coordinates."""
    centred = points - da.mean(points, axis=0)
    _, values, directions = da.linalg.svd(centred, full_matrices=False)
    return directions, values**2 / (points.shape[0] - 1), centred @ directions.T


def main(count=5000, picture=None):
    points = made_points(int(count))
    directions, variances, coordinates = principal_components(points)
    # The coordinates are not correlated, and their variances are the squares of singular values.
    again = da.cov(coordinates, rowvar=False)
    assert da.allclose(again, da.diag(variances), atol=1e-12)
    # A direction and its opposite are the same component: the greatest element is positive here.
    found = directions.gather(root=0)
    share = (variances / da.sum(variances)).gather(root=0)
    if found is not None:
        for row, part in zip(found, share):
            row = row * (1 if row[abs(row).argmax()] > 0 else -1)
            print(f"{100 * part:8.4f} % along", " ".join(f"{number + 0.0:7.4f}" for number in row.round(4)))
    if picture:
        import drawing

        drawing.save_points(coordinates[:400, :2], picture, ("first component", "second component"))


if __name__ == "__main__":
    main(*sys.argv[1:])
