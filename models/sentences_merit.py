"""What is said about screening, judges' sheets, visits, ties and contests."""

from collections.abc import Mapping

from models.labels import Pair

MERITS: Mapping[str, Pair] = {
    # Screening.
    "no_screening": (
        "本项目不征求部门意见，无需办理。",
        "This programme asks no departments. Nothing is to be done.",
    ),
    "other_rung": (
        "“{act:Act}”应在“{rung:Rung}”这一级办理，申报现在“{here:Rung}”。请由该级办理。",
        "“{act:Act}” belongs to another tier ({rung:Rung}); the application is at: {here:Rung}. Leave it to that tier.",
    ),
    "nothing_to_consult": (
        "没有需要征求意见的申报，应征求的部门都已发函。请核对名单。",
        "There is nobody left to consult: every department concerned was asked. Please check the list.",
    ),
    "unknown_department": (
        "没有“{given}”这个部门。可填：{known}。",
        "There is no department “{given}”. Known are: {known}.",
    ),
    "not_consulted": (
        "还没有就申报{receipt}征求“{department}”的意见，请先征求意见。",
        "“{department}” was not asked about application {receipt} yet. Please consult it first.",
    ),
    "replied_already": (
        "“{department}”对申报{receipt}的意见已于{at}登记，不能更改。",
        "What “{department}” said of application {receipt} was entered at {at} and cannot be changed.",
    ),
    "not_screened": (
        "有{count}项申报的征求意见尚未回复完毕（{receipts}），未回复的部门：{departments}。未回复不视为同意，请催办。",
        (
            "{count} applications still await a department's reply ({receipts}); not answered yet: {departments}. "
            "Silence is no consent: please ask again."
        ),
    ),
    "vetoed": (
        "征求意见未通过。",
        "The opinions asked of other departments did not allow it.",
    ),
    # Sheets.
    "no_scoring": (
        "本项目不评分，请直接排序。",
        "This programme has no scoring. Please rank the applications.",
    ),
    "recused": (
        "您与申报单位有利害关系或已回避，不能评审这份申报[（{receipt}）]。请由其他评委评审。",
        "You must stand back from this application[ ({receipt})], or have done so. Another judge scores it.",
    ),
    "sheet_exists": (
        "您对申报{receipt}已评过分，评分表不能更改。",
        "You have scored application {receipt} already, and a sheet is never changed.",
    ),
    "judge_full": (
        "每位评委最多评审{most}项，您已评满。请由其他评委评审。",
        "A judge takes at most {most} cases, and you have them. Another judge scores this one.",
    ),
    "not_declared": (
        "本项目的回避不由评委自行提出，请联系评审组织单位办理。",
        "In this programme judges do not declare a recusal themselves. Please ask the office that holds the panel.",
    ),
    "points_missing": (
        "“{field}”没有评分，请填写。",
        "“{field}” has no points. Please fill it in.",
    ),
    "points_unreadable": (
        "“{field}”的评分“{given}”不是数字，请改正。",
        "The points “{given}” of “{field}” are no number. Please correct them.",
    ),
    "points_over": (
        "“{field}”的评分应在0至{most}之间，现为{given}。请改正。",
        "The points of “{field}” must lie between 0 and {most}; given: {given}. Please correct them.",
    ),
    "points_step": (
        "“{field}”的评分应为{step}的整倍数，现为{given}。请改正。",
        "The points of “{field}” go in steps of {step}; given: {given}. Please correct them.",
    ),
    "sheets_differ": (
        "申报{receipt}的分数应为评分表的结果{score}，不是{given}。请改正，或不填分数。",
        "The sheets of application {receipt} come to {score}, not {given}. Correct the score, or leave it out.",
    ),
    "score_moved": (
        "排序之后，{count}项申报（{receipts}）的评分有变动。请重新排序。",
        "Since the ranking the scores of {count} applications have changed ({receipts}). Please rank them again.",
    ),
    "unscored": (
        "有{count}项申报（{receipts}）还没有评分。请先评分，或从名单中去掉。",
        "{count} applications ({receipts}) have no score yet. Have them scored, or take them off the list.",
    ),
    "panel_incomplete": (
        "有{count}项申报（{receipts}）的评分表不足{size}份。请等评委评完。",
        "{count} applications ({receipts}) have fewer than the {size} sheets needed. Wait for the judges.",
    ),
    "panel_even": (
        "有{count}项申报（{receipts}）的评委人数为偶数，应为奇数（{size}人以上）。请增加一位评委。",
        "{count} applications ({receipts}) had an even number of judges; it must be odd, {size} or more. Add one.",
    ),
    "below_pass_mark": (
        "有{count}项申报（{receipts}）未达到{mark}的标准，不能列入名单。请去掉。",
        "{count} applications ({receipts}) are below the mark of {mark} and cannot be listed. Take them off.",
    ),
    # Visits and pitches.
    "no_visit": (
        "本项目不安排“{kind:InspectionKind}”，无需登记。",
        "This programme has none of this kind ({kind:InspectionKind}). Nothing is to be entered.",
    ),
    "held_ahead": (
        "日期{given}还没有到，请在举行之后登记。",
        "The day {given} is yet to come. Please enter it once it was held.",
    ),
    "not_visited": (
        "有{count}项申报（{receipts}）还没有实地考察。请先考察并登记。",
        "{count} applications ({receipts}) were not visited yet. Please visit them and enter it first.",
    ),
    "not_pitched": (
        "有{count}项申报（{receipts}）还没有现场答辩。请先组织答辩并登记。",
        "{count} applications ({receipts}) held no pitch yet. Please hold it and enter it first.",
    ),
    # Ties.
    "equal_ranks": (
        "第{first}至第{last}名并列，名额还剩{left}个，够全部列入正式推荐，不能只取到第{line}名。",
        (
            "Places {first} to {last} are of equal rank, and the {left} places left are enough for all of them: "
            "list them all, not only up to place {line}."
        ),
    ),
    # Contests.
    "no_contest": (
        "本项目不是竞赛，没有成绩可以公布。",
        "This programme is no contest: there are no scores to announce.",
    ),
    "too_few": (
        "参赛并有成绩的只有{count}项，不足{minimum}项，本项比赛取消。",
        "Only {count} competed, fewer than the {minimum} needed: the event is cancelled.",
    ),
    "announced_already": (
        "成绩已经公布（申诉至{ends_at}），不能再改动。如有申诉成立，裁决后可重新评分和公布。",
        "The scores are announced (appeals until {ends_at}) and stand, unless an appeal against them is accepted.",
    ),
    "announced_meanwhile": (
        "成绩已由他人公布（第{version}次）。请刷新后再办理。",
        "Somebody has announced the scores meanwhile (number {version}). Please reload.",
    ),
    "not_announced": (
        "成绩还没有公布，请在公布之后办理。",
        "The scores are not announced yet. Please come back once they are.",
    ),
    "announce_again": (
        "有申诉成立，成绩须重新公布后才能继续。",
        "An appeal was accepted: the scores must be announced again first.",
    ),
    "announced_otherwise": (
        "名单上的分数与公布的成绩不一致。请撤回名单，重新排序。",
        "The scores on the slate are not those announced. Please recall it and rank again.",
    ),
    "appeals_running": (
        "申诉时间到{ends_at}为止，成绩尚未确定。请在期满后办理。",
        "Appeals may be filed until {ends_at}, so the scores are provisional. Please come back after that.",
    ),
    "appeal_pending": (
        "还有申诉没有裁决，请先裁决。",
        "An appeal is still open. Please rule on it first.",
    ),
    "appeal_over": (
        "申诉时间已于{ends_at}截止，不再受理。",
        "Appeals could be filed until {ends_at}. This one comes too late.",
    ),
    "appeal_open": (
        "申报{receipt}的申诉正在处理，请等待裁决。",
        "The appeal of application {receipt} is being looked at. Please wait for the ruling.",
    ),
    "appeal_ruled": (
        "申报{receipt}的申诉已经裁决，裁决是最终的。",
        "The appeal of application {receipt} was ruled on, and the ruling is final.",
    ),
}
