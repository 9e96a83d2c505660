-- Roles, database and rights, once for every kind of installation: the embedded server and the compose file both
-- run this through psql, and running it again changes nothing. Needs the variable `database`.
--   thidua_owner  owns the schema and is used by migrations only;
--   thidua_login  is what web, worker and beat connect as: it owns nothing, creates nothing and inherits nothing.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;

SELECT 'CREATE ROLE thidua_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'thidua_owner') \gexec
SELECT 'CREATE ROLE thidua_login' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'thidua_login') \gexec
ALTER ROLE thidua_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE thidua_login LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT;

SELECT format('CREATE DATABASE %I OWNER thidua_owner ENCODING ''UTF8'' TEMPLATE template0', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE :"database", postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO thidua_login;

\connect :"database"
SET client_min_messages = warning;
ALTER SCHEMA public OWNER TO thidua_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO thidua_login;
-- TRUNCATE, REFERENCES and TRIGGER look past rows, so they are never given.
ALTER DEFAULT PRIVILEGES FOR ROLE thidua_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO thidua_login;
ALTER DEFAULT PRIVILEGES FOR ROLE thidua_owner IN SCHEMA public GRANT USAGE ON SEQUENCES TO thidua_login;
ALTER DEFAULT PRIVILEGES FOR ROLE thidua_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE thidua_owner GRANT EXECUTE ON FUNCTIONS TO thidua_login;
