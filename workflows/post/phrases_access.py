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
