"""What the things one types are called: the arguments of the verbs, and the kinds of values."""

from collections.abc import Mapping

from models.labels import Pair

# Fields of a programme's own form have their labels in the programme.
FIELDS: Mapping[str, Pair] = {
    "answers": ("申报表内容", "answers"),
    "body": ("决定机构", "deciding body"),
    "closes_at": ("申报截止时间", "closing time"),
    "code": ("代码", "code"),
    "contact": ("联系方式", "contact"),
    "count": ("天数", "number of days"),
    "email": ("邮箱", "email"),
    "ends_at": ("结束时间", "end"),
    "faults": ("需补正的内容", "faults to correct"),
    "finding": ("核查结果", "finding"),
    "first_day": ("公示首日", "first day of the notice"),
    "hour": ("时刻", "hour"),
    "industry": ("所属产业工会", "industry union"),
    "language": ("语言", "language"),
    "last_day": ("末日", "last day"),
    "line": ("推荐渠道", "line of recommendation"),
    "main": ("正式推荐名单", "main list"),
    "meeting_on": ("会议日期", "date of the meeting"),
    "minimum": ("最少名额", "minimum"),
    "minutes": ("会议记录", "minutes"),
    "moment": ("时间", "moment"),
    "name": ("名称", "name"),
    "number": ("文号", "document number"),
    "objector": ("异议人", "objector"),
    "opens_at": ("申报开始时间", "opening time"),
    "opinion": ("审核意见", "opinion"),
    "organization_code": ("单位代码", "organisation code"),
    "parent": ("上级工会代码", "code of the union over it"),
    "password": ("密码", "password"),
    "places": ("名额", "places"),
    "postmarked_on": ("邮戳日期", "postmark date"),
    "reason": ("理由", "reason"),
    "remark": ("评语", "remark"),
    "reserve": ("备选名单", "reserve list"),
    "results": ("考核结果", "results"),
    "roll": ("截止日期", "cut-off date"),
    "round_id": ("申报批次", "round"),
    "score": ("分数", "score"),
    "seen": ("所见版本", "seen version"),
    "start": ("起始日期", "first date"),
    "text": ("年度报告", "yearly report"),
    "tie": ("同分处理说明", "how the tie was settled"),
    "tier": ("层级", "tier"),
    "titles": ("称号名单", "list of titles"),
    "value": ("更正后的内容", "corrected value"),
    "words": ("异议内容", "what the objection says"),
    "year": ("年度", "year"),
}

# What a value must be, by the name of its type.
KINDS: Mapping[str, Pair] = {
    "bool": ("是或否（true / false）", "yes or no (true / false)"),
    "date": ("日期，如 2026-03-03", "a date, such as 2026-03-03"),
    "datetime": (
        "带时区的时间，如 2026-03-03T17:30:00+08:00",
        "a time with its zone, such as 2026-03-03T17:30:00+08:00",
    ),
    "dict": ('JSON 对象，如 {"名称": "值"}', 'a JSON object, such as {"name": "value"}'),
    "int": ("整数", "a whole number"),
    "list": ('JSON 列表，如 ["甲", "乙"]', 'a JSON list, such as ["a", "b"]'),
    "str": ("文字", "text"),
}
