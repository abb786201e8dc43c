"""What is said of things typed wrongly: fields, files, dates, numbers, names of verbs."""

from collections.abc import Mapping

from models.labels import Pair

INPUT: Mapping[str, Pair] = {
    # A form, field by field.
    "faults": ("有{count}处需要改正：", "To be corrected: {count}."),
    "required": ("“{field}”为必填项，请填写。", "“{field}” is required. Please fill it in."),
    "file_required": (
        "“{field}”需要上传附件，请上传。",
        "“{field}” needs a file. Please upload one.",
    ),
    "not_a_number": (
        "“{field}”应填写整数，现为“{given}”。",
        "“{field}” must be a whole number, not “{given}”.",
    ),
    "not_a_year": (
        "“{field}”应填写四位年份，如 2026，现为“{given}”。",
        "“{field}” must be a year such as 2026, not “{given}”.",
    ),
    "not_a_date": (
        "“{field}”应填写日期，如 2026-03-03，现为“{given}”。",
        "“{field}” must be a date such as 2026-03-03, not “{given}”.",
    ),
    "not_a_yes_no": (
        "“{field}”应填写“是”或“否”，现为“{given}”。",
        "“{field}” must be yes or no, not “{given}”.",
    ),
    "not_a_person_id": (
        "“{field}”应填写18位居民身份证号码，请核对每一位。",
        "“{field}” must be an 18-character resident identity number. Please check every character.",
    ),
    "not_a_text": (
        "“{field}”应填写文字或数字，不能是列表或其他结构。",
        "“{field}” must be a text or a number, not a list or an object.",
    ),
    "not_a_choice": (
        "“{field}”没有“{given}”这一选项，可选：{known}。",
        "“{field}” has no choice “{given}”. Choose one of: {known}.",
    ),
    "no_year": ("没有{year}年，请填写四位数的年份。", "There is no year {year}; please give one of four digits."),
    "too_long": (
        "“{field}”最多{most}个字[，现有{length}个字]，请精简。",
        "“{field}” may have at most {most} characters[, and has {length}]. Please shorten it.",
    ),
    "too_small": (
        "“{field}”不能小于{least}，现为{given}。",
        "“{field}” must be at least {least}; it is {given}.",
    ),
    "too_big": (
        "“{field}”不能大于{most}，现为{given}。",
        "“{field}” must be at most {most}; it is {given}.",
    ),
    "reason_missing": ("“{field}”不能为空，请填写。", "“{field}” is empty. Please fill it in."),
    "words_missing": (
        "“{field}”还没有文字说明，请填写。",
        "“{field}” has no words yet. Please write some.",
    ),
    "faults_missing": (
        "退回时须至少指出一处需补正的内容及说明。",
        "To return an application, name at least one field and what is wrong with it.",
    ),
    "unknown_field": (
        "没有“{field:name}”这一栏，可用的有：{known}。",
        "There is no field “{field:name}”. The fields are: {known}.",
    ),
    "score": (
        "分数应为0至100，最多两位小数[，现为“{given}”]。",
        "A score is from 0 to 100 with at most two decimals[, not “{given}”].",
    ),
    "places": (
        "名额应为不小于0的整数，且不少于最少名额；现为{given}。",
        "Places must be 0 or more, and no fewer than the minimum; given: {given}.",
    ),
    "listed_twice": (
        "申报“{given}”在名单中出现了两次，请删去一处。",
        "The application “{given}” is listed twice. Please remove one of the two.",
    ),
    "one_year": (
        "一次只能评定同一年度、同一类的考核，请分开办理。",
        "Assess one year and one kind at a time: the list holds several.",
    ),
    "first_day_past": (
        "公示首日不能早于今天，现为{given:day}。",
        "A public notice cannot begin before today; given: {given:day}.",
    ),
    "decision_number": (
        "文号“{given}”的格式不符合要求，应如“{pattern}”。",
        "The document number “{given}” has the wrong form. It should look like “{pattern}”.",
    ),
    "number_used": (
        "文号“{given}”已经使用过，请核对。",
        "The document number “{given}” is already in use. Please check it.",
    ),
    "meeting_ahead": (
        "会议日期{given:day}还没有到，请在会议召开后办理。",
        "The meeting of {given:day} has not taken place yet. Please come back after it.",
    ),
    "term_over": (
        "任期的结束时间应晚于现在，现为{given}。",
        "A term of office ends later than now, not {given}.",
    ),
    "window": (
        "申报截止时间应晚于开始时间（{opens_at}），批次结束时间不能早于截止时间。",
        "A round closes after it opens ({opens_at}) and ends no earlier than it closes.",
    ),
    # Accounts and organisations.
    "email_invalid": (
        "“{value}”不是有效的邮箱地址，应如 name@example.cn。",
        "“{value}” is not an email address. It should look like name@example.cn.",
    ),
    "email_idn": (
        "邮箱“{value}”的域名含有特殊字符（实为 {punycode}），请改用由英文字母组成的域名。",
        ("The domain of “{value}” has letters outside English (it is {punycode}). Please use another."),
    ),
    "email_known": (
        "邮箱“{given}”已有账号，请直接使用或换一个邮箱。",
        "“{given}” already has an account. Use it, or give another address.",
    ),
    "password_short": (
        "密码至少要有{least}个字符。",
        "A password needs at least {least} characters.",
    ),
    "password_long": ("密码最多{most}个字符。", "A password has at most {most} characters."),
    "password_is_address": (
        "密码不能与邮箱相同，请换一个。",
        "The password must differ from the email address. Please choose another.",
    ),
    "credit_code": (
        "“{given}”不是有效的统一社会信用代码，应为18位，请核对。",
        "“{given}” is not a valid unified social credit code (18 characters). Please check it.",
    ),
    "organization_known": (
        "代码“{given}”已经登记过，无需重复登记。",
        "The code “{given}” is already registered; there is no need to do it again.",
    ),
    "tier_not_enrolled": (
        "不能登记“{given:Tier}”这一层级的单位，可登记的有：{known}。",
        "An organisation of the tier “{given:Tier}” is not enrolled. These are: {known}.",
    ),
    "wrong_parent": (
        "“{given}”之下不能登记“{tier}”，上级应为：{known}。",
        "No organisation of the tier “{tier}” stands below {given}. Its parent is: {known}.",
    ),
    "union_code": (
        "“{given}”不是有效的工会代码，应为3至12位字母或数字。",
        "“{given}” is not a union's code. It has 3 to 12 letters or digits.",
    ),
    "other_industry": (
        "该单位的上级就是产业工会（{parent}），不能另选产业工会“{given}”。",
        "The union over it is an industry union ({parent}) already; it cannot choose {given} too.",
    ),
    "unknown_language": (
        "没有“{given}”这种语言，可选：{known}。",
        "There is no language “{given}”; choose one of: {known}.",
    ),
    "not_an_industry": (
        "“{given}”不是产业工会，请填写省产业工会的代码。",
        "“{given}” is not an industry union. Please give the code of one.",
    ),
    "round_known": (
        "该项目{given}年度的批次已经建立，请直接使用。",
        "This programme already has a round for {given}. Please use that one.",
    ),
    # Files.
    "file_empty": (
        "上传的文件是空的，请重新选择。",
        "The file is empty. Please choose another one.",
    ),
    "file_too_big": (
        "文件大小为{size:megabytes}，上限为{most:megabytes}，请压缩后再上传。",
        "The file has {size:megabytes}; the limit is {most:megabytes}. Please make it smaller.",
    ),
    "file_kind": (
        "不接受这种文件，请上传以下格式之一：{allowed}（不含宏）。",
        "This kind of file is not accepted. Please upload one of: {allowed} (without macros).",
    ),
    "file_bomb": (
        "文件展开后过大，无法接收，请缩小图片尺寸或拆分后再上传。",
        "The file is far too large when unpacked. Please shrink or split it.",
    ),
    "file_broken": (
        "文件已损坏、不完整或设有密码，无法打开；请重新导出后上传。",
        "The file is damaged, incomplete or locked. Please export it again and upload that.",
    ),
    "unknown_slot": (
        "没有“{field:name}”这一附件栏，可用的有：{known}。",
        "There is no place for files named “{field:name}”. There are: {known}.",
    ),
    "slot_full": (
        "“{field}”最多上传{most}个文件，请先移除一个。",
        "“{field}” holds at most {most} files. Please remove one first.",
    ),
    # Days and times.
    "date_invalid": (
        "“{field}”应为日期，格式为 {expected}，现为“{value}”。",
        "“{field}” must be a date written {expected}, not “{value}”.",
    ),
    "moment_out_of_range": (
        "“{field}”应在{first}年至{last}年之间，现为{given}。",
        "“{field}” must lie between {first} and {last}; given: {given}.",
    ),
    "date_out_of_range": (
        "“{field}”的日期{value}超出日历范围（{expected}）。",
        "“{field}”: {value} lies outside the calendar ({expected}).",
    ),
    "days_out_of_range": (
        "“{field}”应为{expected}之间的整数，现为“{value}”。",
        "“{field}” must be a whole number in {expected}, not “{value}”.",
    ),
    "days_question_unclear": (
        "请给出起始日期和天数，或只用 --roll 给出一个截止日期。",
        "Give a first date and a number of days, or only a cut-off date with --roll.",
    ),
    "hour_invalid": (
        "“{value}”不是有效的时刻，应在 {expected} 之间，如 17:30。",
        "“{value}” is not an hour of the day. It should be in {expected}, such as 17:30.",
    ),
    "moment_without_zone": (
        "时间“{value}”没有注明时区，应如 2026-03-03T17:30:00+08:00。",
        "The time “{value}” names no zone. It should look like 2026-03-03T17:30:00+08:00.",
    ),
    # Names of verbs and their arguments.
    "unknown_verb": (
        "没有名为“{given}”的操作。[您要的是不是“{near}”？]可用的有：{known}。",
        "There is no verb “{given}”. [Did you mean “{near}”? ]The verbs are: {known}.",
    ),
    "unknown_question": (
        "没有名为“{given}”的查询。[您要的是不是“{near}”？]可用的有：{known}。",
        "There is no question “{given}”. [Did you mean “{near}”? ]The questions are: {known}.",
    ),
    "unknown_argument": (
        "没有名为“{field:name}”的参数，可用的有：{known}。",
        "There is no argument “{field:name}”. The arguments are: {known}.",
    ),
    "unknown_role": (
        "没有“{given}”这种职务，可选：{known}。",
        "There is no role “{given}”; choose one of: {known}.",
    ),
    "first_day_far": (
        "公示首日{given}太远，请在{most}天之内选择。",
        "The first day {given} is too far ahead; choose one within {most} days.",
    ),
    "argument_missing": (
        "缺少“{field}”，请补上：{expected:kind}。",
        "“{field}” is missing; please give it: {expected:kind}.",
    ),
    "argument": (
        "“{field}”应为{expected:kind}，现为“{given}”。",
        "“{field}” must be {expected:kind}, not “{given}”.",
    ),
    "character": (
        "“{field}”中含有无法保存的字符，请删去后重试。",
        "“{field}” holds a character that cannot be kept. Please remove it and try again.",
    ),
    "seen_missing": (
        "请用“seen”注明您看到的版本；当前版本为{version}。",
        "Please say with “seen” which version you looked at; it is {version} now.",
    ),
    "pair": (
        "“{given}”不是“名称=值”的形式，应如 organization_code=330100。",
        "“{given}” is not written name=value, such as organization_code=330100.",
    ),
    "json": (
        "“{field}”的值不是有效的 JSON，请检查引号和括号；现为“{given}”。",
        "“{field}” is not valid JSON. Please check quotes and brackets; given: “{given}”.",
    ),
    "file_unreadable": (
        "读不到文件“{given}”，请检查路径和权限。",
        "The file “{given}” cannot be read. Please check its path and permissions.",
    ),
    # Programme files.
    "programme_faults": (
        "项目文件有{count}处错误，没有发布：",
        "The programme file has {count} errors and was not published:",
    ),
    "programme_source": (
        "请只给出一样：目录里的项目代码（code），或项目文件的全文（text）。",
        "Give one of the two: the code of a programme of the catalogue, or the text of a file.",
    ),
    "unknown_programme": (
        "没有代码为“{given}”的项目，可用的有：{known}。",
        "There is no programme “{given}”. The programmes are: {known}.",
    ),
    "programme_file": (
        "项目文件的“{where}”处有误：{reason}。请改正后重试。",
        "The programme file is wrong at “{where}”: {reason}. Please correct it and try again.",
    ),
}
