"""The words of the field table that makes a template from a base picture (证照底图): its sheets, columns and values.

Spec:  policy document 004 (五)4: templates are made from the base pictures the province hands down
"""

from dataclasses import dataclass, field

FIELDS, TYPE = "字段", "证照类型"
KEY, VALUE = "项目", "内容"

NEEDED = ("字段名", "标题", "页", "左(mm)", "上(mm)", "宽(mm)", "高(mm)", "字体", "字号", "对齐", "格式")
NEEDED_TOO = ("最大长度", "必填", "公开类别")
OPTIONAL = ("英文标题", "最小字号", "示例")
COLUMNS = (*NEEDED, *NEEDED_TOO, *OPTIONAL)
BOX = ("左(mm)", "上(mm)", "宽(mm)", "高(mm)")

RESERVED = {
    "证照编号": "letter_number",
    "电子证照标识": "identifier",
    "证照名称": "title",
    "颁发机构": "issuer_name",
    "颁发机构代码": "issuer_code",
    "持证主体": "holder_name",
    "持证主体代码": "holder_code",
    "颁发日期": "issue_date",
    "有效期起": "valid_from",
    "有效期止": "valid_to",
}
CODE, SEAL = "二维码", "印章"
FONTS = {"宋体": "song", "黑体": "hei"}
SIZES = {"二号": 22.0, "小二": 18.0, "三号": 16.0, "小三": 15.0, "四号": 14.0, "小四": 12.0, "五号": 10.5, "小五": 9.0}
ALIGNMENTS = {"左": "left", "中": "center", "右": "right"}
YES = {"是": True, "否": False}


@dataclass(frozen=True, slots=True)
class Form:
    """What a value of 格式 means: the keywords of the field, how it is printed, a sample, the longest value."""

    keywords: dict[str, object]
    printed: str = ""
    sample: str | int = ""
    longest: str | int = ""
    of_dates: bool = field(default=False)


def _coded(name: str, sample: str) -> Form:
    return Form({"type": "string", "format": name}, "", sample, sample)


def _amount(printed: str) -> Form:
    bound = {"maxLength": 12, "pattern": r"^(0|[1-9][0-9]{0,8})\.[0-9]{2}$"}
    return Form({"type": "string", "format": "decimal-2", **bound}, printed, "6240.00", "999999999.99")


def _dated(printed: str) -> Form:
    return Form({"type": "string", "format": "date"}, printed, "2026-03-01", "2026-12-31", of_dates=True)


TEXT = "文本"
FORMS = {
    TEXT: Form({"type": "string", "minLength": 1}),
    "日期": _dated("date"),
    "汉字日期": _dated("han"),
    "有效期止": _dated("until"),
    "面积": _amount("area"),
    "金额": _amount("money"),
    "整数": Form({"type": "integer", "minimum": 0, "maximum": 999_999}, "integer", 1, 999_999),
    "统一社会信用代码": _coded("credit-code", "11410000000000000T"),
    "公民身份号码": _coded("citizen-number", "11010519491231002X"),
    "项目代码": _coded("project-code", "2509-410100-89-01-000001"),
    "不动产单元代码": _coded("estate-unit", "410101001001GB00001F00010001"),
    "发文字号": _coded("letter-number", "示样函〔2026〕999999号"),
    "行政区划代码": _coded("division-code", "410100"),
}

LEVELS = {"国家级": 1, "省级": 2, "地市级": 3, "区县级": 4, "乡镇级": 5, "其他": 6}
KINDS = {"证照": "licence", "电子材料": "material"}
APPROVALS = {"双人复核": "four-eyes", "单人": "single"}
ORIENTATIONS = {"纵向": (210.0, 297.0), "横向": (297.0, 210.0)}

# 项目 → its place in the definition, an example, and whether it may be empty
KEYS: dict[str, tuple[str, str, bool]] = {
    "证照类型代码": ("/code", "11410000000000000T901", False),
    "证照类型名称": ("/name/zh", "样本证书", False),
    "英文名称": ("/name/en", "Sample certificate", False),
    "类别": ("/category", "证件", False),
    "种类": ("/kind", "证照", False),
    "证照定义机构": ("/definer/name", "示例省样本办公室", False),
    "定义机构级别": ("/definer/level", "省级", False),
    "持证主体类别": ("/holder_kinds", "法人^其他", False),
    "颁发机构级别": ("/issuing_levels", "地市级^区县级", False),
    "有效期限范围": ("/validity", "长期", False),
    "关联事项名称": ("/matters/0/name", "", True),
    "关联事项代码": ("/matters/0/code", "", True),
    "审批方式": ("/approval", "双人复核", False),
    "保管期限": ("/retention", "永久", False),
    "发文代字": ("/numbering/word", "示样证", True),
    "编号格式": ("/numbering/form", "{word}〔{year}〕{number}号", True),
    "版面": ("", "纵向", False),
}
