-- name: open_cohort!
-- The cohort's own row; a retry finds it there.
-- Its matches will be made of the reporting lines as they are from now on.
insert into cohorts (programme, region, wave, plan, opens_at, guard_checked)
values (:programme, :region, :wave, cast(:plan as jsonb), :opens_at, (select coalesce(max(id), 0) from people_changes))
on conflict do nothing;

-- name: enrol_mentees!
-- The region's mentees, except who is coached or was coached to the end in this programme.
insert into enrolled_mentees (programme, region, wave, mentee)
select :programme, :region, cast(:wave as integer), p.person
from people p
where p.region = :region and 'mentee' = any (p.roles) and p.left_at is null
  and not exists (
      select from pairs o where o.mentee = p.person and o.programme = :programme
        and (o.stage <> 'closed' or o.outcome = 'completed'))
  and not exists (
      select from enrolled_mentees e join cohorts c using (programme, region, wave)
      where e.mentee = p.person and e.programme = :programme and c.closed_at is null
        and (e.region, e.wave) <> (cast(:region as text), cast(:wave as integer)))
on conflict do nothing;

-- name: enrol_mentors!
-- A pair for every seat that is not taken elsewhere; a later wave with nobody to coach has none. Who waited in an
-- earlier wave and has coached nobody to the end since comes first in this one.
-- A rehearsal runs in a time of its own: it takes no seats from other programmes, nor they from it.
insert into pairs (pair, programme, region, wave, mentor, seat, first_in_line)
select concat_ws(':', 'pair', cast(:programme as text), cast(:region as text), cast(:wave as integer), p.person, s.seat),
       :programme, :region, :wave, p.person, s.seat,
       exists (select from pairs o where o.mentor = p.person and o.programme = :programme
                 and o.outcome in ('deferred', 'unmatched'))
       and not exists (select from pairs o where o.mentor = p.person and o.programme = :programme
                         and o.outcome = 'completed')
from people p
cross join lateral (
    select count(*) as taken from pairs o join programmes g on g.programme = o.programme
    where o.mentor = p.person and o.stage <> 'closed'
      and (o.programme, o.region, o.wave) <> (cast(:programme as text), cast(:region as text), cast(:wave as integer))
      and (o.programme = :programme
           or g.pace = 1 and exists (select from programmes m where m.programme = :programme and m.pace = 1))
) elsewhere
cross join lateral generate_series(1, p.seats - elsewhere.taken) as s (seat)
where p.region = any (cast(:mentors_from as text[])) and 'mentor' = any (p.roles) and p.left_at is null
  and not exists (
      select from pairs o where o.mentor = p.person and o.programme = :programme and o.outcome = 'left')
  and (:wave = 1 or exists (
      select from enrolled_mentees e where e.programme = :programme and e.region = :region and e.wave = :wave))
on conflict do nothing;

-- name: analyze_cohort!
-- What a cohort asks next is planned for its size, not for the empty tables of a moment ago.
analyze pairs, enrolled_mentees;

-- name: enrolled_pairs$
-- How many pairs the cohort has.
select count(*) from pairs where programme = :programme and region = :region and wave = :wave;

-- name: pairs_to_start
-- A page of pairs whose workflow nobody has started yet, with what is known of the mentor.
select p.pair, p.mentor, p.seat,
       jsonb_array_length(coalesce(m.own_windows, m.windows)) > 0 as windows_known,
       array(select c.module from completed_modules c where c.person = p.mentor order by c.module) as modules_done
from pairs p join people m on m.person = p.mentor
where p.programme = :programme and p.region = :region and p.wave = :wave and not p.started and p.pair > :after
order by p.pair limit :most;

-- name: mark_started!
-- They run; a page that is asked for again leaves them out.
update pairs set started = true where pair = any (cast(:pairs as text[]));

-- name: cohort_pairs
-- A cohort's pairs by stage, outcome, health and whether they have a mentee, from their counts.
select stage, outcome, health, claimed, sum(pairs) as pairs, sum(held) as held
from pair_counts where programme = :programme and region = :region and wave = :wave
group by 1, 2, 3, 4 having sum(pairs) <> 0;

-- name: cohort_waiting^
-- Pairs of which the pool has the seat, mentees without a mentor, matches by what was decided about them, the newest run of matching, whether reporting lines
-- changed since the guard looked, what it waits for, and pauses in force.
select (select count(*) from pairs p where (p.programme, p.region, p.wave) = (c.programme, c.region, c.wave)
          and p.stage = 'matching' and p.mentee is null and not p.paused and not on_leave(p.mentor)) as ready_mentors,
       (select count(*) from waiting_mentees w where (w.programme, w.region, w.wave) = (c.programme, c.region, c.wave)) as waiting_mentees,
       (select count(*) from matches m where (m.programme, m.region, m.wave) = (c.programme, c.region, c.wave)
          and m.decision = 'proposed' and exists (
              select from pairs p where p.pair = m.pair and p.stage = 'matching' and p.mentee is null)) as proposed,
       (select count(*) from matches m where (m.programme, m.region, m.wave) = (c.programme, c.region, c.wave)
          and m.decision in ('approved', 'claimed')) as approved,
       (select coalesce(max(r.run), 0) from match_runs r
         where (r.programme, r.region, r.wave) = (c.programme, c.region, c.wave)) as run,
       exists (select from people_changes l
                where l.id > c.guard_checked and l.fields && '{manager,dotted_managers}') as guard_due,
       (select count(*) from guard_findings g where (g.programme, g.region, g.wave) = (c.programme, c.region, c.wave)
          and g.status = 'held') as guard_held,
       (select count(*) from guard_notifications_due g
         where (g.programme, g.region, g.wave) = (c.programme, c.region, c.wave)) as guard_to_notify,
       array(select d.scope from directives d where d.paused and d.scope in (
                 concat_ws(':', 'programme', c.programme), concat_ws(':', 'region', c.programme, c.region),
                 concat_ws(':', 'cohort', c.programme, c.region, c.wave)) order by 1) as paused
from cohorts c where c.programme = :programme and c.region = :region and c.wave = :wave;

-- name: evidence^
-- What the sponsor is shown: of the pairs that got as far as planning a session, who is on course.
select count(*) as pairs,
       count(*) filter (where outcome = 'completed') as completed,
       count(*) filter (where matched) as matched,
       count(*) filter (where matched and (outcome = 'completed' or stage <> 'closed' and health = 'on_course')) as on_course,
       coalesce(sum(held), 0) as held
from (
    select p.*, exists (select from sessions s where s.pair = p.pair) as matched
    from pairs p where p.programme = :programme and p.region = :region and p.wave = :wave
) p;

-- name: close_cohort$
-- Once; a retry changes nothing and returns the first evidence.
update cohorts set evidence = coalesce(evidence, cast(:evidence as jsonb)), closed_at = coalesce(closed_at, :at)
where programme = :programme and region = :region and wave = :wave
returning evidence;

-- name: lapse_matches!
-- What nobody decided is of no more use.
update matches set decision = 'lapsed'
where programme = :programme and region = :region and wave = :wave and decision in ('proposed', 'approved');
