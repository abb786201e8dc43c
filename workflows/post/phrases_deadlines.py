"""What the letters about due dates, and about what the clocks could not do, say."""

from functools import partial

from models.vocabulary import LetterKind
from workflows.post.phrases import Template

_ACTION = partial(Template, LetterKind.ACTION)
_INFORM = partial(Template, LetterKind.INFORMATION)

DEADLINE_LETTERS: dict[str, Template] = {
    "deadline_before": _ACTION(
        ("办理期限临近", "“{{ what }}”的办理期限为{{ due_at }}，还剩{{ days }}天，请及时办理。"),
        ("A deadline is near", "“{{ what }}” is due on {{ due_at }}. Days left: {{ days }}."),
    ),
    "deadline_at": _ACTION(
        ("办理期限已到", "“{{ what }}”的办理期限为{{ due_at }}，现已到期，请立即办理。"),
        ("A deadline has arrived", "“{{ what }}” was due on {{ due_at }}. Please act on it now."),
    ),
    "deadline_overdue": _ACTION(
        ("办理已逾期", "“{{ what }}”的办理期限为{{ due_at }}，现已逾期{{ days }}天，请立即办理。"),
        (
            "A deadline has passed",
            "“{{ what }}” was due on {{ due_at }}. Days overdue: {{ days }}. Please act on it now.",
        ),
    ),
    "deadline_escalated": _ACTION(
        (
            "下级办理逾期，请督办",
            "{{ organization }}的“{{ what }}”应于{{ due_at }}前办理，现已逾期，请予督办。",
        ),
        (
            "An office below you is overdue",
            "{{ organization }} should have finished “{{ what }}” by {{ due_at }}. Please see that it is done.",
        ),
    ),
    "clock_alarm": _ACTION(
        (
            "定时任务出现异常",
            (
                "{{ reason }}。到期提醒、自动流转和信件可能停止。请登录服务器检查 shenbao up 及其日志，"
                "并查看“运行情况”页面。"
            ),
        ),
        (
            "Something is wrong with the clocks",
            (
                "Alarm: {{ reason }}. Reminders, what happens by itself and letters may have stopped. "
                "Please look at shenbao up and its logs on the server, and at the page Clocks."
            ),
        ),
    ),
    "set_aside": _ACTION(
        (
            "自动办理遇到问题，已搁置一项",
            "“{{ step }}”有一项无法办理，已搁置，其他事项不受影响。原因：{{ why }}系统会自动重试，请在督办页面核对。",
        ),
        (
            "The clocks set something aside",
            (
                "“{{ step }}”: one item could not be dealt with and was set aside; everything else goes on. "
                "{{ why }} It is tried again by itself. Please look at it on the page of overdue work."
            ),
        ),
    ),
    "deadline_postponed": _INFORM(
        (
            "办理期限已顺延",
            "“{{ what }}”的办理期限由{{ before_due_at }}顺延至{{ due_at }}。理由：{{ reason }}",
        ),
        (
            "A deadline was put off",
            "“{{ what }}” was due on {{ before_due_at }} and is now due on {{ due_at }}. Reason: {{ reason }}",
        ),
    ),
    "date_recounted": _INFORM(
        (
            "办理期限已重算",
            "国家放假安排公布后，“{{ what }}”的办理期限由{{ before_due_at }}（暂定）改为{{ due_at }}。",
        ),
        (
            "A provisional date was settled",
            (
                "The days off are announced now: “{{ what }}”, provisionally due on {{ before_due_at }}, is due on "
                "{{ due_at }}."
            ),
        ),
    ),
    "bar_ended": _INFORM(
        ("限制期已满", "称号{{ number }}被撤销后的申报限制期至{{ until_on }}，现已期满，可以再次申报。"),
        (
            "A bar is over",
            "The bar that followed the revocation of title {{ number }} ran until {{ until_on }}. You may apply again.",
        ),
    ),
    "wording_failed": _INFORM(
        (
            "自拟的信件文本未能使用",
            (
                "您为“{{ letter }}”拟的文本（第{{ version }}版）无法套用，该信已改用系统文本寄出。问题："
                "{{ reason }}请修改文本。"
            ),
        ),
        (
            "Your own words for a letter could not be used",
            (
                "Version {{ version }} of your words for “{{ letter }}” failed; ours left instead. {{ reason }} "
                "Please mend it."
            ),
        ),
    ),
}
