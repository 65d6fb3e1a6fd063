"""Which moments of a run a film of it shows."""

from engine import Run
from playground.thinning import evenly


def stops_of(run: Run, most: int) -> list[float]:
    """Evenly spread epochs from 0 to where the run stands, each as `Run.position`."""
    stops = [float(epoch) for epoch in evenly(run.epoch, most)]
    return stops if run.position == run.epoch else [*stops, run.position]
