"""k-means: points are distributed, the few centres are known to all ranks.

    mpirun -n 4 python k_means.py [POINTS]

Distances are one broadcast expression, labels an argmin over an axis that is not distributed, and
the new centres are exactly rounded means over the points of a label.
"""

import sys

import daparray.array as da

CENTRES = [(0.0, 0.0), (6.0, 1.0), (1.0, 7.0)]


def made_points(count):
    """Points round three centres, which a formula scatters."""

    def coordinate(point, axis):
        centre = [[CENTRES[label][at] for at in range(2)] for label in range(3)]
        scatter = ((point * (37 + 12 * axis)) % 101) / 50.0 - 1.0
        return sum((point % 3 == label) * ((axis == at) * centre[label][at]) for label in range(3) for at in range(2)) + scatter

    return da.fromfunction(coordinate, (count, 2), dtype=da.float64, distribution=("block", "none"))


def k_means(points, centres, rounds=20):
    """Labels of the points, and the centres."""
    x, y = points[:, 0], points[:, 1]
    for _ in range(rounds):
        distances = [(x - cx) ** 2 + (y - cy) ** 2 for cx, cy in centres]
        labels = da.argmin(da.stack(distances, axis=1), axis=1)
        found = []
        for label in range(len(centres)):
            is_member = labels == label
            members = max(int(da.sum(is_member)), 1)
            found.append((float(da.sum(da.where(is_member, x, 0.0))) / members, float(da.sum(da.where(is_member, y, 0.0))) / members))
        if found == centres:
            break
        centres = found
    return labels, centres


def main(count=3000):
    points = made_points(count)
    labels, centres = k_means(points, [(1.0, 1.0), (5.0, 0.0), (0.0, 5.0)])
    members = [int(da.sum(labels == label)) for label in range(3)]
    assert members == [count // 3] * 3, members
    assert all(abs(a - b) < 0.1 for found, made in zip(centres, CENTRES) for a, b in zip(found, made)), centres
    if points.context.rank == 0:
        print("centres", *(f"({x:.4f}, {y:.4f})" for x, y in centres))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
