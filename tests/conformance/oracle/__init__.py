"""The oracle of the project's own: runs real dbt and records what it answers.

`record.py` is the command. The answers stand in `../cases`, the manifests that
they are about in `../manifests`; README.md beside them gives the form.
"""
