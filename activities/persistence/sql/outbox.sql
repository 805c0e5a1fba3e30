-- name: lease_due
-- Rows that are due to the people of a partition, oldest first, for nobody else until their lease ends, with all that deciding, rendering and
-- sending need. Whose clock says that they are due says, too, what time it is.
with picked as (
    select notice from outbox
    where channel = :channel and state = 'queued' and not awaits_resume and due <= now()
      and (leased_until is null or leased_until <= now())
      and (hashtext(person) & 2147483647) % :of = :number
    order by due, created, notice limit :most
    for update skip locked
),
leased as (
    update outbox o set leased_until = now() + make_interval(secs => :seconds)
    from picked where o.notice = picked.notice
    returning o.*
)
select o.notice as id, o.scope, o.programme, o.region, o.created, o.due, now() as leased_at, o.attempts,
       o.sends_in_doubt, o.message_id, o.body as notice,
       jsonb_build_object(
           'pair_stage', p.stage,
           'pair_paused', coalesce(p.paused, false),
           'directive_paused', exists (select from directives d where d.paused and d.scope = any (p.scopes)),
           'pulse_given', exists (select from pulses u where u.pair = o.scope and u.person = o.person
                                     and u.session = (o.body ->> 'session')::integer),
           'session', case when s.pair is not null
                           then jsonb_build_object('status', s.status, 'sequence', s.sequence) end,
           'others', coalesce(
               case when o.body ->> 'template' = any (cast(:related_templates as text[])) then (
                   select jsonb_agg(jsonb_build_object('id', r.notice, 'template', r.body -> 'template',
                                                       'state', r.state, 'in_mail', r.message_id is not null))
                   from outbox r
                   where r.scope = o.scope and r.person = o.person and r.notice <> o.notice
                     and r.body ->> 'template' = any (cast(:related_templates as text[]))) end,
               '[]')) as facts,
       g.programme_epoch, g.wall_epoch, g.pace, g.sender,
       coalesce(
           (select c.plan -> 'calendar' from cohorts c
             where c.programme = o.programme and c.region = o.region and c.wave <= coalesce(o.wave, c.wave)
             order by c.wave desc limit 1),
           (select c -> 'calendar' from jsonb_array_elements(g.plan -> 'cohorts') as c
             where c -> 'cohort' ->> 'region' = o.region)) as calendar,
       to_jsonb(w) || jsonb_build_object('email', coalesce(o.address, w.email)) as person,
       (select jsonb_build_object('person', m.person, 'name', m.name, 'email', m.email, 'site', m.site,
                                 'left', m.left_at is not null)
          from people m where m.person = o.mentor) as mentor,
       (select jsonb_build_object('person', m.person, 'name', m.name, 'email', m.email, 'site', m.site,
                                 'left', m.left_at is not null)
          from people m where m.person = o.mentee) as mentee
from leased o
join person_view w on w.person = o.person
left join programmes g on g.programme = o.programme
left join pairs p on p.pair = o.scope
left join sessions s on s.pair = o.scope and s.number = (o.body ->> 'session')::integer
                    and s.attempt = (o.body ->> 'attempt')::integer
order by o.due, o.created, o.notice;

-- name: mark_awaiting_resume!
-- They wait for the end of a pause; `record_batch` and `set_directive` make them due again.
update outbox set awaits_resume = true, leased_until = null
where notice = any (cast(:ids as text[])) and state = 'queued';

-- name: release_resumed!
-- What was set aside in the very moment in which its pause ended, and so was not made due by that.
update outbox o set due = now(), awaits_resume = false
from pairs p
where o.awaits_resume and o.state = 'queued' and p.pair = o.scope and not p.paused
  and not exists (select from directives d where d.paused and d.scope = any (p.scopes));

-- name: seconds_until_due$
-- How long nothing is due, so that who waits wakes for what was queued ahead; no row when nothing is queued but
-- what awaits a resume.
select greatest(extract(epoch from min(due) - now()), 0)::double precision from outbox
where channel = :channel and state = 'queued' and not awaits_resume and (leased_until is null or leased_until <= now())
  and (hashtext(person) & 2147483647) % :of = :number
having min(due) is not null;

-- name: renew_leases!
-- Rows that are still in somebody's hands stay there.
update outbox set leased_until = now() + make_interval(secs => :seconds)
where notice = any (cast(:ids as text[])) and state = 'queued';

