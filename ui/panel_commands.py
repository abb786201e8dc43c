"""`shenbao panel`: a drawn panel drawn again from its record, and the record for printing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ui.answers import as_json

if TYPE_CHECKING:
    from workflows.queries.panels import Verdict

app = typer.Typer(help="评审组 / panels drawn by lot", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="以 JSON 输出 / answer in JSON")]
As = Annotated[str, typer.Option("--as", help="以谁的身份（邮箱）；不填为本机操作员 / as whom; else the operator")]


@app.command("verify")
def verify(
    panel_id: Annotated[str, typer.Argument(help="评审组编号 / the panel's id")],
    as_: As = "",
    as_json_: Json = False,  # noqa: FBT002 -- Typer's way
) -> None:
    """按所记种子和名册重抽，核对评审组 / draw a panel again from its record; exit 1 when it differs."""
    found = _asked(panel_id, as_)
    if as_json_:
        typer.echo(as_json(found._asdict()))
    else:
        typer.echo("ok 一致" if found.ok else f"differs 不符: {', '.join(found.differs)}")
        typer.echo(f"种子 seed {found.seed}  {found.seed_source}")
        typer.echo(f"名册 pool {found.pool}  sha256 {found.snapshot_hash}")
        for place, expert in enumerate(found.members, start=1):
            typer.echo(f"{place}  {expert}")
    raise typer.Exit(0 if found.ok else 1)


def _asked(panel_id: str, email: str) -> Verdict:
    from models import schema  # noqa: PLC0415 -- slow import
    from workflows.queries.panels import panel_verify  # noqa: PLC0415 -- slow import
    from workflows.record.acting import SYSTEM, actor_of  # noqa: PLC0415 -- slow import

    schema.check()
    return panel_verify(actor_of(email) if email else SYSTEM, panel_id)
