"""Look a sentence up by code and language.

Languages: zh-CN unless the caller's Accept-Language prefers English.
"""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Language(StrEnum):
    """The languages the hub speaks."""

    ZH = "zh"
    EN = "en"


def preferred(accept_language: str) -> Language:
    """Choose by an Accept-Language header: the first known language by weight, Chinese when none is named."""
    ranked = sorted((_weighed(part) for part in accept_language[:200].split(",")), key=lambda pair: -pair[1])
    for tag, weight in ranked:
        if weight > 0 and tag.split("-")[0] in set(Language):
            return Language(tag.split("-")[0])
    return Language.ZH


def _weighed(part: str) -> tuple[str, float]:
    tag, _, parameter = part.strip().lower().partition(";q=")
    try:
        return tag, float(parameter) if parameter else 1.0
    except ValueError:
        return tag, 0.0


@cache
def sentences(language: Language) -> Mapping[str, str]:
    """All sentences of a language by their codes."""
    text = files("hub.texts").joinpath(f"problems_{language}.toml").read_text(encoding="utf-8")
    read: dict[str, str] = tomllib.loads(text)
    return read


def say(code: str, language: Language, facts: Mapping[str, str | int] | None = None) -> str:
    """Say the sentence of a code with its facts filled in."""
    return filled(sentences(language)[code], facts or {})


def filled(sentence: str, facts: Mapping[str, str | int]) -> str:
    """Fill facts into a sentence; a fact's own braces stay as they are."""
    parts = sentence.split("{")
    told = [parts[0]]
    for part in parts[1:]:
        name, _, rest = part.partition("}")
        told += [str(facts.get(name, "?")), rest]
    return "".join(told)
