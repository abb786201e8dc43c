"""A form's places for files: what lies in them, and what is put in or taken out."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import streamlit as st

from models import text
from models.errors import ShenbaoError
from ui.attempt import attempt, flash
from ui.components import fields, keys, saving, uploads, words
from ui.components.words import t
from workflows.intake import attachments
from workflows.queries import applications as asked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.attachment import Attachment
    from models.programme import Slot
    from workflows.queries.applications import Whole
    from workflows.record.acting import Actor

_MB = 1 << 20


def draw(actor: Actor, whole: Whole, slot: Slot, labels: Mapping[str, str]) -> None:
    """One place for files, open: the files with a way to take each out, and the uploader."""
    row = whole.application
    name = slot.label.in_(words.spoken()) + (fields.MUST if slot.required else "")
    st.markdown(f"**{words.plain(name)}**")
    for fault in saving.faults_of(whole, slot.name):
        st.error(words.plain(text.explain(fault["code"], fault, words.spoken(), labels)))
    lying = [file for file in whole.files if file.slot == slot.name]
    for file in lying:
        _file(actor, whole, file)
    for said in st.session_state.pop(_notes(row.id, slot), []):
        st.error(words.plain(said))
    if len(lying) < slot.most:
        _uploader(actor, whole, slot, labels)


def listed(whole: Whole, slot: Slot) -> None:
    """One place for files, to be read only."""
    st.caption(words.plain(slot.label.in_(words.spoken())))
    for file in whole.files:
        if file.slot == slot.name:
            st.link_button(_called(file), f"/files/{file.id}", icon=":material/download:")


def _file(actor: Actor, whole: Whole, file: Attachment) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.link_button(_called(file), f"/files/{file.id}", icon=":material/download:")
        out = st.button(t("移除", "Remove"), key=f"detach:{file.id}", type="tertiary")
    if out:
        version = whole.application.version
        done = attempt(
            attachments.detach,
            actor,
            whole.application.id,
            attachment_id=file.id,
            seen=version,
            key=keys.token("detach", file.id, version),
            done=t("附件已移除", "The file was removed"),
        )
        if done is not None:
            st.rerun()


def _called(file: Attachment) -> str:
    size = f"{max(1, file.size // 1024)} KB" if file.size < _MB else f"{file.size / _MB:.1f} MB"
    return words.plain(f"{file.filename}（{size}）")


def _uploader(actor: Actor, whole: Whole, slot: Slot, labels: Mapping[str, str]) -> None:
    row = whole.application
    turn = st.session_state.get(_turn(row.id, slot), 0)
    files = st.file_uploader(
        _limits(slot),
        type=list(slot.kinds),
        accept_multiple_files=True,
        max_upload_size=slot.megabytes,
        key=f"upload:{row.id}:{slot.name}:{turn}",
    )
    if not files:
        return
    with st.spinner(t("正在检查并保存…", "Checking and saving…")):
        for file in files:
            _attach(actor, row.id, slot, file, labels)
    uploads.forget(files)
    st.session_state[_turn(row.id, slot)] = turn + 1
    st.rerun()


def _limits(slot: Slot) -> str:
    """What may be put in: kinds, size, pages, how many."""
    pages_zh = f"、PDF 不超过 {slot.pages} 页" if slot.pages else ""
    pages_en = f" and {slot.pages} pages" if slot.pages else ""
    return t(
        f"可传 {'、'.join(slot.kinds)}，每个不超过 {slot.megabytes} MB{pages_zh}，最多 {slot.most} 个",
        f"{', '.join(slot.kinds)}; up to {slot.megabytes} MB{pages_en} each, at most {slot.most} files",
    )


def _attach(actor: Actor, application_id: str, slot: Slot, file: Any, labels: Mapping[str, str]) -> None:
    """Put one file in; a refusal is kept, for the uploader is emptied in any case."""
    try:
        seen = asked.application(actor, application_id).application.version
        attachments.attach(
            actor,
            application_id,
            slot=slot.name,
            filename=file.name,
            content=file.getvalue(),
            seen=seen,
            # The same upload again, after a run that was cut short, is the same attachment.
            key=hashlib.sha256(f"attach {file.file_id}".encode()).hexdigest()[:40],
        )
    except ShenbaoError as error:
        said = f"{file.name}：{text.sentence(error, words.spoken(), labels)}"
        st.session_state.setdefault(_notes(application_id, slot), []).append(said)
        return
    flash(t(f"已上传：{file.name}", f"Uploaded: {file.name}"))


def _turn(application_id: str, slot: Slot) -> str:
    return f"turn:{application_id}:{slot.name}"


def _notes(application_id: str, slot: Slot) -> str:
    return f"notes:{application_id}:{slot.name}"
