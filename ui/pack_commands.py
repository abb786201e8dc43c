"""`shenbao score-pack`: a judge's cases as a workbook, from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from models.errors import InputError

Round = Annotated[str, typer.Option("--round", help="批次编号 / id of the round")]
Desk = Annotated[str, typer.Option("--desk", help="评审单位代码，如 330000 / code of the desk")]
Who = Annotated[str, typer.Option("--as", help="哪位评委（邮箱） / which judge (email)")]


def write(out: Path, round_id: Round, desk: Desk, who: Who) -> None:
    """下载离线评分表；填好后用 shenbao do take-score-pack 上传 / write a judge's score pack to fill in offline."""
    from models import database, schema  # noqa: PLC0415 -- slow import
    from workflows.judging.score_packs import score_pack  # noqa: PLC0415 -- slow import
    from workflows.record.acting import actor_of  # noqa: PLC0415 -- slow import

    database.engine()
    schema.check()
    pack = score_pack(actor_of(who), round_id=round_id, desk=desk)
    try:
        out.write_bytes(pack.content)
    except OSError as error:
        raise InputError("file_unreadable", field="file", given=str(out)[:60]) from error
    typer.echo(f"{out}  {pack.cases}")
