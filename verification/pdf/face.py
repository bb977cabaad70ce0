"""Compare what a page shows with what its statement says is printed on it.

In:    a statement's face, the text of each page
Out:   the names of the printed strings that are not on the page

White space is left out on both sides, because readers put it where a line is spread. A string that does not stand on
one page may run over a page break: it then stops where a word or line of one page ends and goes on where one of the
next begins. So running heads, page numbers and neighbouring cells may stand in between, but nothing within a line.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from verification.statement import Printed

_SPACE = re.compile(r"[\s\u00ad\u200b\ufeff\ufffe\x02]+")
_MOST_BROKEN = 64  # strings of one face that run over a page break


@dataclass(frozen=True, slots=True)
class _Page:
    """A page's text without white space, and where its words begin and end in it."""

    text: str
    begins: tuple[int, ...]
    ends: tuple[int, ...]


def missing(face: Mapping[str, Printed], pages: Sequence[str]) -> list[str]:
    """The printed strings, by name (rows and cells counted from 1), that no page shows."""
    read = [_page(text) for text in pages]
    strings = [(name, _SPACE.sub("", text)) for name, text in _strings(face)]
    absent = [(name, text) for name, text in strings if not any(text in page.text for page in read) and text]
    if len(absent) > _MOST_BROKEN:
        return [name for name, _ in absent]
    return [name for name, text in absent if not _Broken(text, read).shown()]


class _Broken:
    """One string that is looked for across page breaks; each (place in it, page) is tried once."""

    def __init__(self, text: str, pages: Sequence[_Page]) -> None:
        self._text, self._pages = text, pages
        self._tried: set[tuple[int, int]] = set()

    def shown(self) -> bool:
        """Whether the string begins on some page and goes on to its end on the next ones."""
        first = re.escape(self._text[:1])
        return any(
            self._leads_on(0, number, found.start())
            for number, page in enumerate(self._pages)
            for found in re.finditer(first, page.text)
        )

    def _leads_on(self, place: int, number: int, start: int) -> bool:
        """Whether the string, from a place in it, stands at a page's position, whole or up to a page break."""
        page = self._pages[number]
        reach = start + self._common(page.text, start, place)
        if reach - start == len(self._text) - place:
            return True
        ends = page.ends[bisect_right(page.ends, start) : bisect_right(page.ends, reach)]
        return any(self._goes_on(place + end - start, number + 1) for end in reversed(ends))

    def _goes_on(self, place: int, number: int) -> bool:
        if number >= len(self._pages) or (place, number) in self._tried:
            return False
        self._tried.add((place, number))
        page, mark = self._pages[number], self._text[place]
        return any(self._leads_on(place, number, start) for start in page.begins if page.text[start] == mark)

    def _common(self, text: str, start: int, place: int) -> int:
        """How many characters agree from there on."""
        low, high = 0, min(len(text) - start, len(self._text) - place)
        while low < high:
            middle = (low + high + 1) // 2
            if text[start + low : start + middle] == self._text[place + low : place + middle]:
                low = middle
            else:
                high = middle - 1
        return low


def _page(text: str) -> _Page:
    words = [word for word in _SPACE.split(text) if word]
    begins, ends, place = [], [], 0
    for word in words:
        begins.append(place)
        place += len(word)
        ends.append(place)
    return _Page("".join(words), tuple(begins), tuple(ends))


def _strings(face: Mapping[str, Printed]) -> Iterator[tuple[str, str]]:
    for name, value in face.items():
        yield from _each(name, value)


def _each(name: str, value: Printed) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
        return
    for number, inner in enumerate(value, 1):
        yield from _each(f"{name}.{number}", inner)
