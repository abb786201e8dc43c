"""What is said about questions on a sheet, bands, score packs, the severity of judges and the cut line."""

from collections.abc import Mapping

from models.labels import Pair

SCORES: Mapping[str, Pair] = {
    # Sheets.
    "points_no_band": (
        "“{field}”的评分{given}不在任何档次内（最低一档从{lowest}分起）。请改正。",
        "The points {given} of “{field}” lie in no band; the lowest begins at {lowest}. Please correct them.",
    ),
    "not_yes_or_no": (
        "“{field}”请填“是”或“否”，现为“{given}”。",
        "“{field}” is answered by yes or no; given: “{given}”. Please correct it.",
    ),
    "scores_open": (
        "申报{receipt}的评分表已齐，得分已对审核人员公开，您不能再评。请由没有看到得分的专家评审。",
        (
            "All sheets of application {receipt} are in and its score is open to reviewers, so you cannot score it any "
            "more. An expert who has not seen the score may."
        ),
    ),
    "not_assigned": (
        "申报{receipt}已分给其他评委，不由您评审。如有疑问，请联系评审组织单位。",
        "Application {receipt} was given to other judges, not to you. Please ask the office that holds the panel.",
    ),
    # Score packs.
    "nothing_to_score": (
        "目前没有需要您评分的申报，无需下载评分表。",
        "There is nothing for you to score at the moment, so there is no score pack.",
    ),
    "pack_file": (
        "“{given}”不是本系统的评分表文件。请上传下载后填好的xlsx文件。",
        "“{given}” is no score pack of this system. Please upload the xlsx file that you downloaded and filled in.",
    ),
    "pack_other_round": (
        "这份评分表属于另一批次，没有写入。请在它所属的批次上传，或重新下载。",
        "This score pack is of another round; nothing was written. Upload it there, or download a new one.",
    ),
    "pack_other_desk": (
        "这份评分表属于另一评审单位，没有写入。请在该单位上传，或重新下载。",
        "This score pack is of another office's panel; nothing was written. Upload it there, or download a new one.",
    ),
    "pack_other_judge": (
        "这份评分表是另一位评委的，没有写入。评委只能上传自己的评分表。",
        "This score pack is another judge's; nothing was written. Judges upload their own only.",
    ),
    "pack_other_programme": (
        "这份评分表按项目的另一版本制作，没有写入。请重新下载。",
        "This score pack was made under another version of the programme; nothing was written. Download a new one.",
    ),
    "pack_columns": (
        "评分表的评分列与项目不一致，没有写入（应为：{known}）。请重新下载，不要改动列。",
        "The pack's columns are not the programme's ({known}); nothing was written. Download a new one, leave them be.",
    ),
    "pack_edited": (
        "评分表中锁定的内容有{count}行被改动，没有写入：",
        "Locked cells were edited in {count} lines of the score pack, so nothing was written:",
    ),
    "pack_line_edited": (
        "锁定的内容被改动。请重新下载评分表，只填写评分和评语。",
        "A locked cell was edited. Download a new pack, and fill in scores and remarks only.",
    ),
    "pack_cases_differ": (
        "评分表有行被增删，现有{count}行，没有写入。请重新下载，不评的行留空即可。",
        "Lines were added to the score pack or taken out ({count} now); nothing was written. Leave them empty instead.",
    ),
    "pack_faults": (
        "评分表有{count}行不能写入，整份都没有写入。请改正后重新上传，或选择只写入其余各行：",
        "{count} lines of the score pack cannot be written, so nothing was. Correct them, or have the others written:",
    ),
    "pack_case_gone": (
        "申报{receipt}已不在这里评审。请重新下载评分表。",
        "Application {receipt} is not judged here any more. Please download a new score pack.",
    ),
    "pack_case_changed": (
        "申报{receipt}在您下载之后有变化。请看过最新内容，再重新下载评分表。",
        "Application {receipt} changed after you downloaded the pack. Look at it again and download a new one.",
    ),
    "sheet_differs": (
        "申报{receipt}的评分表已提交，与这里填写的不同。评分表不能更改，请删去这一行的填写或改回原分。",
        (
            "Your sheet of application {receipt} is in and says something else. A sheet is never changed: clear this "
            "line, or type what you gave."
        ),
    ),
    # Cut line.
    "scores_not_open": (
        "还有{count}项申报的评分表未齐，评分尚未公开，不能作分数线分析。请等评委评完。",
        (
            "The sheets of {count} applications are not all in, so the scores are not open and the cut line cannot be "
            "looked at. Please wait for the judges."
        ),
    ),
    "nothing_scored": (
        "这里还没有评过分的申报，无从分析。请先组织评分。",
        "Nothing was scored here yet, so there is nothing to look at. Have the cases scored first.",
    ),
    # Why severity cannot be estimated.
    "severity_few_judges": (
        "不能估计评委宽严：写过评分表的评委不足两位。",
        "The judges' severity cannot be estimated: fewer than two of them have written.",
    ),
    "severity_many_judges": (
        "不能估计评委宽严：评委有{count}位，超过{most}位。",
        "The judges' severity cannot be estimated: there are {count} judges, more than {most}.",
    ),
    "severity_few_cases": (
        "不能估计评委宽严：有评委与他人共同评审的申报只有{count}项，至少要{least}项。",
        "The judges' severity cannot be estimated: a judge shares only {count} cases with others, of {least} needed.",
    ),
    "severity_not_connected": (
        "不能估计评委宽严：评委分成{count}组，组与组之间没有共同评审的申报，无从比较。",
        (
            "The judges' severity cannot be estimated: they fall into {count} groups that share no case, so they "
            "cannot be compared."
        ),
    ),
    "severity_of_answers": (
        "表决和达标率只有“是”与“否”，不估计评委宽严。",
        "Votes and ratios hold only yes and no: no severity is estimated for them.",
    ),
}
