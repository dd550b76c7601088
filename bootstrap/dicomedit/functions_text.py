"""Functions on texts. Each takes the run and its arguments, and returns a value."""

from __future__ import annotations

from bootstrap.dicomedit.java_format import message_format
from bootstrap.dicomedit.java_regex import full_match, search_group
from bootstrap.dicomedit.problems import ScriptError
from bootstrap.dicomedit.run import Run
from bootstrap.dicomedit.script_values import MOST_TEXT, RuntimeValue, as_int, as_text, flattened, required_text

Arguments = list[RuntimeValue]


def need(arguments: Arguments, counts: tuple[int, ...], usage: str) -> None:
    if len(arguments) not in counts:
        raise ScriptError(f"usage: {usage}")


def at_least(arguments: Arguments, count: int, usage: str) -> None:
    if len(arguments) < count:
        raise ScriptError(f"usage: {usage}")


def concatenate(run: Run, arguments: Arguments) -> RuntimeValue:
    texts = [required_text(run.resolved(value), "an argument of concatenate") for value in arguments]
    if sum(map(len, texts)) > MOST_TEXT:
        raise ScriptError(f"a text grows beyond {MOST_TEXT} characters")
    return "".join(texts)


def format_(run: Run, arguments: Arguments) -> RuntimeValue:
    at_least(arguments, 1, "format[pattern, value, ...]")
    texts = [as_text(run.resolved(value)) for value in flattened(arguments[1:])]
    return message_format(required_text(arguments[0], "the pattern"), texts)


def lowercase(run: Run, arguments: Arguments) -> RuntimeValue:
    need(arguments, (1,), "lowercase[value]")
    return required_text(run.resolved(arguments[0]), "the argument of lowercase").lower()


def uppercase(run: Run, arguments: Arguments) -> RuntimeValue:
    at_least(arguments, 1, "uppercase[value]")
    return required_text(run.resolved(arguments[0]), "the argument of uppercase").upper()


def substring(run: Run, arguments: Arguments) -> RuntimeValue:
    at_least(arguments, 3, "substring[value, begin, end]")
    text = required_text(run.resolved(arguments[0]), "the first argument of substring")
    begin, end = as_int(arguments[1]), as_int(arguments[2])
    if not 0 <= begin <= end <= len(text):
        raise ScriptError(f"begin {begin}, end {end}, length {len(text)}")
    return text[begin:end]


def replace(run: Run, arguments: Arguments) -> RuntimeValue:
    at_least(arguments, 3, "replace[value, find, replacement]")
    text = required_text(run.resolved(arguments[0]), "the first argument of replace")
    find = required_text(arguments[1], "the text to find")
    return text.replace(find, required_text(arguments[2], "the replacement"))


def match(run: Run, arguments: Arguments) -> RuntimeValue:
    need(arguments, (3,), "match[value, regex, group]")
    text = required_text(run.resolved(arguments[0]), "the first argument of match")
    return search_group(required_text(arguments[1], "the regular expression"), text, as_int(arguments[2]))


def ismatch(run: Run, arguments: Arguments) -> RuntimeValue:
    need(arguments, (2,), "ismatch[value, regex]")
    text = required_text(run.resolved(arguments[0]), "the first argument of ismatch")
    return full_match(required_text(arguments[1], "the regular expression"), text)


def normalize_string(run: Run, arguments: Arguments) -> RuntimeValue:
    need(arguments, (1, 2), "normalizeString[value, replacement]")
    text = as_text(run.resolved(arguments[0]))
    if text is None or text.isascii():
        return text
    replacement = required_text(arguments[1], "the replacement") if len(arguments) > 1 else "_"
    return "".join(one if one.isascii() else _java_replacement(replacement, one) for one in text)


def _java_replacement(replacement: str, found: str) -> str:
    """`$0` is what was found, a backslash takes the next character as it is; there are no other groups."""
    parts, characters = [], iter(replacement)
    for character in characters:
        if character == "\\":
            following = next(characters, None)
            if following is None:
                raise ScriptError("character to be escaped is missing in the replacement")
            parts.append(following)
        elif character == "$":
            if next(characters, None) != "0":
                raise ScriptError(f"the replacement `{replacement}` asks for a group that does not exist")
            parts.append(found)
        else:
            parts.append(character)
    return "".join(parts)


def get_url(run: Run, arguments: Arguments) -> RuntimeValue:
    need(arguments, (1,), "getURL[url]")
    body = run.environment.fetch(required_text(arguments[0], "the URL"))
    if not body:
        raise ScriptError("the URL gave an empty answer")
    return "".join(body.splitlines())


def lookup(run: Run, arguments: Arguments) -> RuntimeValue:
    need(arguments, (2,), "lookup[type, key]")
    return run.environment.lookup_table.get(f"{as_text(arguments[0])}/{as_text(arguments[1])}")
