"""What is said of plans of many acts, and of undoing them."""

from collections.abc import Mapping

from models.labels import Pair

BULKS: Mapping[str, Pair] = {
    # The plan as it is written.
    "plan_empty": ("计划里没有任何一行，什么也没有办理。", "The plan has no rows, so nothing was done."),
    "plan_column": (
        "第{line}行：没有“{given}”这一列，或缺少这一列。列名应为：{known}。",
        "Line {line}: the column “{given}” is unknown, or missing. The columns are: {known}.",
    ),
    "not_in_bulk": (
        "第{line}行：“{given}”不能批量办理。可以批量办理的有：{known}。",
        "Line {line}: “{given}” cannot be done to many at once. These can: {known}.",
    ),
    "cases_missing": (
        "第{line}行：没有写明是哪些申报。空白不代表全部，请填写受理编号或检索条件。",
        "Line {line} names no case. Nothing never means everything: please give receipts or a search.",
    ),
    "case_name": (
        "第{line}行：“{given}”不是受理编号，也不是系统编号。",
        "Line {line}: “{given}” is neither a receipt number nor an id.",
    ),
    "slates_by_id": (
        "第{line}行：推荐名单只能用编号指定，“{given}”不是编号。",
        "Line {line}: a list is named by its id, and “{given}” is none.",
    ),
    "plan_pair": (
        "第{line}行：“{given}”读不懂，请写成“名称=值”，多项之间用分号隔开。",
        "Line {line}: “{given}” cannot be read. Please write name=value, with semicolons between.",
    ),
    "plan_json": ("第{line}行：“{given}”不是完整的 JSON。", "Line {line}: “{given}” is not whole JSON."),
    "plan_argument": (
        "第{line}行：“{given:whole}”由计划自己填写，请从 arguments 中删去。",
        "Line {line}: the plan itself fills in “{given:whole}”. Please take it out of the arguments.",
    ),
    "plan_seen": (
        "第{line}行：seen 一列应为试运行给出的版本，“{given}”不是。",
        "Line {line}: the column seen holds the versions of a dry run, and “{given}” is none.",
    ),
    "cell_too_long": (
        "第{line}行有一格达到{most}个字，会被截断。请把它分成几行，或改用检索条件。",
        "A cell of line {line} has {most} characters or more and would be cut. Please use several rows, or a search.",
    ),
    "empty_selection": (
        "第{line}行：“{given}”没有找到任何申报，什么也没有办理。空的结果不代表全部。",
        "Line {line}: “{given}” finds no case, so nothing was done. An empty result never means everyone.",
    ),
    "plan_too_long": (
        "一份计划最多涉及{most}份申报，请分成几份计划。",
        "A plan may be about {most} cases at most. Please split it.",
    ),
    # Doing it.
    "plan_impossible": (
        "{of}项中有{count}项不能办理，整份计划不予执行：",
        "{count} of {of} cannot be done, so nothing of the plan is:",
    ),
    "fingerprint": (
        "“{given}”不是试运行给出的指纹，请重新试运行。",
        "“{given}” is no fingerprint of a dry run. Please run it dry again.",
    ),
    "plan_stale": (
        "试运行之后有{count}份申报发生了变化：{receipts}。计划没有执行，请重新试运行。",
        "{count} cases changed since the dry run: {receipts}. Nothing was done. Please run it dry again.",
    ),
    "plan_selects_otherwise": (
        "计划或其选中的申报（现为{count}份）已与试运行时不同。计划没有执行，请重新试运行。",
        "The plan, or the cases it selects ({count} now), differ from the dry run. Nothing was done. Run it dry again.",
    ),
    # What a dry run tells.
    "plan_outlook": (
        "将办理{moves}项[，{impossible}项不能办理][，发出{letters}封信]。",
        "{moves} would be done[, {impossible} cannot be][, {letters} letters would be written].",
    ),
    "plan_step": (
        "办理[{receipt} ][{subject} ]{thing}：{act}[，之后为“{state}”]。",
        "[{receipt} ][{subject} ]{thing}: {act}[, then “{state}”].",
    ),
    "plan_places": (
        "{name}[（{pool}）]：用去{uses}个名额，之后共用{taken}个，名额为{places}个。",
        "{name}[ ({pool})]: uses {uses} places; {taken} of {places} are taken then.",
    ),
    "plan_letters": ("发出“{template:whole}”{count}封。", "Writes “{template:whole}” {count} times."),
    "plan_lasting": ("其中不能整批撤销的有：{acts}。", "What cannot be undone of it: {acts}."),
    "plan_known": (
        "同一计划已于{at}办理过（批次{batch}），没有重复办理。",
        "The same plan was applied on {at} (batch {batch}). Nothing was done twice.",
    ),
    "plan_applied": (
        "已办理{cases}份[，略过{skipped}项]（批次{batch}）。撤销：undo-batch。",
        "{cases} cases were dealt with[, {skipped} left out] (batch {batch}). To undo: undo-batch.",
    ),
    # Undoing it.
    "not_undoable": (
        "这一批包含不能撤销的操作：{acts}。请逐份处理。",
        "This batch holds acts that cannot be undone: {acts}. Please deal with the cases one by one.",
    ),
    "batch_moved_on": (
        "{of}项中有{count}项此后已有变化，整批都没有撤销：",
        "{count} of {of} have moved on since, so nothing of the batch was undone:",
    ),
    "batch_undone": (
        "这一批操作已经撤销，无需再次撤销。",
        "This batch has been undone already. Nothing more is needed.",
    ),
    "listed_since": (
        "申报{receipt}已列入推荐名单，请先从名单中移出。",
        "Application {receipt} was put on a list since. Please take it off first.",
    ),
    "countersign_ended": (
        "申报{receipt}当时正在会签，会签已随之结束，不能恢复。",
        "Application {receipt} was being countersigned, which ended with it, so it cannot come back.",
    ),
    "reserve_risen": (
        "它让出的名额已由备选递补，不能再恢复。",
        "A reserve name rose into the place that it left, so it cannot come back.",
    ),
    "list_changed": (
        "它所在的推荐名单此后已有变化，不能恢复原来的位次。",
        "The list it stood on has changed since, so its place cannot be restored.",
    ),
}
