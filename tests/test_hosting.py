"""What hosting/ says agrees with the project: files, packages, settings, routes, metrics.

No image is built here. HAProxy's settings are tested in a real one, see tests/hosting.
"""

import re
from dataclasses import fields
from functools import cache
from importlib.metadata import requires
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from hosting import replicas
from playground import arrivals
from playground.server import metrics
from playground.server.config import Config, read, variable
from tests.test_requirements import REQUIREMENTS

ROOT = Path(__file__).parents[1]
HOSTING = ROOT / "hosting"
PYTHONS = {"3.11": "3.11.3", "3.12": "3.12.0", "3.13": "3.13.0"}  # and their oldest
LINUX = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "extra": ""}
PROXIES = "FORWARDED_ALLOW_IPS"  # uvicorn's: whom it believes from where a visitor comes
ROUTES = {route.path for route in arrivals.routes()}


def text(name: str) -> str:
    return (HOSTING / name).read_text(encoding="utf-8")


@cache
def locked() -> dict[str, str]:
    """The version of each package in the lock file."""
    return dict(re.findall(r"^([\w.-]+)==(\S+) \\$", text("requirements.lock"), re.MULTILINE))


def missing(requirement: Requirement) -> str:
    """What is wrong with the lock file as to a requirement, "" for nothing."""
    version = locked().get(canonicalize_name(requirement.name))
    if version is None or not requirement.specifier.contains(version):
        return f"{requirement} is wanted, {version} is locked: make lock"
    return ""


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda requirement: requirement.name)
def test_what_the_app_requires_is_locked(requirement):
    assert not missing(requirement)


@pytest.mark.parametrize("name", locked())
def test_what_a_locked_package_requires_is_locked_for_each_python(name):
    needed = [Requirement(line) for line in requires(name) or []]
    for python, oldest in PYTHONS.items():
        here = LINUX | {"python_version": python, "python_full_version": oldest}
        for requirement in needed:
            if requirement.marker is None or requirement.marker.evaluate(here):
                assert not missing(requirement)


def test_every_locked_package_has_hashes_and_no_place_is_named():
    lock = text("requirements.lock")
    assert lock.count("==") == len(re.findall(r"== ?\S+ \\\n    --hash=sha256:", lock))
    assert "://" not in lock
    assert not re.search(r"^--|@ ", lock, re.MULTILINE)


def test_the_image_has_what_the_app_needs_and_is_not_run_by_root():
    lines = text("Dockerfile").splitlines()
    copied = [line.split()[1:-1] for line in lines if re.match(r"COPY (?!--from)", line)]
    sources = [source for each in copied for source in each]
    assert {"engine", "playground", "streamlit_app.py", ".streamlit"} <= set(sources)
    admitted = re.findall(r"^!(\S+)", text("Dockerfile.dockerignore"), re.MULTILINE)
    for source in sources:
        assert (ROOT / source).exists()
        assert any(name == source or name.startswith(f"{source}/") for name in admitted)
    for name in admitted:
        assert (ROOT / name).exists()
    assert [line for line in lines if line.startswith("USER")] == ["USER 10001"]
    assert "--require-hashes" in text("Dockerfile")
    (check,) = re.findall(r"http://127.0.0.1:8501(/\w+)", text("Dockerfile"))
    assert check in ROUTES


def compose() -> dict[str, Any]:
    return yaml.safe_load(text("compose.yaml"))["services"]


def test_compose_has_the_replicas_that_haproxy_is_told_of():
    services = compose()
    told = services["haproxy"]["environment"]
    addresses = {value for name, value in told.items() if name.startswith("REPLICA_")}
    assert addresses == {f"{name}:8501" for name in services if name.startswith("replica-")}
    assert set(services["haproxy"]["depends_on"]) == services.keys() - {"haproxy"}
    build = services["replica-1"]["build"]
    assert (HOSTING / build["context"] / build["dockerfile"]).samefile(HOSTING / "Dockerfile")
    source = services["haproxy"]["volumes"][0].split(":")[0]
    assert (HOSTING / source).samefile(HOSTING / "haproxy.cfg")


def test_compose_has_the_redis_that_the_replicas_are_told_of():
    services = compose()
    for name in services.keys() - {"redis", "haproxy"}:
        url = services[name]["environment"]["MLP_REDIS_URL"]
        assert urlsplit(url).hostname in services
    assert "ports" not in services["redis"]  # nobody else reaches it, nor a replica
    assert not any("ports" in each for name, each in services.items() if name != "haproxy")


