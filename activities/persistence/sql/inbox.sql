-- name: modules
-- Every module that a programme's policy or a region's own names; of these programmes, or of all where none is given.
select distinct m.module
from programmes g
cross join lateral jsonb_array_elements(g.plan -> 'cohorts') as c (plan)
cross join lateral jsonb_array_elements_text(c.plan -> 'policy' -> 'training' -> 'modules') as m (module)
where cardinality(cast(:programmes as text[])) = 0 or g.programme = any (cast(:programmes as text[]));

-- name: kept_events
-- What is known of these; of long archived ones the key alone.
select key, type, person, fact, received_at from events where key = any (cast(:keys as text[]))
union all
select k.key, coalesce(e.type, ''), e.person, coalesce(e.fact, ''), e.received_at
from archived_event_keys k left join archived_events e using (key)
where k.key = any (cast(:keys as text[]));

-- name: store_events$
-- All or none, each once by its key. Who left is not enrolled or matched from now on. The pause of a person holds from
-- now on, for pairs to come too; of two events about it that have a time the later one counts, whichever came first.
with sent as (
    select * from rows from (jsonb_to_recordset(cast(:events as jsonb)) as (
        key text, source text, event_id text, type text, kind text, person text, pair text, payload jsonb,
        occurred_at timestamptz, next_try timestamptz, pause boolean, programmes text[], fact text)) with ordinality
        as e (key, source, event_id, type, kind, person, pair, payload, occurred_at, next_try, pause, programmes, fact,
              position)
),
new as (
    insert into events (
        key, source, event_id, type, kind, person, pair, payload, occurred_at, next_try, programmes, fact, received_at)
    select e.key, e.source, e.event_id, e.type, e.kind, e.person, e.pair, e.payload, e.occurred_at, e.next_try,
           e.programmes, e.fact,
           -- One that is to wait has a time of its own: the one of what it came with would say whose it is.
           coalesce(e.next_try, now())
    from sent e
    -- Both in one moment: an event that is being archived is in one of the two.
    where not exists (select from events o where o.key = e.key)
      and not exists (select from archived_event_keys o where o.key = e.key)
    on conflict (key) do nothing
    returning key, kind, person
),
gone as (
    update people p set left_at = now() from new
    where new.kind = 'person_left' and p.person = new.person and p.left_at is null
),
pauses as (
    select distinct on (s.person) s.person, s.pause,
           case when s.occurred_at is not null then least(s.occurred_at, now()) end as at
    from new join sent s on s.key = new.key
    where s.pause is not null
    order by s.person, s.occurred_at desc nulls last, s.position desc
),
directed as (
    insert into directives as d (scope, paused, reason, stated_at)
    select concat_ws(':', 'person', s.person), s.pause, 'leave', s.at from pauses s order by s.person
    on conflict (scope) do update set
        paused = excluded.paused, reason = excluded.reason, stated_at = excluded.stated_at,
        version = d.version + cast(d.paused <> excluded.paused as integer),
        changed_at = case when d.paused <> excluded.paused then now() else d.changed_at end
    where excluded.stated_at is null or d.stated_at is null or excluded.stated_at >= d.stated_at
)
select count(*) from new;

-- name: event^
-- What became of one.
select * from events where key = :key
union all
select e.key, e.arrived, e.source, e.event_id, e.type, e.kind, e.person, e.pair, e.payload, e.occurred_at, e.received_at,
       e.state, e.reason, e.attempts, e.next_try, e.reached, e.delivered_at, e.programmes, e.fact, e.leased_until
from archived_events e where e.key = :key;

-- name: lease_events
-- What is to be tried now, for one gateway alone until it is marked or the lease ends.
-- By the time that is theirs: when a pair is started again, a concern in the order of arrival would be beside its pulse.
with picked as (
    select key from events
    where state = 'stored' and (next_try is null or next_try <= :now)
      and (leased_until is null or leased_until <= :now)
    order by received_at, arrived limit :most
    for update skip locked
),
leased as (
    update events e set leased_until = :until from picked where e.key = picked.key returning e.*
)
select * from leased order by received_at, arrived;

-- name: try_waiting_events!
-- Those that waited for a pair that lives by now are tried: when a cohort enrolled pairs, all that wait for one of them;
-- without a cohort, all. Too many may wait to be looked at each second.
update events e set state = 'stored', next_try = null
where e.state = 'waiting' and exists (
    select from pairs p where p.mentor = e.person and p.stage <> 'closed'
      and (cardinality(e.programmes) = 0 or p.programme = any (e.programmes))
      and (cast(:programme as text) is null or (p.programme, p.region, p.wave) = (:programme, :region, :wave)));

-- name: mark_event!
-- One more attempt, and what came of it.
update events set state = :state, reason = :reason, reached = cast(:reached as text[]), next_try = :next_try,
       attempts = attempts + 1, leased_until = null, delivered_at = case when :state = 'delivered' then now() else delivered_at end
where key = :key;

-- name: resend_event!
-- Ops send again what was given up.
update events set state = 'stored', reason = null, attempts = 0, next_try = null
where key = :key and state = 'undeliverable';

-- name: events_in
-- For the console, newest first, but none that was delivered. A concern on its way is listed nowhere: its time would
-- say whose it is.
select * from events
where state <> 'delivered' and state = any (cast(:states as text[])) and not (kind = 'concern_raised' and state = 'stored')
order by received_at desc, arrived desc limit :most;

