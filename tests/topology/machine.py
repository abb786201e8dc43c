"""A machine that runs the units of docs/deploy as systemd would: their commands, their environment, no more."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests import postgres
from tests.ui.trees import ROOT, free_port, until

DEPLOY = ROOT / "docs" / "deploy"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
WEB = ("shenbao-web@8611", "shenbao-web@8612")
WORKERS = ("shenbao-worker@one", "shenbao-worker@two")
PREFECT = "shenbao-prefect"
HOST = "127.0.0.1"
# What surrounds Debian's site file; its log tells which web face answered.
AROUND = """
daemon off; {user} pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 256; }}
http {{
  log_format told '$upstream_addr $status $request_method $uri';
  access_log {folder}/access.log told;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  include {folder}/site.conf;
}}
"""


class Unit(NamedTuple):
    """A service: what is run before it, what it runs, and what that is told."""

    before: list[list[str]]
    command: list[str]
    environment: dict[str, str]


class Machine:
    """The files of docs/deploy with this test's places and ports, and the processes they start."""

    def __init__(self, folder: Path, database: str, **more: str) -> None:
        """`database` is the folder of PostgreSQL's socket; `more` are settings that make a test quick."""
        self.folder = folder
        self.more = more
        self.ports = {given: str(free_port()) for given in ("8601", "8611", "8612", "443", "80")}
        self.places = {
            "/opt/shenbao/.venv/bin": str(Path(sys.executable).parent),
            "/etc/ssl/shenbao": str(folder / "tls"),
            "/etc/shenbao": str(folder / "etc"),
            "/var/lib/shenbao": str(folder / "lib"),
            "/srv/shenbao": str(folder / "srv"),
            "/run/postgresql": database,
            "postgresql://shenbao@/shenbao": f"postgresql://shenbao@/shenbao?host={database}",
            "shenbao.example.cn": HOST,
        }
        self.site = f"https://{HOST}:{self.ports['443']}"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        for place in ("etc", "lib", "lib2", "srv", "log", "nginx", "tls"):
            (folder / place).mkdir()
        for name in ("shenbao.env", "prefect.env"):
            (folder / "etc" / name).write_text(self._placed((DEPLOY / name).read_text()))

    def port(self, unit: str) -> int:
        """The port a web face was really given."""
        return int(self.ports[unit.partition("@")[2]])

    def settings(self, unit: str = "shenbao-setup") -> dict[str, str]:
        """What a unit's processes find in their environment."""
        return self._unit(unit).environment

    def start(self, name: str) -> None:
        """Start a service as `systemctl start` does, or again as `Restart=` does."""
        self.stop(name)
        unit = self._unit(name)
        with (self.folder / "log" / f"{name}.log").open("ab") as log:
            for command in unit.before:
                done = subprocess.run(
                    command, env=unit.environment, cwd=self.folder / "lib", stdout=log, stderr=log, check=False
                )
                assert done.returncode == 0, self.said(name)
            self.running[name] = subprocess.Popen(
                unit.command, env=unit.environment, cwd=self.folder / "lib", stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def once(self, name: str) -> None:
        """Start a oneshot service and wait for its end."""
        self.start(name)
        assert self.running.pop(name).wait(60) == 0, self.said(name)

    def kill(self, name: str) -> None:
        """`kill -9` the main process; the rest of its group goes the way that systemd sends it."""
        assert self.running[name].poll() is None, self.said(name)
        self.running[name].kill()
        self.stop(name)

    def stop(self, name: str) -> None:
        """Leave nothing of a service behind."""
        if (process := self.running.pop(name, None)) is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop_all(self) -> None:
        """Switch the machine off, the last started first."""
        for name in reversed(list(self.running)):
            self.stop(name)

    def said(self, name: str) -> str:
        """The end of a service's log."""
        return (self.folder / "log" / f"{name}.log").read_text(errors="replace")[-3000:]

    def door(self) -> None:
        """Start nginx with the site file of docs/deploy, behind a certificate of this test's own."""
        folder = self.folder / "nginx"
        _certified(self.folder / "tls")
        text = self._placed((DEPLOY / "nginx.conf").read_text())
        (folder / "site.conf").write_text(text)
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user))
        with (self.folder / "log" / "nginx.log").open("ab") as log:
            command = [NGINX, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
            self.running["nginx"] = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)

    def answered(self) -> list[tuple[str, str, str]]:
        """What nginx passed on: port of the web face (the last it tried), status, path."""
        lines = (self.folder / "nginx" / "access.log").read_text().splitlines()
        told = [line.replace(", ", ",").split(" ") for line in lines]
        return [(line[0].rpartition(":")[2], line[1], line[3]) for line in told]

    def _unit(self, name: str) -> Unit:
        family, at, instance = name.partition("@")
        text = (DEPLOY / "systemd" / f"{family}{at}.service").read_text()
        text = self._placed(text.replace("%i", self.ports.get(instance, instance)))
        found: dict[str, list[str]] = {}
        for key, value in re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE):
            found.setdefault(key, []).append(value)
        environment = self._environment(found["EnvironmentFile"])
        if name == WEB[1]:  # as on a second machine: what is shared is the database and the attachments
            environment["SHENBAO_DATA_DIR"] = str(self.folder / "lib2")

        def words(line: str) -> list[str]:
            return shlex.split(re.sub(r"\$\{(\w+)\}", lambda known: environment[known[1]], line))

        return Unit([words(line) for line in found.get("ExecStartPre", [])], words(found["ExecStart"][0]), environment)

    def _environment(self, files: list[str]) -> dict[str, str]:
        lines = [line for file in files for line in Path(file).read_text().splitlines()]
        given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        # The program under test is the one beside this file, whichever is installed.
        own = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder / "lib"), "PYTHONPATH": str(ROOT)}
        return {**own, **given, **self.more}

    def _placed(self, text: str) -> str:
        """The same file for this test: its folders and ports, and the keys that a person would have made."""
        for real, ours in self.places.items():
            text = text.replace(real, ours)
        text = re.sub(
            r"(?<![\d.])(86\d\d|443|80)(?=[\s;/,]|$)", lambda port: self.ports[port[0]], text, flags=re.MULTILINE
        )
        text = re.sub(r"^(SHENBAO_PUBLIC_URL=).*$", rf"\1{self.site}", text, flags=re.MULTILINE)
        return re.sub(r"^(SHENBAO_SECRET|SHENBAO_ALARM_TOKEN)=$", r"\1=0f1e2d3c4b5a", text, flags=re.MULTILINE)


def made(socket_folder: str) -> None:
    """Make the two databases, as docs/operations.md says."""
    with psycopg.connect(f"host={socket_folder} user=shenbao dbname=postgres", autocommit=True) as keeper:
        keeper.execute("CREATE DATABASE shenbao")
        keeper.execute("CREATE DATABASE prefect")


def crash(socket_folder: str) -> None:
    """End PostgreSQL as a power cut does."""
    postgres.crash(_server(), socket_folder)


def revive(socket_folder: str) -> None:
    """And start it again."""
    postgres.revive(_server(), socket_folder)


def listens(port: int) -> bool:
    """Whether somebody answers there."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _server() -> Path:
    found = postgres.binaries()
    assert found is not None
    return found


def _certified(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    (folder / "fullchain.pem").write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    kept = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "privkey.pem").write_bytes(kept)


__all__ = ["PREFECT", "WEB", "WORKERS", "Machine", "crash", "listens", "made", "revive", "until"]
