"""Say a report's codes in one sentence, in Chinese or English.

In:    a code, its evidence
Out:   the sentence of texts/NAME_zh.toml or NAME_en.toml with the evidence put in; a part in ⟨…⟩ is left out when
       the evidence it names is not there
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["zh", "en"]
_TEXTS = Path(__file__).parent / "texts"
_OPTIONAL = re.compile(r"⟨([^⟨⟩]*)⟩")
_NAMED = re.compile(r"{(\w+)}")


def sentence(language: Language, code: str, evidence: Mapping[str, str | int], *, texts: str = "checks") -> str:
    """The sentence for a code, with the evidence it names."""
    return _OPTIONAL.sub(lambda part: _told(part[1], evidence), known(language, texts)[code]).format_map(evidence)


@cache
def known(language: Language, texts: str = "checks") -> Mapping[str, str]:
    """Every sentence of a language by its code."""
    return tomllib.loads((_TEXTS / f"{texts}_{language}.toml").read_text(encoding="utf-8"))


def _told(part: str, evidence: Mapping[str, str | int]) -> str:
    return part if all(name in evidence for name in _NAMED.findall(part)) else ""
