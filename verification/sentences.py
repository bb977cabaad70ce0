"""Say a check's reason in one sentence, in Chinese or English.

In:    a reason's code, its evidence
Out:   the sentence of texts/checks_zh.toml or checks_en.toml with the evidence put in
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["zh", "en"]
_TEXTS = Path(__file__).parent / "texts"


def sentence(language: Language, code: str, evidence: Mapping[str, str | int]) -> str:
    """The sentence for a code, with the evidence it names."""
    return known(language)[code].format_map(evidence)


@cache
def known(language: Language) -> Mapping[str, str]:
    """Every sentence of a language by its code."""
    return tomllib.loads((_TEXTS / f"checks_{language}.toml").read_text(encoding="utf-8"))
