"""The page on which somebody chooses which person of the demo to be."""

from html import escape
from importlib.resources import files

from hub import demo_holders
from hub.demo_identity import PATH, Asked


def page(asked: Asked) -> str:
    """A button for each person; the wallet's request goes on with it."""
    kept = "".join(_hidden(name, value) for name, value in asked.fields().items())
    told = {
        "action": f"{PATH}/authorize",
        "redirect": escape(asked.redirect),
        "kept": kept,
        "people": "".join(_person(one) for one in demo_holders.PEOPLE),
    }
    text = files("hub.pages").joinpath("demo_identity.html").read_text(encoding="utf-8")
    for name, value in told.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def policy(asked: Asked) -> str:
    """What the page may do: send its form to us, which leads to the wallet (browsers check that step, too)."""
    scheme, _, rest = asked.redirect.partition("://")
    target = f"{scheme}://{rest.partition('/')[0]}"
    return f"default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self' {target}; frame-ancestors 'none'"


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def _person(one: demo_holders.Person) -> str:
    said = f'{one.name} · {one.zh} <span lang="en">{one.en}</span>'
    return f'<p><button name="person" value="{one.subject}">{said}</button></p>'
