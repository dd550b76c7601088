"""Items as XML documents: read, and written."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree
from xml.parsers import expat

from bootstrap.facts import type_ancestry
from bootstrap.practice.data import schema
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.type_parts import Child

_BETWEEN = "}"  # a namespace and a name
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SAYS_TYPE = f"{_XSI}{_BETWEEN}type"
_NAMESPACES = {"xnat": "http://nrg.wustl.edu/xnat", "xsi": _XSI}


class NotAnItem(ValueError):
    """What is wrong with a document, as XNAT says it."""


def read(document: bytes) -> Item:
    """Names count, namespaces do not; fields may be attributes or elements."""
    root = tree(document)
    kind = schema.by_element(_local(root.tag))
    if kind is None:
        raise NotAnItem(f"org.xml.sax.SAXException: Element not found: '{_local(root.tag)}'")
    item = Item(kind.name)
    _take(item, root)
    return item


def write(item: Item) -> bytes:
    root = _element(f"xnat:{item.kind.element}", item)
    for prefix, address in _NAMESPACES.items():
        root.set(f"xmlns:{prefix}", address)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, "unicode")}'.encode()


def _take(item: Item, element: ElementTree.Element) -> None:
    for name, value in element.attrib.items():
        if not name.startswith(_XSI):
            _put(item, _local(name), value)
    if item.kind.text and (text := (element.text or "").strip()):
        item.fields[item.kind.text] = text
    for child in element:
        _take_below(item, "", child)


def _take_below(item: Item, above: str, element: ElementTree.Element) -> None:
    """An element that is a field, a child, or one of those that only lead to them."""
    path = above + _local(element.tag)
    _take_attributes(item, path, element)
    if path in item.kind.fields:
        _put(item, path, (element.text or "").strip())
    elif path in item.kind.children:
        child = Item(_child_type(item.kind.children[path], element))
        _take(child, element)
        item.children.setdefault(path, []).append(child)
    elif any(one.startswith(f"{path}/") for one in (*item.kind.fields, *item.kind.children)):
        for child_element in element:
            _take_below(item, f"{path}/", child_element)
    else:
        raise NotAnItem(f"org.xml.sax.SAXException: Invalid field '{path}'")


def _take_attributes(item: Item, path: str, element: ElementTree.Element) -> None:
    """Those of an element that is no item itself, as the manufacturer of a scanner."""
    for name, value in element.attrib.items():
        if f"{path}/{_local(name)}" in item.kind.fields:
            _put(item, f"{path}/{_local(name)}", value)


def _child_type(child: Child, element: ElementTree.Element) -> str:
    """The type that the element says it is of, whatever the prefix."""
    said = element.get(_SAYS_TYPE) if child.says_type else None
    if not said:
        return child.type
    found = f"xnat:{said.rpartition(':')[2]}"
    if found not in schema.TYPES or not (type_ancestry.is_a(found, child.type) or child.type == found):
        raise NotAnItem(f"org.xml.sax.SAXException: Element not found: '{said}'")
    return found


def _put(item: Item, name: str, value: str) -> None:
    if name not in item.kind.fields:
        raise NotAnItem(f"org.xml.sax.SAXException: Invalid field '{name}'")
    if value:
        item.fields[name] = value


def _element(tag: str, item: Item) -> ElementTree.Element:
    made, kind = ElementTree.Element(tag), item.kind
    for name in kind.fields:
        if name not in item.fields:
            continue
        if name in kind.attributes:
            above, _, last = name.rpartition("/")
            (_leading_to(made, above, new=False) if above else made).set(last, item.fields[name])
        elif name == kind.text:
            made.text = item.fields[name]
        else:
            _leading_to(made, name).text = item.fields[name]
    for place in kind.children:
        for child in item.children.get(place, ()):
            above, _, name = place.rpartition("/")
            element = _element(f"xnat:{name}", child)
            if kind.children[place].says_type:
                element.set("xsi:type", child.type)
            (_leading_to(made, above, new=False) if above else made).append(element)
    return made


def _leading_to(element: ElementTree.Element, path: str, *, new: bool = True) -> ElementTree.Element:
    """The element at the end of a path; the ones before it are made once."""
    *above, last = path.split("/")
    for name in above if new else [*above, last]:
        found = _child(element, f"xnat:{name}")
        element = found if found is not None else ElementTree.SubElement(element, f"xnat:{name}")
    return ElementTree.SubElement(element, f"xnat:{last}") if new else element


def _child(element: ElementTree.Element, tag: str) -> ElementTree.Element | None:
    return next((one for one in element if one.tag == tag), None)


def tree(document: bytes) -> ElementTree.Element:
    """Without any entity but XML's own five: a document that declares a type is refused."""
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate(namespace_separator=_BETWEEN)
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: _start(builder, name, attributes)
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(document, True)
    except (expat.ExpatError, LookupError) as error:
        code = expat.ErrorString(error.code) if isinstance(error, expat.ExpatError) else str(error)
        where = f"lineNumber: {parser.ErrorLineNumber}; columnNumber: {parser.ErrorColumnNumber + 1}"
        raise NotAnItem(f"org.xml.sax.SAXParseException; {where}; {code}") from error
    return builder.close()


def _start(builder: ElementTree.TreeBuilder, name: str, attributes: Mapping[str, str]) -> None:
    builder.start(name, dict(attributes))


def _refuse_doctype(*_declared: object) -> None:
    raise NotAnItem("org.xml.sax.SAXParseException; DOCTYPE is disallowed.")


def _local(name: str) -> str:
    return name.rpartition(_BETWEEN)[2]
