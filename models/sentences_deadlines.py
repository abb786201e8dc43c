"""What is said about due dates: putting them off, and the calendar they are counted by."""

from collections.abc import Mapping

from models.labels import Pair

DEADLINES: Mapping[str, Pair] = {
    "not_postponable": (
        (
            "“{kind:DeadlineKind}”不能用“顺延”改期：公示和申诉期只按规则计算，异议核查请用“延长核查”，"
            "本级截止请用“延长截止”，挂起请先恢复办理。"
        ),
        (
            "“{kind:DeadlineKind}” cannot be put off by hand. Notices and appeals run by the rules; an inquiry is "
            "extended at the objection, a cut-off at the round, and a hold is ended first."
        ),
    ),
    "deadline_closed": (
        "“{kind:DeadlineKind}”已办结或已改由其他环节办理，无需顺延。请刷新。",
        "“{kind:DeadlineKind}” is no longer due. Please refresh.",
    ),
    "due_moved": (
        "办理期限已变为{due_at}，不再是您看到的{seen}。请刷新后再定。",
        "The date is {due_at} by now, not {seen} as you saw it. Please refresh and decide anew.",
    ),
    "own_promise": (
        "本单位自己的办理期限不能由本单位顺延。确有需要，请报上级工会办理。",
        "An office does not put off what it owes itself. Please ask the union above you.",
    ),
    "not_above": (
        "只有下达任务的工会及其上级可以顺延这项期限。",
        "Only the union this is owed to, or one above it, may put this date off.",
    ),
    "postpone_backwards": (
        "新的日期（{given}）须晚于原期限（{due_at}）和今天。请重新选择。",
        "The new day ({given}) must be later than the old date ({due_at}) and than today. Please choose another.",
    ),
    "postpone_day_off": (
        "{given}是休息日，请选择工作日，例如{next}。",
        "{given} is a day off. Please choose a working day, such as {next}.",
    ),
    "postpone_past_cut_off": (
        "办理期限不能超过本级截止时间（{due_at}）。请选择更早的日期，或先延长截止时间。",
        "A date cannot outlast the tier's cut-off ({due_at}). Choose an earlier day, or have the cut-off extended.",
    ),
    "postpone_past_round": (
        "办理期限不能超过本批次的结束时间（{ends_at}）。请选择更早的日期。",
        "A date cannot outlast the round, which ends on {ends_at}. Please choose an earlier day.",
    ),
    "calendar_file_invalid": (
        "工作日历文件[{file:whole}][第{line}行]有误：“{field:name}”应为{expected}，现为“{value}”。请改正该文件，系统会自动重新读取。",
        (
            "The calendar file[ {file:whole}] is wrong[ in line {line}] at “{field:name}”: expected {expected}, found "
            "“{value}”. Please correct it; it is read anew by itself."
        ),
    ),
    "calendar_file_missing": (
        "读不到工作日历文件{file:whole}（{value}）。请检查SHENBAO_CALENDAR_FILE的路径和文件权限；不用修正文件时，请删去这项设置。",
        (
            "The calendar file {file:whole} cannot be read ({value}). Check the path in SHENBAO_CALENDAR_FILE and the "
            "file's rights, or remove the setting if there is no such file."
        ),
    ),
    "calendar_file_year": (
        (
            "工作日历文件[{file:whole}]写明{value}年的放假安排已公布，却没有列出{value}年的任何一天，可能用错了年份的文件。"
            "请补上该年的调休上班日和休息日，或改回known_through。"
        ),
        (
            "The calendar file[ {file:whole}] says that {value} is known, but lists no day of {value}: it may be the "
            "file of another year. Add that year's days, or set known_through back."
        ),
    ),
    "calendar_year_unknown": (
        (
            "{year}年的放假安排尚未录入（现有安排到{known}年为止），所有期限均为暂定。"
            "请升级程序，或在工作日历文件（{file:whole}）中补上{year}年。"
        ),
        (
            "The days off of {year} are not known here (known up to {known}), so every date is provisional. Upgrade "
            "the program, or add {year} to the calendar file ({file:whole})."
        ),
    ),
}