-- name: event_counts
-- For metrics, without concerns on their way.
select state, sum(events) as events from event_counts group by state having sum(events) <> 0;

-- name: live_pairs_of
-- Where somebody is mentor, or mentee by a live claim.
select pair, case when mentor = :person then 'mentor' else 'mentee' end as side
from pairs where (mentor = :person or mentee = :person) and stage <> 'closed' order by pair;

-- name: parts_in_pairs
-- Live pairs in which somebody is asked questions, and in which role.
select p.pair, r.role
from pairs p
join people m on m.person = p.mentor
left join people e on e.person = p.mentee
cross join lateral (values ('mentor', p.mentor), ('mentee', p.mentee), ('supervisor', m.supervisor),
                           ('delegate', e.delegate)) as r (role, person)
where r.person = :person and p.stage <> 'closed'
order by p.pair, r.role limit :most;

-- name: save_pulse!
-- Once a session and side; the first one is kept. None of somebody who was erased, or is being erased: the lock waits.
insert into pulses (pair, session, side, programme, region, wave, person, score, idea, comment, wants_help)
select :pair, :session, :side, :programme, :region, :wave, :person, :score, :idea, :comment, :wants_help
from data_keys k where k.owner = :person and k.number = :key and k.wrapped is not null
for share
on conflict do nothing;

-- name: regions_with_comments
-- Where there is something to read for a trusted contact.
select distinct programme, region from pulses where comment is not null order by programme, region;

-- name: comments_of
-- The newest comments of a region, with who wrote them.
select u.pair, u.person, p.name, u.side, u.session, u.programme, u.region, u.wave, u.comment, u.received_at
from pulses u join people p using (person)
where u.programme = :programme and u.region = :region and u.comment is not null
order by u.received_at desc, u.pair, u.session, u.side limit :most;

-- name: pulse_kept^
-- The one that is kept of a session and side.
select * from pulses where pair = :pair and session = :session and side = :side;

-- name: pulses_given
-- The sessions of a pair after which a person gave a pulse.
select session from pulses where pair = :pair and person = :person order by session;

-- name: queue_call_requests!
-- A concern about a pair that has closed: its supervisor and ops are notified without the pair.
with notice_rows as (
    insert into outbox (notice, scope, programme, region, wave, person, body, mentor, mentee, created)
    select concat_ws(':', p.pair, cast(:key as text), t.person), p.pair, p.programme, p.region, p.wave, t.person, n.body,
           p.mentor, p.mentee, g.programme_epoch + (now() - g.wall_epoch) * g.pace
    from pairs p
    join programmes g on g.programme = p.programme
    cross join jsonb_to_recordset(cast(:notices as jsonb)) as n (sources text[], body jsonb)
    cross join lateral recipients(n.sources, p.mentor, p.mentee, p.region) as t (person)
    where p.pair = :pair
    on conflict do nothing
    returning notice
)
select pg_notify('binome_outbox', '') from notice_rows limit 1;

-- name: save_offer!
-- The mentor's newest answer counts; a notice to the manager that waited for it is released or held again.
with given as (
    insert into closing_answers as o (pair, person, offer, word_to_manager)
    values (:pair, :person, :offer, :word_to_manager)
    on conflict (pair) do update set
        offer = excluded.offer, word_to_manager = excluded.word_to_manager, given_at = now()
    returning pair, word_to_manager
),
word as (
    update outbox o set state = case when given.word_to_manager then 'queued' else 'held' end, due = now()
    from given
    where o.scope = given.pair and o.body ->> 'to' = 'manager' and o.state in ('held', 'queued')
    returning o.state
)
select pg_notify('binome_outbox', '') from word where state = 'queued' limit 1;

-- name: save_refused_message!
-- A message that a workflow could not read; its content is not kept.
insert into refused_messages (workflow_id, name, reason, at) values (:workflow_id, :name, :reason, :at)
on conflict do nothing;

-- name: refused_messages
-- Newest first; those that were sent again or dismissed apart.
select id, workflow_id, name, reason, at, resent_at, resent_by from refused_messages
where (resent_at is not null) = :resent order by coalesce(resent_at, at) desc, workflow_id, name limit :most;

-- name: refused_message^
-- One of them, and how many of its name the workflow refused after it in the same moment, which is a microsecond each.
select id, workflow_id, name, reason, at, resent_at, resent_by, (
           select count(*) from refused_messages o
           where (o.workflow_id, o.name) = (r.workflow_id, r.name)
             and o.at > r.at and o.at < r.at + interval '1 millisecond') as later
from refused_messages r where id = :id;

-- name: lock_refused_message!
-- One sends it again at a time; who died meanwhile holds it for a minute.
update refused_messages set locked_at = now()
where id = :id and resent_at is null and (locked_at is null or locked_at < now() - interval '1 minute');

-- name: unlock_refused_message!
-- It was not sent.
update refused_messages set locked_at = null where id = :id;

-- name: settle_refused_message!
-- Ops repaired it and sent it again, or dismissed it; the first time is kept.
update refused_messages set resent_at = now(), resent_by = :by where id = :id and resent_at is null;

-- name: refused_count$
-- For metrics: what nobody has sent again or dismissed.
select count(*) from refused_messages where resent_at is null;
