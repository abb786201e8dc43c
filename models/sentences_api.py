"""What is said to programs and to those who give them tokens."""

from collections.abc import Mapping

from models.labels import Pair

APIS: Mapping[str, Pair] = {
    "prove_yourself": (
        "这一步比较重要，请先在页面上方确认身份，再点一次。已填写的内容都还在。",
        "This step is grave: prove at the top of the page who you are, then click again. What you typed is kept.",
    ),
    "unknown_alarm": (
        "没有这种报警。",
        "There is no such alarm.",
    ),
    "link_over": (
        "这个链接无效、已用过或已过期。",
        "This link is unknown, was used or has expired.",
    ),
    "token_refused": (
        "令牌无效、已收回或已过期。请在“接口令牌”里重新发放。",
        "This token is unknown, was ended or has expired. Make a new one.",
    ),
    "token_scope": (
        "这个令牌没有“{scope}”的授权。请发放写明这一项的令牌。",
        "This token does not reach “{scope}”. Make one that names it.",
    ),
    "token_scopes": (
        "授权范围不能是“{given}”[，是否指 {near}]。可写 ask、do，或 ask:查询名、do:动作名。",
        "A scope cannot be “{given}”[; is {near} meant]. Write ask, do, ask:NAME or do:NAME.",
    ),
    "token_days": ("有效期为1至{most}天，现为{given}。", "A token lasts 1 to {most} days, not {given}."),
    "token_many": (
        "有效的令牌最多{most}个，请先收回不用的。",
        "There are {most} tokens in force already: end one first.",
    ),
    "body_unreadable": (
        "请求内容不是一个 JSON 对象。",
        "The body is not a JSON object.",
    ),
    "body_too_long": (
        "请求内容超过{most}MB。",
        "The body is longer than {most} MB.",
    ),
    "not_base64": (
        "“{field}”应为 base64 编码的文件内容。",
        "“{field}” must be a file's bytes in base64.",
    ),
    "no_click_key": (
        "“{verb}”不认重复请求，不能带 Idempotency-Key。",
        "“{verb}” does not tell repeated requests apart: send no Idempotency-Key.",
    ),
    "no_such_page": ("没有这个地址。", "There is no such address."),
    "wrong_method": ("这个地址只接受 {allowed}。", "This address takes {allowed} only."),
}
