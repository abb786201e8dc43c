"""What the doctor and the proof of the journal find amiss: names of `Violation` and of `Fault`."""

from collections.abc import Mapping

from models.labels import Pair

FINDINGS: Mapping[str, Pair] = {
    "index_differs": (
        "{subject}在查询索引中的内容或可见范围与申报不一致[（{detail:whole}）]。",
        "the search index does not hold {subject} as it is now[ ({detail:whole})].",
    ),
    "reach_differs": (
        "{subject}在查询索引中的可见范围有误[（{detail:whole}）]。",
        "the search index shows {subject} to others than it should[ ({detail:whole})].",
    ),
    "rung_differs": (
        "{subject}在统计中所计的层级与其所到之处不符[（{detail:whole}）]。",
        "figures count {subject} at another tier than it came to[ ({detail:whole})].",
    ),
    "words_differ": (
        "{subject}在查询索引中的次数不符[（{detail:whole}）]。",
        "the search index counts {subject} wrongly[ ({detail:whole})].",
    ),
    "seal_missing": (
        "{subject}的防改保护不见了，内容可能已被改动[（{detail:whole}）]。",
        "the seal of {subject} is gone, so it may have been changed[ ({detail:whole})].",
    ),
    "unreadable": (
        "{subject}的办理记录有无法读取的内容，其后的未能核对[（{detail:whole}）]。",
        "events of {subject} cannot be read; the rest is unchecked[ ({detail:whole})].",
    ),
    "edited": (
        "{subject}的办理记录被改动过[（{detail:whole}）]。",
        "an event of {subject} was edited[ ({detail:whole})].",
    ),
    "gap": (
        "{subject}的办理记录不连续[（{detail:whole}）]。",
        "events of {subject} are missing or repeated[ ({detail:whole})].",
    ),
    "broken_link": (
        "{subject}的办理记录前后接不上[（{detail:whole}）]。",
        "an event of {subject} does not follow from the one before[ ({detail:whole})].",
    ),
    "broken_path": (
        "{subject}的办理记录前后状态不符[（{detail:whole}）]。",
        "an event of {subject} starts from another state[ ({detail:whole})].",
    ),
    "row_missing": (
        "有办理记录，但{subject}本身不见了[（{detail:whole}）]。",
        "there are events, but {subject} itself is gone[ ({detail:whole})].",
    ),
    "tail_cut": (
        "{subject}最后的办理记录被删除[（{detail:whole}）]。",
        "the last events of {subject} were cut off[ ({detail:whole})].",
    ),
    "row_behind": (
        "{subject}的版本比办理记录旧[（{detail:whole}）]。",
        "{subject} is older than its events[ ({detail:whole})].",
    ),
    "row_head": (
        "{subject}与最后一条办理记录不符[（{detail:whole}）]。",
        "{subject} does not match its last event[ ({detail:whole})].",
    ),
    "row_state": (
        "{subject}的状态未经办理就被改动[（{detail:whole}）]。",
        "the state of {subject} was changed without an event[ ({detail:whole})].",
    ),
    "events_missing": (
        "{subject}没有任何办理记录[（{detail:whole}）]。",
        "no event tells of {subject}[ ({detail:whole})].",
    ),
    "event_missing": (
        "{subject}有一条办理记录不见了[（{detail:whole}）]。",
        "an event of {subject} is gone[ ({detail:whole})].",
    ),
    "events_fewer": (
        "办理记录的总数比检查点少[（{detail:whole}）]。",
        "there are fewer events than the checkpoints counted[ ({detail:whole})].",
    ),
    "checkpoint_edited": (
        "检查点文件被改动过或次序不对[（{detail:whole}）]。",
        "the checkpoint file was edited or is out of order[ ({detail:whole})].",
    ),
    "checkpoint_differs": (
        "{subject}的办理记录与检查点不符[（{detail:whole}）]。",
        "events of {subject} differ from the checkpoint[ ({detail:whole})].",
    ),
    "content_lost": (
        "{subject}的内容与提交时不一致[（{detail:whole}）]。",
        "{subject} is not what was handed in[ ({detail:whole})].",
    ),
    "not_a_deputy": (
        "{subject}有以他人名义办理的记录，但当时没有代理关系[（{detail:whole}）]。",
        "{subject} has an act in somebody's name without a deputyship then[ ({detail:whole})].",
    ),
    "empty_hands": (
        "{subject}的经办人已不在该岗位[（{detail:whole}）]。",
        "{subject} is in the hands of somebody without a seat there[ ({detail:whole})].",
    ),
    "held_without_date": (
        "{subject}已挂起，但没有到期日[（{detail:whole}）]。",
        "{subject} is on hold without a day on which that ends[ ({detail:whole})].",
    ),
    "countersign_left": (
        "{subject}已离开本级，会签却仍未结束[（{detail:whole}）]。",
        "{subject} has left its desk, and its countersign is still open[ ({detail:whole})].",
    ),
    "ledger_differs": (
        "{subject}的数目与名额账不符[（{detail:whole}）]。",
        "{subject} does not add up to its ledger[ ({detail:whole})].",
    ),
    "over_quota": (
        "{subject}超出名额[（{detail:whole}）]。",
        "{subject} is overstepped[ ({detail:whole})].",
    ),
    "split_differs": (
        "{subject}已分配的数目与下级收到的不符[（{detail:whole}）]。",
        "{subject} has not split what those below received[ ({detail:whole})].",
    ),
    "over_split": (
        "{subject}分配给下级的超过规定比例[（{detail:whole}）]。",
        "{subject} has split more than its programme allows[ ({detail:whole})].",
    ),
    "loan_differs": (
        "{subject}的借出与借入不符[（{detail:whole}）]。",
        "{subject} differs from the other side of its loans[ ({detail:whole})].",
    ),
    "places_differ": (
        "{subject}与名单占用的名额不一致[（{detail:whole}）]。",
        "{subject} differs from the places its slates hold[ ({detail:whole})].",
    ),
    "own_case": (
        "{subject}由本人或本单位的人办理，没有回避[（{detail:whole}）]。",
        "{subject} was acted on by its own people[ ({detail:whole})].",
    ),
    "not_their_desk": (
        "{subject}由无权办理的人办理[（{detail:whole}）]。",
        "{subject} was acted on by somebody without the seat for it[ ({detail:whole})].",
    ),
    "events_differ": (
        "{subject}的版本或状态与办理记录不符[（{detail:whole}）]。",
        "version or state of {subject} differs from its events[ ({detail:whole})].",
    ),
    "not_in_chart": (
        "{subject}走了流程图中没有的一步[（{detail:whole}）]。",
        "{subject} took a step that its chart does not have[ ({detail:whole})].",
    ),
    "versions_differ": (
        "{subject}的版本号有重复或缺失[（{detail:whole}）]。",
        "versions of {subject} are repeated or missing[ ({detail:whole})].",
    ),
    "ranks_broken": (
        "{subject}的名次不连续，或备选排在正式推荐之前[（{detail:whole}）]。",
        "ranks of {subject} have gaps, or reserve names stand before main ones[ ({detail:whole})].",
    ),
    "notice_short": (
        "{subject}的公示期不足[（{detail:whole}）]。",
        "{subject} was shorter than it had to be[ ({detail:whole})].",
    ),
    "list_changed": (
        "{subject}公布后内容被改动[（{detail:whole}）]。",
        "the list of {subject} was changed after it was published[ ({detail:whole})].",
    ),
    "annex_differs": (
        "{subject}的名单与称号不一致[（{detail:whole}）]。",
        "the list of {subject} differs from its titles[ ({detail:whole})].",
    ),
    "objection_open": (
        "{subject}已命名，但异议还没有处理[（{detail:whole}）]。",
        "{subject} was named with an objection open[ ({detail:whole})].",
    ),
    "named_without_notice": (
        "{subject}未经期满的公示就被命名[（{detail:whole}）]。",
        "{subject} was named without a finished public notice[ ({detail:whole})].",
    ),
    "named_without_title": (
        "{subject}已命名，但没有称号[（{detail:whole}）]。",
        "{subject} is named but has no title[ ({detail:whole})].",
    ),
    "dates_differ": (
        "{subject}显示的期限与期限记录不一致（{detail}）。",
        "{subject} shows another date than its deadline has ({detail}).",
    ),
    "waits_without_due_date": (
        "{subject}在等候办理，但没有期限[（{detail:whole}）]。",
        "{subject} waits without a due date[ ({detail:whole})].",
    ),
    "letter_two_fates": (
        "{subject}既已送达又被放弃[（{detail:whole}）]。",
        "{subject} is both sent and given up[ ({detail:whole})].",
    ),
    "letter_to_nobody": (
        "{subject}的收件人不存在[（{detail:whole}）]。",
        "{subject} is addressed to nobody[ ({detail:whole})].",
    ),
    "attachment_ownerless": (
        "{subject}不属于任何申报[（{detail:whole}）]。",
        "{subject} belongs to no application[ ({detail:whole})].",
    ),
    "file_missing": (
        "{subject}的文件在服务器上找不到[（{detail:whole}）]。",
        "the file of {subject} is gone from the server[ ({detail:whole})].",
    ),
    "file_changed": (
        "{subject}的文件被改动过[（{detail:whole}）]。",
        "the file of {subject} was changed[ ({detail:whole})].",
    ),
    "file_orphaned": (
        "{subject}没有任何附件用到[（{detail:whole}）]。",
        "{subject} belongs to no attachment[ ({detail:whole})].",
    ),
    "paid_twice": (
        "{subject}的同一期补助不止一笔[（{detail:whole}）]。",
        "{subject} has one stage of its money more than once[ ({detail:whole})].",
    ),
    "payee_changed": (
        "{subject}的收款信息与申请时不同[（{detail:whole}）]。",
        "{subject} is to be paid elsewhere than was asked for[ ({detail:whole})].",
    ),
    "paid_otherwise": (
        "{subject}的金额或凭证与办理记录不符[（{detail:whole}）]。",
        "the sum or voucher of {subject} is not what its events tell[ ({detail:whole})].",
    ),
    "one_hand": (
        "{subject}由同一人核准并拨付[（{detail:whole}）]。",
        "{subject} was approved and paid by one person[ ({detail:whole})].",
    ),
    "panel_differs": (
        "{subject}与按所记种子重抽的结果不符[（{detail:whole}）]。",
        "{subject} is not what the recorded draw gives[ ({detail:whole})].",
    ),
    "assigned_stranger": (
        "{subject}分派给了评审组以外的人[（{detail:whole}）]。",
        "{subject} went to somebody who is not on the panel[ ({detail:whole})].",
    ),
    "judge_conflicts": (
        "{subject}由应当回避的评委评审[（{detail:whole}）]。",
        "{subject} has a judge who must stand back from it[ ({detail:whole})].",
    ),
    "judge_overloaded": (
        "{subject}分到的申报超过上限[（{detail:whole}）]。",
        "{subject} has more cases than the limits allow[ ({detail:whole})].",
    ),
    "spent_too_much": (
        "{subject}报告的支出超过拨付金额[（{detail:whole}）]。",
        "more of {subject} is accounted for than was paid[ ({detail:whole})].",
    ),
}
