"""A region of an array, changed in place and summed: only the ranks that hold it work.

    mpirun -n 4 python region_sum.py

After Ramba's first example: 100 x 100 zeros in blocks along both axes, on four ranks of 50 x 50,
and `B[20:60] += 4`. A region is a view, and nothing moves: not for the change, nor for the sum.
"""

import daparray.array as da


def main():
    b = da.zeros((100, 100), distribution=("block", "block"))
    with da.strict():  # an operand that would move is an error
        b[20:60] += 4.0
        b[50:, 30:90:2] *= 10.0
    regions = {
        "the array": b,
        "rows 20 to 60": b[20:60],
        "left half": b[:, :50],
        "right half": b[:, 50:],
        "corner": b[:20, :20],
    }
    for name, region in regions.items():
        total = float(region.sum())
        elements = b.context.gather(0 if region.local is None else region.local.size)
        if b.context.rank == 0:
            print(f"{name}: {total:.1f}; elements of each rank: {elements}")


if __name__ == "__main__":
    main()
