"""An example of everything a letter may know: for a preview where no letter of its kind has been written."""

from __future__ import annotations

from typing import Any

SAMPLES: dict[str, Any] = {
    # What every letter may know.
    "subject": "林知远劳模创新工作室",
    "receipt": "2026-000017",
    "round": "2026年省级工作室申报",
    "organization": "杭州市总工会",
    "link": "/my-application?id=0190a1b2c3d4",
    "next": "浙江省总工会",
    "other": "西湖区总工会",
    # Moments and days.
    "due_at": "2026-03-20T16:00:00+00:00",
    "before_due_at": "2026-03-18T16:00:00+00:00",
    "answer_due_at": "2026-03-25T09:30:00+00:00",
    "link_ends_at": "2026-03-27T01:30:00+00:00",
    "starts_at": "2026-03-04T01:30:00+00:00",
    "ends_at": "2026-03-10T16:00:00+00:00",
    "first_on": "2026-03-03",
    "last_on": "2026-03-09",
    "left_on": "2026-06-30",
    "report_until_on": "2026-07-30",
    "return_on": "2026-08-20",
    "until_on": "2026-12-31",
    "year": 2026,
    "days": 3,
    "minutes": 8,
    # What was found, said and decided.
    "faults": ["身份证号填写不完整", "缺少获奖证书"],
    "reason": "建室不满两年",
    "question": "是否符合申报条件",
    "words": "请尽快办理",
    "decision": "浙总工发〔2026〕8号",
    "outcome": "dismissed",
    "result": "passed",
    "grade": "qualified",
    "band": "A",
    "task": "acceptance",
    "what": "review",
    "notice": "2026年公示第1号",
    "number": "浙劳创2026-0017",
    "count": 12,
    "rank": 2,
    "score": "90.17",
    "items": ["【通知】申报材料审核通过", "【通知】申报进入公示"],
    # People.
    "who": "王芳",
    "leader": "李娜",
    "email": "lin@xihu.example.cn",
    # Money.
    "fen": 10_000_000,
    "stage": {"zh": "首期补助", "en": "first stage"},
    "voucher": "2026-88",
    # The house.
    "names": "I3 ledger_differs",
    "before": "王志",
    "after": "王志强",
    "letter": {"zh": "申报被退回，请补正", "en": "Application returned for correction"},
    "version": 2,
    "step": {"zh": "发送提醒", "en": "sending reminders"},
    "why": {"zh": "数据库暂时无法使用。", "en": "The database cannot be used at the moment."},
}
