"""Command documents, without a server: read with their places, checked, and brought into the form that compares.

json_text.py  a text with the place of each value      normal.py     as XNAT would read and keep it
structure.py  keys, types, words, lengths              canonical.py  equal where two documents mean the same
checks.py     what must hang together                  order.py      the order in which XNAT keeps things
flaws.py      the rules, and a finding of them
"""

from bootstrap.kinds.command_document.canonical import canonical
from bootstrap.kinds.command_document.checks import flaws_of
from bootstrap.kinds.command_document.flaws import RULES, Flaw
from bootstrap.kinds.command_document.normal import normal

__all__ = ["RULES", "Flaw", "canonical", "flaws_of", "normal"]
