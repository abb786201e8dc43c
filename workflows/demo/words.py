"""What the demo province's people, firms and studios are called, and what their forms say."""

from __future__ import annotations

from typing import NamedTuple


class Trade(NamedTuple):
    """A line of business: what its firms are called, and what their studios work on."""

    firm: str
    topics: tuple[str, ...]
    benefit: str


class County(NamedTuple):
    """A county of the story: its code, the word its firms' names begin with, how many they are."""

    code: str
    word: str
    firms: int


PROVINCE, HANGZHOU, NINGBO = "330000", "330100", "330200"
XIHU, YUHANG, YINZHOU, CIXI, YIWU = "330106", "330110", "330212", "330282", "330782"
SCHOOLS, ENERGY = "33I001", "33I002"
INDUSTRIES = {SCHOOLS: "浙江省教科文卫体产业工会", ENERGY: "浙江省能源电力产业工会"}

COUNTIES = (
    County(XIHU, "杭州", 18),
    County(YUHANG, "杭州", 9),
    County(YINZHOU, "宁波", 9),
    County(CIXI, "慈溪", 6),
    County(YIWU, "义乌", 6),
    County("330108", "杭州", 6),
    County("330109", "杭州", 6),
    County("330302", "温州", 6),
    County("330382", "乐清", 6),
    County("330402", "嘉兴", 6),
    County("330481", "海宁", 6),
    County("330502", "湖州", 6),
    County("330603", "绍兴", 6),
    County("330802", "衢州", 6),
    County("330902", "舟山", 6),
    County("331002", "台州", 6),
    County("331102", "丽水", 6),
)

# A firm is `word + brand + trade`; the brands are made up of two lists, so that none is a real one.
BRAND_FIRST = "清澄溪岚槐樟钧铎砚砺旭晗瀚洵沅苕舜稽鉴甬"
BRAND_SECOND = "岭禾舟屿坪陌桥渡帆岸泽垣庭阁"
COMPANY = "有限公司"

TRADES = (
    Trade("精密机械", ("五轴加工中心在线测量与补偿", "薄壁件装夹变形控制"), "废品率由3.2%降至0.8%"),
    Trade("汽车部件", ("转向节自动检测线改造", "焊装夹具快速换型"), "换型时间由45分钟缩短到12分钟"),
    Trade("印染科技", ("低浴比染色工艺攻关", "定型机余热回收"), "吨布耗水下降18%"),
    Trade("化工材料", ("聚合反应釜温控优化", "尾气冷凝回收装置改进"), "年减少排放210吨"),
    Trade("港航装备", ("集装箱桥吊远程操控", "钢丝绳在线探伤"), "单机作业效率提高11%"),
    Trade("建筑工程", ("装配式节点灌浆饱满度检测", "深基坑自动监测"), "节约工期26天"),
    Trade("食品", ("灌装线无菌隔离改造", "包装缺陷视觉识别"), "客户投诉下降六成"),
    Trade("智能仪表", ("超声水表零点漂移修正", "温度补偿标定台研制"), "标定效率提高3倍"),
    Trade("环保设备", ("膜组件清洗周期优化", "曝气系统节能控制"), "吨水电耗下降15%"),
    Trade("五金工具", ("冲压模具寿命提升", "喷涂线机器人换色"), "模具寿命延长1.6倍"),
)
INDUSTRY_TRADES = {
    SCHOOLS: (
        Trade("医学检验中心", ("标本前处理流水线改造", "危急值闭环管理"), "报告周转时间缩短四成"),
        Trade("职业教育集团", ("数控实训项目化教学", "技能大师带徒模式"), "学生获省级以上奖项23项"),
    ),
    ENERGY: (
        Trade("热电", ("锅炉低负荷稳燃", "脱硝喷枪结晶治理"), "年节约标煤3100吨"),
        Trade("输变电工程", ("带电作业绝缘平台研制", "继电保护定值在线核对"), "年减少停电1.7万时户"),
    ),
}  # fmt: skip

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = (
    *(
        "建国",
        "志强",
        "海平",
        "春燕",
        "立新",
        "文斌",
        "晓东",
        "雪梅",
        "永康",
        "少华",
        "丽娟",
        "振宇",
    ),
    *(
        "凯旋",
        "思远",
        "金龙",
        "素芬",
        "国梁",
        "卫民",
        "巧玲",
        "明辉",
        "伟峰",
        "佳慧",
        "子轩",
        "国庆",
    ),
    *(
        "红霞",
        "军民",
        "长征",
        "秀英",
        "学文",
        "爱华",
        "鹏程",
        "晓慧",
        "德明",
        "美玲",
        "家豪",
        "文静",
    ),
    *(
        "正阳",
        "洪波",
        "玉兰",
        "松林",
        "一鸣",
        "嘉禾",
        "新民",
        "惠芳",
        "振华",
        "水根",
        "阿根",
        "彩凤",
    ),
    *("宏伟", "慧敏", "世杰", "云飞", "敏", "勇", "静", "磊", "涛", "芳", "杰", "琳"),
)
HONOURS = {
    "craftsman": "工匠",
    "city_model": "劳模",
    "may_day": "劳模",
    "provincial_model": "劳模",
    "national_model": "劳模",
}

