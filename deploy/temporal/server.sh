#!/bin/sh
# Starts Temporal's server with the password of its account from a file: its image reads the environment alone.
set -eu
POSTGRES_PWD=$(cat "${SECRETS:-/run/secrets}/temporal_password")
export POSTGRES_PWD
exec "${TEMPORAL_HOME:-/etc/temporal}/entrypoint.sh"
