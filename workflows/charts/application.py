"""The life of an application: each tier's review by name, from draft to a named title."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from statemachine import Event, State

from models.vocabulary import REVIEW_OF, Rung
from models.vocabulary import State as Word
from workflows.charts.strict import Life, Strict, any_of, stay

if TYPE_CHECKING:
    from collections.abc import Callable

    from statemachine.transition_list import TransitionList


def _leads_to(rung: Rung) -> Callable[[Life], bool]:
    def guard(model: Life) -> bool:
        return model.facts.leads_to is rung

    guard.__name__ = REVIEW_OF[rung].removesuffix("_review")
    return guard


def _to_a_tier(*sources: State, tiers: dict[Rung, State], down: bool = False) -> TransitionList:
    """From each source to whichever tier the route leads to: upward, or down when recalled."""
    order = [*tiers.values()]
    height = {id(state): order.index(state) for state in order}
    ways = [
        source.to(target, cond=_leads_to(rung))
        for source in sources
        for rung, target in tiers.items()
        if id(source) not in height or _is_way(height[id(source)], height[id(target)], down=down)
    ]
    return any_of(ways)


def _is_way(here: int, there: int, *, down: bool) -> bool:
    return there < here if down else there > here


def _stays(model: Life) -> bool:
    return model.facts.leads_to is None


def _part_is_open(model: Life) -> bool:
    return model.facts.part


class ApplicationLife(Strict):
    """Which act is possible when, and where it leads. Who reviews is `route[step]`."""

    draft = State("草稿", value=Word.DRAFT.value, initial=True)
    enterprise_review = State("企业工会审核", value=Word.ENTERPRISE_REVIEW.value)
    township_review = State("乡镇（街道）工会审核", value=Word.TOWNSHIP_REVIEW.value)
    county_review = State("县（市、区）总工会审核", value=Word.COUNTY_REVIEW.value)
    city_review = State("市总工会（省产业工会）审核", value=Word.CITY_REVIEW.value)
    provincial_review = State("省总工会审核", value=Word.PROVINCIAL_REVIEW.value)
    joint_review = State("联合评审", value=Word.JOINT_REVIEW.value)
    national_review = State("全国总工会审核", value=Word.NATIONAL_REVIEW.value)
    returned = State("退回修改", value=Word.RETURNED.value)
    public_notice = State("公示中", value=Word.PUBLIC_NOTICE.value)
    contested = State("异议处理", value=Word.CONTESTED.value)
    named = State("已命名", value=Word.NAMED.value, final=True)
    struck = State("异议成立，取消资格", value=Word.STRUCK.value, final=True)
    not_selected = State("未入选", value=Word.NOT_SELECTED.value, final=True)
    # Not final: a batch of refusals can be undone as a unit.
    refused = State("不予受理", value=Word.REFUSED.value)
    withdrawn = State("已撤回", value=Word.WITHDRAWN.value, final=True)
    lapsed = State("视为自动放弃", value=Word.LAPSED.value, final=True)

    _tiers = (
        enterprise_review, township_review, county_review, city_review, provincial_review, joint_review,
        national_review,
    )  # fmt: skip
    _by_rung: ClassVar = dict(zip(REVIEW_OF, _tiers, strict=True))

    submit = Event(_to_a_tier(draft, tiers=_by_rung), name="提交")
    # Under review only a part of the form is open: the formal one, or the tier's own.
    revise = Event(stay(draft, returned) | stay(*_tiers, cond=_part_is_open), name="修改")
    attach = Event(stay(draft, returned) | stay(*_tiers, cond=_part_is_open), name="上传附件")
    detach = Event(stay(draft, returned) | stay(*_tiers, cond=_part_is_open), name="移除附件")
    check = Event(stay(*_tiers), name="审核通过")
    propose = Event(stay(*_tiers), name="报送初审名单")
    answer = Event(stay(*_tiers), name="答复初审名单")
    send_back = Event(returned.from_(*_tiers), id="return", name="退回修改")
    resubmit = Event(_to_a_tier(returned, tiers=_by_rung), name="重新提交")
    refuse = Event(refused.from_(*_tiers), name="不予受理")
    # Beside the review: what others say of it, and a contest's scores until they are final.
    consult = Event(stay(*_tiers), name="征求意见")
    reply = Event(stay(*_tiers), name="登记回复意见")
    inspect = Event(stay(*_tiers), name="实地考察（答辩）")
    announce = Event(stay(*_tiers), name="公布成绩")
    appeal = Event(stay(*_tiers), name="申诉")
    rule = Event(stay(*_tiers), name="裁决申诉")
    recommend = Event(_to_a_tier(*_tiers, public_notice, tiers=_by_rung), name="推荐上报")
    reserve = Event(stay(*_tiers), name="列为备选")
    recall = Event(_to_a_tier(*_tiers, tiers=_by_rung, down=True) | stay(*_tiers, cond=_stays), name="撤回上报")
    send_down = Event(_to_a_tier(*_tiers, tiers=_by_rung, down=True), id="send-down", name="退回下级")
    # Reserved for batches that are undone as a unit: back to where it was, or, with no way named, as it was.
    undo = Event(_to_a_tier(returned, refused, tiers=_by_rung) | stay(*_tiers, cond=_stays), name="撤销操作")
    # Among the people of a desk, which the case does not leave by it; an inquiry is somebody's work too.
    transfer = Event(stay(*_tiers, contested), name="转办")
    delegate = Event(stay(*_tiers, contested), name="委派")
    take_back = Event(stay(*_tiers, contested), id="take-back", name="收回委派")
    hand_over = Event(stay(*_tiers, contested), id="hand-over", name="移交")
    hold = Event(stay(*_tiers), name="挂起")
    release = Event(stay(*_tiers), name="恢复办理")
    countersign = Event(stay(*_tiers), name="会签")
    sign = Event(stay(*_tiers), name="签署意见")
    add_signer = Event(stay(*_tiers), id="add-signer", name="加签")
    drop_signer = Event(stay(*_tiers), id="drop-signer", name="减签")
    call_off = Event(stay(*_tiers), id="call-off", name="终止会签")
    # Its dates: put off by who may, counted anew when a year's days off are announced.
    postpone = Event(stay(*_tiers, returned, contested), name="顺延办理期限")
    recount = Event(stay(*_tiers, returned, contested), name="重算期限")
    publish = Event(public_notice.from_(*_tiers), name="公示")
    object_to = Event(public_notice.to(contested), id="object", name="提出异议")
    correct = Event(stay(public_notice, contested), name="更正")
    extend = Event(stay(contested), name="延长核查")
    report_back = Event(stay(contested), id="report-back", name="报告调查结果")
    dismiss = Event(contested.to(public_notice), name="异议不成立")
    uphold = Event(contested.to(struck), name="异议成立")
    name_it = Event(public_notice.to(named), id="name", name="命名")
    pass_over = Event(not_selected.from_(*_tiers, returned, public_notice), id="pass-over", name="未入选")
    withdraw = Event(withdrawn.from_(draft, *_tiers, returned), name="撤回")
    lapse = Event(lapsed.from_(draft, returned, *_tiers, public_notice), name="逾期失效")
