"""What the letters among the people of a desk say: cases passed on, signed, held, hurried; deputies."""

from functools import partial

from models.vocabulary import LetterKind
from workflows.post.phrases import Template

_ACTION = partial(Template, LetterKind.ACTION)
_INFORM = partial(Template, LetterKind.INFORMATION)

OFFICE_LETTERS: dict[str, Template] = {
    "case_transferred": _ACTION(
        ("申报转由您办理", "该申报已转由您办理，办理期限为{{ due_at }}。理由：{{ reason }}"),
        ("A case was transferred to you", "This case is yours now. It is due by {{ due_at }}. Reason: {{ reason }}"),
    ),
    "case_delegated": _ACTION(
        ("申报委派您办理", "该申报已委派您办理，办理期限为{{ due_at }}，委派人可随时收回。理由：{{ reason }}"),
        (
            "A case was delegated to you",
            "Please deal with this case by {{ due_at }}. Whoever delegated it may take it back. Reason: {{ reason }}",
        ),
    ),
    "case_passed_on": _INFORM(
        ("申报不再由您办理", "该申报已由他人办理，您无需再办。说明：{{ reason }}"),
        ("A case is no longer yours", "Somebody else deals with this case now. Note: {{ reason }}"),
    ),
    "case_fell_back": _ACTION(
        ("申报退回本单位待办", "原经办人已不在岗，该申报退回本单位，请于{{ due_at }}前安排办理。"),
        (
            "A case is anybody's again",
            "Who dealt with this case no longer sits at the desk. Please see that it is done by {{ due_at }}.",
        ),
    ),
    "desk_handed_over": _ACTION(
        ("工作已移交给您", "{{ who }}的在办事项已移交给您，其中申报{{ count }}件。理由：{{ reason }}"),
        (
            "A desk was handed over to you",
            "The work of {{ who }} is yours now; cases: {{ count }}. Reason: {{ reason }}",
        ),
    ),
    "case_held": _INFORM(
        (
            "申报暂缓办理",
            "{{ organization }}将该申报暂缓办理至{{ until_on }}。原因：{{ reason }}。期满后继续办理，其间仍可撤回。",
        ),
        (
            "Your application is on hold",
            (
                "On hold until {{ until_on }} by {{ organization }}: {{ reason }}. Then it goes on; you may still "
                "withdraw it."
            ),
        ),
    ),
    "hold_ended": _ACTION(
        ("挂起期满，请继续办理", "该申报的挂起已期满，审核期限接续计算，请继续办理。"),
        ("A hold has ended", "The hold on this case is over and its time runs again. Please go on with it."),
    ),
    "sign_asked": _ACTION(
        ("请签署会签意见", "请于{{ due_at }}前签署意见。事由：{{ question }}"),
        ("Please sign a case", "Please agree or disagree by {{ due_at }}. About: {{ question }}"),
    ),
    "countersign_closed": _INFORM(
        ("会签无需再签", "该申报的会签已有结论、已终止或不再需要您签署。说明：{{ reason }}"),
        ("Nothing to sign any more", "This countersign is over, or no longer needs you. Note: {{ reason }}"),
    ),
    "countersign_settled": _ACTION(
        ("会签已有结论", "该申报的会签结果：{{ result }}。请继续办理。"),
        ("A countersign is settled", "The countersign of this case: {{ result }}. Please go on with it."),
    ),
    "case_chased": _ACTION(
        ("催办", "{{ organization }}催办该申报，办理期限为{{ due_at }}。附言：{{ words }}"),
        ("Please hurry", "{{ organization }} asks you to hurry with this case, due by {{ due_at }}. Note: {{ words }}"),
    ),
    "question_asked": _ACTION(
        (
            "申报人有提问，请答复",
            "{{ organization }}提问：{{ question }}\n请于{{ due_at }}前答复。提问不影响申报的办理。",
        ),
        (
            "An applicant asks",
            "{{ organization }} asks: {{ question }}\nPlease answer by {{ due_at }}. The case does not wait for it.",
        ),
    ),
    "question_answered": _INFORM(
        ("您的提问已有答复", "您的提问：{{ question }}\n{{ organization }}答复：{{ words }}"),
        ("Your question was answered", "You asked: {{ question }}\n{{ organization }} answers: {{ words }}"),
    ),
    "case_copied": _INFORM(
        ("抄送", "{{ organization }}将该申报抄送给您。附言：{{ words }}"),
        ("A copy for you", "{{ organization }} points this case out to you. Note: {{ words }}"),
    ),
    "deputy_named": _ACTION(
        ("请代理工作", "{{ starts_at }}至{{ ends_at }}，请代理{{ who }}在{{ organization }}的工作。理由：{{ reason }}"),
        (
            "You are a deputy",
            "From {{ starts_at }} to {{ ends_at }} you act for {{ who }} at {{ organization }}. Reason: {{ reason }}",
        ),
    ),
    "deputy_acts": _INFORM(
        (
            "已指定代理人",
            "{{ starts_at }}至{{ ends_at }}，您在{{ organization }}的工作由{{ who }}代理。理由：{{ reason }}",
        ),
        (
            "You have a deputy",
            "From {{ starts_at }} to {{ ends_at }} {{ who }} acts for you at {{ organization }}. Reason: {{ reason }}",
        ),
    ),
    "deputy_ended": _INFORM(
        ("代理已结束", "与{{ who }}之间在{{ organization }}的代理已结束。"),
        ("A deputyship has ended", "The deputyship between you and {{ who }} at {{ organization }} has ended."),
    ),
}
