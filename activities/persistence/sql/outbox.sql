-- name: lease_due
-- Rows that are due, oldest first, for nobody else during a minute, with all that rendering and sending need.
with picked as (
    select notice from outbox
    where channel = :channel and state = 'queued' and due <= now()
      and (leased_until is null or leased_until <= now()) and not on_hold(scope, body)
    order by due, created, notice limit :most
    for update skip locked
),
leased as (
    update outbox o set leased_until = now() + interval '1 minute'
    from picked where o.notice = picked.notice
    returning o.*
)
select o.notice as id, o.scope, o.programme, o.region, o.created, o.due, o.attempts, o.message_id,
       -- An invitation is of use as long as its pair trains, the end of which a pause moves.
       case when o.body ->> 'template' = 'mentor_invitation'
                 and exists (select from pairs p where p.pair = o.scope and p.stage = 'training')
            then o.body - 'useful_until' else o.body end as body,
       superseded(o) as superseded,
       g.programme_epoch, g.wall_epoch, g.pace, g.sender,
       coalesce(
           (select c.plan -> 'calendar' from cohorts c
             where c.programme = o.programme and c.region = o.region and c.wave <= coalesce(o.wave, c.wave)
             order by c.wave desc limit 1),
           (select p -> 'calendar' from jsonb_array_elements(g.plan -> 'cohorts') as p
             where p -> 'cohort' ->> 'region' = o.region)) as calendar,
       to_jsonb(w) as person,
       (select jsonb_build_object('person', m.person, 'name', m.name, 'email', m.email, 'site', m.site)
          from people m where m.person = o.mentor) as mentor,
       (select jsonb_build_object('person', m.person, 'name', m.name, 'email', m.email, 'site', m.site)
          from people m where m.person = o.mentee) as mentee
from leased o
join person_view w on w.person = o.person
left join programmes g on g.programme = o.programme
order by o.due, o.created, o.notice;

-- name: seconds_until_due$
-- How long nothing is due, so that who waits wakes for what was queued ahead; no row when nothing is queued at all.
select greatest(extract(epoch from min(due) - now()), 0)::double precision from outbox
where channel = :channel and state = 'queued' and not on_hold(scope, body) and (leased_until is null or leased_until <= now())
having min(due) is not null;

-- name: end_leases!
-- Rows of somebody who died on the way are due again at once.
update outbox set leased_until = null
where channel = :channel and state = 'queued' and leased_until is not null;

-- name: name_mails!
-- The Message-ID is kept before the mail goes out, so that a repeat bears the same.
update outbox o set message_id = n.value
from jsonb_each_text(cast(:names as jsonb)) as n
where o.notice = n.key and o.message_id is null;

-- name: finish_notices!
-- Sent, dropped or failed; what is finished stays so.
update outbox set state = :state, reason = :reason, finished_at = now(), leased_until = null
where notice = any (cast(:ids as text[])) and state = 'queued';

-- name: postpone_notices!
-- End the lease and say from when on it is due again.
update outbox o set due = cast(u.value as timestamptz), leased_until = null,
       attempts = o.attempts + case when cast(:tried as boolean) then 1 else 0 end
from jsonb_each_text(cast(:until as jsonb)) as u
where o.notice = u.key and o.state = 'queued';

-- name: notice_counts
-- Queued, sent, dropped, failed, also long ago; of one programme or of all.
select state, count(*) as notices from (
    select state, programme from outbox
    union all
    select state, programme from archived_notices
) notices
where cast(:programme as text) is null or programme = :programme group by state;
