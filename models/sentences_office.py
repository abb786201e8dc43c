"""What is said about cases in somebody's hands, deputies, countersigning, holds and reminders."""

from collections.abc import Mapping

from models.labels import Pair

OFFICES: Mapping[str, Pair] = {
    # In whose hands.
    "in_other_hands": (
        "这份申报由[{who}]专人经办，其他人员不能办理。如须改由他人办理，请经办人或管理员转办。",
        "This case is in the hands of[ {who}] one colleague. They or an administrator can transfer it.",
    ),
    "with_them_already": (
        "这份申报已由{name}经办，无需再转。",
        "This case is with {name} already. Nothing needs to be done.",
    ),
    "not_a_colleague": (
        "{name}不在[{organization}]这个岗位任职，不能接办。请选择在岗人员。",
        "{name} does not sit at this desk[ ({organization})]. Please choose somebody who does.",
    ),
    "handlers_own_case": (
        "{name}与这份申报有利害关系，应当回避。请另选他人。",
        "{name} is related to this case and must stand back. Please choose somebody else.",
    ),
    "delegated_on": (
        "这份申报是别人委派办理的，不能再转出。请由委派人收回后再办。",
        "This case was delegated, so it goes no further. Whoever delegated it can take it back.",
    ),
    "not_delegator": (
        "只有委派人（或其代理人）可以收回这份申报。",
        "Only whoever delegated this case, or their deputy, may take it back.",
    ),
    # Holds.
    "on_hold": (
        "这份申报已挂起，暂不办理。请先恢复办理。",
        "This case is on hold. Please take it up again first.",
    ),
    "not_on_hold": (
        "申报{receipt}没有挂起，无需恢复。请刷新。",
        "Application {receipt} is not on hold. Please refresh.",
    ),
    "hold_over": (
        "挂起的截止日期（{given}）须在今天之后，请重新选择。",
        "A hold must last beyond today; given: {given}. Please choose another day.",
    ),
    "hold_past_cut_off": (
        "挂起不能超过本级截止时间（{due_at}）。请选择更早的日期，或先申请延长截止时间。",
        "A hold cannot outlast this tier's cut-off ({due_at}). Choose an earlier day, or have the cut-off extended.",
    ),
    "hold_past_round": (
        "挂起不能超过本批次的结束时间（{ends_at}）。请选择更早的日期。",
        "A hold cannot outlast the round, which ends on {ends_at}. Please choose an earlier day.",
    ),
    "on_a_list": (
        "申报{receipt}已列入推荐名单。请先从名单中移出，再挂起。",
        "Application {receipt} stands on a list. Please take it off before putting it on hold.",
    ),
    "no_term_to_hold": (
        "申报{receipt}目前没有审核期限，不能挂起。",
        "No review term runs for application {receipt}, so there is nothing to hold. Refresh to see what is due.",
    ),
    # Countersigning.
    "countersign_open": (
        "申报{receipt}正在会签（截止{due_at}），会签有结论或终止后才能办理。",
        "Application {receipt} is being countersigned until {due_at}. Wait for the outcome, or call it off.",
    ),
    "countersign_failed": (
        "申报{receipt}的会签未通过，不能审核通过。可以退回、不予受理，或说明理由再次会签。",
        "The countersign of application {receipt} failed. Return it, refuse it, or open another with a reason.",
    ),
    "no_countersign": (
        "申报{receipt}目前没有进行中的会签。请刷新后查看。",
        "No countersign is open for application {receipt}. Please refresh and look.",
    ),
    "signers_missing": (
        "会签至少要有一名会签人，请先选择会签人。",
        "A countersign needs one signer at least. Please name one.",
    ),
    "signer_twice": (
        "同一人只能会签一次（{given}），请删去重复的人员。",
        "Everybody signs once; {given} is named twice. Please take one out.",
    ),
    "percent": (
        "按比例会签须填1至100的百分数，现为“{given}”。请改正。",
        "A ratio is a percentage from 1 to 100; given: “{given}”. Please correct it.",
    ),
    "countersign_days": (
        "会签期限为1至{most}个工作日，会签人最多{signers}名。请改正。",
        "A countersign has 1 to {most} working days and at most {signers} signers. Please correct it.",
    ),
    "not_a_signer": (
        "不是这次会签的会签人。请刷新后查看名单。",
        "Not a signer of this countersign. Please refresh and look at the list.",
    ),
    "signed_already": (
        "已经签署过意见。每人只签一次，代他人签署也算一次；已签署的不能减签。",
        "This hand has signed already. Everybody signs once, for others too, and a vote once given stays.",
    ),
    "not_the_opener": (
        "这次会签由{name}发起，请由其本人（或代理人）加签、减签。",
        "{name} opened this countersign. Ask them or their deputy to add or drop signers.",
    ),
    "may_not_see": (
        "{name}无权查看这份申报，不能会签或抄送。请另选他人。",
        "{name} may not see this case, so it cannot be sent to them. Please choose somebody else.",
    ),
    # Deputies.
    "own_deputy": (
        "不能指定本人（{given}）为自己的代理人，请另选他人。",
        "Nobody is their own deputy ({given}). Please choose somebody else.",
    ),
    "not_lendable": (
        "“{role:Role}”这一岗位不能代理：评分须本人进行，管理员请另行任命。",
        "A seat as {role:Role} cannot be stood in for. Judges score themselves; appoint another administrator.",
    ),
    "no_such_seat": (
        "{name}在{organization}没有“{role:Role}”的任职，不能指定代理。请核对岗位。",
        "{name} holds no seat as {role:Role} at {organization}. Please check the seat.",
    ),
    "deputy_overlaps": (
        "{name}在这段时间已有代理人（至{until}）。请先解除，或改用其他时间。",
        "{name} has a deputy already in that time, until {until}. Relieve that one first, or choose another time.",
    ),
    "deputy_chain": (
        "代理不能再转代理：{name}与{other}在这段时间内已有代理关系。请另选他人。",
        "A deputy has no deputy: {name} or {other} is in another such relation then. Please choose somebody else.",
    ),
    "deputy_over": (
        "这项代理已经结束，无需再解除。",
        "This deputyship is over already. Nothing needs to be done.",
    ),
    # Reminders and copies.
    "chased_already": (
        "申报{receipt}已于{at}催办过，每{days}个工作日可催办一次，下次可于{next_at}后催办。",
        (
            "A reminder about application {receipt} was sent on {at}. There is one in {days} working days; "
            "the next is possible from {next_at}."
        ),
    ),
    "nobody_to_chase": (
        "申报{receipt}现为“{state}”，目前没有经办单位，不能催办。请刷新查看进展。",
        "Application {receipt} is “{state}” and at no desk, so there is nobody to remind. Refresh to see where it is.",
    ),
    "not_a_chaser": (
        "只有申报单位、上级审核单位或上级管理员可以催办。",
        "Only the applying unit, an upper tier or an administrator above may send a reminder.",
    ),
    "copies": (
        "抄送须有1至{most}名收件人，请改正。",
        "A copy goes to 1 to {most} people. Please correct the list.",
    ),
    # Handing over.
    "heir_missing": (
        "有{count}件在办申报没有指定接办人，请为各批次指定接办人。",
        "Nobody is named to take over {count} of the cases. Please name somebody for every round.",
    ),
    "nothing_to_hand_over": (
        "{name}在{organization}没有在办事项，无需移交。",
        "{name} has nothing in hand at {organization}. Nothing needs to be handed over.",
    ),
    # Questions to the office.
    "questions_open": (
        "这份申报已有{most}个问题等待答复，请待答复后再提问。",
        "{most} questions about this application wait for their answers. Please ask again after one is answered.",
    ),
    "question_answered": (
        "这个问题已于{at}答复[：“{answer}”]，无需再答。",
        "This question was answered on {at}[: “{answer}”]. Nothing more is to be done.",
    ),
}
