"""The proof that both fences hold: a throw-away world of foreign units, and everything tried across their borders.

`manage.py check_isolation` runs it. All of it happens in one transaction of the application's own login, which is
rolled back whatever comes, and which could not commit if it tried (`world.make_uncommittable`).

`rows` writes one valid row into every tenant table, `world` builds the units, accounts and rows, `statements` asks
PostgreSQL as each persona, `addresses` asks every address as each role, `tally` counts.

What an app has to say for its own tables and pages stands in its `apps.py`: `isolation_rows` (see `rows`),
`isolation_sign_in` (see `pages`) and `isolation_unopened`, which says why an address opens for nobody of the world.
"""
