"""The launcher behind ``./khue``: environment, PostgreSQL, database, web and worker. Standard library only, except
``database.py``, which runs inside the environment."""
