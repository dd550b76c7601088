"""An XNAT site as code: planned, applied, proved and kept so."""

__version__ = "0.1.0"
