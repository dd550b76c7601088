"""A launch resolved: from a wrapper, its configuration and the values that were given to what is run.

failures.py    why a launch fails before its container runs, each with the status of its workflow
context.py     one launch: whose it is, of which wrapper, with which values
inputs.py      the tree of inputs, with what site and project have laid over them
objects.py     XNAT objects that values name
candidates.py  what an input that is derived from another can be
values.py      the tree of values: every input with all that it can be
choice.py      one value for each input, or the reason why there is none
templates.py   replacement keys, and values as they stand in a command line
mounts.py      directories, read-only from the archive or copied into the build folder
outputs.py     where what is written will be uploaded to
command.py     all of it together
form.py        what a user is shown before he launches
"""
