"""Papers and lists as downloads: behind the sign-in, for whoever may see them, and refused in words."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest

from models import clock
from models.settings import settings
from tests import living
from tests.factories import COUNTY, NAMES, PASSWORD
from tests.living import Living
from tests.papers import rows, said
from tests.ui.pages import opened
from tests.ui.web import Web, serving
from tests.worlds import NOTICE_OVER, NUMBER, World, named
from ui import cli
from workflows.named.titles import revoke
from workflows.papers import fonts
from workflows.people import sessions


@pytest.fixture
def there(database: str) -> Living:
    """Answer a round that is open today."""
    return living.living()


@pytest.fixture
def web() -> Iterator[Web]:
    """Yield the site with its gate."""
    with serving() as site:
        yield site


def cookie(email: str) -> dict[str, str]:
    """A signed-in browser's header."""
    return {"cookie": f"shenbao={sessions.sign_in(email, PASSWORD, '127.0.0.1')}"}


def test_a_form_is_downloaded_as_pdf_by_its_people_and_by_nobody_else(there: Living, web: Web) -> None:
    row = living.submitted(there)
    path = f"/papers/form/{row.id}"

    own = web.http.get(path, headers=cookie(there.clerks[0].email))
    foreign = web.http.get(path, headers=cookie(there.clerks[1].email))
    nobody = web.http.get(path)

    assert (own.status_code, own.headers["content-type"]) == (200, "application/pdf")
    assert unquote(own.headers["content-disposition"]).startswith(
        "attachment; filename*=UTF-8''省级劳模工匠创新工作室申报表"
    )
    assert "sandbox" in own.headers["content-security-policy"]
    assert own.headers["cache-control"] == "private, no-store"
    assert f"{NAMES[0]}创新工作室" in said(own.content)
    assert (foreign.status_code, NAMES[0] in foreign.text) == (404, False)
    assert nobody.status_code == 401


def test_a_refused_paper_says_why_and_offers_the_web_page(
    there: Living, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = living.drafted(there, **living.answers() | {"leader_name": "张𪚥"})
    own = cookie(there.clerks[0].email)

    missing = web.http.get(f"/papers/form/{row.id}", headers=own)
    monkeypatch.setattr(fonts, "folders", list)
    fontless = web.http.get(f"/papers/form/{row.id}", headers={**own, "cookie": own["cookie"] + "; language=en"})

    assert missing.status_code == 409
    for words in ("不能打印", "领衔人姓名：𪚥", f'href="/print/{row.id}"'):
        assert words in missing.text, words
    assert fontless.status_code == 409
    assert "fonts-noto-cjk" in fontless.text
    assert web.http.get(f"/print/{row.id}", headers=own).status_code == 200


def test_an_unknown_paper_is_a_faulty_question(there: Living, web: Web) -> None:
    row = living.submitted(there)

    assert web.http.get(f"/papers/poster/{row.id}", headers=cookie(there.county.email)).status_code == 422


def test_a_desks_queue_is_downloaded_in_both_forms(there: Living, web: Web) -> None:
    row = living.submitted(there)
    county = cookie(there.county.email)

    as_csv = web.http.get(f"/export/queue.csv?desk={COUNTY}", headers=county)
    as_xlsx = web.http.get(f"/export/queue.xlsx?desk={COUNTY}", headers=county)

    lines = list(csv.reader(as_csv.content.decode("utf-8-sig").splitlines()))
    assert [line[0] for line in lines] == ["受理编号", row.receipt]
    assert rows(as_xlsx.content) == lines
    assert as_csv.headers["content-disposition"] == "attachment; filename*=UTF-8''queue.csv"
    assert as_csv.headers["content-type"] == "text/csv; charset=utf-8"


def test_a_foreign_list_is_refused_and_leaves_no_file(there: Living, web: Web) -> None:
    clerk = cookie(there.clerks[0].email)

    answers = [web.http.get(f"/export/{path}", headers=clerk).status_code
               for path in (f"queue.csv?desk={COUNTY}", "queue.csv", "nothing.csv", "queue.pdf?desk=1",
                            "queue.csv?desk=1&file=x")]  # fmt: skip

    assert answers == [403, 422, 422, 422, 422]
    assert web.http.get(f"/export/queue.csv?desk={COUNTY}").status_code == 401


def test_the_pages_offer_what_can_be_taken_home(there: Living) -> None:
    row = living.submitted(there)

    page = opened("review_case", there.county, id=row.id)

    assert f"/papers/form/{row.id}" in [link.proto.url for link in page.get("link_button")]


def test_the_command_line_prints_and_exports(there: Living, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = living.submitted(there)
    settings.cache_clear()
    form, queue = tmp_path / "表.pdf", tmp_path / "queue.xlsx"

    for arguments in (["print", "form", row.id, str(form), "--as", there.county.email],
                      ["export", "queue", str(queue), f"desk={COUNTY}", "--as", there.county.email,
                       "--language", "en"]):  # fmt: skip
        with pytest.raises(SystemExit) as end:
            cli.main(arguments)
        assert end.value.code == 0

    assert str(row.receipt) in said(form.read_bytes())
    assert rows(queue.read_bytes())[0][0] == "Receipt"
    assert capsys.readouterr().out.splitlines() == [str(form), f"{queue}  1"]


def test_the_command_line_refuses_in_words(there: Living, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = living.drafted(there)
    said_of = []
    for arguments in (["print", "form", row.id, str(tmp_path / "a.pdf"), "--as", there.county.email],
                      ["print", "form", row.id, str(tmp_path / "no" / "a.pdf"), "--as", there.clerks[0].email],
                      ["export", "queue", str(tmp_path / "a.csv"), "desk", "--as", there.county.email]):  # fmt: skip
        with pytest.raises(SystemExit) as end:
            cli.main(arguments)
        said_of.append((end.value.code, capsys.readouterr().err.split("，")[0]))

    assert [code for code, _ in said_of] == [4, 2, 2]
    assert [file for file in tmp_path.iterdir() if file.suffix in (".pdf", ".csv")] == []


def test_the_doctor_names_the_fonts_papers_are_set_in(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["config", "show"])

    assert f"fonts: {fonts.state()}" in capsys.readouterr().out


def test_anybody_may_check_a_certificate(world: World, web: Web) -> None:
    title = named(world)[0]

    told = web.http.get(f"/verify/{title.id}")
    english = web.http.get(f"/verify/{title.id}?lang=en")
    unknown = web.http.get("/verify/nowhere")

    assert told.status_code == 200
    for words in ("<dd>有效</dd>", "浙劳创2026-0001", "工作室0", "领衔人0", "企业0", "浙江省总工会", NUMBER,
                  "2026年3月10日"):  # fmt: skip
        assert words in told.text, words
    assert "10 Mar 2026" in english.text
    assert (unknown.status_code, "没有这份证书" in unknown.text) == (404, True)


def test_a_revoked_title_is_told_so_and_why_is_not(world: World, web: Web) -> None:
    title = named(world)[0]
    with clock.at(NOTICE_OVER):
        revoke(world.province, titles=[{"title": title.id, "seen": title.version}], number="浙总工〔2026〕99号",
               meeting_on=date(2026, 3, 10), reason="材料造假")  # fmt: skip

    told = web.http.get(f"/verify/{title.id}").text

    assert ("<dd>已撤销</dd>" in told, "材料造假" in told) == (True, False)
