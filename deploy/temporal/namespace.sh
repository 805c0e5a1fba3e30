#!/bin/sh
# Registers the namespace, how long it keeps closed runs, and the search attributes of Binôme. Safe to run again:
# a server that is not up yet, or does not know its new namespace yet, fails it, and the container starts again.
set -eu
: "${TEMPORAL_ADDRESS:?}" "${TEMPORAL_NAMESPACE:?}" "${RETENTION:=30d}"

temporal operator cluster health >/dev/null

if temporal operator namespace describe -n "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace update -n "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
else
  temporal operator namespace create -n "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
fi

for name in ProgrammeId Region Cohort Stage Health; do
  temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --name "$name" --type Keyword
done
