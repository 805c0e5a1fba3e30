#!/bin/sh
# Copies PostgreSQL as a whole once a day, so that all databases are of one moment, and keeps the newest BACKUP_DAYS.
# backup.sh: for ever, after BACKUP_HOUR (UTC). backup.sh now: once. backup.sh check: whether there is one of a day ago.
set -eu
: "${BACKUPS:=/backups}" "${BACKUP_HOUR:=2}" "${BACKUP_DAYS:=7}" "${PGHOST:?}" "${PGUSER:?}"
PGPASSWORD=$(cat "${SECRETS:-/run/secrets}/${PGUSER}_password")
export PGPASSWORD

backup() { # under its name only once it is whole
  today=$(date -u +%F)
  rm -rf "$BACKUPS/unfinished" &&
    pg_basebackup --no-password -D "$BACKUPS/unfinished" -Ft -z -X stream -c fast &&
    rm -rf "${BACKUPS:?}/$today" &&
    mv "$BACKUPS/unfinished" "$BACKUPS/$today" &&
    echo "made $today" &&
    older | while read -r name; do rm -rf "${BACKUPS:?}/$name"; done
}

names() { # newest first
  ls "$BACKUPS" | grep -E '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' | sort -r
}

older() {
  names | tail -n "+$((BACKUP_DAYS + 1))"
}

due() {
  [ -z "$(names)" ] || { [ "$(date -u +%H)" -ge "$BACKUP_HOUR" ] && [ ! -e "$BACKUPS/$(date -u +%F)" ]; }
}

case ${1-} in
now) backup ;;
check) find "$BACKUPS" -mindepth 1 -maxdepth 1 -name '????-??-??' -mmin -1560 | grep -q . ;; # 26 hours
*)
  trap 'exit 0' TERM INT
  while true; do
    ! due || backup || echo "there is no backup of today; tried again in ten minutes" >&2
    sleep 600 &
    wait $!
  done
  ;;
esac
