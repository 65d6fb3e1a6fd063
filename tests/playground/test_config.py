"""What whoever runs the playground may set, and what is said of a value that can't be."""

import pytest

from playground.server.config import Config, ConfigError, read


def test_an_environment_that_says_nothing_leaves_the_defaults():
    assert read({"PATH": "/bin", "MLP_DASK_SCHEDULER": "tcp://127.0.0.1:8786"}) == Config()


def test_each_variable_sets_what_it_names():
    said = {
        "MLP_VISITORS": "40",
        "MLP_IDLE_MINUTES": "2.5",
        "MLP_FILMS": "off",
        "MLP_FRAMED_BY": "https://school.example",
    }
    assert read(said) == Config(
        visitors=40, idle_minutes=2.5, films=False, framed_by="https://school.example"
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MLP_VISITORS", "0", "a whole number from 1 to 100,000, got '0'"),
        ("MLP_VISITORS", "many", "a whole number from 1 to 100,000, got 'many'"),
        ("MLP_VISITORS", "2.5", "a whole number from 1 to 100,000, got '2.5'"),
        ("MLP_SECONDS_PER_ANSWER", "nan", "a number from 0.01 to 5, got 'nan'"),
        ("MLP_UNITS", "17", "from 1 to 16, got '17'"),
        ("MLP_OWN_DATA", "yes", "on or off, got 'yes'"),
        (
            "MLP_FRAMED_BY",
            "school.example",
            "as in https://school.example, separated by spaces, got",
        ),
        ("MLP_FRAMED_BY", "https://a.example; script-src *", "must be origins"),
        ("MLP_VISITOR", "5", "is not a setting of the playground. There are MLP_VISITORS"),
    ],
)
def test_what_cant_be_is_refused_by_name_value_and_limit(name, value, said):
    with pytest.raises(ConfigError, match=name) as raised:
        read({name: value})
    assert said in str(raised.value)
