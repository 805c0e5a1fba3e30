-- name: claim_programme!
-- The unique row is the lasting guard against a second start. Regions take the languages of the newest programme; a
-- rehearsal gives one only to a region that has none.
with claimed as (
    insert into programmes (programme, workflow_id, document, plan, programme_epoch, wall_epoch, pace, sender)
    values (:programme, :workflow_id, cast(:document as jsonb), cast(:plan as jsonb),
            :programme_epoch, :wall_epoch, :pace, :sender)
    on conflict (programme) do nothing
    returning pace
)
insert into region_locales as l (region, locale)
select r.region, r.locale from claimed
cross join jsonb_to_recordset(cast(:locales as jsonb)) as r (region text, locale text)
order by r.region -- so that two claims at once wait for each other in one order, and neither in a circle
on conflict (region) do update set locale = excluded.locale where (select pace from claimed) = 1;

-- name: programme_row^
-- Who holds the code, with which document, and what it resolved to at the first claim.
select workflow_id, document = cast(:document as jsonb) as same, plan
from programmes where programme = :programme;

-- name: holder_of$
-- The workflow that holds a programme's code.
select workflow_id from programmes where programme = :programme;

-- name: programme_plan$
-- As it was resolved at the start: clock, calendars and policies stay what they were.
select plan from programmes where programme = :programme;

-- name: programme_clock^
-- Three numbers.
select programme_epoch, wall_epoch, pace from programmes where programme = :programme;

-- name: save_programme_state!
-- Only forward; an older state that arrives late changes nothing.
update programmes set state = cast(:state as jsonb), revision = :revision
where programme = :programme and (state is null or revision < :revision);

-- name: date_needs!
-- A need is dated once, when it was first ticked.
insert into ticked_needs (programme, region, need, ticked_at)
select :programme, n.region, n.need, :at
from jsonb_to_recordset(cast(:needs as jsonb)) as n (region text, need text)
on conflict do nothing;

-- name: programmes
-- Newest first.
select programme from programmes order by claimed_at desc, programme;

-- name: cohorts_of
-- Every wave of every region that opened, with the pairs about which its guard asks ops.
select region, wave, plan, closed_at,
       (select count(*) from guard_findings g
         where (g.programme, g.region, g.wave) = (c.programme, c.region, c.wave) and g.status = 'held') as guard_held
from cohorts c where programme = :programme order by opens_at, region, wave;

-- name: programme_state$
-- As the programme saved it last.
select state from programmes where programme = :programme;
