-- name: record_batch^
-- One statement is one transaction and one round trip: the engine's throughput depends on it. Every row was computed
-- before (domain/pair/record_rows.py); a `case` here depends on what is stored already. Returns what was new.
with records as materialized (
    select * from jsonb_to_recordset(cast(:rows as jsonb) -> 'transitions') as r (
        revision integer, at timestamptz, event text, digest bytea, "row" jsonb, waiting_since timestamptz, refusal text)
),
-- An archived pair has no transitions any more: what it has passed is recorded.
existing as materialized (
    select r.revision, coalesce(t.digest <> r.digest, false) as differs
    from records r left join transitions t on t.pair = :pair and t.revision = r.revision
    where t.pair is not null
       or r.revision <= (select revision from pairs where pair = :pair and archived_at is not null)
),
-- Transitions before the batch are missing here, as after a backup was restored: nothing is written without them.
gap as materialized (
    select stored.revision
    from (select coalesce(max(revision), 0) as revision from pairs where pair = :pair) stored
    where not :gap_allowed and (select min(revision) from records) > stored.revision + 1
),
inserted as (
    insert into transitions (pair, revision, digest, event, at)
    select :pair, revision, digest, event, at from records
    where not exists (select from existing where differs) and not exists (select from gap)
      and revision not in (select revision from existing)
    on conflict do nothing
    returning revision
),
new_records as materialized (select r.* from records r join inserted using (revision)),
-- Whom the pair was with before this batch, if it recorded that.
stored_pair as materialized (
    select case when mentee_recorded then mentee end as mentee from pairs where pair = :pair
),
pair_rows as (
    insert into pairs as p (
        pair, programme, region, wave, mentor, seat, stage, outcome, reason, health, paused, held,
        mentee, mentee_recorded, next_step, next_at, first_in_line, waiting_since, revision, state, scopes, started, closed_at)
    select :pair, :programme, :region, :wave, :mentor, :seat, n.stage, n.outcome, n.reason, n.health, n.paused, n.held,
           n.mentee, n.mentee is not null, n.next_step, n.next_at,
           exists (select from new_records where refusal is not null),
           r.waiting_since, r.revision, cast(:state as jsonb), cast(:scopes as text[]), true,
           case when n.stage = 'closed' then now() end
    from (select * from new_records order by revision desc limit 1) r
    cross join lateral jsonb_to_record(r."row") as n (
        stage text, outcome text, reason text, health text, paused boolean, held integer, mentee text,
        next_step text, next_at timestamptz)
    on conflict (pair) do update set
        stage = excluded.stage, outcome = excluded.outcome, reason = excluded.reason, health = excluded.health,
        paused = excluded.paused, held = excluded.held, next_step = excluded.next_step, next_at = excluded.next_at,
        -- A claim that the pair does not know of yet outlives a record without a mentee.
        mentee = case
            when excluded.mentee is not null or excluded.stage = 'closed' or p.mentee_recorded
                 or p.mentee in (select coalesce("row" ->> 'mentee', refusal) from new_records)
            then excluded.mentee else p.mentee end,
        mentee_recorded = excluded.mentee_recorded,
        first_in_line = p.first_in_line or excluded.first_in_line,
        -- Who waited already goes on waiting, unless a match came to nothing meanwhile.
        waiting_since = case
            when excluded.waiting_since is null or p.stage <> 'matching'
                 or exists (select from new_records where refusal is not null)
            then excluded.waiting_since else p.waiting_since end,
        revision = excluded.revision, state = excluded.state, scopes = excluded.scopes, started = true,
        closed_at = coalesce(p.closed_at, excluded.closed_at)
    where p.revision < excluded.revision
),
ledger_rows as (
    insert into ledger (pair, revision, position, at, what, reason, session, decided_by)
    select :pair, l.revision, l.position, l.at, l.what, l.reason, l.session, l.decided_by
    from jsonb_to_recordset(cast(:rows as jsonb) -> 'ledger') as l (
        revision integer, position smallint, at timestamptz, what text, reason text, session integer, decided_by text)
    join inserted using (revision)
),
session_rows as (
    insert into sessions (
        pair, number, attempt, status, sequence, start_at, minutes, programme, mentor, mentee)
    -- Several transitions of a batch may change one session; PostgreSQL takes a row once a statement.
    select distinct on (s.number, s.attempt)
           :pair, s.number, s.attempt, s.status, s.sequence, s.start, s.minutes, :programme, :mentor, s.mentee
    from jsonb_to_recordset(cast(:rows as jsonb) -> 'sessions') as r (revision integer, "row" jsonb)
    join inserted using (revision)
    cross join lateral jsonb_to_record(r."row") as s (
        number integer, attempt integer, status text, sequence integer, start timestamptz, minutes integer, mentee text)
    order by s.number, s.attempt, r.revision desc
    on conflict (pair, number, attempt) do update set
        status = excluded.status, sequence = excluded.sequence, start_at = excluded.start_at,
        minutes = excluded.minutes, mentee = excluded.mentee
),
refusal_rows as (
    insert into refusals (programme, mentor, mentee, refused_at)
    select :programme, :mentor, refusal, at from new_records where refusal is not null
    on conflict do nothing
),
notice_rows as (
    insert into outbox (notice, scope, programme, region, wave, person, body, mentor, mentee, created, due, state)
    select concat_ws(':', n.key, t.person), :pair, :programme, :region, :wave, t.person, n.body, :mentor, m.mentee, n.at,
           coalesce(n.due, now()),
           case when n.needs_agreement
                 and not exists (select from closing_answers where pair = :pair and word_to_manager)
                then 'held' else 'queued' end
    from jsonb_to_recordset(cast(:rows as jsonb) -> 'notices') as n (
        revision integer, key text, at timestamptz, mentee text, sources text[], due timestamptz,
        needs_agreement boolean, body jsonb)
    join inserted using (revision)
    -- Before the first transition of the batch, only the stored row says whom the pair was with.
    cross join lateral (
        select coalesce(n.mentee, case when n.revision = (select min(revision) from records)
                                       then (select mentee from stored_pair) end) as mentee
    ) m
    cross join lateral recipients(n.sources, :mentor, m.mentee, :region) as t (person)
    on conflict do nothing
    returning notice
),
released_rows as (
    -- Whatever changed, delivery looks again at what waits for the end of a pause.
    update outbox set due = now(), awaits_resume = false
    where scope = :pair and awaits_resume and state = 'queued' and exists (select from inserted)
),
refused_rows as (
    insert into refused_messages (workflow_id, name, reason, at)
    select :pair, m.name, m.reason, m.at
    from jsonb_to_recordset(cast(:refused as jsonb)) as m (at timestamptz, name text, reason text)
    on conflict do nothing
),
notified as materialized (select pg_notify('binome_outbox', '') from (select from notice_rows limit 1) one)
select (select count(*) from inserted) as inserted,
       (select count(*) from existing) as existing,
       exists (select from existing where differs) as differs,
       (select revision from gap) as stored_before_gap,
       (select count(*) from notified) as notified,
       coalesce(bool_or(d.paused), false) as paused,
       coalesce(max(d.version), 0) as version
from directives d where d.scope = any (cast(:scopes as text[]));

-- name: queue_notices$
-- Notices of a cohort or programme, which have no pair; keyed like a pair's, so a retry queues nothing twice.
with notice_rows as (
    insert into outbox (notice, scope, programme, region, person, body, created)
    select concat_ws(':', n.key, t.person), :scope, :programme, :region, t.person, n.body, cast(:at as timestamptz)
    from jsonb_to_recordset(cast(:notices as jsonb)) as n (key text, sources text[], body jsonb)
    cross join lateral recipients(n.sources, null, null, :region) as t (person)
    on conflict do nothing
    returning notice
),
notified as materialized (select pg_notify('binome_outbox', '') from (select from notice_rows limit 1) one)
select (select count(*) from notice_rows) + 0 * (select count(*) from notified);
