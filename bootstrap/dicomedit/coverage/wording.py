"""Values and conditions as the author wrote them, on one line."""

from __future__ import annotations

from bootstrap.dicomedit import nodes

_LONGEST = 120


def value(node: nodes.Value) -> str:
    match node:
        case nodes.Text():
            return f'"{node.raw}"'
        case nodes.Number():
            return node.text
        case nodes.Variable():
            return node.name
        case nodes.Call():
            return shortened(f"{node.name}[{', '.join(map(value, node.arguments))}]")
        case nodes.ListValue():
            return shortened(f"{{{', '.join(map(value, node.elements))}}}")
        case nodes.Format():
            return shortened(" ".join([value(node.pattern), ", ".join(map(value, node.arguments))]))
        case nodes.NewValue():
            return f"new {node.kind}"
        case nodes.TagPath():
            return str(node)
        case nodes.Unreadable():
            return "what the engine cannot read"


def condition(node: nodes.Condition) -> str:
    if isinstance(node, nodes.Call):
        return value(node)
    return f"{value(node.left)} {node.operator} {value(node.right)}"


def shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
