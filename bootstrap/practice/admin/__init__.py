"""Users, settings, mail, plugins, anonymisation, the config service, receivers, processors, forms.

`room.py` has the room's tables; every other file is one area: what it keeps, and the routes that show it.
"""
