"""docs/kubernetes.md: its site is a site, its Job calls the program as it can be called, its values are the chart's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from bootstrap.cli import cli
from bootstrap.facts.plugins import base_version, plugin_catalogue
from bootstrap.ops import jobs
from bootstrap.ops.jobs import Job
from bootstrap.ops.session import Tools
from bootstrap.values import errors_among

TEXT = (Path(__file__).parents[1] / "docs" / "kubernetes.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
VALUES: dict[str, Any] = yaml.safe_load(BLOCKS[0])
CONFIG, JOB = yaml.safe_load_all(BLOCKS[1])
# Keys of the chart 3.1.0, where the page uses them.
CHART = {
    "plugins": {"source", "url", "sha256", "target", "coordinates", "mavenUrl", "file", "secret", "s3Uri"},
    "volumes": {"nfs", "hostVolume", "existingClaim", "accessMode", "mountPath", "storageClass", "size"},
    "ingress": {"enabled", "annotations", "hosts", "tls"},
    "cnpg": {"cluster", "external"},
    "extraConfig": None,
    "containerService": None,
}
POD = JOB["spec"]["template"]["spec"]


def _problems(folder: Path, text: str) -> list[str]:
    (folder / "site.yaml").write_text(text, encoding="utf-8")
    report = jobs.validate(Job(folder), Tools(environ={"XNAT_PASSWORD": "x"}))
    return [str(problem) for problem in errors_among(report.problems)]


def test_the_values_are_keys_of_the_chart() -> None:
    assert VALUES.keys() <= CHART.keys()
    for key in ("plugins", "volumes"):
        for entry in VALUES[key].values():
            assert entry.keys() <= (CHART[key] or set())
    for key in ("ingress", "cnpg"):
        assert VALUES[key].keys() <= (CHART[key] or set())


def test_the_plugins_of_the_chart_are_those_that_the_site_proves() -> None:
    declared = yaml.safe_load(CONFIG["data"]["site.yaml"].replace("!env ", ""))["plugins"]
    [jar] = VALUES["plugins"].values()
    [plugin] = declared
    known = plugin_catalogue()[plugin["id"]]
    assert jar["target"] == known.file.replace("{version}", plugin["version"])
    assert jar["url"].endswith(f"/{plugin['version']}/{jar['target']}")
    assert re.fullmatch("[0-9a-f]{64}", jar["sha256"])
    assert base_version(plugin["version"]) == plugin["version"]


def test_the_site_of_the_job_and_the_one_from_outside_are_sites(tmp_path: Path) -> None:
    assert _problems(tmp_path, CONFIG["data"]["site.yaml"]) == []
    assert _problems(tmp_path, BLOCKS[2]) == []
    assert len(BLOCKS) == 3


@pytest.mark.parametrize("container", [*POD["initContainers"], *POD["containers"]], ids=lambda one: one["name"])
def test_each_container_calls_a_verb_as_it_can_be_called(container: dict[str, Any]) -> None:
    verb, *words = container["args"]
    command = cli.commands[verb]
    context = command.make_context(verb, words, parent=click.Context(cli, **cli.context_settings))
    assert context.params
    assert [one["name"] for one in container["env"]] == ["XNAT_PASSWORD"]
    mounted = {mount["name"] for mount in container["volumeMounts"]}
    assert mounted == {volume["name"] for volume in POD["volumes"]}
    assert container["volumeMounts"][0]["subPath"] in CONFIG["data"]


def test_the_job_fits_its_map_and_the_claims_of_the_chart() -> None:
    assert POD["volumes"][0]["configMap"]["name"] == CONFIG["metadata"]["name"]
    assert (JOB["spec"]["backoffLimit"], POD["restartPolicy"]) == (0, "Never")
    compute = yaml.safe_load(CONFIG["data"]["site.yaml"].replace("!env ", ""))["compute"]
    for name, volume in VALUES["volumes"].items():
        assert compute[f"{name}-pvc-name"] == f"xnat-{name}", "the chart names its claims so, of a release `xnat`"
        assert compute[f"{name}-path-translation"] == volume["mountPath"]
