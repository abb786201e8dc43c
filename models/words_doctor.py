"""What a finding of the doctor means to an office: one sentence for each invariant, in both languages."""

from models.labels import Pair

INVARIANTS: dict[str, Pair] = {
    "I1": ("已受理的申报内容与回执不符", "what a receipt was given for is not what is kept"),
    "I3": ("名额与账目不符", "places do not agree with their ledger"),
    "I4": ("有人办理了不属于自己或应当回避的事项", "somebody acted where they had no right to"),
    "I5": ("记录的条数与对象不符", "a thing has not as many events as it should"),
    "I6": ("记录中有状态图不允许的变化", "a change is on record that the rules do not have"),
    "I7": ("同一版本被办理了两次", "one version was acted on twice"),
    "I8": ("名单的名次不连续", "the ranks of a list are broken"),
    "I9": ("办理记录被改动或缺失", "the journal was altered or lacks something"),
    "I10a": ("有事项没有期限，或无人办理", "something waits without a date or with nobody"),
    "I13": ("信件的去向不一致", "a letter has no fate, or two"),
    "I14": ("公示、决定与名单不符", "notice, decision and list do not agree"),
    "I16": ("补助资金不符", "money does not agree"),
    "I18": ("附件没有所属的申报", "a file belongs to no case"),
    "I19": ("附件文件缺失、被改动或多余", "a file is missing, altered or left over"),
    "I25": ("查找、统计用的内容与申报不符", "what finds and counts cases does not agree with them"),
    "I26": ("评审组、回避或评审负担不合规定", "a panel, a recusal or a judge's load is against the rule"),
}


def invariant_words(invariant: str) -> Pair:
    """What it means that an invariant is broken; an unknown one by its number."""
    return INVARIANTS.get(invariant, (invariant, invariant))
