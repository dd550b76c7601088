from __future__ import annotations

from pathlib import Path

import pytest

from bootstrap.values import Secret
from tests.config.sites import load, told, write


def test_maps_merge_and_later_files_add(tmp_path: Path) -> None:
    site = load(
        tmp_path,
        "server: {url: a, mail: {host: h}}",
        "server: {port: 81, mail: {password: !env P}}",
        environ={"P": "p"},
    )
    server = site.section("server")
    assert (server.url, server.port, server.mail.host, server.mail.password) == ("a", 81, "h", Secret("p"))
    assert str(site.source("server", "port")) == f"{tmp_path}/over1.yaml:1:16"
    assert str(site.source("server", "url")) == f"{tmp_path}/site.yaml:1:15"


def test_lists_merge_by_identity_in_the_first_order(tmp_path: Path) -> None:
    base = "server: {}\nimages: [{name: a, tags: [x]}, {name: b}, {name: c}]"
    over = "images: [{name: d}, {name: c, origin: new}, {name: a, tags: [x]}]"
    images = load(tmp_path, base, over).section("images")
    assert [(image.name, image.origin, image.tags) for image in images] == [
        ("a", None, ["x"]),
        ("b", None, []),
        ("c", "new", []),
        ("d", None, []),
    ]


def test_many_overlays_merge_in_their_order(tmp_path: Path) -> None:
    site = load(tmp_path, "server: {url: a}", "server: {url: !override b}", "server: {url: !override c}")
    assert site.section("server").url == "c"


CONFLICTS = [
    ("server: {url: a}", "server: {url: b}", "server: {url: !override b}"),
    ("server: {port: 81}", "server: {port: 82}", "server: {port: !override 82}"),
    ("server: {url: a}", "server: {url: ~}", "server: {url: !override ~}"),
    ("server: {hosts: [a]}", "server: {hosts: [b]}", "server: {hosts: !override [b]}"),
    ("server: {extra: {x: [{y: 1}]}}", "server: {extra: {x: [{y: 2}]}}", "server: {extra: {x: !override [{y: 2}]}}"),
    ("server: {mail: {host: a}}", "server: {mail: ~}", "server: {mail: !override ~}"),
    ("server: {extra: {x: {}}}", "server: {extra: {x: []}}", "server: {extra: {x: !override []}}"),
    ("server: {password: !env A}", "server: {password: !secret s.txt}", "server: {password: !override:secret s.txt}"),
    (
        "server: {}\nimages: [{name: a, origin: x}]",
        "images: [{name: a, origin: y}]",
        "images: [{name: a, origin: !override y}]",
    ),
]


@pytest.mark.parametrize(("base", "over", "meant"), CONFLICTS)
def test_what_is_said_twice_must_be_meant(tmp_path: Path, base: str, over: str, meant: str) -> None:
    write(tmp_path, "canary", "s.txt")
    (found,) = told(tmp_path, base, over, environ={"A": "a"})
    assert found.startswith("over1.yaml:1:")
    assert "is said twice: site.yaml:" in found
    assert found.endswith("(write `!override` before the value if it is meant to win) [set-twice]")
    assert told(tmp_path, base, meant, environ={"A": "a"}) == []


SAME = [
    ("server: {url: a, port: 81, hosts: [a, b], mail: ~}", "server: {url: 'a', port: 81, hosts: [a, b], mail: }"),
    ("server: {extra: {x: [{y: 1}]}}", "server: {extra: {x: [{y: 1}]}}"),
    ("server: {password: !secret s.txt}", "server: {password: !secret s.txt}"),
    ("server: {url: !env A}", "server: {url: !env A}"),
]


@pytest.mark.parametrize(("base", "over"), SAME)
def test_to_say_the_same_again_is_no_harm(tmp_path: Path, base: str, over: str) -> None:
    write(tmp_path, "canary", "s.txt")
    assert told(tmp_path, base, over, environ={"A": "a"}) == []


def test_override_replaces_a_whole_map(tmp_path: Path) -> None:
    server = load(tmp_path, "server: {extra: {a: 1, b: 2}}", "server: {extra: !override {c: 3}}").section("server")
    assert server.extra == {"c": 3}


def test_true_is_not_one(tmp_path: Path) -> None:
    (found,) = told(tmp_path, "server: {extra: {a: 1}}", "server: {extra: {a: true}}")
    assert "[set-twice]" in found


TWINS = [
    (
        "images:\n- name: a\n- name: a\n",
        "site.yaml:4:3: error: two items of this list have the name `a` (the first is at site.yaml:3:3)",
    ),
    ("images: [{name: !env A}, {name: !env A}]", "two items of this list have the name `!env A` (the first"),
]


@pytest.mark.parametrize(("images", "message"), TWINS)
def test_twins_in_one_list_are_told_with_both_places(tmp_path: Path, images: str, message: str) -> None:
    (found,) = told(tmp_path, f"server: {{}}\n{images}", environ={"A": "canary"})
    assert message in found
    assert found.endswith("[duplicate-name]")
    assert "canary" not in found


def test_items_without_a_name_are_not_twins(tmp_path: Path) -> None:
    found = told(tmp_path, "server: {}\nimages: [{tags: []}, {tags: []}, text]", "images: [{tags: [x]}]")
    assert [line.rpartition("[")[2] for line in found] == [
        "missing-key]",
        "missing-key]",
        "wrong-type]",
        "missing-key]",
    ]


def test_a_broken_part_is_no_second_problem(tmp_path: Path) -> None:
    (found,) = told(tmp_path, "server: {url: !include none.yaml}", "server: {url: b}")
    assert "[file-missing]" in found


def test_an_overlay_may_bring_a_section_of_its_own(tmp_path: Path) -> None:
    site = load(tmp_path, "server: {}", "commands: {a: {enabled: true}}")
    assert site.section("commands")["a"].enabled is True
    assert [path.name for path in site.files] == ["site.yaml", "over1.yaml"]
