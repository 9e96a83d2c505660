-- Roles, database and rights, once for every kind of installation: the embedded server and the compose file both
-- run this through psql, and running it again changes nothing. Needs the variable `database`.
--   thidua_owner  owns the schema and is used by migrations only;
--   thidua_login  is what web, worker and beat connect as: it owns nothing, creates nothing and inherits nothing;
--   thidua_unit, thidua_council, thidua_maintenance are the personas it steps into for the time of a scope. Only they
--                 reach tenant tables, and only the rows that their policies let through. Rights on tables are given
--                 after each migration by the fence of the application, table by table;
--   thidua_definer owns the few functions that look past the row policies and bound what they return by themselves
--                 (text search). Nobody acts as it: the owner may hand it a function, no more.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;

SELECT 'CREATE ROLE thidua_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'thidua_owner') \gexec
SELECT 'CREATE ROLE thidua_login' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'thidua_login') \gexec
SELECT format('CREATE ROLE %I', persona)
FROM unnest(ARRAY['thidua_unit', 'thidua_council', 'thidua_maintenance']) AS persona
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = persona) \gexec
SELECT 'CREATE ROLE thidua_definer' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'thidua_definer') \gexec
ALTER ROLE thidua_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE thidua_login LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT;
-- Queries are short and plans differ with the scope: compiling one takes longer than running it.
ALTER ROLE thidua_login SET jit = off;
-- Many people ask at once, so one question takes one core: starting helpers takes longer than most questions do, and
-- whoever waits for them waits for the neighbours too.
ALTER ROLE thidua_login SET max_parallel_workers_per_gather = 0;
ALTER ROLE thidua_unit NOLOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
ALTER ROLE thidua_council NOLOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
ALTER ROLE thidua_maintenance NOLOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
ALTER ROLE thidua_definer NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION BYPASSRLS;
GRANT thidua_definer TO thidua_owner WITH INHERIT FALSE, SET TRUE;
-- The login may step into a persona, and holds none of its rights while it has not.
GRANT thidua_unit, thidua_council, thidua_maintenance TO thidua_login WITH INHERIT FALSE, SET TRUE;

SELECT format('CREATE DATABASE %I OWNER thidua_owner ENCODING ''UTF8'' TEMPLATE template0', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE :"database", postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO thidua_login;

\connect :"database"
SET client_min_messages = warning;
ALTER SCHEMA public OWNER TO thidua_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO thidua_login, thidua_unit, thidua_council, thidua_maintenance, thidua_definer;
ALTER DEFAULT PRIVILEGES FOR ROLE thidua_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
