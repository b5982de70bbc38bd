"""A model that is trained on a small sample predicts a large array.

    mpirun -n 4 python prediction.py [ROWS]

As in Dask's tutorial: the sample is a view of every n-th row, and training it is one least-squares
problem. The prediction of all rows is a product whose rows stay where they are.
"""

import sys

import daparray.array as da

COEFFICIENTS = [2.0, -1.0, 0.5]
SAMPLE = 500


def made_table(rows, seed=4):
    """Features (with a constant 1 in front), and values that depend on them, with noise."""
    rng = da.random.default_rng(seed)
    features = da.concat([da.ones((rows, 1)), rng.random((rows, 2))], axis=1)
    return features, features @ da.asarray(COEFFICIENTS) + 0.1 * (rng.random(rows) - 0.5)


def main(rows=100_000):
    features, values = made_table(int(rows))
    step = max(1, len(features) // SAMPLE)
    trained = da.linalg.lstsq(features[::step], values[::step])[0]
    rest = values - features @ trained
    # The share of the variance that the model explains.
    explained = 1.0 - float(da.var(rest)) / float(da.var(values))
    found = trained.gather(root=0)
    if found is not None:
        print("trained", " ".join(f"{one:.6f}" for one in found))
        print(f"explains {100 * explained:.4f} % of the variance of {len(values)} rows")


if __name__ == "__main__":
    main(*sys.argv[1:])
