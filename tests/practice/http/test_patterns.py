from __future__ import annotations

import pytest

from bootstrap.practice.http.patterns import FrontPattern, WholePattern, split_path

WHOLE = [
    ("/xapi/users/{username}", "/xapi/users/a%20b", {"username": "a b"}),
    ("/xapi/users/{username}", "/xapi/users/a/", {"username": "a"}),
    ("/xapi/users/{username}", "/xapi/users", None),
    ("/xapi/users/{username}", "/xapi/users/a/b", None),
    ("/xapi/users/{username}", "/xapi/other/a", None),
    ("/xapi/siteConfig", "/xapi/siteConfig.json", {}),
    ("/xapi/docker/hubs/{id:\\d+}", "/xapi/docker/hubs/12", {"id": "12"}),
    ("/xapi/docker/hubs/{id:\\d+}", "/xapi/docker/hubs/a12", None),
    ("/xapi/docker/hubs/{name:\\d*[^\\d]+\\d*}", "/xapi/docker/hubs/a12", {"name": "a12"}),
    ("/xapi/a/{x}-{y}", "/xapi/a/1-2", {"x": "1", "y": "2"}),
    ("/xapi/pages/**", "/xapi/pages/a/b/c", {}),
    ("/xapi/pages/**", "/xapi", None),
]

FRONT = [
    ("/data/projects", "/data/projects/P", ({}, "/P")),
    ("/data/projects/{PROJECT_ID}", "/data/projects/P/nonsense", ({"PROJECT_ID": "P"}, "/nonsense")),
    ("/data/config/{T}/{P}", "/data/config/anon/projects/X", ({"T": "anon", "P": "projects"}, "/X")),
    ("/data/JSESSION", "/data/JSESSIONID", ({}, "ID")),
    ("/data/auth", "/data/aut", None),
    ("/data/projects/{PROJECT_ID}", "/data/projects/", None),
]


@pytest.mark.parametrize(("pattern", "path", "parts"), WHOLE)
def test_a_whole_pattern(pattern: str, path: str, parts: dict[str, str] | None) -> None:
    assert WholePattern(pattern).match(split_path(path)) == parts


@pytest.mark.parametrize(("pattern", "path", "found"), FRONT)
def test_a_front_pattern(pattern: str, path: str, found: object) -> None:
    assert FrontPattern(pattern).match(path) == found


def test_fixed_names_are_more_particular_than_variables() -> None:
    patterns = [WholePattern(path) for path in ("/xapi/**", "/xapi/{a}/{b}", "/xapi/users/{b}", "/xapi/users/profile")]
    assert sorted(patterns, key=lambda pattern: pattern.particular) == patterns[::-1]
