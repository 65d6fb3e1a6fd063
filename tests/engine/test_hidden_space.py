"""The plane as a hidden layer sees it."""

import numpy as np
import pytest

from engine import Run, Spec, inspection


def trained(**settings) -> Run:
    run = Run(Spec(dataset="circles", noise=0.1, **settings))
    run.advance(100)
    return run


def test_two_units_are_shown_as_they_are():
    run = trained(hidden=(4, 2))
    space = inspection.hidden_space(run, 2, half_width=1.5)
    passed = run.network.forward(run.train_inputs)
    np.testing.assert_array_equal(space.train_points, passed.activations[2])
    assert (space.kept, space.are_units) == (1.0, True)


def test_one_unit_is_a_line():
    space = inspection.hidden_space(trained(hidden=(1,)), 1, half_width=1.5)
    assert np.all(space.train_points[:, 1] == 0.0)


def test_more_units_are_shown_by_the_two_directions_that_vary_most():
    """The same as scikit-learn's PCA, up to the signs."""
    from sklearn.decomposition import PCA

    run = trained(hidden=(6,))
    space = inspection.hidden_space(run, 1, half_width=1.5)
    activations = run.network.forward(run.train_inputs).activations[1]
    pca = PCA(2).fit(activations)
    np.testing.assert_allclose(
        np.abs(space.train_points), np.abs(pca.transform(activations)), atol=1e-9
    )
    assert space.kept == pytest.approx(pca.explained_variance_ratio_.sum())
    assert not space.are_units


def test_the_grid_of_the_plane_comes_along():
    run = trained(hidden=(2,))
    space = inspection.hidden_space(run, 1, half_width=1.5)
    corner = run.network.forward(np.array([[-1.5, -1.5]])).activations[1][0]
    np.testing.assert_allclose(space.lines[0][0], corner)
    assert len(space.lines) == 26


def test_data_with_one_coordinate_have_one_line():
    run = Run(Spec(dataset="curve", hidden=(2,)))
    assert len(inspection.hidden_space(run, 1, half_width=1.5).lines) == 1


def test_the_rest_of_the_network_predicts_what_the_network_does():
    """Of two units nothing is left out, so from their space on it is the same prediction."""
    run = trained(hidden=(5, 2, 3))
    space = inspection.hidden_space(run, 2, half_width=1.5)
    predicted = inspection.predict_from(run, 2, space, space.train_points)
    np.testing.assert_allclose(predicted, run.predict(run.train_points), atol=1e-12)


def test_the_last_layer_cuts_with_a_straight_line():
    """Where the probability is one half on two points, it is so between them."""
    run = trained(hidden=(4, 2))
    space = inspection.hidden_space(run, 2, half_width=1.5)
    (w,), b = run.network.weights[2].T, run.network.biases[2][0]
    one, other = np.array([0.0, -b / w[1]]), np.array([1.0, -(b + w[0]) / w[1]])
    places = np.array([one + t * (other - one) for t in (0.0, 0.3, 0.8, 1.0)])
    np.testing.assert_allclose(inspection.predict_from(run, 2, space, places), 0.5)
