"""Random scripts and objects for property tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from bootstrap.dicomedit.codec import bytes_of
from bootstrap.dicomedit.java_text import double_text

PUBLIC = {
    "(0008,0005)": "CS",
    "(0008,0016)": "UI",
    "(0008,0018)": "UI",
    "(0008,0020)": "DA",
    "(0008,0060)": "CS",
    "(0008,103E)": "LO",
    "(0010,0010)": "PN",
    "(0010,0020)": "LO",
    "(0010,4000)": "LT",
    "(0018,0050)": "DS",
    "(0018,9073)": "FD",
    "(0020,000D)": "UI",
    "(0020,9165)": "AT",
    "(0028,0010)": "US",
    "(0028,0106)": "SS",
    "(0042,0011)": "OB",
    "(3010,0037)": "ST",  # younger than the engine's dictionary
    "(0008,0301)": "US",
}
PRIVATE = {"(0019,1001)": "LO", "(0019,1002)": "DS", "(0019,1101)": "UN", "(0019,10F0)": "OB", "(0021,1005)": "LO"}
SEQUENCES = ("(0008,1140)", "(0010,1002)", "(0040,0275)", "(0008,0300)")
CREATORS = ("ACME MR", "ACME CT", "OTHER")
_TEXT = st.text(alphabet="AaBb19 ^.\\-é", max_size=9)


def _raw(vr: str) -> st.SearchStrategy[bytes]:
    if vr in ("US", "SS"):
        return st.lists(st.integers(0, 65535).map(lambda n: n.to_bytes(2, "little")), max_size=2).map(b"".join)
    if vr == "FD":
        numbers = st.floats(allow_nan=False, allow_infinity=False).map(lambda n: bytes_of("FD", double_text(n), ()))
        return st.one_of(st.just(b""), numbers)
    if vr == "AT":
        return st.sampled_from([b"", b"\x10\x00\x20\x00"])
    if vr in ("OB", "UN"):
        return st.binary(max_size=6)
    if vr == "DA":
        return st.sampled_from([b"", b"20230519", b"202305", b"x"])
    if vr == "UI":
        return st.sampled_from([b"", b"1.2.3", b"1.2.3\\1.2.4"])
    return _TEXT.map(lambda text: text.encode("utf-8"))


def _element(vr: str) -> st.SearchStrategy[dict[str, Any]]:
    return _raw(vr).map(lambda raw: {"vr": vr, "value_hex": raw.hex()})


def _level(items: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    optional: dict[str, st.SearchStrategy[Any]] = {tag: _element(vr) for tag, vr in (PUBLIC | PRIVATE).items()}
    optional["(0008,0005)"] = st.sampled_from(["ISO_IR 192", "ISO_IR 100", ""]).map(
        lambda term: {"vr": "CS", "value_hex": term.encode().hex()}
    )
    for slot in ("(0019,0010)", "(0019,0011)", "(0021,0010)"):
        optional[slot] = st.sampled_from(CREATORS).map(lambda name: {"vr": "LO", "value_hex": name.encode().hex()})
    sequence = st.lists(items, max_size=2).map(lambda found: {"vr": "SQ", "value": found})
    for tag in (*SEQUENCES, "(0019,1010)"):
        optional[tag] = sequence
    return st.fixed_dictionaries({}, optional=optional)


OBJECTS = _level(_level(st.just({})))

_TAGS = st.sampled_from([*PUBLIC, "(0008,1155)", "(0010,0099)", "(0002,0012)"])
_PRIVATE_TAGS = st.builds(
    "({},{{{}}}{})".format,
    st.sampled_from(["0019", "0021"]),
    st.sampled_from(CREATORS),
    st.sampled_from(["01", "02", "10", "F0"]),
)
_ELEMENTS = st.one_of(_TAGS, _PRIVATE_TAGS)
_STEPS = st.builds("{}{}".format, st.sampled_from(SEQUENCES), st.sampled_from(["[0]", "[1]", "[2]"]))
SINGULAR = st.one_of(_ELEMENTS, st.builds("{}/{}".format, _STEPS, _ELEMENTS))
WILD = st.one_of(
    SINGULAR,
    st.builds("{}/{}".format, st.sampled_from(["*", "+", ".", "(0040,0275)", "(0010,1002)[%]"]), _ELEMENTS),
    st.sampled_from(["(0010,XXXX)", "*/(XXX@,XXXX)", "(XXX#,{ACME MR}XX)", "*/(0019,{ACME MR}XX)", "(0010,1002)[0]"]),
    st.sampled_from(SEQUENCES),
)
_LITERALS = st.sampled_from(['"x"', '""', '"a\\\\b"', '"20200101"', '"é"', '"12"', "7", "subject"])
_CALLS = st.one_of(
    st.builds("{}[{}]".format, st.sampled_from(["hashUID", "uppercase", "lowercase", "normalizeString"]), SINGULAR),
    st.builds('format["{{0}}-{{1}}", {}, {}]'.format, SINGULAR, _LITERALS),
    st.builds("concatenate[{}, {}]".format, _LITERALS, SINGULAR),
    st.builds('shiftDateByIncrement[{}, "3"]'.format, SINGULAR),
    st.builds("isPresent[{}]".format, SINGULAR),
)
_VALUES = st.one_of(_LITERALS, SINGULAR, _CALLS)
_EFFECTS = st.one_of(
    st.builds("hashUIDList[{}]".format, WILD),
    st.builds("removeTags[{}]".format, WILD),
    st.builds("blankValues[{}, {}]".format, _LITERALS, WILD),
    st.builds("retainPrivateTags[{}]".format, _PRIVATE_TAGS),
    st.builds("retainPrivateTags[*/{}]".format, _PRIVATE_TAGS),
    st.builds('set["{}", {}]'.format, st.sampled_from(["(0019,1050)", "(0010,1002)[1]/(0010,0020)"]), _LITERALS),
    st.builds('delete["{}"]'.format, st.sampled_from(["(0019,0010)", "(0040,0275)[0]/(0010,0010)"])),
    st.just("scalePatientAgeAndDobFromStudyDate[]"),
)
ACTIONS = st.one_of(
    st.builds("{} := {}".format, SINGULAR, _VALUES),
    st.builds("{} ?= {}".format, WILD, _VALUES),
    st.builds("-{}".format, WILD),
    st.builds("v := {}".format, _VALUES),
    _EFFECTS,
)
CONDITIONS = st.one_of(
    st.builds("{} {} {}".format, _VALUES, st.sampled_from(["=", "!=", "~", "!~"]), _VALUES),
    st.builds("isPresent[{}]".format, SINGULAR),
)
STATEMENTS = st.one_of(
    ACTIONS,
    st.builds("{} ? {}".format, CONDITIONS, ACTIONS),
    st.builds("{} ? {} : {}".format, CONDITIONS, ACTIONS, ACTIONS),
    st.builds("if ( {} ) {{\n{}\n}} else {{ {} }}".format, CONDITIONS, ACTIONS, ACTIONS),
    st.just("removeAllPrivateTags"),
)
SCRIPTS = st.lists(STATEMENTS, min_size=1, max_size=5).map("\n".join)

_WORDS = r"""(0010,0010) (0019,{A) B}01) (00XX,1 := ?= ? : = ~ != !~ "a" "a\\d" "\d" if ( ) { } [ ] , x face echo - * +
 . % / //c \ ; 12 -0.5 version "6.6" describe hidden export else elseif removeAllPrivateTags hashUID é"""
_FRAGMENTS = st.sampled_from([*_WORDS.split(), "\n", "(0019,{A B}01)"])
SOUP = st.one_of(st.lists(_FRAGMENTS, max_size=25).map(" ".join), st.text(max_size=60))
