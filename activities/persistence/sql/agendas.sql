-- name: agenda_sides
-- Zone and windows of both people.
select person, zone, windows from person_view where person = any (cast(:persons as text[]));

-- name: agenda_busy
-- What is booked for either of the two elsewhere. A rehearsal runs in a time of its own and books nobody.
select p.person, s.start_at, s.minutes
from unnest(cast(:persons as text[])) as p (person)
join sessions s on s.mentor = p.person or s.mentee = p.person
join programmes g on g.programme = s.programme
where s.status in ('proposed', 'agreed') and s.start_at is not null and s.pair <> :pair
  and (s.programme = :programme
       or g.pace = 1 and exists (select from programmes o where o.programme = :programme and o.pace = 1));

-- name: cohort_plan$
-- The plan as it was resolved when the programme started.
select plan from cohorts where programme = :programme and region = :region and wave = :wave;
