"""An object held as a pydicom data set: the reference. Works on a copy whose values are shared with the original."""

from __future__ import annotations

import copy
import struct
from array import array
from collections.abc import Sequence, Set
from typing import TYPE_CHECKING, Any, Self, cast

from bootstrap.dicomedit.charsets import charset_of
from bootstrap.dicomedit.codec import TEXT_VRS, Charset, bytes_of, padded
from bootstrap.dicomedit.dictionary import dictionary_vr, engine_vr, read_vr
from bootstrap.dicomedit.encoding import IMPLICIT_LITTLE_ENDIAN
from bootstrap.dicomedit.holding import PIXEL_DATA
from bootstrap.dicomedit.problems import ScriptError

if TYPE_CHECKING:
    from pydicom.dataelem import DataElement, RawDataElement
    from pydicom.dataset import Dataset

_CHARACTER_SET = 0x00080005
_UNDEFINED = 0xFFFFFFFF
_SIZES = {"US": "H", "SS": "h", "OW": "H", "AT": "H", "UL": "I", "SL": "i", "FL": "f", "OF": "f", "FD": "d"}
_SIZES |= {"UV": "Q", "SV": "q", "OD": "d", "OL": "I", "OV": "Q"}


def copied(dataset: Dataset) -> Dataset:
    """A data set whose elements can be set and deleted without a trace in the original; values are not copied."""
    from pydicom.dataelem import DataElement
    from pydicom.sequence import Sequence as DicomSequence

    twin = copy.copy(dataset)
    twin._dict = dict(dataset._dict)
    for tag, element in twin._dict.items():
        if isinstance(element, DataElement) and element.VR == "SQ":
            items = DicomSequence([copied(item) for item in element.value or ()])
            twin._dict[tag] = sequence = DataElement(tag, "SQ", items)
            sequence.is_undefined_length = element.is_undefined_length
    meta = getattr(dataset, "file_meta", None)
    if meta is not None:
        twin.file_meta = copied(meta)  # type: ignore[assignment]
    return twin


