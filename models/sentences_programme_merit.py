"""What the linter says of a programme file's points, records, papers and money, and of its reverse calendar."""

from collections.abc import Mapping

Told = tuple[str, str, str, str]

POINTS: Mapping[str, Told] = {
    "criteria_missing": (
        "要打分，却没有评分项。",
        "Scores are asked for, but there is no criterion.",
        '请补上 scoring.criteria，或写 method = "vote"。',
        'Add scoring.criteria, or write method = "vote".',
    ),
    "marks_of_a_question": (
        "“{given}”只答是与否，写了档次也用不上。",
        "“{given}” is answered by yes or no, so its ranges have no use.",
        "请删去 marks，或改用打分的计分方法。",
        "Leave marks out, or choose a method that takes points.",
    ),
    "weight_missing": (
        "评分项“{given}”没有权重，而别的有。",
        "The criterion “{given}” has no weight, while others have.",
        "请都写权重，或都不写。",
        "Give all of them a weight, or none.",
    ),
    "weights_sum": (
        "权重合计{total}，应为100。",
        "The weights come to {total}, not to 100.",
        "请调整各项 weight。",
        "Change the weights.",
    ),
    "over_most": (
        "{given}不在0到最高分{most}之间，永远达不到。",
        "{given} does not lie between 0 and the highest score {most}.",
        "请核对分数和评分项的 most。",
        "Check it against the criteria's most.",
    ),
    "scale_twice": (
        "有两段都从{given}分开始。",
        "Two ranges begin at {given}.",
        "请只留一段。",
        "Keep one of them.",
    ),
    "scale_order": (
        "分数段次序乱了：{given}排在{before}之后。",
        "The ranges are out of order: {given} comes after {before}.",
        "请从高到低排列。",
        "Order them from the highest down.",
    ),
    "scale_gap": (
        "{given}分以下没有说法。",
        "Scores below {given} have no word.",
        "请加一段 at_least = 0，或确认确实不给更低的分。",
        "Add one with at_least = 0, unless no score is ever lower.",
    ),
    "bands_order": (
        "“{given:Grade}”的分数反而低于“{above:Grade}”。",
        "“{given:Grade}” begins below “{above:Grade}”.",
        "优秀应高于合格，合格应高于整改。",
        "Excellent lies above qualified, qualified above rectify.",
    ),
    "cap_without_band": (
        "限了优秀个数，却没有“优秀”这一段。",
        "There is a cap on excellent, but no such band.",
        '请补上 grade = "excellent"，或删去 excellent_cap。',
        "Add the band, or remove excellent_cap.",
    ),
    "never_passed": (
        "每个分数都是整改，没有人能通过。",
        "Every score means rectification: nobody could pass.",
        "请补上合格的分数段。",
        "Add a band for qualified.",
    ),
    "panel_even": (
        "评审组须为单数，现为{given}人。",
        "The panel must be odd; it has {given}.",
        "请改 size，或写 odd = false。",
        "Change size, or write odd = false.",
    ),
    "panel_without_scoring": (
        "有评审组，却没有⟦scoring⟧。",
        "There is a panel but no scoring.",
        "请补上评分办法，或删去评审组。",
        "Add the scoring, or remove the panel.",
    ),
    "trim_never": (
        "评审组只有{size}人，永远到不了{given}份，不会去掉最高最低分。",
        "The panel of {size} never reaches {given} sheets: nothing is ever trimmed.",
        "请核对 trim_from 和 panel.size。",
        "Check trim_from and panel.size.",
    ),
    "ranks_backwards": (
        "名次从{first}到{last}，前后颠倒。",
        "The ranks run backwards, from {first} to {last}.",
        "请核对 from_rank 和 to_rank。",
        "Check from_rank and to_rank.",
    ),
    "ranks_overlap": (
        "第{given}名已经属于“{other}”。",
        "Rank {given} belongs to “{other}” already.",
        "请使各奖的名次不重叠。",
        "Let the ranks of prizes not overlap.",
    ),
    "ranks_gap": (
        "第{first}至第{last}名没有奖，而后面的有。",
        "Ranks {first} to {last} have no prize, while later ones do.",
        "请核对名次。",
        "Check the ranks.",
    ),
    "team_field_missing": (
        "有团体积分，却不知道看哪一栏分队。",
        "There are team points, but no field names the team.",
        "请补上 contest.team_field。",
        "Add contest.team_field.",
    ),
    "points_rise": (
        "名次越靠后积分反而越高。",
        "A later rank has more points.",
        "请从高到低排列。",
        "Order them from the highest down.",
    ),
}

RECORDS: Mapping[str, Told] = {
    "title_of_nobody": (
        "没有哪个项目授予“{given}”。[您要的是不是“{near}”？]",
        "No programme names “{given}”.[ Did you mean “{near}”?]",
        "请写项目目录或同一文件夹里的项目代码。",
        "Give the code of a programme of the catalogue or of this folder.",
    ),
    "fact_of_nobody": (
        "没有哪个项目会留下“{given}”这种记录，也不在可导入的种类里。[您要的是不是“{near}”？]",
        "No programme leaves a fact “{given}”, nor is it among those brought in.[ Did you mean “{near}”?]",
        "请核对种类的写法，见参考手册的清单。",
        "Check it against the list in the reference.",
    ),
    "amounts_without_field": (
        "“{given}”按答案取数（amounts），却没有写看哪一栏。",
        "“{given}” takes its number from an answer, but names no field.",
        "请补上 field。",
        "Add field.",
    ),
    "field_without_amounts": (
        "“{given}”写了看哪一栏，却没有写每个答案是多少。",
        "“{given}” names a field but no number for its answers.",
        "请补上 amounts，或删去 field。",
        "Add amounts, or remove field.",
    ),
    "amount_twice": (
        "“{given}”既写了 amount 又写了 amounts，只用后者。",
        "“{given}” has both amount and amounts; the latter is used.",
        "请只留一个。",
        "Keep one.",
    ),
}

