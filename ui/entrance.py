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
    "appearance": ("显示设置", "Appearance"),
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
    "register": ("注册账号", "Register"),
    "register_note": (
        "先找到您的单位：填写统一社会信用代码，或按地区和名称查找。审核员、管理员的账号由上级工会开通，不在此注册。",
        (
            "First find your unit: by its unified social credit code, or by area and name. Accounts of reviewers and "
            "administrators are opened by the union above, not here."
        ),
    ),
    "unit_code": ("统一社会信用代码（18位）", "Unified social credit code (18 characters)"),
    "unit_by_name": ("按地区和名称查找", "By area and name"),
    "area": ("地区", "Area"),
    "all_of": ("{name}（全部）", "{name} (all of it)"),
    "which_area": ("请先选择地区", "Choose an area first"),
    "wider": ("返回上一级地区", "Back to the wider area"),
    "unit_words": ("单位名称（至少两个字）", "Part of the unit's name (two characters or more)"),
    "look_up": ("查找", "Look it up"),
    "go_on": ("下一步", "Go on"),
    "no_unit": (
        "没有找到。请换一个地区或名称；单位尚未登记的，请联系所在地工会。",
        "Nothing was found. Try another area or name; a unit that is not entered yet asks the union of its area.",
    ),
    "more_units": ("只显示前20个，请把名称填得更完整。", "Only the first 20 are shown; please type more of the name."),
    "another_unit": ("换一个单位", "Another unit"),
    "own_name": ("姓名", "Your name"),
    "name_missing": ("请填写姓名。", "Please type your name."),
    "seat_as": ("申请的身份", "As"),
    "seat_note": ("说明（可不填，如职务、电话）", "Note (optional: your post, a phone number)"),
    "register_sent": (
        "信已寄往这个邮箱，请在两天内打开信中的链接，设置密码。没有收到，请查看垃圾邮件，或联系本单位管理员。",
        (
            "A letter is on its way to this address. Please follow its link within two days and set a password. "
            "If none comes, look into the spam folder or ask your administrator."
        ),
    ),
    "which_wish": (
        "用这个邮箱提出的申请有几项，请选择您本人提出的一项",
        "Several things were asked for with this address. Choose what you asked for yourself",
    ),
    "unit_fell": ("该单位已注销，不能选择", "this unit was struck off and cannot be chosen"),
    "with_provider": ("用{name}登录", "Sign in with {name}"),
    "provider": ("统一认证", "single sign-on"),
    "no_provider": ("没有这种登录方式。", "There is no such way to sign in."),
    "provider_away": (
        "统一认证暂时连接不上，请稍后再试，或用密码登录。",
        "The provider cannot be reached now. Please try again later, or sign in by password.",
    ),
    "provider_refused": (
        "统一认证没有完成，或这次登录不是从本页面开始的。请重新登录。",
        "The provider did not finish, or this did not begin on our page. Please sign in again.",
    ),
    "link_note": (
        "这个统一认证身份还没有关联账号。是您本人的，请勾选关联并用密码登录一次；没有账号的，请联系本单位或上级工会的管理员。",
        (
            "No account is linked with this identity yet. If it is yours, tick the box and sign in once by password; "
            "without an account, ask an administrator of your unit or of the union above it."
        ),
    ),
    "link_too": ("这是我本人的身份，登录后与账号关联：{who}", "This identity is mine, link it with my account: {who}"),
    "link_title": ("关联统一认证", "Link single sign-on"),
    "link_own": (
        "关联后，可以用{name}登录这个账号。接下来请在{name}用本人的身份登录一次。",
        "Once linked, {name} leads into this account too. Please sign in there now as yourself.",
    ),
    "go_to": ("前往{name}", "Go to {name}"),
    "prove_first": ("请先用已关联的身份在{name}确认，再回到本页", "First confirm at {name} with the identity you have"),
    "link_done": ("已关联，今后可以用这个身份登录。", "It is linked: this identity signs you in from now on."),
    "link_known": ("这个身份已经关联您的账号，不必再关联。", "This identity is linked with your account already."),
    "to_account": ("返回我的账号", "Back to my account"),
    "proved": (
        "身份已确认。请回到原来的页面，再点一次。",
        "Thank you. Please go back to the page you came from and click again.",
    ),
    "proof": ("确认身份", "Confirm who you are"),
    "busy": ("系统繁忙，请稍后再试。", "The system is busy. Please try again in a moment."),
}
