"""A climatology, as xarray makes it: monthly means of daily fields, and the anomalies from them.

    mpirun -n 4 python climatology.py [YEARS]

The fields are made: a season, a temperature that falls towards the poles, weather, and a warming of
half a degree a year. Means are exact and rounded once, so that each number of ranks has the same
bits. The days are distributed cyclically, which no line of the computation knows.
"""

import calendar
import sys

import numpy

import daparray.array as da

# Years of 365 days.
LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
LATITUDES, LONGITUDES = 18, 36
WARMING = 0.5


def labels(years):
    """The month of each day, from 1 to 12, and its year: the same on all ranks."""
    return numpy.tile(numpy.repeat(numpy.arange(1, 13), LENGTHS), years), numpy.repeat(numpy.arange(years), 365)


def temperature(years):
    """Daily temperatures in degrees: days x latitudes x longitudes."""
    month, year = labels(years)

    def degrees(day, latitude, longitude):
        season = 10.0 - 0.25 * (month[day] - 7) ** 2
        weather = ((31 * day + 7 * latitude + 3 * longitude) % 17 - 8) / 8
        return season + 12.0 - abs(2 * latitude - (LATITUDES - 1)) + weather + WARMING * year[day]

    return da.fromfunction(degrees, (365 * years, LATITUDES, LONGITUDES), distribution=("cyclic", "none", "block"))


def main(years=4):
    fields = temperature(years)
    month, year = labels(years)
    months = fields.groupby(month)
    climate = months.mean()  # 12 x 18 x 36
    anomaly = months - climate  # as the fields
    assert climate.shape == (12, LATITUDES, LONGITUDES) and anomaly.layout == fields.layout

    # Anomalies have no season any more: their monthly means are 0, and their annual means grow.
    assert float(da.max(da.abs(anomaly.groupby(month).mean()))) < 1e-13
    annual = da.mean(anomaly.groupby(year).mean(), axis=(1, 2)).gather()
    expected = WARMING * (numpy.arange(years) - (years - 1) / 2)
    assert numpy.allclose(annual, expected, atol=0.05), annual

    # Values that differ from those of their month by more than two standard deviations.
    unusual = da.abs(anomaly.groupby(month) / months.std()) > 2
    share = float(da.mean(unusual.astype(da.float64)))
    seasons = da.mean(climate, axis=(1, 2)).gather()
    if fields.context.rank == 0:
        warmest = int(seasons.argmax())
        print(f"warmest month {calendar.month_name[months.labels[warmest]]}, {seasons[warmest]:.3f} degrees")
        print("annual anomalies", *(f"{degrees:+.2f}" for degrees in annual))
        print(f"{100 * share:.2f} % of the values are unusual; coldest month {float(seasons.min()).hex()}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
