#!/usr/bin/env bash
# First start of the database server: roles, database and rights, then the passwords, which come from the environment.
set -euo pipefail
psql --username postgres --dbname postgres --set database=thidua --file /etc/thidua/roles.sql
# \getenv and not --set: a password on a command line is visible to every process of the machine.
psql --username postgres --dbname postgres --quiet --set ON_ERROR_STOP=1 <<'SQL'
\getenv owner_password OWNER_PASSWORD
\getenv login_password LOGIN_PASSWORD
ALTER ROLE thidua_owner PASSWORD :'owner_password';
ALTER ROLE thidua_login PASSWORD :'login_password';
SQL
