"""What is said about printed papers and exported lists: fonts, templates, files that will not do."""

from collections.abc import Mapping

from models.labels import Pair

PAPERS: Mapping[str, Pair] = {
    "glyphs_missing": (
        (
            "现有字体没有这些字，印出来会是空框，因此没有打印：{characters:whole}（{codes:whole}），出现在：{places}。"
            "请安装含有这些字的字体，放入 SHENBAO_FONTS_DIR 指定的文件夹后再打印，或使用网页打印版。"
        ),
        (
            "No font at hand shows these characters and they would print as empty boxes, so nothing was printed: "
            "{characters:whole} ({codes:whole}), found in: {places}. Put a font that has them into the folder of "
            "SHENBAO_FONTS_DIR and print again, or use the printable web page."
        ),
    ),
    "no_chinese_font": (
        (
            "本机没有中文字体，不能生成PDF。请安装 fonts-noto-cjk，或执行 pip install shenbao[fonts]，"
            "或把字体放入 SHENBAO_FONTS_DIR 指定的文件夹；网页打印版仍可使用。"
        ),
        (
            "There is no Chinese font on this machine, so no PDF can be made. Install fonts-noto-cjk, or pip install "
            "shenbao[fonts], or put a font into the folder of SHENBAO_FONTS_DIR. The printable web page still works."
        ),
    ),
    "certificate_over": (
        "称号{number}目前是“{state}”，不能再打印证书。",
        "Title {number} is “{state}” now: no certificate can be printed any more.",
    ),
    "template": (
        "文书模板“{field:whole}”有误，不能打印：{reason:whole}。请改正模板，或删除它以使用系统自带的模板。",
        "The paper template “{field:whole}” is faulty: {reason:whole}. Correct it, or remove it to use ours.",
    ),
    "watch_filter": (
        "没有“{given:whole}”这个筛选条件。可以选：{known}。",
        "There is nothing called “{given:whole}” to filter by. These can be chosen: {known}.",
    ),
    "export_list": (
        "没有“{given:whole}”这个列表。可导出的列表有：{known}。",
        "There is no list called “{given:whole}”. These can be exported: {known}.",
    ),
    "export_form": (
        "只能导出 .csv 或 .xlsx 文件[，不能导出“{given:whole}”]。",
        "Lists are exported as .csv or .xlsx files only[, not as “{given:whole}”].",
    ),
    "export_argument": (
        "导出“{list:whole}”需要的参数是：{known}[；给出的是“{given:whole}”]。",
        "Exporting “{list:whole}” takes these arguments: {known}[; got “{given:whole}”].",
    ),
    "too_many_rows": (
        "这个列表有{n}行以上，一个 Excel 工作表放不下。请导出 .csv，或缩小范围。",
        "This list has {n} rows or more, and one Excel sheet does not hold them. Export .csv, or ask for less.",
    ),
    "file_unwritable": (
        "不能写入文件“{given:whole}”，请检查文件夹和权限。",
        "The file “{given:whole}” cannot be written. Please check the folder and its permissions.",
    ),
}
