#!/bin/sh
# How a service sends events: one CloudEvent, a batch, what became of one. Needs curl and a running `binome up --demo`.
# Nothing is stored: take `?dry_run=true` away to mean it. Every type has a JSON Schema in docs/schemas/.
set -eu
stack=${1:-.binome}/stack.json
read_stack() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$stack" "$1"; }
gateway=$(read_stack gateway)
token=$(read_stack token) # of your own service: binome sources add NAME

# The learning platform: a mentor finished a module. The subject is the person's id in your organisation; the id
# is yours, and the same id sent again is the same event.
curl --silent --show-error --max-time 10 "$gateway/events?dry_run=true" \
  -H "Authorization: Bearer $token" -H "Content-Type: application/cloudevents+json" -d '{
    "specversion": "1.0", "id": "completion-4711", "source": "/learning", "type": "binome.module_completed.v1",
    "subject": "E1353", "data": {"module": "oser-parler"}}'
echo

# The HR system: somebody left, and somebody else told when they are free. A batch is stored whole or not at all.
curl --silent --show-error --max-time 10 "$gateway/events?dry_run=true" \
  -H "Authorization: Bearer $token" -H "Content-Type: application/cloudevents-batch+json" -d '[
    {"specversion": "1.0", "id": "leaver-1", "source": "/hr", "type": "binome.person_left.v1", "subject": "E1367"},
    {"specversion": "1.0", "id": "hours-1", "source": "/hr", "type": "binome.windows_given.v1", "subject": "E1353",
     "data": {"windows": [{"day": 0, "start": 540, "end": 720}]}}]'
echo

# Without dry_run the answer is 202 with a link; GET it, with the same token, to read what became of the event.
