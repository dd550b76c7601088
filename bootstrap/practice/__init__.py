"""An XNAT to practise on: the same REST contract, with its state in SQLite."""
