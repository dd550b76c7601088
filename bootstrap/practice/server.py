"""What programs and tests need of the practice XNAT."""

from bootstrap.practice.clock import FAST, REAL
from bootstrap.practice.faults import Fault
from bootstrap.practice.foreground import serve
from bootstrap.practice.holder import find_running
from bootstrap.practice.instance import PracticeServer

__all__ = ["FAST", "REAL", "Fault", "PracticeServer", "find_running", "serve"]
