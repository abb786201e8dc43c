"""What is written about the way in: invitations, new passwords."""

from functools import partial

from models.vocabulary import LetterKind
from workflows.post.phrases import Template

_ACTION = partial(Template, LetterKind.ACTION)
_INFORM = partial(Template, LetterKind.INFORMATION)

ACCESS_LETTERS: dict[str, Template] = {
    "invited": _ACTION(
        (
            "账号已开通，请设置密码",
            "申报系统账号已开通，登录邮箱为{{ email }}。请在{{ link_ends_at }}前打开下面的页面，设置密码。",
        ),
        (
            "Account opened: set your password",
            "Your account was opened. Sign in with {{ email }}, after setting a password below by {{ link_ends_at }}.",
        ),
    ),
    "password_reset": _ACTION(
        (
            "重设密码",
            "有人为这个账号申请重设密码。是您本人，请在{{ link_ends_at }}前打开下面的页面；不是，不必理会。",
        ),
        (
            "Set a new password",
            "A new password was asked for. Was it you? Use the page below by {{ link_ends_at }}. If not, ignore it.",
        ),
    ),
    "register_confirm": _ACTION(
        (
            "确认邮箱，设置密码",
            (
                "有人用这个邮箱申请在{{ organization }}的账号。是您本人，请在{{ link_ends_at }}前打开下面的页面，"
                "设置密码；"
                "不是，不必理会。"
            ),
        ),
        (
            "Confirm your address",
            (
                "An account at {{ organization }} was asked for with this address. Was it you? "
                "Set a password below by {{ link_ends_at }}. If not, ignore it."
            ),
        ),
    ),
    "register_known": _INFORM(
        (
            "您已有账号",
            "有人用这个邮箱申请账号。这个邮箱已有账号，请直接登录；忘记密码的，请在登录页重设。不是您本人，不必理会。",
        ),
        (
            "You have an account",
            (
                "An account was asked for with this address, which has one. Please sign in; a forgotten password can "
                "be "
                "set anew on the sign-in page. If it was not you, ignore this."
            ),
        ),
    ),
    "seat_asked": _ACTION(
        (
            "有人申请任职",
            "{{ who }}申请在{{ organization }}任职。请核实身份后，在“单位与人员”页面同意或不同意。",
        ),
        (
            "A seat is asked for",
            (
                "{{ who }} asks for a seat at {{ organization }}. Please make sure who they are, then answer on "
                "the page "
                "“Organisations and people”."
            ),
        ),
    ),
    "seat_granted": _INFORM(
        ("任职申请已同意", "您在{{ organization }}的任职申请已同意，现在可以办理业务。"),
        ("Your seat is granted", "The seat you asked for at {{ organization }} is granted; you can work there now."),
    ),
    "seat_refused": _INFORM(
        (
            "任职申请未同意",
            "您在{{ organization }}的任职申请没有同意。理由：{{ reason }}。可在首页重新申请。",
        ),
        (
            "Your seat is refused",
            (
                "The seat you asked for at {{ organization }} is refused. Reason: {{ reason }}. "
                "You may ask again on the home page."
            ),
        ),
    ),
    "identity_linked": _INFORM(
        (
            "账号已关联统一认证",
            "账号刚刚关联了统一认证身份，今后可用它登录。不是您本人所为，请立即在“我的账号”解除关联并联系管理员。",
        ),
        (
            "Account linked",
            (
                "Your account was linked with an identity that can sign in from now on. If it was not you, unlink it "
                "under "
                "“My account” at once and tell your administrator."
            ),
        ),
    ),
    "password_changed": _INFORM(
        (
            "密码已修改",
            "账号密码刚刚修改，其他浏览器已退出登录。不是您本人所为，请立即联系管理员。",
        ),
        (
            "Password changed",
            "Your password was changed and other browsers were signed out. If it was not you, tell your administrator.",
        ),
    ),
}
