#!/bin/sh
# Run by PostgreSQL's image once, when it makes its data folder: an account for each part, and the databases.
# What worker and gateway may do in their database says `binome migrate` (activities/persistence/roles.sql).
set -eu

account() { # NAME: one that may log in, and nothing else; its password is the secret of this name
  psql --quiet --no-psqlrc -v ON_ERROR_STOP=1 -d postgres -v name="$1" -v password="$(cat "${SECRETS:-/run/secrets}/$1_password")" <<'SQL'
create role :"name" login noinherit nocreatedb nocreaterole nosuperuser noreplication password :'password';
SQL
}

database() { # NAME OWNER: nobody else may connect, until they are let in
  psql --quiet --no-psqlrc -v ON_ERROR_STOP=1 -d postgres -v name="$1" -v owner="$2" <<'SQL'
create database :"name" owner :"owner";
revoke all on database :"name" from public;
SQL
}

for name in binome_owner binome_worker binome_gateway temporal; do
  account "$name"
done

account backup
psql --quiet --no-psqlrc -v ON_ERROR_STOP=1 -d postgres -c 'alter role backup replication' # read all of it, change nothing
echo 'host replication backup all scram-sha-256' >>"${PGDATA:?}/pg_hba.conf" # the image lets nobody in for that

database binome binome_owner
database temporal temporal
database temporal_visibility temporal

psql --quiet --no-psqlrc -v ON_ERROR_STOP=1 -d binome <<'SQL'
grant connect, temporary on database binome to binome_worker, binome_gateway; -- temporary: people files are compared beside the tables
alter schema public owner to binome_owner;
revoke all on schema public from public;
SQL