class DatasetItem:
    __slots__ = ("_big", "_data", "_implicit", "_odd", "_written", "parent")
    _big: bool
    _implicit: bool  # the file states no VRs
    _written: set[tuple[int, int]]  # elements that a script wrote: their VR is what it gave them

    def __init__(self, data: Dataset, parent: Self | None = None) -> None:
        self._data, self.parent = data, parent
        self._odd: list[tuple[Dataset, int]] = [] if parent is None else parent._odd
        self._written = set() if parent is None else parent._written
        self._big = data.original_encoding[1] is False if parent is None else parent._big
        self._implicit = _is_implicit(data) if parent is None else parent._implicit or _was_implicit(data)

    @property
    def identity(self) -> int:
        return id(self._data)

    @property
    def dataset(self) -> Dataset:
        return self._data

    def _home(self, tag: int) -> Dataset:
        if tag >> 16 != 2 or self.parent is not None:
            return self._data
        from pydicom.dataset import FileMetaDataset

        if getattr(self._data, "file_meta", None) is None:
            self._data.file_meta = FileMetaDataset()
        return self._data.file_meta

    def _element(self, tag: int) -> DataElement | RawDataElement | None:
        """As it is held: pydicom's own access converts, and takes its private dictionary for granted."""
        home = self._home(tag)
        element = home._dict.get(tag)  # type: ignore[call-overload]
        if element is not None and element.is_raw and element.value is None and element.length:
            return home[tag]  # its value was left in the file
        return element  # type: ignore[no-any-return]

    def _store(self, tag: int, element: DataElement | RawDataElement) -> None:
        home = self._home(tag)
        self._written.add((id(home), tag))
        home._dict[element.tag] = element
        home._private_blocks = {}
        if tag == PIXEL_DATA:
            home._pixel_array = None
            home._pixel_id = {}

    def tags(self) -> Sequence[int]:
        meta = getattr(self._data, "file_meta", None) if self.parent is None else None
        return [*sorted(map(int, meta.keys() if meta is not None else ())), *sorted(map(int, self._data.keys()))]

    def sequences(self) -> Sequence[int]:
        return [tag for tag in self.tags() if self.vr(tag) == "SQ"]

    def among(self, wanted: Set[int]) -> Sequence[int]:
        return [tag for tag in self.tags() if tag in wanted]

    def __contains__(self, tag: int) -> bool:
        return tag in self._home(tag)

    def stated_vr(self, tag: int) -> str:
        element = self._element(tag)
        if element is not None and self._is_without_vr(tag, element):
            return "SQ" if _shows_items(element) else read_vr(tag)
        return self._held_vr(tag, element)

    def _is_without_vr(self, tag: int, element: DataElement | RawDataElement) -> bool:
        """Does the file not say which VR it has? Also so in what an Explicit VR file calls UN."""
        home = self._home(tag)
        if home is not self._data or (id(home), tag) in self._written:
            return False
        return self._implicit or any(map(_was_implicit, _items_of(element)))

    def _held_vr(self, tag: int, element: DataElement | RawDataElement | None) -> str:
        stated = str(element.VR) if element is not None and element.VR else None
        if stated and " or " in stated:
            stated = "OW" if stated == "OB or OW" else stated[:2]
        return stated or engine_vr(None, tag)

    def vr(self, tag: int) -> str | None:
        return engine_vr(self.stated_vr(tag), tag) if tag in self else None

    def is_encapsulated(self, tag: int) -> bool:
        element = self._element(tag)
        if element is None or not (
            getattr(element, "is_undefined_length", False) or getattr(element, "length", 0) == _UNDEFINED
        ):
            return False
        return tag == PIXEL_DATA or self.vr(tag) != "SQ"

    def default_vr(self, tag: int) -> str:
        return read_vr(tag) if self._implicit else dictionary_vr(tag)

    def raw(self, tag: int) -> bytes:
        element = self._element(tag)
        if element is None:
            return b""
        if element.is_raw:
            value: bytes = element.value or b""
            little = getattr(element, "is_little_endian", True)
            return value if little else swapped(self.stated_vr(tag), value)
        if element.VR == "SQ":
            return _sequence_bytes(cast("DataElement", element), self._data._character_set)
        return self._encoded(self._held_vr(tag, element), element.value)

    def _encoded(self, vr: str, value: Any) -> bytes:
        if isinstance(value, bytes | bytearray):
            return bytes(value) + b"\0" * (len(value) % 2)
        if value is None or value == "":
            return b""
        values = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        if vr in TEXT_VRS or vr in ("UC", "UR"):
            text = "\\".join(_spelled(one) for one in values)
            return bytes_of(vr if vr in TEXT_VRS else "UT", text, self.charset())
        if vr == "AT":
            return b"".join(struct.pack("<HH", int(one) >> 16, int(one) & 0xFFFF) for one in values)
        numbers = list(values)
        return struct.pack(f"<{len(numbers)}{_SIZES[vr]}", *numbers)

    def items(self, tag: int) -> Sequence[Self] | None:
        if self.vr(tag) != "SQ":
            return None
        element = self._home(tag)[tag]
        if isinstance(element.value, bytes):
            element = self._decoded_sequence(element)
        return [type(self)(item, self) for item in element.value or ()]

    def _decoded_sequence(self, element: DataElement) -> DataElement:
        """A sequence that is held as the bytes of VR UN: these are as in an Implicit VR file."""
        from pydicom.dataelem import DataElement
        from pydicom.values import convert_SQ

        decoded = DataElement(element.tag, "SQ", convert_SQ(element.value, True, True))
        self._home(element.tag)._dict[element.tag] = decoded
        return decoded

    def charset(self) -> Charset:
        if _CHARACTER_SET in self._data:
            element = self._element(_CHARACTER_SET)
            raw = element.value if element.is_raw else _joined(element.value)  # type: ignore[union-attr]
            return charset_of(raw)
        return self.parent.charset() if self.parent is not None else charset_of(None)

    def put(self, tag: int, vr: str, raw: bytes) -> None:
        from pydicom.dataelem import RawDataElement
        from pydicom.tag import BaseTag

        value = swapped(vr, raw) if self._big and tag >> 16 != 2 else raw
        little = not self._big or tag >> 16 == 2
        if len(value) % 2:
            self._odd.append((self._home(tag), tag))
        self._store(tag, RawDataElement(BaseTag(tag), vr, len(value), value, 0, False, little))

    def finish(self) -> None:
        """Pads what was written with an odd length: until then it reads without a pad, as in the engine."""
        for home, tag in self._odd:
            element = home._dict.get(tag)  # type: ignore[call-overload]
            if element is not None and element.is_raw and len(element.value or b"") % 2:
                value = padded(str(element.VR), element.value or b"")
                home._dict[element.tag] = element._replace(value=value, length=len(value))
        self._odd.clear()

    def settle_encoding(self) -> None:
        """What was read or put is bytes in their final form. pydicom would write it in another character set where
        (0008,0005) was changed, or where an item is new."""
        _settle(self._data, *self._data.original_encoding)

    def put_sequence(self, tag: int) -> None:
        from pydicom.dataelem import DataElement
        from pydicom.sequence import Sequence as DicomSequence

        self._store(tag, DataElement(tag, "SQ", DicomSequence()))

    def add_item(self, tag: int) -> Self:
        from pydicom.dataset import Dataset

        item = Dataset()
        self._home(tag)[tag].value.append(item)
        return type(self)(item, self)

    def remove(self, tag: int) -> None:
        del self._home(tag)[tag]

    def remove_all(self, tags: Sequence[int]) -> None:
        for tag in tags:
            self.remove(tag)

    def decompress(self) -> None:
        try:
            self._data.decompress(generate_instance_uid=False)
        except (RuntimeError, ImportError, NotImplementedError, AttributeError, ValueError, TypeError) as error:
            raise ScriptError(f"the pixel data cannot be decoded: {error}") from error


