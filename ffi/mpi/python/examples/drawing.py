"""Pictures of the examples' arrays, for which matplotlib is needed."""


def save(array, path, title):
    """Writes a picture of a 2-D array, which rank 0 gathers for it. Collective."""
    values = array.gather(root=0)
    if values is None:
        return
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(5, 4), layout="constrained")
    shown = axes.imshow(values, cmap="viridis", interpolation="nearest")
    figure.colorbar(shown, label=title)
    figure.savefig(path, dpi=100)
