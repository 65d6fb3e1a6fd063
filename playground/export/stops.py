"""Which moments of a run a film of it shows."""

import numpy as np

from engine import Run


def stops_of(run: Run, most: int) -> list[float]:
    """Evenly spread epochs from 0 to where the run stands, each as `Run.position`."""
    epochs = np.unique(np.linspace(0, run.epoch, min(run.epoch + 1, most)).astype(int))
    stops = [float(epoch) for epoch in epochs]
    return stops if run.position == run.epoch else [*stops, run.position]
