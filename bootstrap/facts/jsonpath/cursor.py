"""A text and a place in it, and what can go wrong with either."""

from __future__ import annotations

MOST_NESTED = 40  # brackets within brackets; far beyond any filter, and far from the end of the stack


class JsonPathError(Exception):
    """The text is no path or no predicate. Its message is the library's."""


class FilterFault(Exception):
    """The predicate was read, but breaks on this document."""


class OutsideText(Exception):
    """Read beyond the end of the text; the reader that knows what it was about makes an error of it."""

    def __init__(self, at: int) -> None:
        super().__init__(f"java.lang.StringIndexOutOfBoundsException: String index out of range: {at}")


def check_depth(depth: int) -> None:
    if depth > MOST_NESTED:
        raise JsonPathError(f"The filter is nested too deeply: more than {MOST_NESTED} levels")


class Cursor:
    """`end` is where the reading stops; what stands behind it can still be looked at."""

    def __init__(self, text: str, depth: int = 0) -> None:
        check_depth(depth)
        self.text, self.depth = text, depth
        self.at, self.end = 0, len(text)

    def char(self, at: int | None = None) -> str:
        place = self.at if at is None else at
        if not 0 <= place < len(self.text):
            raise OutsideText(place)
        return self.text[place]

    def inside(self, at: int | None = None) -> bool:
        return 0 <= (self.at if at is None else at) < self.end

    def skip_blanks(self) -> Cursor:
        while self.at < self.end - 1 and self.text[self.at] == " ":
            self.at += 1
        return self

    def trim(self) -> Cursor:
        self.skip_blanks()
        while self.at < self.end - 1 and self.text[self.end - 1] == " ":
            self.end -= 1
        return self

    def last_char(self) -> str:
        return self.char(self.end - 1)

    def follows(self, mark: str) -> bool:
        """Step over the mark if it comes next; blanks are stepped over in any case."""
        self.skip_blanks()
        if self.at + len(mark) > self.end or not self.text.startswith(mark, self.at):
            return False
        self.at += len(mark)
        return True

    def expect(self, mark: str) -> None:
        if self.skip_blanks().char() != mark:
            raise JsonPathError(f"Expected character: {mark}")
        self.at += 1

    def next_place(self, at: int | None = None) -> int:
        """Of the next character that is no blank."""
        place = (self.at if at is None else at) + 1
        while self.inside(place) and self.text[place] == " ":
            place += 1
        return place

    def next_char(self, at: int | None = None) -> str:
        place = self.next_place(at)
        return self.text[place] if self.inside(place) else " "

    def previous_place(self) -> int:
        place = self.at - 1
        while place >= 0 and self.text[place] == " ":
            place -= 1
        return place

    def find(self, mark: str, at: int) -> int:
        return self.text.find(mark, at, self.end)

    def find_unescaped(self, mark: str, at: int) -> int:
        """Behind `at`; -1 if there is none."""
        place = at + 1
        while self.inside(place):
            if self.text[place] == "\\":
                place += 1
            elif self.text[place] == mark:
                return place
            place += 1
        return -1

    def find_closing(self, at: int, opening: str, closing: str, *, skip_regex: bool = False) -> int:
        """The bracket that closes the one at `at`; brackets in quotes do not count. -1 if there is none."""
        opened, place = 1, at + 1
        while self.inside(place):
            if self.char(place) in "'\"":
                place = self._behind_quotes(place)
            if skip_regex and self.char(place) == "/":
                place = self._behind_regex(place)
            if self.char(place) == opening:
                opened += 1
            if self.char(place) == closing:
                opened -= 1
                if opened == 0:
                    return place
            place += 1
        return -1

    def _behind_quotes(self, at: int) -> int:
        quote = self.text[at]
        closing = self.find_unescaped(quote, at)
        if closing < 0:
            raise JsonPathError(f"Could not find matching close quote for {quote} when parsing : {self.text}")
        return closing + 1

    def _behind_regex(self, at: int) -> int:
        closing = self.find_unescaped("/", at)
        if closing < 0:
            raise JsonPathError(f"Could not find matching close for / when parsing regex in : {self.text}")
        return closing + 1
