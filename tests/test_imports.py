"""Imports point one way: parts <- network, spec <- run <- inspection <- playground.

And in there: what everything shares <- the board <- features <- the page.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ENGINE = sorted((ROOT / "engine").rglob("*.py"))
PLAYGROUND = sorted((ROOT / "playground").rglob("*.py"))

PARTS = {
    "arrays",
    "activations",
    "losses",
    "initializers",
    "optimizers",
    "regularization",
    "datasets",
    "features",
    "history",
    "checks",
    "derivations",
    "parameter",
}
MAY_IMPORT = {
    "arrays": set(),
    **{part: {"arrays", "derivations", "parameter"} for part in PARTS - {"arrays"}},
    "network": PARTS - {"datasets", "optimizers", "features", "history"},
    "workspace": PARTS | {"network"},
    "split": {"arrays", "datasets"},
    "own_data": {"arrays", "split"},
    "spec": PARTS | {"own_data"},
    "run": PARTS | {"network", "workspace", "spec", "split"},
    "moments": {"arrays", "run"},
    "inspection": PARTS | {"network", "spec", "run", "inspection"},
    "__init__": {"network", "own_data", "spec", "run"},
}

# From the bottom to the top; a module may import those of its own layer and below. What is not
# named here is the page, at the top.
SHARED = {"naming", "palette", "figures", "limits", "thinning", "restrictions", "share"}
SHARED |= {"tf_playground", "server"}
FEATURES = {"lessons", "past", "own_data", "export", "experiments", "inside", "room"}
LAYERS = ("shared", "board", "feature", "page")

# What a feature shows: a part of the page that stands in the feature's folder.
VIEWS_INSIDE = {"step", "matrices", "check", "activation", "hidden", "depth"}
PANELS = {f"{feature}.panel" for feature in FEATURES} | {f"inside.{view}" for view in VIEWS_INSIDE}
PANELS |= {"lessons.gallery"}

UPWARDS = {
    # a lesson is a Spec with words, known to links by its name
    "share": {"lessons"},
    # the board keeps the runs that are over, as it is what ends them
    "board.stream": {"past.runs"},
    "board.goal": {"past.runs"},
}


def dotted(path: Path) -> str:
    """What the file is called below its package: `board.stream`; a folder is its `__init__`."""
    parts = path.relative_to(ROOT).with_suffix("").parts[1:]
    return ".".join(parts if parts == ("__init__",) or parts[-1] != "__init__" else parts[:-1])


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> set[str]:
    """Every module that a file imports, wherever in the file it does so.

    `from package import name` is there as the package and as `package.name`, for `name` may be a
    module.
    """
    modules = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            modules |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    return modules


def imported_of(package: str, path: Path) -> set[str]:
    """The modules of a package that a file imports, by what they are called below it."""
    there = {dotted(file) for file in (ROOT / package).rglob("*.py")}
    return {name.removeprefix(f"{package}.") for name in imported(path)} & there


def layer(module: str) -> str:
    """The layer of a module of `playground`."""
    top = module.split(".")[0]
    if module in PANELS:
        return "page"
    if top in SHARED:
        return "shared"
    return "board" if top == "board" else "feature" if top in FEATURES else "page"


@pytest.mark.parametrize("path", ENGINE, ids=dotted)
def test_engine_modules_import_only_what_stands_below_them(path):
    module = dotted(path).split(".")[0]
    assert module in MAY_IMPORT, f"say in MAY_IMPORT what {module} may import"
    mine = {name.split(".")[0] for name in imported_of("engine", path)}
    assert mine <= MAY_IMPORT[module]


@pytest.mark.parametrize("path", ENGINE, ids=dotted)
def test_engine_knows_nothing_of_screens(path):
    tops = {name.split(".")[0] for name in imported(path)}
    assert not tops & {"streamlit", "plotly", "starlette", "playground"}


@pytest.mark.parametrize("path", PLAYGROUND, ids=dotted)
def test_playground_modules_import_their_own_layer_and_below(path):
    module = dotted(path)
    height = LAYERS.index(layer(module))
    above = {
        name
        for name in imported_of("playground", path)
        if LAYERS.index(layer(name)) > height and name not in UPWARDS.get(module, ())
    }
    assert not above


@pytest.mark.parametrize("path", PLAYGROUND, ids=dotted)
def test_only_the_page_and_the_component_of_the_board_know_streamlit(path):
    """In the folder of a feature that is its panel: the rest can be used and tested without.

    The line asks it for the server's settings, and no more.
    """
    module = dotted(path)
    if module == "board.line":
        asked = re.findall(r"\bst\.(\w+)", path.read_text(encoding="utf-8"))
        assert set(asked) == {"get_option"}
        return
    knows = any(name.split(".")[0] == "streamlit" for name in imported(path))
    assert not knows or layer(module) == "page" or module == "board.component"


@pytest.mark.parametrize("path", PLAYGROUND, ids=dotted)
def test_panels_are_imported_by_the_page_alone(path):
    if layer(dotted(path)) != "page":
        assert not imported_of("playground", path) & PANELS


@pytest.mark.parametrize("path", PLAYGROUND, ids=dotted)
def test_only_public_names_of_streamlit_are_used(path):
    """Another version of Streamlit may have other private ones."""
    names = {name for name in imported(path) if name.split(".")[0] == "streamlit"}
    private = {name for name in names if re.search(r"^streamlit\.runtime|\._", name)}
    # an object may be Streamlit's whatever it is called; one's own names begin with `self._`
    private |= {
        ast.unparse(node)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and re.match(r"_[a-z]", node.attr)
        and ast.unparse(node.value) not in ("self", "cls")
        and ast.unparse(node) != "os._exit"  # a public one, underscore and all
    }
    private -= {"os._exit"}  # is public, and Python's
    assert not private


def test_only_widgets_touches_session_state():
    users = [
        dotted(path)
        for path in PLAYGROUND
        if re.search(r"(st\.|import .*)session_state", path.read_text(encoding="utf-8"))
    ]
    assert set(users) == {"widgets"}
