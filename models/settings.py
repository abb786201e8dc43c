"""Settings, read from the environment (prefix SHENBAO_) and from `.env`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, computed_field
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url

# Without TLS anybody on the way could be that provider; on this machine there is no way.
_ISSUER = r"^$|^https://|^http://(127\.0\.0\.1|localhost)([:/]|$)"
_HOUR = r"^([01]\d|2[0-3]):[0-5]\d$"


class Settings(BaseSettings):
    """Everything an installation may choose; `docs/operations.md` lists each by name."""

    model_config = SettingsConfigDict(env_prefix="SHENBAO_", env_file=".env", extra="ignore")

    data_dir: Path = Field(Path("data"), description="folder of database, attachments, mail, logs")
    database_url: str = Field("", description="SQLAlchemy address; empty: SQLite below data_dir")
    web_host: str = Field("127.0.0.1", description="address the web face listens on")
    web_port: int = Field(8600, ge=1, le=65535, description="port of the web face")
    public_url: str = Field("", description="address users type; https makes cookies Secure")
    prefect_port: int = Field(8601, ge=1, le=65535, description="port of Prefect's server")
    sweep_seconds: int = Field(120, ge=10, description="seconds between two deadline sweeps")
    letter_seconds: int = Field(20, ge=1, description="seconds between two looks at the outbox")
    letter_hold_seconds: int = Field(60, ge=0, description="seconds a letter is held, so that a slip can be undone")
    quiet_from: str = Field("21:30", pattern=_HOUR, description="from when letters that can wait are held till morning")
    quiet_until: str = Field(
        "07:30", pattern=_HOUR, description="when the quiet hours end; as quiet_from: there are none"
    )
    digest_at: str = Field("08:30", pattern=_HOUR, description="when the daily digest of what asks nothing leaves")
    bounces_dir: Path | None = Field(None, description="Maildir of mail that came back; empty: nobody looks")
    webhook_hosts: str = Field("", description="hosts of our own network that webhooks may reach, by commas")
    calendar_file: Path | None = Field(None, description="override file of the working-day calendar")
    smtp_host: str = Field("", description="mail server; empty: letters go to a local Maildir")
    smtp_port: int = Field(25, ge=1, le=65535, description="port of the mail server")
    smtp_user: str = Field("", description="account at the mail server, if it asks for one")
    smtp_password: SecretStr = Field(SecretStr(""), description="password at the mail server")
    smtp_starttls: bool = Field(default=False, description="speak TLS to the mail server")
    smtp_timeout: float = Field(10.0, gt=0, description="seconds until a silent server is given up")
    mail_from: str = Field("shenbao@localhost.localdomain", description="sender of all letters")
    fonts_dir: Path | None = Field(None, description="folder of fonts for papers, asked first")
    papers_dir: Path | None = Field(None, description="folder of own paper templates, before ours")
    secret: SecretStr = Field(SecretStr(""), description="signs score packs; empty: a key made below data_dir")
    max_upload_mb: int = Field(20, ge=1, le=200, description="largest attachment, in MB")
    chase_days: int = Field(3, ge=1, le=60, description="working days between two reminders about one case")
    language: str = Field("zh", description="language of the command line: zh or en")
    session_idle_minutes: int = Field(120, ge=1, description="minutes until an idle session ends")
    proof_minutes: int = Field(15, ge=1, description="minutes for which a typed password proves who acts")
    backup_dir: Path | None = Field(None, description="folder of a backup every night; empty: none is taken")
    backups_kept: int = Field(14, ge=1, description="how many nightly backups are kept")
    metrics_token: SecretStr = Field(SecretStr(""), description="what /metrics asks for; empty: it is not there")
    alarm_token: SecretStr = Field(
        SecretStr(""), description="what Prefect's alarms bring; empty: a key made below data_dir"
    )
    prefect_public_url: str = Field(
        "", description="address of Prefect's page for administrators; empty: on this machine"
    )
    attachments: Path | None = Field(
        None, description="folder of attachments shared by several web faces; empty: below data_dir"
    )
    registration: Literal["open", "closed"] = Field(
        "open", description="whether people may ask for an account by themselves: open or closed"
    )
    oidc_name: str = Field("", max_length=30, description="what people call the provider of sign-in (OIDC)")
    oidc_issuer: str = Field(
        "", pattern=_ISSUER, description="issuer's address of that provider; empty: passwords only"
    )
    oidc_client_id: str = Field("", description="our name at that provider")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="our secret at that provider")
    uploads_an_hour: int = Field(200, ge=1, description="files one person may upload in an hour")
    upload_mb_an_hour: int = Field(1000, ge=1, description="MB one person may upload in an hour")
    token_calls_a_minute: int = Field(600, ge=1, description="calls of the API by one token in a minute")
    session_hours: int = Field(12, ge=1, description="hours until any session ends")

    @computed_field  # type: ignore[prop-decorator]  # pydantic's documented stacking
    @property
    def database(self) -> str:
        """The database address in force."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'shenbao.db').absolute()}"

    def shown(self) -> dict[str, Any]:
        """The settings for people to read: passwords masked, those in addresses too."""
        told = self.model_dump(mode="json")
        for name in ("database", "database_url"):
            if told[name]:
                told[name] = make_url(told[name]).render_as_string(hide_password=True)
        return told

    @property
    def attachments_dir(self) -> Path:
        """Where the bytes of attachments lie, named by their hash."""
        return self.attachments or self.data_dir / "attachments"

    @property
    def hosts_inside(self) -> frozenset[str]:
        """The hosts of our own network that webhooks may reach, by plain http too."""
        return frozenset(filter(None, (host.strip().lower() for host in self.webhook_hosts.split(","))))

    @property
    def maildir(self) -> Path:
        """Where letters go when there is no mail server."""
        return self.data_dir / "mail"

    @property
    def checkpoint_file(self) -> Path:
        """Where the journal's checkpoints are appended; copy it off the machine."""
        return self.data_dir / "journal.checkpoints"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once; `settings.cache_clear()` reads them anew."""
    return Settings()
