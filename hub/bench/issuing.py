"""What issuing one certificate costs, beside the least that drawing its page and signing it must cost.

Ours:  an approved order through `issuance.issue`: filing, intent, code, page, seal (B-LT), our own verifier, the
       encrypted document, the completion; SQLite, one process, a P-256 seal; every order is new in all it says.
Floor: the compiler alone on the same page with its code and its statement, and one bare P-256 signature; its data are
       new, too, because the compiler remembers what it has drawn, and are made ready before the clock starts.
"""

import json
import os
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import typst
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from hub import clock, demo, demo_story, founding
from hub.bench import issuing_orders
from hub.bench.figure import Figure
from hub.parts import Parts
from hub.settings import Settings
from registry.directory.callers import Caller
from registry.directory.scopes import Kind, Scope
from registry.life import issuance
from registry.life.intents import Request
from registry.life.press import Made, Order, Press
from signing import glyphs, page

ROUNDS = 60
WARM = 8
TARGET = 1.8  # times the floor
_SMALL = 200  # bytes
_SYSTEM = Caller(Kind.CLIENT, "bench", demo_story.SHELTER, frozenset({Scope.ISSUE}))