def _was_implicit(item: Dataset) -> bool:
    """Within a file of Explicit VR: pydicom found it out. Of an empty item it says so always."""
    return bool(item._dict) and item.original_encoding[0] is True


def _is_implicit(dataset: Dataset) -> bool:
    syntax = getattr(getattr(dataset, "file_meta", None), "TransferSyntaxUID", None)
    return bool(syntax == IMPLICIT_LITTLE_ENDIAN) if syntax else dataset.original_encoding[0] is True


def _items_of(element: DataElement | RawDataElement) -> Sequence[Dataset]:
    return [] if element.is_raw or element.VR != "SQ" else cast("Sequence[Dataset]", element.value or ())


def _shows_items(element: DataElement | RawDataElement) -> bool:
    """Undefined lengths tell the engine that something is a sequence which it does not know as one."""
    if not getattr(element, "is_undefined_length", False):
        return False
    return any(getattr(item, "is_undefined_length_sequence_item", False) for item in _items_of(element))


def _sequence_bytes(element: DataElement, encoding: str | list[str]) -> bytes:
    """What an Implicit VR file has behind the header."""
    from pydicom.filebase import DicomBytesIO
    from pydicom.filewriter import write_sequence

    buffer = DicomBytesIO()
    buffer.is_implicit_VR = buffer.is_little_endian = True
    write_sequence(buffer, element, [encoding] if isinstance(encoding, str) else list(encoding))
    return buffer.getvalue()


def _settle(dataset: Dataset, implicit: bool | None, little: bool | None) -> None:
    dataset.set_original_encoding(implicit, little, dataset._character_set)
    for element in dataset._dict.values():
        if element.VR == "SQ" and not isinstance(element.value, bytes):
            for item in element.value or ():
                _settle(item, implicit, little)


def _spelled(value: Any) -> str:
    return str(getattr(value, "original_string", "") or value)


def _joined(value: Any) -> bytes:
    texts = [value] if isinstance(value, str) else list(value or ())
    return "\\".join(texts).encode("ascii", "replace")


def swapped(vr: str, raw: bytes) -> bytes:
    """The same numbers in the other byte order."""
    size = struct.calcsize(_SIZES.get(vr, "B"))
    if size == 1:
        return raw
    numbers = array({2: "H", 4: "I", 8: "Q"}[size], raw[: len(raw) // size * size])
    numbers.byteswap()
    return numbers.tobytes() + raw[len(raw) // size * size :]
