"""A few of many: what is shown of a long run."""

import numpy as np


def evenly(last: int, most: int) -> np.ndarray:
    """Whole numbers from 0 to `last`, evenly spread, both ends included, `most` at most."""
    return np.linspace(0, last, min(last + 1, most)).astype(int)
