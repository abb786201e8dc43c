"""What is said about subsidies: sums, payments that are held, accounts of what was spent."""

from collections.abc import Mapping

from models.labels import Pair

MONEY: Mapping[str, Pair] = {
    "money": (
        "“{field}”须是大于0的金额，单位为元，最多两位小数，如 5000 或 1234.50[；填写的是“{given}”]。",
        "“{field}” must be a sum above 0 in yuan, with at most two decimals, such as 5000 or 1234.50[; got “{given}”].",
    ),
    "account_number": (
        "银行账号须是8至32位数字，请核对。",
        "A bank account number has 8 to 32 digits. Please check it.",
    ),
    "finance_missing": (
        "本项目的补助须会同财政部门核准，请填写会同核准的依据，如文号或会议纪要。",
        "This subsidy is approved together with the finance department. Please write down its consent.",
    ),
    "payment_held": (
        "称号{number}目前不能拨付：{hold}。办结后再拨付。",
        "No money can be paid for title {number} now: {hold}. Pay it once that is settled.",
    ),
    "same_hand": (
        "称号{number}的补助由您核准，须由另一人拨付。",
        "You approved the subsidy of title {number}. Somebody else must pay it.",
    ),
    "account_empty": (
        "请至少填写一项支出：用途、金额和说明。",
        "Please list at least one expense: its use, its sum and what it was for.",
    ),
    "unknown_use": (
        "“{given}”不是本补助允许的用途[，可用于：{known}]。",
        "“{given}” is not a use this subsidy allows[. It may be spent on: {known}].",
    ),
    "overspent": (
        "各项支出合计{asked:money}，超过拨付的{fen:money}，请核对。",
        "The expenses come to {asked:money}, more than the {fen:money} that was paid. Please check.",
    ),
    "report_first": (
        "称号{number}的补助还没有报告使用情况，报告后再办结。",
        "The spending of title {number}'s subsidy has not been reported yet. Close it after the report.",
    ),
    "no_recovery": (
        "按本项目的规定，称号{number}的这笔补助不收回。",
        "The programme does not ask this subsidy of title {number} back.",
    ),
    "too_much_back": (
        "要收回{asked:money}，最多只能收回{most:money}。",
        "{asked:money} was to come back, but at most {most:money} can.",
    ),
}