-- name: begin_sending
-- Until the server has answered, a mail may have gone out: it is counted before, so that whoever dies on the way leaves
-- the count; and its Message-ID is kept, so that a repeat bears the same. Returns those that may be sent.
update outbox o set sends_in_doubt = o.sends_in_doubt + 1, message_id = coalesce(o.message_id, n.value)
from jsonb_each_text(cast(:names as jsonb)) as n
where o.notice = n.key and o.state = 'queued' and o.sends_in_doubt < :most_sends
returning o.notice;

-- name: finish_notices!
-- Sent, dropped, failed or unconfirmed; what is finished stays so. Of most notices nothing is read any more but what it
-- was about: their times and lists are two thirds of a row.
update outbox set state = :state, reason = :reason, finished_at = now(), leased_until = null, address = null,
       body = body - cast(:read_no_more as text[]), mentor = null, mentee = null,
       sends_in_doubt = case when cast(:confirmed as boolean) then 0 else sends_in_doubt end
where notice = any (cast(:ids as text[])) and state = 'queued';

-- name: pass_on_notices^
-- Whoever is found in its sources receives a notice instead of its reader, who left; where nobody is, it has failed.
with given as materialized (
    select o.*, n.sources
    from jsonb_to_recordset(cast(:notices as jsonb)) as n (id text, sources text[])
    join outbox o on o.notice = n.id and o.state = 'queued'
),
stand_ins as materialized (
    select g.notice, t.person
    from given g cross join lateral recipients(g.sources, g.mentor, g.mentee, g.region) as t (person)
),
passed_on as (
    insert into outbox (notice, scope, programme, region, wave, channel, person, body, mentor, mentee, created, due)
    select left(g.notice, length(g.notice) - length(g.person)) || t.person, g.scope, g.programme, g.region, g.wave,
           g.channel, t.person, g.body, g.mentor, g.mentee, g.created, g.due
    from given g join stand_ins t using (notice)
    on conflict do nothing
),
finished as (
    update outbox o set finished_at = now(), leased_until = null, address = null,
        -- What may have gone out was not dropped.
        state = case when not g.passed then 'failed' when o.sends_in_doubt > 0 then 'unconfirmed' else 'dropped' end,
        reason = case when g.passed then 'left' else 'nobody_is_left' end
    from (select notice, notice in (select notice from stand_ins) as passed from given) g
    where o.notice = g.notice
    returning o.state
)
select count(*) filter (where state <> 'failed') as passed, count(*) filter (where state = 'failed') as failed
from finished;

-- name: queue_for_person$
-- Notices of a pair for one person, whatever their role, unless the first of them was queued before; returns how many.
with notice_rows as (
    insert into outbox (notice, scope, programme, region, wave, person, body, mentor, mentee, created)
    select concat_ws(':', p.pair, n.key, cast(:person as text)), p.pair, p.programme, p.region, p.wave, :person, n.body,
           p.mentor, p.mentee, g.programme_epoch + (now() - g.wall_epoch) * g.pace
    from pairs p
    join programmes g on g.programme = p.programme
    cross join jsonb_to_recordset(cast(:notices as jsonb)) as n (key text, body jsonb)
    where p.pair = :pair
      and not exists (select from outbox o where o.notice = concat_ws(':', p.pair, cast(:first as text), cast(:person as text)))
    on conflict do nothing
    returning notice
),
notified as materialized (select pg_notify('binome_outbox', '') from (select from notice_rows limit 1) one)
select (select count(*) from notice_rows) from (select count(*) from notified) done;

-- name: postpone_notices!
-- End the lease and say from when on it is due again.
update outbox o set due = cast(u.value as timestamptz), leased_until = null,
       attempts = o.attempts + case when cast(:tried as boolean) then 1 else 0 end,
       sends_in_doubt = o.sends_in_doubt - case when cast(:not_taken as boolean) then 1 else 0 end
from jsonb_each_text(cast(:until as jsonb)) as u
where o.notice = u.key and o.state = 'queued';

-- name: notice_counts
-- Queued, sent, dropped, failed, unconfirmed, also long ago; of one programme or of all.
select state, sum(notices) as notices from notice_counts
where cast(:programme as text) is null or programme = :programme group by state having sum(notices) <> 0;

-- name: mails_in_doubt^
-- Mails of which no server said that it took them: those that are tried once more, and those given up since a time.
-- What is queued and what waits for the end of a pause have an index each.
select (select count(distinct message_id)
          from (select message_id from outbox where state = 'queued' and not awaits_resume and sends_in_doubt > 0
                union all
                select message_id from outbox where state = 'queued' and awaits_resume and sends_in_doubt > 0) queued)
           as waiting,
       (select count(distinct message_id) from outbox where state = 'unconfirmed' and finished_at > :since) as given_up;
