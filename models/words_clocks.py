"""What the steps of a sweep are called: in letters, in lists of what was set aside, in counts of a run."""

from models.labels import Pair

STEPS: dict[str, Pair] = {
    "rounds_opened": ("开放批次", "rounds opened"),
    "rounds_closed": ("截止批次", "rounds closed"),
    "hands_emptied": ("收回离任人员的事项", "cases taken back from people who left"),
    "holds_ended": ("挂起期满", "holds ended"),
    "notices_ended": ("公示期满", "public notices ended"),
    "lapsed": ("逾期失效", "lapsed"),
    "passed_over": ("列为未入选", "not selected"),
    "assessments_started": ("启动考核", "assessments begun"),
    "titles_ended": ("称号到期终止", "titles ended"),
    "successions_lapsed": ("逾期未提出接任人选", "successions not proposed in time"),
    "subsidies_opened": ("开放补助", "subsidies opened"),
    "sheets_followed": ("调整评分任务", "scoring duties followed"),
    "dates_recounted": ("重算期限", "dates counted anew"),
    "terms_over": ("任职和限制期满", "seats and bars over"),
    "deadlines_fired": ("到期事项", "deadlines fired"),
    "reminders": ("催办", "reminders"),
    "decisions_due": ("提请研究决定", "decisions made due"),
    "sessions_ended": ("清理会话", "sessions ended"),
    "set_aside": ("搁置", "set aside"),
}


def step_words(step: str) -> Pair:
    """What a step, or a count of a run, is called in Chinese and in English; an unknown one by its own name."""
    return STEPS.get(step, (step, step))
