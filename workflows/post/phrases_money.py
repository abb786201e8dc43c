"""What the letters about subsidies say; `{{ stage }}` is the stage's label, `{{ fen }}` a sum in fen."""

from functools import partial

from models.vocabulary import LetterKind
from workflows.post.phrases import Template

_ACTION = partial(Template, LetterKind.ACTION)
_INFORM = partial(Template, LetterKind.INFORMATION)

MONEY_LETTERS: dict[str, Template] = {
    "subsidy_open": _ACTION(
        (
            "可以申请补助",
            "称号{{ number }}可以申请“{{ stage }}”{{ fen }}。请于{{ due_at }}前填写收款单位和账号等。",
        ),
        (
            "A subsidy may be requested",
            (
                "{{ fen }} may be requested for title {{ number }} ({{ stage }}). Please give payee, bank and account "
                "by {{ due_at }}."
            ),
        ),
    ),
    "subsidy_requested": _ACTION(
        ("补助待核准", "称号{{ number }}申请“{{ stage }}”{{ fen }}，请于{{ due_at }}前核准。"),
        (
            "A subsidy awaits approval",
            "{{ fen }} was requested for title {{ number }} ({{ stage }}). Please decide on it by {{ due_at }}.",
        ),
    ),
    "subsidy_approved": _ACTION(
        ("补助已核准，请拨付", "称号{{ number }}的“{{ stage }}”{{ fen }}已核准，请由另一人于{{ due_at }}前拨付。"),
        (
            "An approved subsidy is to be paid",
            "{{ fen }} for title {{ number }} ({{ stage }}) was approved. Somebody else is to pay it by {{ due_at }}.",
        ),
    ),
    "subsidy_returned": _ACTION(
        (
            "补助材料退回，请补正",
            "称号{{ number }}的“{{ stage }}”材料被退回，请于{{ due_at }}前补正。原因：{{ reason }}",
        ),
        (
            "A subsidy's papers were returned",
            (
                "The papers for title {{ number }} ({{ stage }}) were returned. Please mend them by {{ due_at }}. "
                "Reason: {{ reason }}"
            ),
        ),
    ),
    "subsidy_paid": _INFORM(
        ("补助已拨付", "称号{{ number }}的“{{ stage }}”{{ fen }}已拨付，凭证号{{ voucher }}。请专款专用。"),
        (
            "A subsidy was paid",
            "{{ fen }} for title {{ number }} ({{ stage }}) was paid by voucher {{ voucher }}. It is earmarked.",
        ),
    ),
    "subsidy_reported": _ACTION(
        ("补助使用报告待审阅", "称号{{ number }}已报告“{{ stage }}”{{ fen }}的使用情况，请于{{ due_at }}前审阅办结。"),
        (
            "A subsidy's account awaits you",
            (
                "Title {{ number }} reported how {{ fen }} ({{ stage }}) was spent. Please look it through by "
                "{{ due_at }}."
            ),
        ),
    ),
    "subsidy_closed": _INFORM(
        ("补助已办结", "称号{{ number }}的“{{ stage }}”{{ fen }}已办结。"),
        ("A subsidy was closed", "The subsidy of {{ fen }} for title {{ number }} ({{ stage }}) is closed."),
    ),
    "subsidy_recovered": _INFORM(
        ("补助已收回", "称号{{ number }}的“{{ stage }}”已收回{{ fen }}。原因：{{ reason }}"),
        (
            "A subsidy came back",
            "{{ fen }} of the subsidy for title {{ number }} ({{ stage }}) came back. Reason: {{ reason }}",
        ),
    ),
    "subsidy_cancelled": _INFORM(
        ("补助已取消", "称号{{ number }}的“{{ stage }}”{{ fen }}已取消，不再拨付。原因：{{ reason }}"),
        (
            "A subsidy was cancelled",
            "The subsidy of {{ fen }} for title {{ number }} ({{ stage }}) was cancelled. Reason: {{ reason }}",
        ),
    ),
    "subsidy_flagged": _ACTION(
        (
            "已拨付补助待核查",
            "称号{{ number }}已撤销，其“{{ stage }}”{{ fen }}已经拨付，请核查并依规处理。原因：{{ reason }}",
        ),
        (
            "A paid subsidy needs a look",
            (
                "Title {{ number }} was revoked after {{ fen }} ({{ stage }}) was paid. Please look into it. Reason: "
                "{{ reason }}"
            ),
        ),
    ),
    "subsidy_account": _ACTION(
        ("请报告补助结余", "称号{{ number }}已终止，请于{{ due_at }}前报告“{{ stage }}”{{ fen }}的使用情况和结余。"),
        (
            "What is unspent is to be reported",
            (
                "Title {{ number }} has ended. Please report by {{ due_at }} how {{ fen }} ({{ stage }}) was spent, "
                "and what is left."
            ),
        ),
    ),
}
