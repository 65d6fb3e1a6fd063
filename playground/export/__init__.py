"""Taking a run along: as a program, as settings, as weights, as a table."""

from playground.export.files import history_csv, settings_json, weights_npz
from playground.export.numpy_script import python_script
from playground.export.sklearn_script import sklearn_script

__all__ = ["history_csv", "python_script", "settings_json", "sklearn_script", "weights_npz"]