# Studios tell of themselves each in its own way: texts of one mould would all be found alike.
RESULTS = (
    "近两年完成课题{topics}项，获授权专利{patents}件、工法{methods}项，{benefit}，年增效益{gain}万元，成果已在本单位及{others}家同行单位推广。",
    "{benefit}。围绕生产难题立项攻关{topics}个，解决现场问题后形成工法{methods}项，知识产权部门核准专利{patents}件；据财务核算每年多创造{gain}万元，另有{others}家企业前来学习并采用。",
    "工作室把一线建议变成课题{topics}个，先试点、再定型，最终{benefit}。其间申请并取得专利{patents}件，编写操作法{methods}种，带来直接收益{gain}万元，{others}个兄弟车间已经照此改造。",
    "以班组为单位开展革新，累计节约和增收{gain}万元：{benefit}；技术骨干主持项目{topics}个，授权发明和实用新型共{patents}件，省级以上工法{methods}项，技术输出到{others}家协作厂。",
    "两年来收到合理化建议上百条，其中{topics}条列入年度计划。验收结论：{benefit}。经济效益{gain}万元由审计确认，专利证书{patents}本，标准作业指导书{methods}册，应用范围覆盖{others}个地市。",
    "主攻方向明确，投入研发经费占比逐年提高，{topics}个科目如期结题，{benefit}，相当于增加产值{gain}万元。取得专利权{patents}项，凝练先进操作方法{methods}个，与{others}所院校和企业签了推广协议。",
)  # fmt: skip
TRAINING = (
    "师带徒{pairs}对，{risen}人晋升高级工及以上；每季度开放交流一次，累计培训{people}人次。",
    "签订师徒协议{pairs}份，徒弟中已有{risen}名取得技师资格，面向社会开设公益课堂，听课职工{people}人次。",
    "实行“一师多徒、逐月考核”，现有师徒{pairs}组；参加技能等级评价通过{risen}人，线上线下授课受众{people}人。",
    "领衔人每周固定半天现场答疑，结对{pairs}对。去年培养出高技能人才{risen}位，轮训岗位工人{people}人次。",
    "编写内部教材并录制微课，{people}名青工从中受益；拜师仪式上新结师徒{pairs}对，{risen}位学员在市级以上竞赛获奖。",
)
OPINIONS = (
    "材料齐全，情况属实，同意推荐。",
    "经实地核查，工作室运行规范，同意。",
    "形式审查通过。",
)
MINUTES = "经集体讨论，按评审得分排序，同意推荐上报。"

FAULTS = (
    ("honour_proof", "荣誉证书照片不清，请重新上传原件扫描件。"),
    ("results", "请补充效益计算依据和推广单位名称。"),
    ("topics", "课题须写明立项单位和起止时间。"),
    ("team_size", "团队人数与花名册不一致，请核对。"),
)
REFUSALS = (
    "领衔人已调离申报单位，不符合申报条件。",
    "所报工作室系部门班组，不属于创新工作室。",
    "申报材料与上一年度其他单位成果重复。",
)
REPORT = "本年度完成技术攻关{topics}项，解决生产难题{problems}个，创效{gain}万元；带徒{pairs}名，举办交流{talks}场，经费使用合规。"  # noqa: E501 -- one sentence
