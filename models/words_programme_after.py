"""What the keys of a programme file's later chapters are called: from the contest to what a naming leaves."""

from collections.abc import Mapping
from typing import NamedTuple


class Key(NamedTuple):
    """A key's name in both languages, and the unit of its number."""

    zh: str
    en: str
    unit: str = ""


AFTER: Mapping[str, Mapping[str, Key]] = {
    "Contest": {
        "appeal_hours": Key("申诉时间", "time to appeal", "hours"),
        "minimum_field": Key("最少参赛", "least competitors", "people"),
        "prizes": Key("奖项", "prize"),
        "team_field": Key("队名栏目", "field of the team"),
        "team_points": Key("团体积分", "team points"),
        "points_below": Key("其余积分", "points below", "points"),
    },
    "Prize": {
        "from_rank": Key("起始名次", "first rank"),
        "to_rank": Key("最后名次", "last rank"),
        "yuan": Key("奖金", "prize money", "yuan"),
        "outside": Key("是否名额外", "whether outside the quota"),
    },
    "DecisionRule": {
        "body": Key("决定会议", "deciding body"),
        "number": Key("文号格式", "pattern of the number"),
        "example": Key("文号示例", "example of a number"),
        "layout": Key("名单排法", "layout of the list"),
    },
    "TitleRule": {
        "name": Key("称号名称", "the title's name"),
        "number": Key("证书编号", "certificate number"),
        "years": Key("有效年限", "years it holds", "years"),
        "ends_when": Key("终止情形", "causes that end it"),
        "succession": Key("领衔人更换", "succession"),
    },
    "Succession": {
        "report_days": Key("报告期限", "time to report", "days"),
        "clauses": Key("接任条件", "clauses for the successor"),
        "rename": Key("是否更名", "whether renamed"),
    },
    "AssessmentRule": {
        "report_due": Key("报告截止日", "report due"),
        "after_months": Key("命名后", "after the naming", "months"),
        "report_days": Key("报告期限", "time to report", "working days"),
        "remind_before": Key("提前提醒", "reminders before", "days"),
        "remind_after": Key("逾期催办", "reminders after", "days"),
        "written_notice_after": Key("书面通知", "written notice after", "days"),
        "exempt_named_after": Key("当年免考的命名日", "exempt if named after"),
        "rubric": Key("考核项", "criterion"),
        "bands": Key("分数段", "band"),
        "excellent_cap": Key("优秀上限", "cap on excellent", "places"),
        "rectify_months": Key("整改期", "time to rectify", "months"),
        "rechecks": Key("复查次数", "rechecks", "times"),
        "grade_days": Key("定级期限", "time to grade", "working days"),
        "bar_years": Key("撤销后限制", "bar after a revocation", "years"),
        "spot_check_percent": Key("抽查比例", "spot checks", "percent"),
    },
    "Band": {"grade": Key("等次", "grade"), "name": Key("档名", "name")},
    "Subsidy": {
        "stage": Key("阶段代码", "stage"),
        "trigger": Key("触发条件", "trigger"),
        "after_months": Key("命名后", "after the naming", "months"),
        "yuan": Key("金额", "amount", "yuan"),
        "bands": Key("各档金额", "amounts by band", "yuan"),
        "needs_grade": Key("是否须考核合格", "whether a passed grade is needed"),
        "uses": Key("用途", "allowed uses"),
        "report_months": Key("使用报告期限", "time to account for it", "months"),
        "recover": Key("是否收回结余", "whether the balance comes back"),
        "per": Key("计发单位", "paid per"),
        "with_finance": Key("是否会同财政", "whether with the finance department"),
    },
    "Feed": {
        "fact": Key("记录种类", "kind of fact"),
        "who": Key("记在谁名下", "whose"),
        "amount": Key("数值", "number"),
        "amounts": Key("各答案数值", "numbers by answer"),
        "pool": Key("是否进人才库", "whether into the talent pool"),
    },
}

# The words that a key may say, where they are no words of the trade's own vocabulary.
VALUES: Mapping[str, tuple[str, str]] = {
    "applicant": ("申报人", "the applicant"),
    "naming": ("命名、选树、认定", "naming"),
    "commendation": ("表彰", "commendation"),
    "all": ("全体一致", "all of them"),
    "majority": ("过半数", "a majority"),
    "accept": ("仍可接收", "still taken"),
    "lapse": ("视为放弃", "given up"),
    "extend": ("说明理由可延期", "extended with a reason"),
    "floor": ("舍去", "rounded down"),
    "ceiling": ("进一", "rounded up"),
    "automatic": ("自动递补", "by itself"),
    "none": ("不递补", "none"),
    "area": ("按地区", "by area"),
    "name": ("按姓名", "by name"),
    "rank": ("按名次", "by rank"),
    "flat": ("不分地区", "one list"),
    "result": ("按结果", "by result"),
    "lead": ("作为线索", "kept as a lead"),
    "refuse": ("不予受理", "refused"),
    "recommender": ("推荐工会", "the recommending union"),
    "decider": ("命名单位", "the deciding union"),
    "mean": ("平均分", "the mean"),
    "trimmed": ("去掉最高最低分后平均", "the trimmed mean"),
    "median": ("中位数", "the median"),
    "vote": ("表决", "a vote"),
    "meeting": ("会议决定", "the meeting"),
    "equal_rank": ("并列", "equal rank"),
    "same_unit": ("同单位", "the same unit"),
    "declared": ("自行申报回避", "declared by the judge"),
    "requested": ("申请其回避", "asked for"),
    "closed": ("单位注销", "the unit closed"),
    "moved": ("单位迁出", "the unit moved away"),
    "leader_left": ("领衔人离开", "the leader left"),
    "merged": ("合并", "merged"),
    "given_up": ("主动放弃", "given up"),
    "band": ("验收档次", "a band of the acceptance"),
    "anniversary": ("命名满一定月数", "months after the naming"),
    "reconfirmation": ("复核确认", "the re-confirmation"),
    "title": ("每个称号", "title"),
    "person_year": ("每人每年", "person and year"),
    "first": ("初次申报时", "at first"),
    "formal": ("正式申报时", "formally"),
    "leader": ("领衔人", "the leader"),
    "unit": ("单位", "the unit"),
    "either": ("领衔人或单位", "either"),
    "person": ("个人", "a person"),
    "team": ("集体", "a team"),
    "enterprise": ("企业", "an enterprise"),
    "studio": ("工作室", "a studio"),
    "project": ("项目", "a project"),
    "alliance": ("联盟", "an alliance"),
    "pair": ("师徒", "a pair"),
}
