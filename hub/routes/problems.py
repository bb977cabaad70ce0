"""Explain a problem's code in both languages: where the `type` of a problem document leads."""

from fastapi import APIRouter
from pydantic import Field

from hub.errors import NoSuchAddress
from hub.texts.reader import Language, sentences
from hub.wire import Out

router = APIRouter(tags=["problems"])


class Explained(Out):
    """One code's sentence per language."""

    code: str = Field(examples=["registry.not_found"])
    zh: str = Field(examples=["没有找到"])
    en: str = Field(examples=["Not found"])


@router.get("/problems/{code}", summary="What does this code mean?")
def explain(code: str) -> Explained:
    """Give the sentences of a code; braces stand for facts."""
    return Explained(code=code, zh=_sentence(code, Language.ZH), en=_sentence(code, Language.EN))


def _sentence(code: str, language: Language) -> str:
    try:
        return sentences(language)[code]
    except KeyError:
        raise NoSuchAddress from None
