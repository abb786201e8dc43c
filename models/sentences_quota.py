"""What is said about composition, pools, places per unit, formulas and awards beyond the quota."""

from collections.abc import Mapping

from models.labels import Pair

QUOTAS: Mapping[str, Pair] = {
    "composition": ("名单结构不符合要求，请调整后再确认：", "The list is not made up as required. Please change it:"),
    "composition_floor": (
        (
            "{label}：正式推荐{of}个，其中{have}个，应不少于{need}个（{percent}%，向上取整）。"
            "换入{swap}个即可[；如不换人，须再增加{more}个]。"
        ),
        (
            "{label}: {have} of {of} main names, at least {need} needed ({percent}%, rounded up). "
            "Exchange {swap}[, or add {more} without taking any off]."
        ),
    ),
    "composition_ceiling": (
        (
            "{label}：正式推荐{of}个，其中{have}个，应不超过{need}个（{percent}%，向下取整）。"
            "换出{swap}个即可[；如不补人，须减少{more}个]。"
        ),
        (
            "{label}: {have} of {of} main names, at most {need} allowed ({percent}%, rounded down). "
            "Exchange {swap}[, or take {more} off without replacing any]."
        ),
    ),
    "unit_places": (
        "{organization:whole}在名单中有{have}个正式推荐，每个单位最多{most}个。请减少或改列备选。",
        (
            "{organization:whole} has {have} main names on the list; a unit may have at most {most}. "
            "Please list fewer, or move some to the reserve."
        ),
    ),
    "outside_full": (
        "名额外奖项“{award}”最多{most}个，现为{asked}个。请减少。",
        "At most {most} may have the award “{award}” beyond the quota, and there are {asked}. Please list fewer.",
    ),
    "outside_unknown": (
        "本项目没有名额外奖项“{given}”[，可用的有：{known}]。请核对后重试。",
        "This programme has no award “{given}” beyond the quota[; it has: {known}]. Please check.",
    ),
    "outside_reserve": (
        "备选不能同时列为名额外奖项“{given}”，请列入正式名单。",
        "A reserve name cannot have the award “{given}” beyond the quota. Please put it on the main list.",
    ),
    "unknown_pool": (
        "本项目没有“{given}”这一类名额[，可用的有：{known}]。请核对后重试。",
        "This programme has no pool of places “{given}”[; it has: {known}]. Please check.",
    ),
    "pool_changed": (
        "“{field}”决定所占的名额类别[（原为“{was}”）][，改后为“{pool}”]，下级已按原类别推荐，不能更改。请改回，或撤回后重新申报。",
        (
            "“{field}” decides which places are used[ (so far: {was})][; now it would be: {pool}]. A tier has already "
            "recommended by it, so it cannot change. Change it back, or withdraw and apply again."
        ),
    ),
    "minimum_kind": (
        "“{kind:QuotaKind}”没有最少数。请把最少名额设为0，或改用“区间名额”或“不少于”。",
        "Places of the kind “{kind:QuotaKind}” have no minimum. Set it to 0, or choose a range or “at least”.",
    ),
    "no_formula": (
        "本项目没有规定分配公式，请逐个下达名额。",
        "This programme has no formula for sharing out places. Please issue them one by one.",
    ),
    "factor_missing": (
        "{organization}缺少“{factor}”的数值。请补全后重试。",
        "The number of “{factor}” is missing for {organization}. Please add it.",
    ),
    "factor_unknown": (
        "公式中没有“{given}”这一项[，可用的有：{known}]。请核对后重试。",
        "The formula has no factor “{given}”[; it has: {known}]. Please check.",
    ),
    "factor_number": (
        "{organization}的“{factor}”为“{given}”，应为不小于0的数。请更正。",
        "“{factor}” of {organization} is “{given}”, and must be a number of 0 or more. Please correct it.",
    ),
    "factor_zero": (
        "各单位“{factor}”合计为0，无法按比例分配。请核对数值。",
        "“{factor}” adds up to 0 over all unions, so nothing can be shared out by it. Please check the numbers.",
    ),
    "factors_empty": (
        "还没有填写各单位的数值。请至少填写一个单位。",
        "No union's numbers were given. Please give those of one at least.",
    ),
}
