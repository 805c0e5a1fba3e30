-- name: lock_review^
-- Two decisions about one cohort take turns. Returns the newest run and the newest decision.
select (select coalesce(max(r.run), 0) from match_runs r
         where (r.programme, r.region, r.wave) = (c.programme, c.region, c.wave)) as run,
       c.newest_decision as revision
from cohorts c where c.programme = :programme and c.region = :region and c.wave = :wave for update of c;

-- name: matches_of_run
-- A run's matches, and whatever a decision names of older ones.
select match, run, pair, mentor, mentee, decision from matches
where programme = :programme and region = :region and wave = :wave
  and (run = :run or match = any (cast(:named as text[])));

-- name: matches_named
-- The people of matches that are to be swapped.
select match, mentor, mentee from matches
where programme = :programme and region = :region and wave = :wave and match = any (cast(:named as text[]));

-- name: decided_since
-- What was decided after what a reviewer saw.
select what, mentor, mentee, decided_by from match_decisions
where programme = :programme and region = :region and wave = :wave and revision > :revision
order by revision, position;

-- name: bans_of_ops
-- Whom ops keep apart.
select mentor, mentee from bans where programme = :programme;

-- name: in_cohort^
-- Who of those that a decision names has a seat in the cohort, and who is enrolled in it.
select array(select distinct p.mentor from pairs p
              where p.programme = :programme and p.region = :region and p.wave = :wave and p.stage <> 'closed'
                and p.mentor = any (cast(:mentors as text[]))) as mentors,
       array(select e.mentee from enrolled_mentees e
              where e.programme = :programme and e.region = :region and e.wave = :wave
                and e.mentee = any (cast(:mentees as text[]))) as mentees;

-- name: settle_matches!
-- Only what nobody decided on changes.
update matches set decision = :decision
where programme = :programme and region = :region and wave = :wave
  and match = any (cast(:matches as text[])) and decision in ('proposed', 'replaced');

-- name: insert_swapped!
-- Each seat with the other's mentee, to be reviewed as any other; one that was swapped back is proposed again.
insert into matches (programme, region, wave, match, run, pair, mentor, mentee, score, reasons)
select :programme, :region, :wave, concat_ws(':', cast(:run as integer), split_part(m.pair, ':', 6), m.mentor, m.mentee),
       :run, m.pair, m.mentor, m.mentee, m.score, m.reasons
from jsonb_to_recordset(cast(:proposals as jsonb)) as m (
    pair text, mentor text, mentee text, score double precision, reasons jsonb)
on conflict (programme, region, wave, match) do update set decision = 'proposed', score = excluded.score;

-- name: pin_all!
-- Ops want these to stand.
insert into pins (programme, mentor, mentee, pinned_by)
select :programme, t.mentor, t.mentee, :by
from unnest(cast(:mentors as text[]), cast(:mentees as text[])) as t (mentor, mentee)
on conflict do nothing;

-- name: unpin_all!
-- Ops do not insist on these any more.
delete from pins p using unnest(cast(:mentors as text[]), cast(:mentees as text[])) as t (mentor, mentee)
where p.programme = :programme and (p.mentor, p.mentee) = (t.mentor, t.mentee);

-- name: ban_all!
-- These are not proposed to each other.
insert into bans (programme, mentor, mentee, banned_by)
select :programme, t.mentor, t.mentee, :by
from unnest(cast(:mentors as text[]), cast(:mentees as text[])) as t (mentor, mentee)
on conflict do nothing;

-- name: unban_all!
-- Ops take it back; what one of the two refused is in refusals.
delete from bans b using unnest(cast(:mentors as text[]), cast(:mentees as text[])) as t (mentor, mentee)
where b.programme = :programme and (b.mentor, b.mentee) = (t.mentor, t.mentee);

-- name: save_decision^
-- The lines of one decision bear one revision.
with next as (
    update cohorts c set newest_decision = c.newest_decision + 1
    where c.programme = :programme and c.region = :region and c.wave = :wave
    returning c.newest_decision as revision
),
noted as (
    insert into match_decisions (programme, region, wave, revision, position, what, run, mentor, mentee, decided_by)
    select :programme, :region, :wave, n.revision, l.position, l.what, :run, l.mentor, l.mentee, :by
    from next n, unnest(cast(:whats as text[]), cast(:mentors as text[]), cast(:mentees as text[]))
        with ordinality as l (what, mentor, mentee, position)
)
select revision from next;

