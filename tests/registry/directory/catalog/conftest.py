"""A small type, complete and right, that tests change in one place at a time; documents in a folder."""

import base64
import json
import secrets

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.directory.catalog import schema
from registry.directory.catalog.folder import TypeFolder
from registry.store import key_folder
from registry.store.documents import Documents

DEFINITION = """
code = "11410000000000000T901"
name = { zh = "样本准予函", en = "Sample letter" }
category = "批文"
kind = "licence"
definer = { code = "11410000000000000T", name = "示例省样本办公室", level = 2 }
holder_kinds = ["法人"]
issuing_levels = [3, 4]
validity = ["长期"]
matters = [{ name = "样本事项", code = "410134001000" }]
document = "rendered"
approval = "four-eyes"
retention = "永久"
relations = ["replaces"]
classified = false
[numbering]
word = "示样函"
form = "{word}〔{year}〕{number}号"
per = "authority-year"
[face]
title = "关于{project_name}的函"
number = "{letter_number}"
paragraphs = ["面积{area:area}平方米，备注：{note|无}。"]
buildings = { each = "buildings", cells = ["{row:integer}", "{name}", "{area:area}"] }
date = "{issue_date:date}"
until = "{valid_to:until}"
"""
PAGE = """
#set page(paper: "a4")
#set text(font: "Noto Serif SC")
#let face = json(bytes(sys.inputs.face))
#face.title #face.number
#for words in face.paragraphs { par(words) }
#table(columns: 3, ..face.buildings.flatten())
#face.date #face.until
"""


def text(title, longest, disclosure="公开", **more):
    return {
        "type": "string",
        "title": title,
        "title_en": title,
        "minLength": 1,
        "maxLength": longest,
        "disclosure": disclosure,
        **more,
    }


def coded(title, form, disclosure="公开"):
    return {"type": "string", "title": title, "title_en": title, "format": form, "disclosure": disclosure}


def document():
    """The fields of the small type, fresh for each test."""
    building = {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "area"],
        "properties": {
            "name": text("名称", 10),
            "area": coded("面积", "decimal-2"),
            "entrance": text("出入口", 20, "内部"),
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": False,
        "required": ["project_name", "area", "buildings"],
        "properties": {
            "project_name": text("项目名称", 20),
            "area": coded("面积", "decimal-2"),
            "note": text("备注", 12, "共享"),
            "filed_on": coded("备案日期", "date", "共享"),
            "builder": coded("建设单位代码", "credit-code"),
            "person": coded("联系人号码", "citizen-number", "内部"),
            "grade": {
                "type": "string",
                "title": "等级",
                "title_en": "Grade",
                "enum": ["甲", "乙"],
                "disclosure": "公开",
            },
            "storeys": {
                "type": "integer",
                "title": "层数",
                "title_en": "Storeys",
                "minimum": 1,
                "maximum": 99,
                "disclosure": "公开",
            },
            "contact": text("联系人", 20, "内部"),
            "command_post": text("指挥工程", 20, "禁止录入"),
            "buildings": {
                "type": "array",
                "title": "单体",
                "title_en": "Buildings",
                "minItems": 1,
                "maxItems": 2,
                "disclosure": "公开",
                "items": building,
            },
        },
    }


def sample():
    """Values of the small type, fresh for each test."""
    return {
        "project_name": "示例花园",
        "area": "6240.00",
        "contact": "样本甲",
        "buildings": [{"name": "1#", "area": "10.00", "entrance": "东侧"}, {"name": "2#", "area": "20.50"}],
    }


def longest():
    """The longest values of the small type."""
    return {
        "project_name": "示" * 20,
        "area": "999999999999999.00",
        "note": "例" * 12,
        "filed_on": "2026-01-01",
        "builder": "91410100MA0000000T",
        "grade": "甲",
        "storeys": 99,
        "buildings": [{"name": "示" * 10, "area": "999999999999999.00"}] * 2,
    }


class Small:
    """The parts of the small type; `folder` puts them together, changed where a test says."""

    definition, page = DEFINITION, PAGE
    document, sample, longest = staticmethod(document), staticmethod(sample), staticmethod(longest)

    def folder(self, *, definition=DEFINITION, page=PAGE, fields=None, sample=None, longest=None, **more):
        """A folder of these files."""
        files = {
            "definition.toml": definition.encode(),
            "page.typ": page.encode(),
            "fields.json": json.dumps(fields or document(), ensure_ascii=False).encode(),
            "sample.json": json.dumps(sample or self.sample(), ensure_ascii=False).encode(),
            "longest.json": json.dumps(longest or self.longest(), ensure_ascii=False).encode(),
        }
        return TypeFolder(files | more)

    def schema(self):
        """The fields of the small type."""
        return schema.read(document())


@pytest.fixture
def small():
    """The small type."""
    return Small()


@pytest.fixture
def documents(tmp_path):
    """Documents in a folder of the test's own."""
    key_folder.create(tmp_path / "keys", entropy=secrets.token_bytes)
    return Documents(tmp_path / "documents", key_folder.KeyFolder(tmp_path / "keys"))


AUTHORITIES = ("11410000000000000T", "114101000000000010", "114102000000000010")


class Keys:
    """The keys of three authorities; whoever verifies knows all of them."""

    def __init__(self):
        self.private = {code: Ed25519PrivateKey.generate() for code in AUTHORITIES}

    def sign(self, code):
        return lambda body: base64.b64encode(self.private[code].sign(body)).decode()

    def verify(self, body, signature):
        for code, key in self.private.items():
            try:
                key.public_key().verify(base64.b64decode(signature, validate=False), body)
            except (InvalidSignature, ValueError):
                continue
            return code
        return "unknown"


@pytest.fixture
def keys():
    """Keys that everybody knows the public halves of."""
    return Keys()
