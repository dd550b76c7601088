"""Commands: read, validated, brought into their normal form, changed in place, kept and shown.

`reading.py`     a body becomes a document
`validation.py`  what is wrong with a document, in the service's own words; `wrapper_validation.py` for its wrappers
`normal_form.py` a document as it is stored and as it reads back
`merging.py`     a document over a stored one: what has the same name keeps its place
`store.py`       the tables; `visibility.py` who sees what; `labels.py` commands in the labels of images
"""
