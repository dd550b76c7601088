"""One file per kind of thing on an XNAT. See docs/adding-a-kind.md."""
