"""What is said of forms, of what is on record, and of who fills in which part."""

from collections.abc import Mapping

from models.labels import Pair

FORMS: Mapping[str, Pair] = {
    # A form, field by field.
    "not_a_money": (
        "“{field}”应填写金额（元），最多两位小数，如 12000.50，现为“{given}”。",
        "“{field}” must be an amount in yuan with at most two decimals, such as 12000.50, not “{given}”.",
    ),
    "not_a_email": (
        "“{field}”应填写邮箱地址，如 name@example.cn，现为“{given}”。",
        "“{field}” must be an email address such as name@example.cn, not “{given}”.",
    ),
    "not_a_phone": (
        "“{field}”应填写电话号码，如 13800000000 或 0571-88880000，现为“{given}”。",
        "“{field}” must be a telephone number such as 13800000000 or 0571-88880000, not “{given}”.",
    ),
    "too_short": (
        "“{field}”至少{least}个字，现有{length}个字，请补充。",
        "“{field}” needs at least {least} characters, and has {length}. Please write more.",
    ),
    "tier_field": (
        "“{field}”由本级工会填写，请填写后再审核通过。",
        "“{field}” is for this tier to fill in. Please do so before you pass the check.",
    ),
    "too_many_pages": (
        "文件共{pages}页，“{field}”每个文件最多{most}页，请精简后再上传。",
        "The file has {pages} pages; “{field}” takes at most {most} in each. Please shorten it.",
    ),
    # Who fills in what, and when.
    "tier_fills": (
        "“{field}”由{tier:Rung}工会在审核时填写，申报人不填。",
        "“{field}” is filled in by the union at this step in its review ({tier:Rung}), not by the applicant.",
    ),
    "not_this_tiers": (
        "“{field}”不由本级填写[，本级填写的有：{open:fields}]。",
        "“{field}” is not for this tier to fill in[; these are: {open:fields}].",
    ),
    "after_first_list": (
        "“{field}”属于正式申报材料，初审名单通过后再填写。",
        "“{field}” belongs to the formal papers, which open once the first list is cleared.",
    ),
    "formal_missing": (
        "以下申报的正式材料尚未填齐，不能列入正式名单：{receipts}。",
        "The formal papers of these applications are not complete, so they cannot be listed: {receipts}.",
    ),
    # The workplace's own steps.
    "workplace_notice_short": (
        "“{field}”：单位公示自{first_day}至{last_day}，计{counted}个工作日，少于规定的{days}个工作日。",
        "“{field}”: the notice at the workplace ran from {first_day} to {last_day}, {counted} working days of {days}.",
    ),
    "workplace_notice_running": (
        "“{field}”：单位公示至{last_day}才结束，结束后方可提交。",
        "“{field}”: the notice at the workplace runs until {last_day}. Submit once it is over.",
    ),
    # What is on record.
    "subject_twice": (
        "“{subject}”已通过“{line}”申报（受理编号{other}），同一对象在本批次只能申报一次。如要改换渠道，请先撤回原申报。",
        (
            "“{subject}” has already applied {line} ({other}), and nothing applies twice in a round. "
            "To change the line, withdraw that application first."
        ),
    ),
    "title_missing": ("未查到所要求的称号。", "no such title is on record."),
    "title_too_young": ("称号年限未满。", "the title has not been held long enough."),
    "title_rectifying": (
        "称号正在限期整改，复查通过后方符合。",
        "the title is being rectified; the condition is met once the re-check is passed.",
    ),
    "title_suspended": (
        "称号已暂停，恢复后方符合。",
        "the title is suspended; the condition is met once it is resumed.",
    ),
    "unknown_fact": (
        "没有名为“{given}”的记录种类。[您要的是不是“{near}”？][可用的有：{known}。]",
        "There is no kind of fact “{given}”.[ Did you mean “{near}”?][ The kinds are: {known}.]",
    ),
    "fact_day": (
        "发生日期{given:day}不能晚于今天，也不能晚于有效期止[（{until}）]。",
        "The day {given:day} can lie neither after today nor after the last day it holds[ ({until})].",
    ),
}