-- name: add_decision_to_ledger!
-- A line of the ledger of each pair concerned, after its last transition, at programme time.
insert into ledger (pair, revision, position, at, what, decided_by)
select p.pair, p.revision,
       (select coalesce(max(l.position), 0) from ledger l where (l.pair, l.revision) = (p.pair, p.revision))
         + row_number() over (partition by p.pair order by t.position),
       coalesce((select g.programme_epoch + (now() - g.wall_epoch) * g.pace from programmes g
                  where g.programme = p.programme), now()),
       t.what, :by
from unnest(cast(:pairs as text[]), cast(:whats as text[])) with ordinality as t (pair, what, position)
join pairs p on p.pair = t.pair;

-- name: pin_listing
-- Pins of those of this cohort, with names; whether one of the two has refused since.
select p.mentor, m.name as mentor_name, p.mentee, e.name as mentee_name, p.pinned_by as by, p.pinned_at as at,
       exists (select from refusals r
                where (r.programme, r.mentor, r.mentee) = (p.programme, p.mentor, p.mentee)) as over
from pins p join people m on m.person = p.mentor join people e on e.person = p.mentee
where p.programme = :programme and exists (
    select from enrolled_mentees n
    where (n.programme, n.region, n.wave, n.mentee) = (p.programme, cast(:region as text), cast(:wave as integer), p.mentee))
order by m.name, e.name;

-- name: ban_listing
-- The same of bans.
select b.mentor, m.name as mentor_name, b.mentee, e.name as mentee_name, b.banned_by as by, b.banned_at as at
from bans b join people m on m.person = b.mentor join people e on e.person = b.mentee
where b.programme = :programme and exists (
    select from enrolled_mentees n
    where (n.programme, n.region, n.wave, n.mentee) = (b.programme, cast(:region as text), cast(:wave as integer), b.mentee))
order by m.name, e.name;

-- name: decision_listing
-- What was decided, newest first, with names.
select d.revision, d.what, d.run, m.name as mentor_name, e.name as mentee_name, d.decided_by as by, d.decided_at as at
from match_decisions d left join people m on m.person = d.mentor left join people e on e.person = d.mentee
where d.programme = :programme and d.region = :region and d.wave = :wave
order by d.revision desc, d.position limit :most;

-- name: review_revision$
-- The newest decision, for a reader, who locks nothing.
select newest_decision from cohorts where programme = :programme and region = :region and wave = :wave;

-- name: run_before
-- What the run before proposed and nobody has approved since, with names.
select m.mentor, t.name as mentor_name, m.mentee, e.name as mentee_name, m.score, m.decision
from matches m join people t on t.person = m.mentor join people e on e.person = m.mentee
where m.programme = :programme and m.region = :region and m.wave = :wave and m.run = :run
  and m.decision not in ('swapped', 'approved', 'claimed', 'announced')
order by m.match;

-- name: run_now
-- The same of the newest run, whatever was decided.
select m.match as id, m.mentor, t.name as mentor_name, m.mentee, e.name as mentee_name, m.score, m.decision
from matches m join people t on t.person = m.mentor join people e on e.person = m.mentee
where m.programme = :programme and m.region = :region and m.wave = :wave and m.run = :run
  and m.decision not in ('replaced', 'swapped');

-- name: free_people
-- Who may be named in a pin or a ban: mentors with a free seat and mentees who wait; where there are more than so many
-- of each, so many of them: to find who is first by name, all would be read. Who shares a name with another of their
-- side has the organisation's id beside it.
select side, person, case when count(*) over (partition by side, name) = 1 then name
                          else format('%s (%s)', name, external_id) end as name
from ((select 'mentor' as side, m.person, m.name, m.external_id
       from (select distinct p.mentor from pairs p
             where p.programme = :programme and p.region = :region and p.wave = :wave
               and p.mentee is null and p.stage in ('training', 'matching')
             order by p.mentor limit :most) p
       join people m on m.person = p.mentor and m.left_at is null)
      union all
      (select 'mentee', e.person, e.name, e.external_id
       from (select w.mentee from waiting_mentees w
             where w.programme = :programme and w.region = :region and w.wave = :wave
             order by w.mentee limit :most) w
       join people e on e.person = w.mentee)) as free
order by side desc, name;
