from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bootstrap.errors import SiteFileError
from tests.config.sites import load, told, write

SITE = "server: {}\nvars: {scanner: Prisma, count: 2, deep: {x: [1]}, who: !env [WHO, me]}\nscript: !file s.j2\n"


def test_a_template_is_rendered_with_the_sites_vars(tmp_path: Path) -> None:
    write(tmp_path, "{{ scanner }} {{ count + 1 }} {{ deep.x[0] }} {{ who }} <&>\n\n", "s.j2")
    site = load(tmp_path, SITE)
    assert site.section("script") == "Prisma 3 1 me <&>\n\n"
    assert site.section("script").path == tmp_path / "s.j2"


def test_an_overlays_vars_count(tmp_path: Path) -> None:
    write(tmp_path, "{{ scanner }}", "s.j2")
    assert load(tmp_path, SITE, "vars: {scanner: !override Skyra}").section("script") == "Skyra"


def test_a_template_includes_others_of_its_folder(tmp_path: Path) -> None:
    write(tmp_path, "a {% include 'part.j2' %} z", "t/s.j2")
    write(tmp_path, "{{ scanner }}", "t/part.j2")
    site = load(tmp_path, SITE.replace("s.j2", "t/s.j2"))
    assert site.section("script") == "a Prisma z"
    assert [path.name for path in site.files] == ["site.yaml", "s.j2", "part.j2"]


BAD = [
    ("one\n{{ scaner }}", "s.j2:2:1: error: the template asks for what is not there: 'scaner' is undefined (the names"),
    (
        "\n\n{{ deep.y }}",
        "s.j2:3:1: error: the template asks for what is not there: 'dict object' has no attribute 'y'",
    ),
    ("\n{% if %}", "s.j2:2:1: error: the template is wrong here: Expected an expression"),
    ("{% for x in [1] %}", "s.j2:1:1: error: the template is wrong here: "),
    ("\n{{ 1 / 0 }}", "s.j2:2:1: error: the template fails here: ZeroDivisionError [template]"),
    ("{{ count.x.y }}", "s.j2:1:1: error: the template asks for what is not there: 'int object' has no attribute"),
    ("{{ 'a' + 1 }}", "s.j2:1:1: error: the template fails here: TypeError"),
    ("\n{{ ''.__class__.__mro__ }}", "s.j2:2:1: error: the template fails here: access to attribute '__class__'"),
    ("{% include 'none.j2' %}", "s.j2:1:1: error: the template fails here: none.j2 does not exist"),
    ("{% include 'bad.j2' %}", "bad.j2:2:1: error: the template asks for what is not there: 'nope' is undefined"),
    ("{% include 's.j2' %}", "s.j2:1:1: error: the template fails here: RecursionError"),
]


@pytest.mark.parametrize(("template", "message"), BAD)
def test_a_mistake_is_told_with_the_templates_own_line(tmp_path: Path, template: str, message: str) -> None:
    write(tmp_path, template, "s.j2")
    write(tmp_path, "\n{{ nope }}", "bad.j2")
    (found,) = told(tmp_path, SITE)
    assert found.startswith(message)


def test_without_vars_no_name_is_known(tmp_path: Path) -> None:
    write(tmp_path, "{{ x }}", "s.j2")
    assert "the site has no `vars`" in told(tmp_path, "server: {}\nscript: !file s.j2\n")[0]


def test_a_template_that_is_not_there(tmp_path: Path) -> None:
    assert told(tmp_path, SITE)[0].startswith("site.yaml:3:9: error: the file s.j2 does not exist")


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("vars: {x: !secret s.txt}", "secret-in-vars"),
        ("vars: {x: [!secret [a, b]]}", "secret-in-vars"),
        ("vars: {x: !file s.j2}", "template-in-vars"),
        ("vars: text", "wrong-type"),
    ],
)
def test_what_vars_do_not_take(tmp_path: Path, line: str, rule: str) -> None:
    (found,) = told(tmp_path, f"server: {{}}\n{line}\n")
    assert found.startswith("site.yaml:2:")
    assert f"[{rule}]" in found


def test_vars_may_hold_a_files_text(tmp_path: Path) -> None:
    write(tmp_path, "Prisma", "v.txt")
    write(tmp_path, "{{ v }}", "s.j2")
    assert load(tmp_path, "server: {}\nvars: {v: !file v.txt}\nscript: !file s.j2").section("script") == "Prisma"


def test_more_names_can_be_handed_in(tmp_path: Path) -> None:
    write(tmp_path, "{{ images.fsl }} {{ scanner }}", "s.j2")

    def names(site: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"images": {image["name"]: f"ref-of-{image['name']}" for image in site["images"]}}

    site = load(tmp_path, SITE + "images: [{name: fsl}]\n", names=names)
    assert site.section("script") == "ref-of-fsl Prisma"


def test_a_site_renders_a_template_that_a_key_names(tmp_path: Path) -> None:
    write(tmp_path, "{{ scanner }} {{ extra }}", "c.j2")
    site = load(tmp_path, "server: {}\nvars: {scanner: Prisma}\ncommands: {a: {template: c.j2}}\n")
    before = site.digest
    text = site.template("c.j2", {"extra": 5}, "commands", "a", "template")
    assert (text, text.path) == ("Prisma 5", tmp_path / "c.j2")
    assert site.files[-1] == tmp_path / "c.j2"
    assert site.digest != before


def test_a_site_names_the_template_that_fails(tmp_path: Path) -> None:
    write(tmp_path, "\n{{ extra }}", "c.j2")
    site = load(tmp_path, "server: {}\ncommands: {a: {template: c.j2}}\n")
    with pytest.raises(SiteFileError, match=r"c\.j2:2:1: error: the template asks for what is not there"):
        site.template("c.j2", {}, "commands", "a", "template")
    with pytest.raises(SiteFileError, match=r"site\.yaml:2:26: error: the file \S*none\.j2 does not exist"):
        site.template("none.j2", {}, "commands", "a", "template")
