-- name: correct_pair_counts!
-- A recount; what differs from the counts is corrected. One statement sees one moment, so it may run at any time.
insert into pair_counts
select programme, region, wave, stage, outcome, health, claimed, waits_for, sum(pairs), sum(held)
from (
    select programme, region, wave, stage, outcome, health, mentee is not null as claimed,
           case when stage <> 'closed' and not paused then next_step end as waits_for, count(*) as pairs, sum(held) as held
    from pairs group by 1, 2, 3, 4, 5, 6, 7, 8
    union all
    select programme, region, wave, stage, outcome, health, claimed, waits_for, -sum(pairs), -sum(held)
    from pair_counts group by 1, 2, 3, 4, 5, 6, 7, 8
) both_sides
group by 1, 2, 3, 4, 5, 6, 7, 8 having sum(pairs) <> 0 or sum(held) <> 0;

-- name: correct_notice_counts!
-- The same for notices, also those in the archive.
insert into notice_counts
select programme, state, month, sum(notices)
from (
    select programme, state, null as month, count(*) as notices from outbox group by 1, 2
    union all
    select programme, state, month, count(*) from archived_notices group by 1, 2, 3
    union all
    select programme, state, month, -sum(notices) from notice_counts group by 1, 2, 3
) both_sides
group by 1, 2, 3 having sum(notices) <> 0;

-- name: correct_event_counts!
-- The same for events.
insert into event_counts
select state, sum(events)
from (
    select state, count(*) as events from events where not (kind = 'concern_raised' and state = 'stored') group by 1
    union all
    select state, -sum(events) from event_counts group by 1
) both_sides
group by 1 having sum(events) <> 0;

-- name: correct_people_counts!
-- The same for people.
insert into people_counts
select region, role, sum(people)
from (
    select p.region, r.role, count(*) as people
    from people p cross join lateral unnest(p.roles) as r (role) where p.left_at is null group by 1, 2
    union all
    select region, role, -sum(people) from people_counts group by 1, 2
) both_sides
group by 1, 2 having sum(people) <> 0;

-- name: fold_pair_counts!
-- Many changes of one number become one row.
with folded as (delete from pair_counts returning *)
insert into pair_counts
select programme, region, wave, stage, outcome, health, claimed, waits_for, sum(pairs), sum(held)
from folded group by 1, 2, 3, 4, 5, 6, 7, 8 having sum(pairs) <> 0 or sum(held) <> 0;

-- name: fold_notice_counts!
-- The same for notices.
with folded as (delete from notice_counts returning *)
insert into notice_counts
select programme, state, month, sum(notices) from folded group by 1, 2, 3 having sum(notices) <> 0;

-- name: fold_event_counts!
-- The same for events.
with folded as (delete from event_counts returning *)
insert into event_counts select state, sum(events) from folded group by 1 having sum(events) <> 0;

-- name: fold_people_counts!
-- The same for people.
with folded as (delete from people_counts returning *)
insert into people_counts select region, role, sum(people) from folded group by 1, 2 having sum(people) <> 0;
