"""What the columns of each import are called, and the empty workbook that has them."""

from __future__ import annotations

from io import BytesIO
from typing import NamedTuple

import xlsxwriter

from models.vocabulary import ImportKind

_WIDE = 24


class Column(NamedTuple):
    """One column: its key, its names in both languages, whether it must be filled, an example."""

    key: str
    zh: str
    en: str
    required: bool
    example: str


def _c(key: str, zh: str, en: str, example: str, *, required: bool = True) -> Column:
    return Column(key, zh, en, required, example)


COLUMNS: dict[ImportKind, tuple[Column, ...]] = {
    ImportKind.ORGANIZATIONS: (
        _c("code", "统一社会信用代码", "credit code", "91330106MA000000XX"),
        _c("name", "单位名称", "name", "杭州某某机械有限公司工会"),
        _c("parent", "上级工会代码", "union over it", "330106"),
        _c("industry", "产业工会代码", "industry union", "", required=False),
        _c("non_public", "是否非公企业", "non-public", "是", required=False),
        _c("direct", "是否集团直报", "reports directly", "否", required=False),
    ),
    ImportKind.PERSONS: (
        _c("email", "邮箱", "email", "wang@example.cn"),
        _c("name", "姓名", "name", "王芳"),
        _c("organization", "单位代码", "organisation code", "330106"),
        _c("role", "任职", "seat", "审核员"),
    ),
    ImportKind.TITLES: (
        _c("programme", "项目代码", "programme", "provincial-studio"),
        _c("number", "证书编号", "certificate number", "浙劳创2023-0001"),
        _c("name", "称号对象名称", "subject", "王芳创新工作室"),
        _c("organization", "单位代码", "organisation code", "91330106MA000000XX"),
        _c("leader_name", "领衔人姓名", "leader", "王芳", required=False),
        _c("leader_id", "领衔人身份证号", "leader's identity number", "", required=False),
        _c("named_on", "命名日期", "named on", "2023-10-15"),
        _c("document", "命名文号", "document number", "浙总工〔2023〕15号"),
        _c("valid_until", "有效期至", "valid until", "", required=False),
    ),
    ImportKind.FACTS: (
        _c("kind", "事实类别", "kind of fact", "safety_accident"),
        _c("organization", "单位代码", "organisation code", "91330106MA000000XX"),
        _c("person_id", "身份证号", "identity number", "", required=False),
        _c("person_name", "姓名", "name", "", required=False),
        _c("happened_on", "发生日期", "happened on", "2024-05-12"),
        _c("words", "说明", "words", "生产安全责任事故，死亡1人"),
        _c("document", "依据文号", "document", "浙应急〔2024〕8号", required=False),
        _c("amount", "数量", "amount", "", required=False),
        _c("until", "有效期至", "holds until", "", required=False),
    ),
}


def named(kind: ImportKind) -> dict[str, str]:
    """Every name a column may have in a file, in lower case, with its key."""
    return {name.lower(): column.key for column in COLUMNS[kind] for name in (column.key, column.zh, column.en)}


def template(kind: ImportKind) -> bytes:
    """An empty workbook for an import: the header, and a second sheet that explains every column."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#F2F2F2"})
        as_text = book.add_format({"num_format": "@"})
        rows, told = book.add_worksheet("数据"), book.add_worksheet("填写说明")
        for i, heading in enumerate(("栏目", "Column", "是否必填 Required", "示例 Example")):
            told.write_string(0, i, heading, bold)
        for i, column in enumerate(COLUMNS[kind]):
            rows.set_column(i, i, _WIDE, as_text)
            rows.write_string(0, i, column.zh, bold)
            cells = (column.zh, column.en, "必填 required" if column.required else "可不填 optional", column.example)
            for j, cell in enumerate(cells):
                told.write_string(i + 1, j, cell)
        told.set_column(0, 3, _WIDE)
        rows.freeze_panes(1, 0)
    return file.getvalue()
