#!/bin/sh
# Makes secrets/ beside docker-compose.yml: a file for each secret, drawn at random. What is there already stays.
# The folder is closed to other accounts; the files inside are open, since accounts in containers read them.
set -eu
cd "$(dirname "$0")/.."
umask 077
mkdir -p secrets
for name in postgres_password binome_owner_password binome_worker_password binome_gateway_password temporal_password \
  backup_password binome_secret; do
  [ -s "secrets/$name" ] || head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"secrets/$name"
done
# Yours, where there are any: the mail server's password, secrets of earlier times, keys that encrypt histories,
# what the OpenID provider knows the console by.
for name in smtp_password older_secrets payload_keys oidc_client_secret; do
  [ -e "secrets/$name" ] || : >"secrets/$name"
done
chmod 644 secrets/*
echo "secrets/ is complete; back it up apart from the databases, and never commit it."
