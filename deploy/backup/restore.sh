#!/bin/sh
# restore.sh DAY: unpacks the backup of that day into an empty data folder, before PostgreSQL is started on it.
set -eu
: "${BACKUPS:=/backups}" "${PGDATA:?}" "${OWNER:=postgres}"
backup="$BACKUPS/${1:?the day of the backup, such as 2027-01-11}"
[ -e "$backup/base.tar.gz" ] || { echo "there is no $backup; there are:" >&2; ls "$BACKUPS" >&2; exit 2; }
[ ! -e "$PGDATA/PG_VERSION" ] || { echo "$PGDATA holds data: docker volume rm binome_postgres" >&2; exit 2; }
mkdir -p "$PGDATA"
tar -xzf "$backup/base.tar.gz" -C "$PGDATA"
tar -xzf "$backup/pg_wal.tar.gz" -C "$PGDATA/pg_wal"
chown -R "$OWNER" "$PGDATA"
chmod 700 "$PGDATA"
echo "restored ${1}"
