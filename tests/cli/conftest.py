"""The program, as the tests of ops call it."""

from tests.ops.conftest import _nobodys_environment, program

__all__ = ["_nobodys_environment", "program"]
