"""Local work of all ranks that can fail on some of them."""


def agreed(context, attempt):
    """The result of `attempt()` on each rank. Its exception on one rank is raised there, and names
    the rank on the others. Collective."""
    result, error = None, None
    try:
        result = attempt()
    except Exception as found:
        error = found
    agree(context, error)
    return result


def agree(context, error):
    """Raises this rank's exception, or that of another rank; nothing if no rank has one.
    Collective."""
    texts = context._gather_all(b"" if error is None else f"{type(error).__name__}: {error}".encode())
    if error is not None:
        raise error
    for rank, text in enumerate(texts):
        if text:
            raise RuntimeError(f"rank {rank} raised {text.decode()}")
