"""The Helm chart of deploy/helm/binome, checked by the real `helm`: `python -m tools.chart`.

Lints it, renders it with the values in deploy/helm/examples/, validates what comes out
against Kubernetes' own schemas, and compares settings and secrets with those that
Binôme reads. Helm is the machine's own, or built once from its Go module; where neither
is to be had, a sentence says so.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from binome.printing import say, warn
from tools.cache import cache_folder
from workers.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
CHART = ROOT / "deploy" / "helm" / "binome"
EXAMPLES = ROOT / "deploy" / "helm" / "examples"
SECRETS = ROOT / "deploy" / "secrets.sh"
HELM = "helm.sh/helm/v4/cmd/helm@v4.3.2"
VALIDATOR = "kubernetes-validate==1.37.0"
KUBERNETES = ("1.27", "1.37")
"""The oldest that Chart.yaml allows, and the newest that the validator knows."""
BUILD_MINUTES = 20
"""After which a build of helm is given up."""
TEMPORAL_SETTINGS = frozenset(
    {
        "TEMPORAL_ADDRESS",
        "TEMPORAL_NAMESPACE",
        "TEMPORAL_API_KEY",
        "TEMPORAL_TLS",
        "TEMPORAL_TLS_SERVER_NAME",
        "TEMPORAL_TLS_SERVER_CA_CERT_PATH",
        "TEMPORAL_TLS_CLIENT_CERT_PATH",
        "TEMPORAL_TLS_CLIENT_KEY_PATH",
    }
)
"""Those that docs/platform.md names."""


class NotHere(Exception):
    """This machine does not have what a check needs; the message says what."""


def main() -> int:
    try:
        helm, python = _helm(), _validator()
    except NotHere as missing:
        say(f"The Helm chart was not checked: {missing}.")
        return 0
    faults = list(_faults(helm, python))
    for fault in faults:
        warn(fault)
    say(
        f"Helm chart: {len(faults)} faults."
        if faults
        else "Helm chart: as it should be."
    )
    return 1 if faults else 0


def _helm() -> str:
    """Returns the path of a helm, built if there is none and a Go to build it with."""
    found = shutil.which("helm")
    if found:
        return found
    folder = cache_folder() / f"helm-{HELM.rpartition('@')[2]}"
    if (folder / "helm").exists():
        return str(folder / "helm")
    if shutil.which("go") is None:
        raise NotHere("there is no helm here, and no Go to build one")
    say("Building helm, once: a few minutes.")
    command = ["nice", "-n", "10", "go", "install", "-ldflags=-s -w", HELM]
    try:
        built = subprocess.run(
            command,
            env={**os.environ, "GOBIN": str(folder)},
            capture_output=True,
            text=True,
            timeout=BUILD_MINUTES * 60,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotHere(f"helm was not built within {BUILD_MINUTES} minutes") from None
    if built.returncode:
        last = (built.stderr.strip() or "no output").splitlines()[-1]
        raise NotHere(f"helm could not be built ({last})")
    return str(folder / "helm")


def _validator() -> str:
    """Returns the Python of a venv that has the validator: its schemas are 100 MB, which
    `make setup` need not wait for.
    """
    venv = cache_folder() / VALIDATOR.replace("==", "-")
    python = venv / "bin" / "python"
    if (venv / "complete").exists():
        return str(python)
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(venv)],
        [str(python), "-m", "pip", "install", "--quiet", VALIDATOR],
    ):
        if subprocess.run(command, capture_output=True, check=False).returncode:
            raise NotHere(f"{VALIDATOR} could not be installed")
    (venv / "complete").touch()
    return str(python)


def _faults(helm: str, python: str) -> Iterator[str]:
    for values in sorted(EXAMPLES.glob("*.yaml")):
        name = values.name
        linted = _run(
            [helm, "lint", "--strict", "--quiet", str(CHART), "-f", str(values)]
        )
        if linted.returncode:
            yield f"{name}: helm lint: {linted.stdout or linted.stderr}"
            continue
        rendered = _run([helm, "template", "binome", str(CHART), "-f", str(values)])
        if rendered.returncode:
            yield f"{name}: helm template: {rendered.stderr}"
            continue
        yield from (f"{name}: {fault}" for fault in _invalid(python, rendered.stdout))
        objects = [each for each in yaml.safe_load_all(rendered.stdout) if each]
        yield from (f"{name}: {fault}" for fault in _unlike_ours(objects))
    refused = _run([helm, "template", "binome", str(CHART)])
    if not refused.returncode:
        yield "values.schema.json: a deployment without any address is taken"


def _invalid(python: str, manifests: str) -> Iterator[str]:
    """What Kubernetes would refuse, in the oldest and the newest version."""
    validate = str(Path(python).parent / "kubernetes-validate")
    for version in KUBERNETES:
        found = _run([validate, "--strict", "--quiet", "-k", version, "-"], manifests)
        if found.returncode:
            yield f"Kubernetes {version}: {found.stdout}{found.stderr}"


def _unlike_ours(objects: list[dict[str, Any]]) -> Iterator[str]:
    """Settings that nothing reads, and files of secrets that nobody makes or mounts."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    made = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", SECRETS.read_text()))
    pods = [
        each["spec"]["template"]["spec"]
        for each in objects
        if "template" in each["spec"]
    ]
    if not pods:
        yield "no pod is rendered"
    for pod in pods:
        mounted = {
            f"/run/secrets/{item['path']}"
            for volume in pod["volumes"]
            if volume["name"] == "secrets"
            for item in volume["secret"]["items"]
        }
        for path in mounted:
            if Path(path).name not in made:
                yield f"deploy/secrets.sh makes no {Path(path).name}"
        for setting in pod["containers"][0]["env"]:
            name = setting["name"]
            if name.removesuffix("_FILE") not in known | TEMPORAL_SETTINGS:
                yield f"nothing reads {name}"
            if name.endswith("_FILE") and setting["value"] not in mounted:
                yield f"{name} names a file that is not mounted"


def _run(command: list[str], given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, input=given, capture_output=True, text=True, check=False
    )


if __name__ == "__main__":
    sys.exit(main())
