"""The words of the pages before the gate: signing in and out, and the way to a password."""

from __future__ import annotations

TEXT = {
    "product": ("工会申报", "Union Applications"),
    "tagline": (
        "竞赛、工作室与荣誉的申报和评审",
        "Competitions, studios and titles of the trade unions",
    ),
    "sign_in": ("登录", "Sign in"),
    "email": ("邮箱", "Email"),
    "password": ("密码", "Password"),
    "sign_out": ("退出登录", "Sign out"),
    "sign_out_question": ("确定要退出登录吗？", "Do you want to sign out?"),
    "sign_out_note": (
        "退出后，本浏览器中打开的页面不能再操作。",
        "Pages that are open in this browser can then no longer be used.",
    ),
    "back": ("返回", "Back"),
    "other_language": ("English", "中文"),
    "signed_out": ("已退出登录。", "You have signed out."),
    "demo_title": ("演示账号", "Demo accounts"),
    "demo_note": (
        "点一个人，密码会自动填好；数据均为虚构。",
        "Choose a person and the form fills itself in; all data are made up.",
    ),
    "wrong_credentials": ("邮箱或密码不正确。", "The email or the password is not right."),
    "too_many_tries": (
        "尝试次数过多，请在 {seconds} 秒后再试。",
        "Too many tries. Please try again in {seconds} seconds.",
    ),
    "form_expired": (
        "页面已过期，请重新填写后提交。",
        "This page has expired. Please fill in the form again.",
    ),
    "forgot": ("忘记密码", "Forgotten password"),
    "forgot_note": (
        "填写登录邮箱，我们把重设密码的链接寄给您。",
        "Type the address you sign in with, and a link to a new password is sent there.",
    ),
    "send_link": ("寄送链接", "Send the link"),
    "reset_sent": (
        "如果有这个账号，信已寄出，链接两小时内有效。没有收到，请查看垃圾邮件，或联系本单位管理员。",
        (
            "If there is such an account, a letter is on its way; its link is good for two hours. "
            "If none comes, look into the spam folder or ask your administrator."
        ),
    ),
    "ask_again": ("重新寄送链接", "Send another link"),
    "welcome": ("设置密码，开始使用", "Set your password"),
    "new_password": ("设置新密码", "Set a new password"),
    "again": ("再输入一次", "Once more"),
    "password_rule": (
        "{least}至{most}个字符，可以是一句容易记住的话；不能与邮箱相同。",
        "{least} to {most} characters; a sentence you remember will do. Not the address itself.",
    ),
    "keep_password": ("保存密码", "Save"),
    "not_the_same": ("两次输入不一致。", "The two are not the same."),
    "password_set": ("密码已设置，请登录。", "The password is set. Please sign in."),
    "busy": ("系统繁忙，请稍后再试。", "The system is busy. Please try again in a moment."),
}
