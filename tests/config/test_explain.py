from __future__ import annotations

import json

import pytest

from bootstrap.config import Topic, explain
from bootstrap.errors import UsageError
from tests.config.sites import SECTIONS


def test_without_a_topic_every_key_is_told() -> None:
    topic = explain(SECTIONS)
    assert [inner.name for inner in topic.fields] == ["server", "images", "commands", "script", "vars"]
    assert [inner.type for inner in topic.fields] == ["map", "list of maps", "map of names to maps", "text", "map"]
    assert topic.fields[0].required


# Topic, type, default, allowed.
FIELDS: list[tuple[str, str, str, tuple[str, ...]]] = [
    ("server.url", "text", "", ()),
    ("server.port", "whole number", "80", ("1 or more", "65535 or less")),
    ("server.ratio", "number", "0.5", ()),
    ("server.secure", "true or false", "false", ()),
    ("server.password", "secret", "", ()),
    ("server.mode", "text", "fast", ("fast", "slow")),
    ("server.access", "text", "private", ("private", "protected", "public")),
    ("server.until", "date", "", ()),
    ("server.name", "text", "x", ("length 8 or less", "pattern ^[a-z]+$")),
    ("server.hosts", "list of texts", "[]", ()),
    ("server.mail", "map", "", ()),
    ("server.mail.password", "secret", "", ()),
    ("server.extra", "map", "{}", ()),
    ("images.origin", "map or text", "", ()),
    ("images.origin.via", "text", "engine", ("engine", "xnat")),
    ("images.origin.args", "map of names to texts", "{}", ()),
    ("commands.children.children.enabled", "true or false", "", ()),
]


@pytest.mark.parametrize(("name", "kind", "default", "allowed"), FIELDS)
def test_a_field_tells_type_default_and_allowed(name: str, kind: str, default: str, allowed: tuple[str, ...]) -> None:
    topic = explain(SECTIONS, name)
    assert (topic.name, topic.type, topic.default, topic.allowed) == (name, kind, default, allowed)
    assert topic.doc


@pytest.mark.parametrize(
    ("topic", "message", "hint"),
    [
        ("servr", "there is no key `servr` to explain", "did you mean `server`?"),
        ("comand", "there is no key `comand` to explain", "did you mean `command`?"),
        ("server.prot", "`server` has no key `prot`", "did you mean `port`?"),
        ("server.port.x", "`server.port` has no key `x`", ""),
    ],
)
def test_an_unknown_topic(topic: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        explain(SECTIONS, topic, {"command": "commands"})
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_a_kinds_name_leads_to_its_key() -> None:
    assert explain(SECTIONS, "command.enabled", {"command": "commands"}).name == "commands.enabled"


def test_a_text_for_people() -> None:
    assert (
        explain(SECTIONS, "images").as_text()
        == """\
images
  Images.
  type: list of maps

  name    what it is called (text; required: yes)
  origin  where it comes from (map or text)
  tags    more tags (list of texts; default: [])

  example:
    - name: fsl
      origin: {pull: 'fsl:1'}
"""
    )


def test_markdown() -> None:
    assert (
        explain(SECTIONS, "images").as_markdown()
        == """\
## `images`

Images.

- type: list of maps

| key | what it is |
|---|---|
| `name` | what it is called (text; required: yes) |
| `origin` | where it comes from (map or text) |
| `tags` | more tags (list of texts; default: []) |

```yaml
- name: fsl
  origin: {pull: 'fsl:1'}
```
"""
    )


def test_a_field_without_more_to_say_is_short() -> None:
    assert explain(SECTIONS, "server.url").as_text() == "server.url\n  the address\n  type: text\n"
    assert Topic("x", "a | b", fields=(Topic("x.y", "c | d"),)).as_markdown().endswith("| `y` | c \\| d |\n")


def test_json_holds_all_of_it() -> None:
    told = json.loads(json.dumps(explain(SECTIONS, "server").as_json()))
    assert [field["name"] for field in told["fields"]][:2] == ["server.url", "server.port"]
    assert told["fields"][1]["allowed"] == ["1 or more", "65535 or less"]
    assert told["example"].startswith("url: practice")
