"""Proof of a notice: what is on file, and a dialog that puts one more there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.vocabulary import Act, ProofKind, Thing
from ui.attempt import attempt
from ui.components import acts, keys, uploads, words
from ui.components.words import plain, t
from workflows.hearing import proofs as verbs

if TYPE_CHECKING:
    from models.docket import NoticePaper
    from models.notice import Notice
    from workflows.record.acting import Actor


def draw(actor: Actor, notice: Notice) -> None:
    """The proofs of a desk's own notice, one link each, and the button for another."""
    _links(verbs.notice_papers(actor, notice.id))
    reason = acts.why_not(actor, Act.ATTACH, Thing.NOTICE, notice)
    if acts.button(t("上传公示证明", "Add proof"), reason, key=f"proof:{notice.id}:{notice.version}"):
        acts.dialog(t("上传公示证明", "Add proof"), _add, actor, notice)


def path(actor: Actor, application_id: str) -> None:
    """Every notice a name has stood in, with its proofs, as the tiers above read it."""
    if held := verbs.notices_of(actor, application_id):
        st.subheader(t("公示情况", "Public notices"), anchor=False)
    for one in held:
        span = f"{words.day(one.first_day)} — {words.day(one.last_day)}"
        st.text(plain(f"{one.office} · {span} · {words.label(one.state)}"))
        _links(one.papers)


def _links(papers: list[NoticePaper]) -> None:
    for paper in papers:
        where = f" · {paper.place}" if paper.place else ""
        st.markdown(f"[{words.label(paper.kind)}](/files/{paper.id}) {plain(paper.filename + where)}")


def _add(actor: Actor, notice: Notice) -> None:
    key = keys.token("attach-proof", notice.id, notice.version)
    acts.consequences(
        t("公示证明随名单上报，上级可以查看。", "Proof goes up with the list; the tiers above read it."),
        t("公示期满且异议都已了结，才能上传无异议证明。",
          "A statement of no objection is taken once the notice is over and nothing is open."),
    )  # fmt: skip
    with st.form(f"form:{key}", border=False):
        kind = st.selectbox(t("种类", "Kind"), list(ProofKind), format_func=words.label, key=f"kind:{key}")
        place = st.text_input(t("张贴地点", "Where it hung"), max_chars=60, key=f"place:{key}")
        file = st.file_uploader(t("文件（PDF、JPG、PNG，10MB以内）", "File (PDF, JPG, PNG, up to 10 MB)"),
                                type=[*verbs.KINDS, "jpeg"], max_upload_size=verbs.MOST_MB,
                                key=f"file:{key}")  # fmt: skip
        sent = acts.send(t("上传", "Upload"))
    if sent and file is None:
        st.error(t("请先选择文件。", "Please choose a file."))
    elif sent and file is not None:
        made = attempt(verbs.attach_proof, actor, notice.id, kind=kind, filename=file.name, content=file.getvalue(),
                       place=place, key=key, done=t("公示证明已存档", "The proof is on file"))  # fmt: skip
        if made is not None:
            uploads.forget([file])
            st.rerun()
