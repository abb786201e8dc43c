"""What is said about receipts, evidence and proofs, corrections asked for, and decisions put right."""

from collections.abc import Mapping

from models.labels import Pair

DOCKET: Mapping[str, Pair] = {
    # Why an objection stands among the leads.
    "not_identified": (
        "所留姓名或单位无法核实，作为线索留存，不影响公示。",
        "The name or unit given could not be verified. It is kept as a lead and stops nothing.",
    ),
    "no_evidence": (
        "没有具体事实或证据，作为线索留存，不影响公示。可以补充证据。",
        "There are no particulars or evidence. It is kept as a lead; evidence may be added.",
    ),
    "objection_withdrawn": (
        "异议人已撤回，作为线索留存。",
        "The objection was taken back and is kept as a lead.",
    ),
    "correction": (
        "这是更正申请，由公示单位核对更正，不按异议处理，公示照常进行。",
        "This asks for a correction. The publishing union checks it; it is no dispute, and the notice goes on.",
    ),
    # By receipt.
    "receipt_unknown": (
        "没有查到这个回执编号“{given}”。编号为16位数字，请核对后重试。",
        "No receipt “{given}” was found. It has sixteen digits. Please check it and try again.",
    ),
    "evidence_full": (
        "一件异议最多附{most}份证据，已经满了。请合并后再上传。",
        "An objection takes {most} files at most, and has them. Please combine files first.",
    ),
    # Corrections and proofs.
    "notice_over": (
        "公示已于{last_day}结束，名单不再更正。确有错误的，请与公示单位联系。",
        "The notice ended on {last_day} and is corrected no more. Please ask the publishing union.",
    ),
    "no_correction": (
        "这不是待答复的更正申请（现为“{state:ObjectionState}”）。请核对后重试。",
        "This is no open request for a correction (it is “{state:ObjectionState}”). Please check.",
    ),
    "proof_full": (
        "一份公示最多存{most}份证明，已经满了。",
        "A notice takes {most} proofs at most, and has them.",
    ),
    "proof_missing": (
        "公示证明还不齐，缺：{missing}。请先上传。",
        "Proof of the public notice is missing: {missing}. Please upload it first.",
    ),
    "statement_untrue": (
        "这份公示还有{count}件异议没有了结，不能出具无异议证明。请先处理异议。",
        "Objections to this notice are still open ({count}), so there is no stating that there are none.",
    ),
    # Decisions.
    "decision_year": (
        "文号的年份“{year}”与会议日期{meeting_on}不符，请核对文号。",
        "The number's year, {year}, does not fit the meeting of {meeting_on}. Please check the number.",
    ),
    "corrects_nothing": (
        "更正内容与原决定“{number}”一致，没有需要更正的。",
        "This says what decision {number} says already. There is nothing to put right.",
    ),
    "not_in_decision": (
        "称号{title}不是由决定“{number}”命名的，请核对。",
        "Title {title} was not named by decision {number}. Please check.",
    ),
    # Hashes.
    "hash_differs": (
        "文件与公示名单不符：文件指纹{given:whole}，名单指纹{expected:whole}。",
        "The file is not the list that was published: its hash is {given:whole}, the list's {expected:whole}.",
    ),
}
