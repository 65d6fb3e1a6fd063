"""Looking at a run, which never changes it: pictures, and why each number is what it is."""

from engine.inspection.gradient_check import (
    GradientCheck,
    central_differences,
    check_gradient,
    with_wrong_slope,
)
from engine.inspection.hidden_space import HiddenSpace, hidden_space, predict_from
from engine.inspection.layers import (
    Diagnosis,
    ErrorRatio,
    diagnose,
    error_ratios,
    gradient_bounds,
    update_ratios,
)
from engine.inspection.passes import NextStep, Passes, make_passes, next_step
from engine.inspection.pictures import curve, half_width, region, units
from engine.inspection.points import PointLoss, misclassified, point_loss
from engine.inspection.scene_words import describe
from engine.inspection.shapes import Scene, look_at

__all__ = [
    "Diagnosis",
    "ErrorRatio",
    "GradientCheck",
    "HiddenSpace",
    "NextStep",
    "Passes",
    "PointLoss",
    "Scene",
    "central_differences",
    "check_gradient",
    "curve",
    "describe",
    "diagnose",
    "error_ratios",
    "gradient_bounds",
    "half_width",
    "hidden_space",
    "look_at",
    "make_passes",
    "misclassified",
    "next_step",
    "point_loss",
    "predict_from",
    "region",
    "units",
    "update_ratios",
    "with_wrong_slope",
]
