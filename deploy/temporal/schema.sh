#!/bin/sh
# Brings the tables of Temporal's two databases up to this release. Safe to run again.
# Both databases are there, and belong to the account that this runs under (deploy/postgres/roles.sh).
set -eu
: "${DB:?}" "${DB_PORT:?}" "${POSTGRES_SEEDS:?}" "${POSTGRES_USER:?}"
SQL_PASSWORD=$(cat "${SECRETS:-/run/secrets}/temporal_password")
export SQL_PASSWORD

sql() {
  database=$1
  shift
  temporal-sql-tool --plugin "$DB" --ep "$POSTGRES_SEEDS" -p "$DB_PORT" -u "$POSTGRES_USER" --db "$database" "$@"
}

prepare() {
  sql "$1" setup-schema -v 0.0
  sql "$1" update-schema -d "${TEMPORAL_HOME:-/etc/temporal}/schema/postgresql/v12/$2/versioned"
}

prepare temporal temporal
prepare temporal_visibility visibility
