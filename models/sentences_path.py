"""What is said about rounds, channels, cut-offs, first lists and joint decisions."""

from collections.abc import Mapping

from models.labels import Pair

PATHS: Mapping[str, Pair] = {
    # Rounds.
    "not_this_year": (
        "本项目每{cycle}年开展一次，{year}年不开展，下一次是{next}年。",
        "This programme is held every {cycle} years and not in {year}. The next year is {next}.",
    ),
    "lead_time": (
        "申报截止距今只有{given}天，不足{days}天，最早可定在{earliest}。确需缩短的，请填写理由。",
        (
            "Applications would close in {given} days, and at least {days} must be given: not before {earliest}. "
            "If it cannot wait, give a reason."
        ),
    ),
    # Entering.
    "no_channel": (
        "本项目不接受“{channel}”这种申报方式，可以用：{known}。",
        "This programme takes no applications by “{channel}”. It takes: {known}.",
    ),
    "unit_full": (
        "每个单位在本批次最多申报{most}项，本单位已有{given}项：{others}。如要改报，请先撤回其中一项。",
        (
            "A unit may have {most} in this round, and yours already has {given}: {others}. "
            "To replace one, withdraw it first."
        ),
    ),
    "not_a_group": (
        "只有企业可以登记为直接上报的集团单位，“{given:Tier}”不可以。",
        "Only an enterprise can be entered as a group that reports directly, not “{given:Tier}”.",
    ),
    # Cut-offs.
    "past_cut_off": (
        "“{rung:Rung}”应在{due_at}前上报，现已超过，不再受理。[如确有原因，请联系审定单位（{ask}）延长期限。]",
        (
            "The list of this tier ({rung:Rung}) was to be sent up by {due_at}, so it is too late."
            "[ If there is a reason, ask the deciding union ({ask}) to extend it.]"
        ),
    ),
    "no_cut_off": (
        "“{rung:Rung}”这一级在本批次没有截止时间，无需延长。",
        "This tier ({rung:Rung}) has no cut-off in this round, so there is nothing to extend.",
    ),
    "not_extendable": (
        "项目规定“{rung:Rung}”这一级的截止时间不能延长。",
        "The programme does not let the cut-off of this tier ({rung:Rung}) be extended.",
    ),
    "extension_backwards": (
        "延长后的截止时间须晚于现在，也须晚于原定的{due_at}。",
        "The extended cut-off must lie ahead, and after the present one ({due_at}).",
    ),
    # First lists.
    "no_first_list": (
        "“{name}”没有初审名单这一步，请直接拟定推荐名单。",
        "“{name}” has no first list. Please draw up the slate itself.",
    ),
    "first_list_over": (
        "初审名单应在{due_at}前报送，现已截止。",
        "First lists were to be handed in by {due_at}. The time is over.",
    ),
    "not_before_decider": (
        "申报{receipt}不是由本级直接报送审定单位，不列入初审名单。",
        "Application {receipt} does not go from here to the deciding union, so it is on no first list.",
    ),
    "not_on_first_list": (
        "以下申报不在本级的初审名单上，不能列入：{names}。",
        "These are not on this tier's first list and cannot be added: {names}.",
    ),
    "not_cleared": (
        "以下申报未通过初审，或审定单位尚未答复：{names}。[理由：{reasons}。]请从名单中移出。",
        (
            "These were not cleared on the first list, or not answered yet: {names}. "
            "[Reason: {reasons}. ]Please take them off the slate."
        ),
    ),
    # Joint decisions.
    "unconfirmed": (
        "联合审定的名单须经各成员工会按现有名单确认，已确认{confirmed}家，须有{needed}家；尚未确认：{names}。",
        (
            "A joint decision needs its members' yes to the list as it stands: {confirmed} have confirmed, "
            "{needed} must. Still missing: {names}."
        ),
    ),
    "confirmed_already": (
        "贵单位（{organization}）已按现有名单确认，无需重复。",
        "Your union ({organization}) has confirmed this list as it stands. Nothing more is needed.",
    ),
    "not_a_member": (
        "只有联席会议（{organization}）成员工会的审核员可以确认名单。",
        "Only reviewers of the members of the joint meeting {organization} may confirm its list.",
    ),
    "joint_member": (
        "“{given}”不是省级工会，不能作为联合审定的成员。",
        "“{given}” is no provincial federation and cannot be a member of a joint decision.",
    ),
    "joint_code": (
        "代码“{given}”已属于“{name}”，请为联席会议另取代码。",
        "The code “{given}” belongs to “{name}”. Please choose another one for the joint meeting.",
    ),
}
