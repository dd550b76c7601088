"""Projects and what is in them.

Kept         `projects.py`, `subjects.py`; `rights.py` who may do what with a project, `room.py` the tables
Archive      `archive.py` is what other rooms use; `experiments.py` (sessions, assessors), `scans.py`,
             `reconstructions.py`; `resources.py` hang on `owners.py`, with `files.py` and `catalogs.py`;
             `places.py` where things lie on disk, `news.py` what other rooms are told, `workflows.py` what was done
Items        `schema.py`, `experiment_types.py` what each type holds, `item.py` the tree and its merging,
             `item_xml.py` and `item_forms.py` its forms, `submitted.py` what a request says of one,
             `keeping.py` and `numbers.py` how one is stored
Models       `models.py` things as JSON, as matchers and filters see them; `user_cache.py` files put aside by users
Searches     `search_documents.py` what is looked for, `search_subjects.py` what can be found, `search.py` the routes
Lists        `listing.py` columns, filters, pages; `tables.py` JSON, CSV, XML, HTML
Routes       `project_routes.py` and so on; `project_search.py` is the list of the web interface
"""
