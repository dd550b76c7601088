"""How images come in: received into the prearchive, built into sessions, archived.

Received     `headers.py` what a file says of itself, `routing.py` where it belongs, `series_filter.py` whether it is
             wanted, `scripts.py` the anonymisation scripts; `receiving.py` does all of it for one file
Uploads      `session_importer.py` is SI, `progress.py` how far an import in the background is
Prearchive   `prearchive.py` the sessions that wait, with their states; `building.py` makes a session of its files,
             `described.py` says what XNAT knows of each scan
Archived     `archiving.py` into the archive, `conflicts.py` what speaks against it, `merging.py` which scan becomes
             which; `rebuilder.py` the clock that does it when nothing more comes
Routes       `import_routes.py`, `prearchive_routes.py`, `prearchive_lists.py`, `archive_routes.py`, `dump_routes.py`;
             `direct_routes.py` for what goes straight into the archive
DICOM        `association.py` is the receiver for C-STORE
"""
