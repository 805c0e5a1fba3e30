-- name: record_batch^
-- One statement is one transaction and one round trip: the engine's throughput hangs on it. Answers what was new.
with batch as materialized (
    select r.*, r."row" ->> 'mentee' as mentee,
           lag(r."row" ->> 'mentee') over (order by r.revision) as mentee_before,
           row_number() over (order by r.revision) = 1 as is_first
    from rows from (
        jsonb_to_recordset(cast(:records as jsonb)) as (
            revision integer, at timestamptz, event text, "row" jsonb, lines jsonb, notices jsonb, sessions jsonb,
            refusal text),
        unnest(cast(:digests as bytea[]))
    ) as r (revision, at, event, "row", lines, notices, sessions, refusal, digest)
),
known as materialized (
    select t.revision, t.digest <> b.digest as differs
    from transitions t join batch b using (revision) where t.pair = :pair
),
fresh as (
    insert into transitions (pair, revision, digest, event, at)
    select :pair, revision, digest, event, at from batch
    where not exists (select from known where differs)
      and revision not in (select revision from known)
    on conflict do nothing
    returning revision
),
new as materialized (select b.* from batch b join fresh using (revision)),
before as materialized (
    select case when mentee_recorded then mentee end as mentee from pairs where pair = :pair
),
written as (
    insert into pairs as p (
        pair, programme, region, wave, mentor, seat, stage, outcome, reason, health, paused, held,
        mentee, mentee_recorded, next_step, next_at, first_in_line, waiting_since, revision, state, started)
    select :pair, :programme, :region, :wave, :mentor, :seat, n.stage, n.outcome, n.reason, n.health, n.paused, n.held,
           n.mentee, n.mentee is not null, n.next_step, n.next_at,
           exists (select from new where refusal is not null),
           case when n.stage = 'matching' then l.at end, l.revision, cast(:state as jsonb), true
    from (select * from new order by revision desc limit 1) l
    cross join lateral jsonb_to_record(l."row") as n (
        stage text, outcome text, reason text, health text, paused boolean, held integer, mentee text,
        next_step text, next_at timestamptz)
    on conflict (pair) do update set
        stage = excluded.stage, outcome = excluded.outcome, reason = excluded.reason, health = excluded.health,
        paused = excluded.paused, held = excluded.held, next_step = excluded.next_step, next_at = excluded.next_at,
        -- A claim that the pair has not heard of yet outlives a record without a mentee.
        mentee = case
            when excluded.mentee is not null or excluded.stage = 'closed' or p.mentee_recorded
                 or p.mentee in (select coalesce(mentee, refusal) from new)
            then excluded.mentee else p.mentee end,
        mentee_recorded = excluded.mentee_recorded,
        first_in_line = p.first_in_line or excluded.first_in_line,
        waiting_since = case
            when excluded.stage <> 'matching' then null
            when p.stage <> 'matching' or exists (select from new where refusal is not null)
            then excluded.waiting_since else p.waiting_since end,
        revision = excluded.revision, state = excluded.state, started = true
    where p.revision < excluded.revision
),
told as (
    insert into ledger (pair, revision, position, at, what, reason, session)
    select :pair, n.revision, l.position, n.at, l.line ->> 'what', l.line ->> 'reason', (l.line ->> 'session')::integer
    from new n cross join lateral jsonb_array_elements(n.lines) with ordinality as l (line, position)
),
met as (
    insert into sessions (
        pair, number, attempt, status, sequence, start_at, minutes, programme, mentor, mentee)
    select distinct on (s.number, s.attempt)
           :pair, s.number, s.attempt, s.status, s.sequence, s.start, s.minutes, :programme, :mentor, s.mentee
    from new n cross join lateral jsonb_to_recordset(n.sessions) as s (
        number integer, attempt integer, status text, sequence integer, start timestamptz, minutes integer, mentee text)
    order by s.number, s.attempt, n.revision desc
    on conflict (pair, number, attempt) do update set
        status = excluded.status, sequence = excluded.sequence, start_at = excluded.start_at,
        minutes = excluded.minutes, mentee = excluded.mentee
),
never as (
    insert into refusals (programme, mentor, mentee, refused_at)
    select :programme, :mentor, refusal, at from new where refusal is not null
    on conflict do nothing
),
queued as (
    insert into outbox (notice, scope, programme, region, wave, person, body, mentor, mentee, created, due, state)
    select concat_ws(':', cast(:pair as text), n.revision, i.body ->> 'template',
                     concat_ws('.', coalesce(i.body ->> 'session', '0'), i.body ->> 'attempt', i.body ->> 'check'), t.person),
           :pair, :programme, :region, :wave, t.person, i.body, :mentor, m.mentee, n.at,
           -- What is queued ahead is due at its programme time, on the wall's clock.
           coalesce((select g.wall_epoch + ((i.body ->> 'not_before')::timestamptz - g.programme_epoch) / g.pace
                       from programmes g where g.programme = :programme), now()),
           case when i.body ->> 'to' = 'manager'
                 and not exists (select from closing_answers where pair = :pair and word_to_manager)
                then 'held' else 'queued' end
    from new n
    cross join lateral (
        select coalesce(n.mentee, n.refusal,
                        case when n.is_first then (select mentee from before) else n.mentee_before end) as mentee
    ) m
    cross join lateral jsonb_array_elements(n.notices) as i (body)
    cross join lateral recipients(i.body ->> 'to', :mentor, m.mentee, :region) as t (person)
    on conflict do nothing
    returning notice
),
unread as (
    insert into refused_messages (workflow_id, name, reason, at)
    select :pair, m.name, m.reason, m.at
    from jsonb_to_recordset(cast(:refused as jsonb)) as m (at timestamptz, name text, reason text)
    on conflict do nothing
),
woken as materialized (select pg_notify('binome_outbox', '') from (select from queued limit 1) one)
select (select count(*) from fresh) as fresh,
       (select count(*) from known) as known,
       exists (select from known where differs) as differs,
       (select count(*) from woken) as woken,
       coalesce(bool_or(d.paused), false) as paused,
       coalesce(max(d.version), 0) as version
from directives d where d.scope = any (cast(:scopes as text[]));

-- name: queue_notices$
-- Notices of a cohort or programme, which have no pair; keyed like a pair's, so a retry queues nothing twice. The region
-- is part of it: one sponsor may be asked about several regions at once.
with queued as (
    insert into outbox (notice, scope, programme, region, person, body, created)
    select concat_ws(':', cast(:scope as text), cast(:revision as integer), i.body ->> 'template', cast(:region as text),
                     concat_ws('.', coalesce(i.body ->> 'session', '0'), i.body ->> 'attempt', i.body ->> 'check'), t.person),
           :scope, :programme, :region, t.person, i.body, cast(:at as timestamptz)
    from jsonb_array_elements(cast(:notices as jsonb)) as i (body)
    cross join lateral recipients(i.body ->> 'to', null, null, :region) as t (person)
    on conflict do nothing
    returning notice
),
woken as materialized (select pg_notify('binome_outbox', '') from (select from queued limit 1) one)
select (select count(*) from queued) + 0 * (select count(*) from woken);
