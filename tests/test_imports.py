"""Imports point one way: parts <- network, spec <- run <- inspection <- playground."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
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
    "moments": {"run"},
    "inspection": PARTS | {"network", "spec", "run"},
    "__init__": {"network", "own_data", "spec", "run"},
}


def imported(path: Path) -> set[str]:
    """Every module that a file imports, wherever in the file it does so."""
    modules = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module or "")
    return modules


@pytest.mark.parametrize("path", sorted((ROOT / "engine").glob("*.py")), ids=lambda p: p.stem)
def test_engine_modules_import_only_what_stands_below_them(path):
    mine = {name.split(".")[1] for name in imported(path) if name.startswith("engine.")}
    assert mine <= MAY_IMPORT[path.stem]


@pytest.mark.parametrize("path", sorted((ROOT / "engine").glob("*.py")), ids=lambda p: p.stem)
def test_engine_knows_nothing_of_screens(path):
    tops = {name.split(".")[0] for name in imported(path)}
    assert not tops & {"streamlit", "plotly", "playground"}


def test_only_session_touches_session_state():
    users = [
        path.name
        for path in (ROOT / "playground").rglob("*.py")
        if re.search(r"(st\.|import .*)session_state", path.read_text(encoding="utf-8"))
    ]
    assert set(users) <= {"session.py"}
