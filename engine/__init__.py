"""A multi-layer perceptron in NumPy that trains, pauses, looks and goes back in time.

>>> from engine import Run, Spec
>>> run = Run(Spec(dataset="moons", hidden=(8, 8), learning_rate=0.1))
>>> run.advance(epochs=20)
>>> run.history["train_loss"][-1] < run.history["train_loss"][0]
np.True_

A sample is a row everywhere: Z = A W + b with W of shape (n_in, n_out).
"""

from engine.network import BackwardPass, ForwardPass, Network
from engine.own_data import OwnData
from engine.run import Run, Snapshot
from engine.spec import Spec

__all__ = ["BackwardPass", "ForwardPass", "Network", "OwnData", "Run", "Snapshot", "Spec"]