def test_haproxy_knows_as_many_replicas_as_can_be_started():
    numbers = set(map(int, re.findall(r"\$\{REPLICA_(\d+)\}", text("haproxy.cfg"))))
    assert numbers == set(range(1, replicas.MOST + 1))


def kinds(name: str = "kubernetes.yaml") -> dict[str, Any]:
    return {each["kind"]: each for each in yaml.safe_load_all(text(name))}


def container() -> dict[str, Any]:
    (found,) = kinds()["Deployment"]["spec"]["template"]["spec"]["containers"]
    return found


def test_the_parts_of_the_manifest_know_each_other():
    found = kinds()
    deployment, service = found["Deployment"], found["Service"]
    label = deployment["spec"]["template"]["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"] == label
    assert service["spec"]["selector"] == label
    assert service["spec"]["sessionAffinity"] == "ClientIP"
    assert service["spec"]["ports"][0]["targetPort"] == container()["ports"][0]["name"]
    backend = found["Ingress"]["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
    assert backend["name"] == service["metadata"]["name"]
    target = found["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]
    assert (target["kind"], target["name"]) == ("Deployment", deployment["metadata"]["name"])


def test_the_redis_of_the_cluster_is_known_to_those_who_may_ask_it():
    found, playground = kinds("kubernetes-redis.yaml"), kinds()["Deployment"]
    label = found["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert found["Deployment"]["spec"]["selector"]["matchLabels"] == label
    assert found["Service"]["spec"]["selector"] == label
    policy = found["NetworkPolicy"]["spec"]
    assert policy["podSelector"]["matchLabels"] == label
    (peer,) = policy["ingress"][0]["from"]
    assert peer["podSelector"]["matchLabels"] == playground["metadata"]["labels"]
    (url,) = re.findall(r"redis://[^\"]+", text("kubernetes.yaml"))
    assert urlsplit(url).hostname == found["Service"]["metadata"]["name"]
    assert urlsplit(url).port == found["Service"]["spec"]["ports"][0]["port"]
    assert read({"MLP_REDIS_URL": url}).redis_url == url


def test_the_probes_ask_what_there_is_and_a_pod_has_time_to_go():
    probes = {
        name: container()[f"{name}Probe"]["httpGet"]["path"] for name in ("liveness", "startup")
    }
    assert set(probes.values()) == {"/health"}
    assert container()["readinessProbe"]["httpGet"]["path"] == "/ready"
    assert {"/health", "/ready"} <= ROUTES
    pod = kinds()["Deployment"]["spec"]["template"]["spec"]
    _, pause = container()["lifecycle"]["preStop"]["exec"]["command"]
    assert pod["terminationGracePeriodSeconds"] >= int(pause) + 10  # in which the server ends


def test_the_figure_that_pods_are_counted_by_is_one_of_the_metrics():
    (metric,) = kinds()["HorizontalPodAutoscaler"]["spec"]["metrics"]
    (reported,) = metrics.BOARDS_PLAYING.collect()
    assert metric["pods"]["metric"]["name"] == reported.name


def test_the_settings_that_are_set_are_settings():
    said = {each["name"]: each["value"] for each in container()["env"]}
    assert said.pop(PROXIES)
    assert read(said) != Config()
    said = compose()["replica-1"]["environment"]
    assert said.pop(PROXIES)
    assert set(said) <= {variable(setting.name) for setting in fields(Config)}
    assert read({name: str(value) for name, value in said.items() if value is not None})


GUIDE = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", fields(Config), ids=lambda setting: setting.name)
def test_the_guide_lists_each_setting_with_its_default(setting):
    row = re.search(
        rf"^\| `{variable(setting.name)}` \| ([^|]*) \| ([^|]*) \|", GUIDE, re.MULTILINE
    )
    assert row, f"{variable(setting.name)} is missing in the table of docs/hosting.md"
    default, about = row[1].strip(), row[2].strip()
    if isinstance(setting.default, bool):
        assert default == ("on" if setting.default else "off")
    elif isinstance(setting.default, str):
        assert default == (setting.default or "none")
    else:
        assert float(default.replace(",", "")) == setting.default
    assert about == setting.metadata["about"]


def test_the_guide_lists_no_setting_that_there_is_not():
    known = {variable(setting.name) for setting in fields(Config)} | {"MLP_DASK_SCHEDULER"}
    assert set(re.findall(r"MLP_[A-Z_]+[A-Z]", GUIDE)) <= known
