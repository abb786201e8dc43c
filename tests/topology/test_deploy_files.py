"""The files of docs/deploy agree with the program and with each other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]  # it ships no types

from models.settings import Settings
from tests.topology.machine import DEPLOY
from tests.ui.trees import ROOT
from ui.up import prefect_environment

UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
BIN = "/opt/shenbao/.venv/bin/"
# What differs between one machine and several; `shenbao up` does not have the one with the database.
PLACES = {"PREFECT_HOME", "PREFECT_SERVER_DATABASE_CONNECTION_URL"}
MUST = {
    "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "CapabilityBoundingSet=",
    "ReadWritePaths=/srv/shenbao", "StateDirectory=shenbao", "User=shenbao", "UMask=0027",
}  # fmt: skip


def variables(file: Path) -> dict[str, str]:
    """What an environment file sets."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def commands(text: str) -> list[str]:
    """What a unit runs, without the folder it lies in."""
    return [line.removeprefix(BIN) for line in re.findall(r"^ExecStart(?:Pre)?=(.*)$", text, re.MULTILINE)]


def test_prefect_is_told_there_what_shenbao_up_tells_it() -> None:
    given, ours = variables(DEPLOY / "prefect.env"), prefect_environment(Path("data/prefect"), 8601)

    assert {k: v for k, v in given.items() if k not in PLACES} == {k: v for k, v in ours.items() if k not in PLACES}


def test_every_variable_of_ours_is_a_setting() -> None:
    known = {f"SHENBAO_{name.upper()}" for name in Settings.model_fields}

    given = {name for name in variables(DEPLOY / "shenbao.env") if name.startswith("SHENBAO_")}

    assert given - known == set()
    assert {"SHENBAO_SECRET", "SHENBAO_ALARM_TOKEN", "SHENBAO_ATTACHMENTS", "SHENBAO_DATABASE_URL"} <= given


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: str(unit.stem))
def test_every_service_is_kept_alive_and_may_write_in_its_own_places_only(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")

    assert set(text.splitlines()) >= MUST
    assert re.findall(r"^Restart=(.*)$", text, re.MULTILINE) in (["always"], ["on-failure"])
    assert all(line.startswith(BIN) for line in re.findall(r"^ExecStart(?:Pre)?=(.*)$", text, re.MULTILINE))


def test_the_containers_run_what_the_services_run() -> None:
    made = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    texts = {unit.stem: unit.read_text(encoding="utf-8") for unit in UNITS}
    ours = {
        "setup": commands(texts["shenbao-setup"]),
        **{f"web-{n}": commands(texts["shenbao-web@"].replace("%i", n)) for n in ("8611", "8612")},
        "prefect": commands(texts["shenbao-prefect"].replace("${SHENBAO_PREFECT_PORT}", "8601")),
        **{f"worker-{n}": commands(texts["shenbao-worker@"].replace("%i", n)) for n in ("one", "two")},
    }

    said = {name: one["command"] for name, one in made.items() if one.get("image") == "shenbao"}

    assert {name: re.sub(r'^sh -c "(.*)"$', r"\1", line).split(" && exec ") for name, line in said.items()} == ours


def test_the_page_names_every_file_and_every_unit_of_the_folder() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    files = [file.name for file in DEPLOY.iterdir() if file.is_file() and file.suffix in {".env", ".conf", ".yaml"}]

    assert [name for name in [*files, "Containerfile"] if name not in page] == []
    assert [unit.stem for unit in UNITS if unit.stem.rstrip("@") not in page] == []


def test_what_opens_an_account_is_in_no_log_of_the_door() -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")

    [place] = re.findall(r"location /welcome/ \{(.*?)\}", text, re.DOTALL)
    assert "access_log off;" in place
