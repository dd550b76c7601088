from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from bootstrap.config import secrets
from bootstrap.config.secrets import NoSecret, from_command
from bootstrap.values import MASK
from tests.config.sites import load, told, write


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_command_is_run_without_a_shell_beside_the_file(tmp_path: Path) -> None:
    write(tmp_path / "inner", "$HOME; *\r\n", "word.txt")
    words = python("import sys; print(open('word.txt', newline='').read() + sys.argv[1], end='')")
    secret = from_command([*words, "$PATH\n"], tmp_path / "inner", "!secret [x, ...]")
    assert secret.reveal() == "$HOME; *\r\n$PATH"
    assert secret.origin == "!secret [x, ...]"


BAD = [
    (
        "import sys; sys.stderr.write('canary\\n' * 3); sys.exit(7)",
        "failed with exit code 7 | it wrote 3 lines to stderr",
    ),
    ("import sys; print('canary'); sys.exit(1)", "failed with exit code 1 | it wrote 0 lines"),
    ("pass", "wrote nothing | a secret has at least one character"),
    ("import sys; sys.stdout.buffer.write(b'canary\\xff')", "is not UTF-8 | "),
    ("import time; print('canary', flush=True); time.sleep(600)", "took more than 0.5 s and was ended | "),
]


@pytest.mark.parametrize(("code", "message"), BAD)
def test_a_command_that_gives_none_is_named_and_not_quoted(tmp_path: Path, code: str, message: str) -> None:
    seconds = 0.5 if "sleep" in code else 60.0
    with pytest.raises(NoSecret) as caught:
        from_command(python(code), tmp_path, "", seconds)
    assert message in f"{caught.value.message} | {caught.value.hint}"
    assert "canary" not in f"{caught.value.message}{caught.value.hint}{caught.value.__cause__}"
    assert caught.value.rule == "secret-command"


def test_a_grandchild_that_holds_the_pipe_is_not_waited_for(tmp_path: Path) -> None:
    words = ["/bin/sh", "-c", "sleep 600 & echo $! > pid; wait"]
    with pytest.raises(NoSecret, match="was ended"):
        from_command(words, tmp_path, "", 3.0)
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)  # it lives, and we did not wait


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["./none"], "cannot be started: No such file or directory"),
        (["."], "cannot be started: Permission denied"),
        (["a\0b"], "its words hold what no command can take"),
    ],
)
def test_a_command_that_cannot_be_started(tmp_path: Path, words: list[str], why: str) -> None:
    with pytest.raises(NoSecret) as caught:
        from_command(words, tmp_path, "")
    assert why in caught.value.message


def test_a_command_in_a_site_file(tmp_path: Path) -> None:
    words = json.dumps(python("print('canary')"))
    password = load(tmp_path, f"server: {{password: !secret {words}}}").section("server").password
    assert password.reveal() == "canary"
    assert password.origin == f"!secret [{sys.executable}, ...]"


def test_a_failing_command_in_a_site_file(tmp_path: Path) -> None:
    words = json.dumps(python("import sys; sys.exit('canary')"))
    (found,) = told(tmp_path, f"server:\n  password: !secret {words}\n")
    assert found.startswith(f"site.yaml:2:13: error: the command `{sys.executable}` failed with exit code 1")
    assert "canary" not in found


def test_commands_are_not_run_where_secrets_are_not_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_words: object) -> None:
        raise AssertionError("a command was run")

    monkeypatch.setattr(secrets, "from_command", never)
    password = load(tmp_path, "server: {password: !secret [x]}", run_secrets=False).section("server").password
    assert (password.reveal(), password.origin, repr(password)) == ("", "!secret [x, ...]", MASK)


def test_a_missing_secret_file_is_a_problem_all_the_same(tmp_path: Path) -> None:
    assert "does not exist" in told(tmp_path, "server: {password: !secret x}", run_secrets=False)[0]
