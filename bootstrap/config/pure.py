"""YAML events without libyaml, for a PyYAML that was built without it."""

from __future__ import annotations

from yaml.parser import Parser as _Parser
from yaml.reader import Reader
from yaml.scanner import Scanner, ScannerError


class PureParser(Reader, Scanner, _Parser):
    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        _Parser.__init__(self)

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: object) -> list[str]:
        try:
            return super().scan_flow_scalar_non_spaces(double, start_mark)
        except (ValueError, OverflowError) as wrong:  # \\U00110000 is no character
            raise ScannerError(None, None, "found invalid Unicode character escape code", self.get_mark()) from wrong
