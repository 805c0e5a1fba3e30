-- name: people_waiting^
-- How many people have scores about sessions that were held, and how many have ideas, in no release yet.
select (select count(distinct p.person) from pulses p
          join sessions s on s.pair = p.pair and s.number = p.session and s.status = 'held'
         where p.programme = :programme and p.region = :region and p.wave = :wave and p.release is null
           and p.score is not null) as scores,
       (select count(distinct person) from pulses
         where programme = :programme and region = :region and wave = :wave
           and idea is not null and idea_release is null) as ideas;

-- name: lock_releases$
-- One release of a cohort at a time; its plan says after which marks nobody is asked to call.
select plan from cohorts where programme = :programme and region = :region and wave = :wave for no key update;

-- name: unreleased_scores
-- Scores about sessions that were held, and in no release yet. One is null where only the idea was released and its
-- person was erased. Locked, so that an erasure takes each away before its release or after it.
select p.pair, p.session, p.side, p.person, p.score from pulses p
join sessions s on s.pair = p.pair and s.number = p.session and s.status = 'held'
where p.programme = :programme and p.region = :region and p.wave = :wave and p.release is null
  and p.score is not null
for update of p;

-- name: released_scores
-- How many scores of each person each release added.
select release, person, count(*) as scores from pulses
where programme = :programme and region = :region and wave = :wave and release is not null group by 1, 2;

-- name: releases_of
-- A cohort's releases, from the first.
select * from releases where programme = :programme and region = :region and wave = :wave order by number;

-- name: newest_releases
-- The newest release of each cohort of a programme.
select distinct on (region, wave) * from releases
where programme = :programme order by region, wave, number desc;

-- name: newest_release^
-- The newest release of a cohort.
select * from releases
where programme = :programme and region = :region and wave = :wave order by number desc limit 1;

-- name: save_release!
-- Publish a mean.
insert into releases (programme, region, wave, number, at, people, lowest, highest, answers, least_sum, most_sum, total)
values (:programme, :region, :wave, :number, :at, :people, cast(:lowest as numeric), cast(:highest as numeric),
        :answers, :least_sum, :most_sum, :total);

-- name: mark_scores_released!
-- The scores that a release adds.
update pulses p set release = :number
from unnest(cast(:pairs as text[]), cast(:sessions as integer[]), cast(:sides as text[])) as u (pair, session, side)
where (p.pair, p.session, p.side) = (u.pair, u.session, u.side);

-- name: unreleased_ideas
-- Ideas in no release yet, locked as the scores are.
select pair, session, side, person, idea from pulses
where programme = :programme and region = :region and wave = :wave and idea is not null and idea_release is null
for update;

-- name: save_idea_release$
-- Publish ideas.
insert into idea_releases (programme, region, wave, number, at)
select :programme, :region, :wave, coalesce(max(number), 0) + 1, cast(:at as timestamptz) from idea_releases
where programme = :programme and region = :region and wave = :wave
returning number;

-- name: mark_ideas_released!
-- The ideas that a release adds.
update pulses p set idea_release = :number
from unnest(cast(:pairs as text[]), cast(:sessions as integer[]), cast(:sides as text[])) as u (pair, session, side)
where (p.pair, p.session, p.side) = (u.pair, u.session, u.side);

-- name: ideas_of
-- Released ideas of a cohort; of more than 200 any 200. They are shown in another order. Of a release from which one was
-- taken away, by an erasure or by its age, none is shown any more: the one that is missing would be that person's.
select p.pair, p.session, p.side, p.person, p.idea from pulses p
where p.programme = :programme and p.region = :region and p.wave = :wave and p.idea_release is not null
  and not exists (
      select from pulses gone
      where (gone.programme, gone.region, gone.wave, gone.idea_release)
          = (p.programme, p.region, p.wave, p.idea_release) and gone.idea is null)
order by md5(p.idea) limit 200;