PAPERS: Mapping[str, Told] = {
    "pattern_long": (
        "文号格式超过{most}个字符。",
        "The pattern has more than {most} characters.",
        "请写短一些。",
        "Make it shorter.",
    ),
    "pattern_invalid": (
        "文号格式“{given}”写法有误（{why}）。",
        "The pattern “{given}” is wrong ({why}).",
        "请参照 ^嘉总工〔\\d⦃4⦄〕\\d+号$ 的写法。",
        "Compare its brackets and signs with the reference's.",
    ),
    "pattern_slow": (
        "文号格式“{given}”里重复套重复，遇到写错的文号会卡住。",
        "The pattern “{given}” repeats a repeat: a mistyped number would keep it busy for ever.",
        "请去掉套在里面的 + 或 *，写明位数。",
        "Remove the inner + or *, and say how many digits there are.",
    ),
    "example_differs": (
        "示例文号“{given}”不符合格式“{pattern}”。",
        "The example “{given}” does not match the pattern “{pattern}”.",
        "请改示例或格式，使两者一致。",
        "Change one of them.",
    ),
    "number_form": (
        "证书编号“{given}”的花括号里只能是 year 和 serial:04d。",
        "In “{given}” only year and serial:04d may stand in curly brackets.",
        '请写成如 "浙劳创⦃year⦄-⦃serial:04d⦄"。',
        'Write it like "⦃year⦄-⦃serial:04d⦄".',
    ),
    "words_empty": (
        "给申报人看的文字是空的（{language}）。",
        "A text that people read is empty ({language}).",
        "请填写中文和英文。",
        "Write it in Chinese and in English.",
    ),
    "words_untranslated": (
        "英文里有中文：“{given}”。",
        "The English text holds Chinese: “{given}”.",
        "请译成英文。",
        "Translate it.",
    ),
}

MONEY: Mapping[str, Told] = {
    "stage_incomplete": (
        "补助“{stage}”由“{trigger}”触发，却没有写“{key}”。",
        "The stage “{stage}” is triggered by “{trigger}” but lacks “{key}”.",
        "请补上“{key}”。",
        "Add “{key}”.",
    ),
    "chapter_missing": (
        "补助“{stage}”要等“{chapter}”的结果，文件里却没有这一段。",
        "The stage “{stage}” waits for “{chapter}”, which the file does not have.",
        "请补上这一段，或改 trigger。",
        "Add that table, or change the trigger.",
    ),
    "key_unused": (
        "“{trigger}”触发的补助用不上“{key}”。",
        "A stage triggered by “{trigger}” does not use “{key}”.",
        "请删去，或改 trigger。",
        "Remove it, or change the trigger.",
    ),
    "band_unknown": (
        "验收没有“{given}”这一档。[您要的是不是“{near}”？]",
        "The acceptance has no band “{given}”.[ Did you mean “{near}”?]",
        "[可用：{known}；]请与 acceptance.bands 的 name 一致。",
        "[There are: {known}. ]Use a name of acceptance.bands.",
    ),
    "amount_wrong": (
        "补助金额{given}不是正数。",
        "The amount {given} is not above 0.",
        "请写以元为单位的正整数。",
        "Give whole yuan above 0.",
    ),
    "grade_never": (
        "补助“{stage}”要求考核合格，文件里却没有任何考核。",
        "The stage “{stage}” needs a passed grade, but nothing is ever assessed.",
        "请补上考核，或删去 needs_grade。",
        "Add an assessment, or remove needs_grade.",
    ),
}

PLAN: Mapping[str, Told] = {
    "close_before_opening": (
        "最迟{day}就要截止申报，而申报{opens}才开始。",
        "Filing would have to close by {day}, but opens on {opens}.",
        "请推后决定日，或提前开始申报。",
        "Decide later, or open earlier.",
    ),
    "already_past": (
        "最迟日期{day}已经过去，今天是{today}。",
        "The latest day {day} is past; today is {today}.",
        "请推后决定日，或减少各级天数。",
        "Decide later, or give the tiers fewer days.",
    ),
    "cut_off_too_late": (
        "本级截止日是{cut_off}，而最迟{day}就要上报。",
        "This tier's cut-off is {cut_off}, but its list is needed by {day}.",
        "请推后决定日，或提前截止日。",
        "Decide later, or put the cut-off earlier.",
    ),
    "lead_too_short": (
        "今天到截止只有{left}天，至少要提前{lead}天通知。",
        "Only {left} days are left until filing closes; the programme gives {lead} at least.",
        "请推后决定日。",
        "Decide later.",
    ),
    "outside_approval": (
        "申报开始日{opens}不在批准期内（{start}至{until}）。",
        "Filing opens on {opens}, outside the approval ({start} to {until}).",
        "请核对批准文件的期限。",
        "Check the approval's days.",
    ),
}

MERIT: Mapping[str, Told] = {**POINTS, **RECORDS, **PAPERS, **MONEY, **PLAN}
