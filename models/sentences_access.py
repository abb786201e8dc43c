"""What is said to who comes by themselves: asking for an account, for a seat, or signing in through a provider."""

from collections.abc import Mapping

from models.labels import Pair

ACCESS: Mapping[str, Pair] = {
    "registration_closed": (
        "本系统不开放自行注册。请联系本单位或上级工会的管理员开通账号。",
        "Nobody registers by themselves here. Please ask an administrator of your unit, or of the union above it.",
    ),
    "unit_unknown": (
        "没有代码为“{given}”的申报单位。请核对，或按地区和名称查找；单位尚未登记的，请联系所在地工会。",
        (
            "No applying unit has the code “{given}”. Please check it, or look by area and name; "
            "a unit that is not entered yet asks the union of its area."
        ),
    ),
    "unit_gone": (
        "“{organization:name}”已注销，不能再申请在该单位任职。请选择其他申请，或重新查找您的单位。",
        (
            "“{organization:name}” was struck off, so nobody can ask for a seat there any more. "
            "Please choose another of your wishes, or look for your unit again."
        ),
    ),
    "role_not_asked": (
        "自行申请的任职只能是申报员或职工。审核员、管理员由上级工会任命。",
        "Only the seat of a clerk or a worker can be asked for; reviewers and administrators are appointed.",
    ),
    "registration_known": (
        "这个邮箱已有账号，请直接登录；忘记密码的，请在登录页重设。",
        "This address has an account. Please sign in; a forgotten password can be set anew on the sign-in page.",
    ),
    "wish_unknown": (
        "请选择哪一项是您本人提出的申请。",
        "Please choose which of these you asked for yourself.",
    ),
    "seat_held": (
        "您在{organization}已有这项任职，不必再申请。",
        "You hold this seat at {organization} already. Nothing needs to be asked for.",
    ),
    "seats_asked": (
        "同时最多申请{most}项任职。请等待管理员办理后再申请。",
        "At most {most} seats can be asked for at a time. Please wait until an office has answered.",
    ),
    "registration_settled": (
        "这项任职申请已由{name}办理。请刷新页面。",
        "{name} has settled this request already. Please refresh the page.",
    ),
    "identity_unknown": (
        "这个统一认证身份还没有关联本系统的账号。已有账号的，请用密码登录一次，即可关联；没有账号的，请联系本单位或上级工会的管理员。",
        (
            "No account is linked with this identity yet. With an account, sign in once with its password to link "
            "them; without one, ask an administrator of your unit or of the union above it."
        ),
    ),
    "identity_shut": (
        "与这个身份关联的账号已停用。请联系本单位或上级工会的管理员。",
        "The account linked with this identity is disabled. Please ask an administrator of your unit or union.",
    ),
    "identity_taken": (
        "这个统一认证身份已关联另一个账号。请先用那个账号登录并解除关联。",
        "This identity is linked with another account. Sign in with that one and unlink it first.",
    ),
    "identity_other": (
        "统一认证的身份与当前登录的账号不一致，不能确认。请换用关联的身份。",
        "That identity is not linked with the account signed in here. Please use the one that is.",
    ),
    "identity_stale": (
        "统一认证没有重新核验身份，不能确认。请退出统一认证后再试，或改用密码。",
        "The provider did not ask anew who you are. Sign out there and try again, or use your password.",
    ),
    "type_password": (
        "解除后只能用密码登录。请在“我的账号”输入密码后解除。",
        "After that only the password leads in. Please type it under “My account” to unlink.",
    ),
    "last_way_in": (
        "这个账号还没有密码，解除关联后将无法登录。请先在登录页用“忘记密码”设置密码。",
        "This account has no password, so nothing would lead into it. First set one by “Forgotten password”.",
    ),
    "upload_too_long": (
        "文件超过{most}MB，没有接收。请压缩后重试。",
        "The file is larger than {most} MB and was not taken. Please make it smaller.",
    ),
    "uploads_spent": (
        "一小时内上传过多，请在{seconds}秒后再试。",
        "Too much was uploaded within an hour. Please try again in {seconds} seconds.",
    ),
}
