-- name: guard_check^
-- Up to which change of people a look at the lines knows everything.
select coalesce(max(id), 0) as newest from people_changes;

-- name: guards_due
-- Cohorts whose reporting lines changed since their guard looked.
select concat_ws(':', 'cohort', c.programme, c.region, c.wave) as cohort
from cohorts c where c.closed_at is null and exists (
    select from people_changes l where l.id > c.guard_checked and l.fields && '{manager,dotted_managers}');

-- name: guard_pairs
-- Live pairs that can still part, with both people there: a person who left is the subject of another event.
select p.pair as id, p.mentor, p.mentee
from pairs p
join people m on m.person = p.mentor and m.left_at is null
join people e on e.person = p.mentee and e.left_at is null
where p.programme = :programme and p.region = :region and p.wave = :wave and p.stage in ('matching', 'sessions')
order by p.pair;

-- name: guard_proposals
-- Matches that were not announced yet.
select match as id, mentor, mentee from matches
where programme = :programme and region = :region and wave = :wave and decision in ('proposed', 'approved')
order by match;

-- name: lock_guard^
-- Looks at one cohort and decisions about them take turns.
select guard_checked, guard_questions, exists (
           select from guard_findings g
           where (g.programme, g.region, g.wave) = (c.programme, c.region, c.wave) and g.status = 'held') as holding
from cohorts c where c.programme = :programme and c.region = :region and c.wave = :wave for update of c;

-- name: delete_parted_findings!
-- A finding lives with the two: they parted, or their pair is closed or past its last session.
delete from guard_findings g
where g.programme = :programme and g.region = :region and g.wave = :wave and not exists (
    select from pairs p where p.pair = g.pair and p.mentee = g.mentee and p.stage in ('matching', 'sessions'));

-- name: delete_apart_findings!
-- No longer too close, and their pair was never notified of it.
delete from guard_findings g
where g.programme = :programme and g.region = :region and g.wave = :wave and g.status in ('held', 'too_close', 'dismissed')
  and not (g.pair = any (cast(:pairs as text[])));

-- name: mark_apart_again!
-- No longer too close, of which their pair has to be notified; a pair that somebody left gets that event instead.
update guard_findings g set status = 'apart_again', checked = :check
where g.programme = :programme and g.region = :region and g.wave = :wave and g.status = 'notified'
  and not (g.pair = any (cast(:pairs as text[])))
  and not exists (
      select from pairs p join people o on o.person in (p.mentor, p.mentee)
      where p.pair = g.pair and o.left_at is not null);

-- name: mark_too_close!
-- Too close: a new finding is held until the share of such pairs is known. A pair that was about to be notified of
-- the opposite is notified of nothing.
insert into guard_findings as g (pair, mentee, programme, region, wave, status, checked)
select p.pair, p.mentee, p.programme, p.region, p.wave, 'held', cast(:check as bigint)
from unnest(cast(:pairs as text[]), cast(:mentees as text[])) as c (pair, mentee) join pairs p using (pair, mentee)
on conflict (pair, mentee) do update set status = 'notified' where g.status = 'apart_again';

-- name: held_findings$
-- How many wait for ops, or for their share to be known.
select count(*) from guard_findings
where programme = :programme and region = :region and wave = :wave and status = 'held';

-- name: frozen_by_guard$
-- How many pairs the guard has frozen, or is about to, without a word of ops: a feed may be wrong bit by bit.
select count(*) from guard_findings g join pairs p using (pair, mentee)
where g.programme = :programme and g.region = :region and g.wave = :wave and g.reason is null
  and (g.status = 'too_close' or g.status = 'notified' and p.state -> 'deadlines' ? 'decision_due');

-- name: settle_findings!
-- Pairs to be notified, or left alone as long as their lines stay as they are.
update guard_findings set status = :status, reason = :reason
where programme = :programme and region = :region and wave = :wave and status = 'held';

-- name: lapse_close_matches!
-- Matches that were not announced yet, and that are of no more use.
update matches set decision = 'lapsed'
where programme = :programme and region = :region and wave = :wave
  and match = any (cast(:matches as text[])) and decision in ('proposed', 'approved');

-- name: save_guard_look!
-- What the next look need not be for.
update cohorts set guard_checked = greatest(guard_checked, :check), guard_questions = guard_questions + :asked
where programme = :programme and region = :region and wave = :wave;

-- name: findings_to_notify
-- A page of pairs that have to be notified.
select pair, mentee, status, checked from guard_notifications_due
where programme = :programme and region = :region and wave = :wave order by pair limit :most;

-- name: mark_findings_notified!
-- The pairs were notified; a finding about people who are apart again is no longer needed.
with notified as (
    select * from unnest(cast(:pairs as text[]), cast(:mentees as text[]), cast(:statuses as text[]))
        as t (pair, mentee, status)
),
apart_again as (
    delete from guard_findings g using notified t
    where (g.pair, g.mentee) = (t.pair, t.mentee) and g.status = 'apart_again' and t.status = 'apart_again'
)
update guard_findings g set status = 'notified' from notified t
where (g.pair, g.mentee) = (t.pair, t.mentee) and g.status = 'too_close' and t.status = 'too_close';
