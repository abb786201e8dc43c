"""What is said about letters beside mail, about those that came back, and about sending some again."""

from collections.abc import Mapping

from models.labels import Pair

WAYS: Mapping[str, Pair] = {
    # Addresses of ways.
    "way_address": (
        "这不是“{way:CarrierKind}”的有效地址。请粘贴机器人设置页上的完整 https 地址[（以 https://{host}/ 开头）]。",
        (
            "This is no address for {way:CarrierKind}. Please paste the whole https address shown by the robot's "
            "settings[, beginning with https://{host}/]."
        ),
    ),
    "way_insecure": (
        "网络回调只接受 https 地址。请换用 https 地址，内网主机请联系系统管理员。",
        "A webhook needs an https address. Use one, or ask the operator about hosts of your own network.",
    ),
    "way_private": (
        "地址指向本机或内部网络[（{host}）]，不能使用。如确需访问，请系统管理员在设置中允许该主机。",
        "That address leads into this machine or an internal network[ ({host})]. The operator can allow a host.",
    ),
    "way_name": (
        "请为这个通知方式起一个名称，最长{most}个字。",
        "Please name this way, in at most {most} characters.",
    ),
    "ways_full": (
        "每人最多设置{most}个通知方式。请先停用一个。",
        "Everybody has at most {most} ways. Please drop one first.",
    ),
    # What becomes of a letter on a way.
    "way_unreachable": (
        "连接不上对方服务器[（{reason}）]，稍后会自动重试。",
        "The other side could not be reached[ ({reason})]. It is tried again by itself.",
    ),
    "way_silent": (
        "对方服务器长时间没有答复，稍后会自动重试。",
        "The other side did not answer in time. It is tried again by itself.",
    ),
    "way_delayed": (
        "对方暂时不接收[（{reason}）]，稍后会自动重试。",
        "The other side does not take it now[ ({reason})]. It is tried again by itself.",
    ),
    "way_refused": (
        "对方拒收[（{reason}）]，不再重试。请核对地址、关键词和安全设置。",
        "The other side refuses it for good[ ({reason})]. Please check its address, key words and security settings.",
    ),
    "way_dropped": (
        "这个通知方式已停用，信件未从这里发出。",
        "This way was dropped, and the letter did not leave by it.",
    ),
    "way_closed": (
        "收件人的账号已停用，信件未发出。",
        "The reader's account is closed, so nothing was sent.",
    ),
    "letter_withdrawn": (
        "信件已被撤回或不再需要，未发出。",
        "The letter was withdrawn or not wanted, and did not leave.",
    ),
    # Letters that came back, and new addresses.
    "letter_returned": (
        "邮件服务器收下后又退回[（{reason}）]。请核对邮箱，或电话告知。",
        "A mail server took it and sent it back[ ({reason})]. Please check the address, or tell them by phone.",
    ),
    "address_same": (
        "新邮箱与原邮箱相同（{given}），没有改动。",
        "That is the address already known ({given}). Nothing was changed.",
    ),
    "nothing_undelivered": (
        "{name}目前没有未送达的信件，可能已由他人处理。请刷新。",
        "No letter to {name} is undelivered now. Somebody else may have dealt with it. Please refresh.",
    ),
    "letter_state": (
        "没有“{given}”这种信件状态。可用的是：{known}。",
        "There is no state of letters called “{given}”. Known: {known}.",
    ),
    # Sending again.
    "resend_state": (
        "只能重发“无法送达”“被退回”或“已寄出”的信件。请重新选择状态。",
        "Only letters undeliverable, returned or sent can be sent again. Please choose one of these states.",
    ),
    "resend_count": (
        "会发出{n}封，不是{count}封。请核对条件和数量后再试。",
        "This would send {n} letters, not {count}. Please check the conditions and the number.",
    ),
    "resend_many": (
        "一次最多重发{most}封，现有{n}封符合条件。请缩小范围。",
        "At most {most} letters are sent again at once, and {n} match. Please narrow the conditions.",
    ),
}
