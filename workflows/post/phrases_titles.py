"""What the letters about titles say after the naming: single assessments, terms, leaders, batches."""

from functools import partial

from models.vocabulary import LetterKind
from workflows.post.phrases import Template

_ACTION = partial(Template, LetterKind.ACTION)
_INFORM = partial(Template, LetterKind.INFORMATION)

TITLE_LETTERS: dict[str, Template] = {
    "single_due": _ACTION(
        ("请报送材料", "“{{ task }}”已开始，请于{{ due_at }}前报送材料。"),
        ("A report is due", "The {{ task }} has begun. Please hand in the report by {{ due_at }}."),
    ),
    "single_graded": _INFORM(
        ("评定结果", "“{{ task }}”（{{ year }}年）结果：{{ grade }}。"),
        ("Result", "The result of the {{ task }} ({{ year }}): {{ grade }}."),
    ),
    "assessment_classed": _INFORM(
        ("评定结果", "“{{ task }}”（{{ year }}年）结果：{{ grade }}，{{ band }}级。"),
        ("Result", "The result of the {{ task }} ({{ year }}): {{ grade }}, class {{ band }}."),
    ),
    "decision_due": _INFORM(
        ("称号将提请研究", "经两次催办和书面告知仍未报送材料，该称号将提请会议研究是否撤销。现在报送仍可办理。"),
        (
            "The title comes before the meeting",
            (
                "After two reminders and a written notice no report has come, so the meeting will consider a "
                "revocation. A report that comes now is still taken."
            ),
        ),
    ),
    "title_expired": _INFORM(
        ("称号有效期满", "称号{{ number }}有效期至{{ until_on }}，现已期满终止，不影响今后申报。"),
        (
            "The title's term is over",
            "Title {{ number }} was valid until {{ until_on }} and has ended. You are free to apply again.",
        ),
    ),
    "batch_withdrawn": _INFORM(
        (
            "称号已撤回",
            (
                "经研究决定，整批撤回命名，称号{{ number }}同时撤销，依据文件为{{ decision }}。理由：{{ reason }}。"
                "请于{{ return_on }}前交回牌匾和证书。"
            ),
        ),
        (
            "Title withdrawn",
            (
                "The whole batch was withdrawn by decision {{ decision }}, and title {{ number }} with it. Reason: "
                "{{ reason }}. "
                "Please return the plate and the certificate by {{ return_on }}."
            ),
        ),
    ),
    "departure_reported": _ACTION(
        ("请提出接任人选", "领衔人{{ leader }}离任已登记，请于{{ due_at }}前提出符合条件的接任人选。"),
        (
            "Please propose a successor",
            (
                "The departure of {{ leader }} is on record. Please propose a successor who meets the conditions by "
                "{{ due_at }}."
            ),
        ),
    ),
    "departure_late": _ACTION(
        (
            "离任报告已逾期，请提出接任人选",
            (
                "领衔人{{ leader }}离任应于{{ report_until_on }}前报告，现已逾期登记。"
                "请于{{ due_at }}前提出符合条件的接任人选。"
            ),
        ),
        (
            "Reported late: please propose a successor",
            (
                "The departure of {{ leader }} was to be reported by {{ report_until_on }}; it is on record as late. "
                "Please propose a successor who meets the conditions by {{ due_at }}."
            ),
        ),
    ),
    "leader_left": _INFORM(
        ("领衔人离任", "称号{{ number }}的领衔人{{ leader }}已于{{ left_on }}离任，待单位提出接任人选。"),
        (
            "A leader has left",
            "{{ leader }}, leader of title {{ number }}, left on {{ left_on }}. A successor is to be proposed.",
        ),
    ),
    "successor_proposed": _ACTION(
        ("接任人选待审定", "单位提出由{{ leader }}接任称号{{ number }}的领衔人，请于{{ due_at }}前审定。"),
        (
            "A successor awaits your answer",
            "{{ leader }} is proposed to lead title {{ number }}. Please settle it by {{ due_at }}.",
        ),
    ),
    "leader_changed": _INFORM(
        ("领衔人已更换", "称号{{ number }}的领衔人已更换为{{ leader }}，编号不变。"),
        ("The leader has changed", "Title {{ number }} is now led by {{ leader }}. Its number stays."),
    ),
    "successor_declined": _INFORM(
        (
            "接任人选未获同意",
            "不同意{{ leader }}接任领衔人。理由：{{ reason }}。该称号将由命名单位终止，不影响今后申报。",
        ),
        (
            "The successor was declined",
            (
                "{{ leader }} was not accepted as the new leader. Reason: {{ reason }}. The title will be ended "
                "without a ban."
            ),
        ),
    ),
    "no_successor": _INFORM(
        ("逾期未提出接任人选", "称号{{ number }}逾期未提出接任人选，已转由命名单位办理。"),
        (
            "No successor in time",
            "No successor was proposed for title {{ number }} in time. The union that gave it will see to it.",
        ),
    ),
    "title_corrected": _INFORM(
        ("命名决定的更正", "称号{{ number }}的命名内容由{{ decision }}更正：“{{ before }}”改为“{{ after }}”。"),
        (
            "The naming decision was put right",
            "For title {{ number }}, decision {{ decision }} puts “{{ after }}” where “{{ before }}” stood.",
        ),
    ),
}
