"""The site file: YAML with positions, tags, secrets and overlays; the merged site; its JSON Schema.

This room is handed the kinds' models (`Section`); it never imports them.
"""
