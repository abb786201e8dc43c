"""What is said about places that are split, taken back, lent and given back, and about whole lists."""

from collections.abc import Mapping

from models.labels import Pair

LEDGERS: Mapping[str, Pair] = {
    "over_split": (
        "可分配的名额不足：本级{places}个，按{percent}%最多分配{most}个，已分配{allotted}个，还可分配{left}个，本次需要{asked}个。请减少。",
        (
            "Not enough places to split: of {places}, {percent}% ({most}) may be split, {allotted} are already, "
            "{left} are left and {asked} were asked for. Please split fewer."
        ),
    ),
    "not_directly_below": (
        "“{given}”不是{organization}的直接下级，不能向其分配名额。请从直接下级中选择。",
        "“{given}” does not stand right below {organization}. Please choose a union that does.",
    ),
    "not_split": (
        "本级分配给{organization}的名额尚有{given}个，不能收回{asked}个。请减少，或由下达单位收回。",
        "{given} places were split to {organization} from here, so {asked} cannot be taken back. Please take fewer.",
    ),
    "places_in_use": (
        "{organization}只有{left}个[“{pool}”类]名额未用（已用{used}个，占用{reserved}个），不能收回{asked}个。请减少，或待其退回后再收。",
        (
            "Only {left} places[ of “{pool}”] of {organization} are unused ({used} used, {reserved} held), so {asked} "
            "cannot be taken back. Please take fewer, or wait until some are free."
        ),
    ),
    "split_further": (
        "{organization}的{places}个名额中已有{allotted}个分配给下级，减少{asked}个就不够了。请先由其收回下级的名额。",
        (
            "{organization} has split {allotted} of its {places} places among unions below it; with {asked} fewer they "
            "would not suffice. Let it take some back first."
        ),
    ),
    "same_union": (
        "出、入名额的是同一个单位（{given}），请另选单位。",
        "Places would go from {given} to itself. Please choose another union.",
    ),
    "not_beside": (
        "“{given}”与{organization}不属于同一上级，不能互借名额。请在同级单位之间借用，或请上级调剂。",
        "“{given}” does not stand below the same union as {organization}. Borrow from one that does, or ask above.",
    ),
    "free_quota": (
        "{organization}的名额不限，无需借出或借入。",
        "The places of {organization} have no limit, so it neither lends nor borrows.",
    ),
    "nothing_to_lend": (
        "{organization}只有{left}个[“{pool}”类]名额未用（已用{used}个，占用{reserved}个），不能借出{asked}个。请减少。",
        (
            "Only {left} places[ of “{pool}”] of {organization} are unused ({used} used, {reserved} held), so {asked} "
            "cannot be lent. Please lend fewer."
        ),
    ),
    "loan_used": (
        "借入的名额已被占用：{organization}只有{left}个未用（已用{used}个，占用{reserved}个），不能归还{asked}个。请先归还未用的。",
        (
            "The loan is in use: only {left} places of {organization} are unused ({used} used, {reserved} held), so "
            "{asked} cannot be given back. Please give back what is unused."
        ),
    ),
    "loan_closed": (
        "这笔借用的{n}个名额已全部归还，无需再办理。",
        "All {n} places of this loan were given back. Nothing more is to be done.",
    ),
    "loan_smaller": (
        "这笔借用只剩{left}个未还，不能归还{asked}个。请减少。",
        "Only {left} places of this loan are open, so {asked} cannot be given back. Please give fewer.",
    ),
    "below_received": (
        "[{organization}的]名额不能减到{asked}个：其中{received}个由其他工会分配或借给。请由分配或借出的工会收回。",
        (
            "Places[ of {organization}] cannot go down to {asked}: {received} were split or lent to it by other "
            "unions. Let those take them back."
        ),
    ),
    "below_allotted": (
        "[{organization}的]名额不能减到{asked}个：已向下级分配{allotted}个。请先由其收回下级的名额。",
        "Places[ of {organization}] cannot go down to {asked}: {allotted} are split among unions below it.",
    ),
    # Lists given back.
    "not_in_hand": (
        "这些申报已不在本级审核，不能退回下级：{names}。请去掉后重试。",
        "These are not at this desk any more and cannot be sent down: {names}. Please leave them out.",
    ),
    "not_on_list": (
        "“{given}”不在这份名单的正式推荐中，请核对后重试。",
        "“{given}” is not a main name of this list. Please check.",
    ),
    "signed_twice": (
        "签名人“{given}”填写了两次，请只填一次。",
        "“{given}” is among the signatories twice. Please name each once.",
    ),
    # A ranking as text.
    "ranking_line": (
        "第{line}行“{given}”无法识别。请写成“名次 = 受理编号 名称”，得分写在行末的方括号内。",
        "Line {line}, “{given}”, cannot be read. Please write “place = receipt name”, and a score in square brackets.",
    ),
    "ranking_section": (
        "第{line}行没有“{given}”这一部分，请从这些中选择：{known}。",
        "Line {line}: there is no part “{given}”. Please choose one of: {known}.",
    ),
    "ranking_place": (
        "第{line}行没有名次，请在“=”前写上名次（1起）；与上一行并列的可以只写“=”。",
        "Line {line} has no place. Please write one (from 1) before “=”; only a tie with the line before needs none.",
    ),
    "ranking_score": (
        "第{line}行的得分“{given}”应为0到100之间的数，请更正或删去。",
        "Line {line}: the score “{given}” must be a number from 0 to 100. Please correct it or take it out.",
    ),
    "ranking_twice": (
        "第{line}行的受理编号{given}在第{first}行已经有了，请删去一行。",
        "Line {line}: receipt {given} stands in line {first} already. Please take one out.",
    ),
    "ranking_tie": (
        "第{line}行与上一项并列第{place}位，但得分不同或没有得分。请填写相同的得分，或写成不同的名次。",
        "Line {line} ties at place {place} without an equal score. Please give both the same score, or other places.",
    ),
    "ranking_across": (
        "第{line}行的备选排在第{place}位，不在正式推荐的最后一位（第{last}位）之后。请由会议确定先后，改写名次。",
        "Line {line}: a reserve name at place {place} is not behind the last main one ({last}). Please settle it.",
    ),
    "ranking_long": (
        "文字太长（最多{most}字），请分批处理。",
        "The text is too long (at most {most} characters). Please shorten it.",
    ),
    "ranking_unknown": (
        "第{line}行的受理编号{given}不在本级的候选之中，请核对或删去。",
        "Line {line}: receipt {given} is not among the candidates at this desk. Please check it or take it out.",
    ),
}
