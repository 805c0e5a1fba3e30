#!/bin/sh
# Registers the namespace, how long it keeps closed runs, and the search attributes of Binôme. Safe to run again:
# a server that is not up yet, or does not know its new namespace or their names yet, fails it, and the container starts
# again. It ends well when a search by all of them is possible: whoever waits for it may start programmes.
set -eu
: "${TEMPORAL_ADDRESS:?}" "${TEMPORAL_NAMESPACE:?}" "${RETENTION:=30d}"

temporal operator cluster health >/dev/null

if temporal operator namespace describe -n "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace update -n "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
else
  temporal operator namespace create -n "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
fi

temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" \
  --name ProgrammeId --type Keyword --name Region --type Keyword --name Cohort --type Keyword \
  --name Stage --type Keyword --name Health --type Keyword

temporal workflow count --namespace "$TEMPORAL_NAMESPACE" --query \
  'ProgrammeId = "" OR Region = "" OR Cohort = "" OR Stage = "" OR Health = ""' >/dev/null
