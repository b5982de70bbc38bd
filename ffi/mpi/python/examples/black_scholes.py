"""Prices of European options by Black and Scholes: one pass over memory for each result.

    mpirun -n 4 python black_scholes.py [OPTIONS]

The expressions stay pending until their elements are needed, and are computed together, strip by
strip, without temporaries. Calls and puts differ by the price less the discounted strike, exactly
as the theory says.
"""

import sys

import daparray.array as da

RATE, VOLATILITY = 0.1, 0.2


def prices(price, strike, years):
    """The prices of calls and of puts."""
    spread = VOLATILITY * da.sqrt(years)
    d1 = (da.log(price / strike) + (RATE + 0.5 * VOLATILITY**2) * years) / spread
    d2 = d1 - spread
    discounted = strike * da.exp(-RATE * years)
    call = price * normal(d1) - discounted * normal(d2)
    put = discounted * normal(-d2) - price * normal(-d1)
    return call, put


def normal(x):
    """The distribution function of the standard normal distribution."""
    return 0.5 + 0.5 * da.erf(x / 2**0.5)


def main(options=100_000):
    at = da.arange(options, dtype=da.float64) / options
    price, strike, years = 10.0 + 40.0 * at, 50.0 - 30.0 * at, 1.0 + da.remainder(7.0 * at, 1.0)
    call, put = prices(price, strike, years)
    # Put-call parity.
    parity = da.max(da.abs(call - put - (price - strike * da.exp(-RATE * years))))
    assert float(parity) < 1e-12, float(parity)
    total = float(da.sum(call))
    if price.context.rank == 0:
        print(f"calls {total:.6f} in all, {total.hex()}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
