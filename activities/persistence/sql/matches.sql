-- name: pool_seats
-- Free seats, without those for which ops approved a match that is still to be announced.
select p.pair, p.mentor, p.seat, p.first_in_line, p.waiting_since
from pairs p join people m on m.person = p.mentor and m.left_at is null
where p.programme = :programme and p.region = :region and p.wave = :wave
  and p.stage = 'matching' and p.mentee is null and not p.paused and not on_leave(p.mentor)
  and not exists (
      select from matches x where x.programme = :programme and x.region = :region and x.wave = :wave
        and x.decision in ('approved', 'claimed') and x.pair = p.pair)
order by p.pair;

-- name: pool_mentees
-- Who waits for a mentor, without those for whom a match was approved.
select w.mentee from waiting_mentees w
where w.programme = :programme and w.region = :region and w.wave = :wave
  and not exists (
      select from matches x where x.programme = :programme and x.region = :region and x.wave = :wave
        and x.decision in ('approved', 'claimed') and x.mentee = w.mentee)
order by w.mentee;

-- name: planned_people
-- Who would be enrolled if a cohort opened now, by side; nobody is yet.
select person, 'mentee' = any (roles) and region = :region as mentee,
       'mentor' = any (roles) and region = any (cast(:mentors_from as text[])) as mentor
from people
where left_at is null
  and ('mentee' = any (roles) and region = :region
       or 'mentor' = any (roles) and region = any (cast(:mentors_from as text[])))
order by person;

-- name: pool_bans
-- Who is never to be matched with whom again in this programme: one of the two refused, or ops keep them apart.
select mentor, mentee from refusals where programme = :programme
union
select mentor, mentee from bans where programme = :programme;

-- name: pool_lines^
-- Every line of the organisation, solid first, as two arrays: twenty thousand rows cost more than what is in them.
select coalesce(array_agg(person order by person, dotted, position), '{}') as persons,
       coalesce(array_agg(manager order by person, dotted, position), '{}') as managers
from reporting_lines;

-- name: pool_people^
-- What rules ask about so many people, an array a column: twenty thousand rows cost more than what is in them.
select array_agg(p.person), array_agg(p.function), array_agg(p.site), array_agg(coalesce(p.locale, l.locale, 'fr')),
       array_agg(p.zone), array_agg(p.supervisor), array_agg(r.manager),
       array_agg(cast(array_to_json(p.languages) as text)), array_agg(cast(array_to_json(p.offers) as text)),
       array_agg(cast(array_to_json(p.wants) as text)), array_agg(cast(coalesce(p.own_windows, p.windows) as text))
from people p
left join region_locales l on l.region = p.region
left join reporting_lines r on r.person = p.person and not r.dotted
where p.person = any (cast(:persons as text[]))
having count(*) > 0;

-- name: pool_pins
-- Who is to be matched with whom; a pin is over once one of the two has refused.
select mentor, mentee from pins p where p.programme = :programme and not exists (
    select from refusals r where (r.programme, r.mentor, r.mentee) = (p.programme, p.mentor, p.mentee));

-- name: lock_cohort^
-- Two runs or two decisions about one cohort take turns. Returns the newest run.
select (select coalesce(max(r.run), 0) from match_runs r
         where (r.programme, r.region, r.wave) = (c.programme, c.region, c.wave)) as run
from cohorts c where c.programme = :programme and c.region = :region and c.wave = :wave for update of c;

-- name: newest_run$
-- For a reader, who locks nothing.
select coalesce(max(run), 0) from match_runs where programme = :programme and region = :region and wave = :wave;

-- name: replace_proposals!
-- A new run sees the pool afresh: what nobody decided on is replaced.
update matches set decision = 'replaced'
where programme = :programme and region = :region and wave = :wave and decision = 'proposed';

-- name: insert_run!
-- The run itself; it may have proposed nothing.
insert into match_runs (programme, region, wave, run, gains)
values (:programme, :region, :wave, :run, cast(:gains as jsonb));

-- name: run_gains$
-- What loosening a rule would have gained it.
select gains from match_runs where programme = :programme and region = :region and wave = :wave and run = :run;

-- name: insert_proposals!
-- All of a run at once, an array a column, but of those about whom ops decided while it was computed. They are looked up first: else the
-- table would be searched for each row, among all the rows before it.
with decided as materialized (
    select pair, mentee from matches
    where programme = :programme and region = :region and wave = :wave and decision in ('approved', 'claimed')
)
insert into matches (programme, region, wave, match, run, pair, mentor, mentee, score, reasons)
select :programme, :region, :wave, concat_ws(':', cast(:run as integer), split_part(m.pair, ':', 6), m.mentor, m.mentee),
       :run, m.pair, m.mentor, m.mentee, m.score, m.reasons
from (select pair, mentor, mentee, score, cast(reasons as jsonb) as reasons
      from unnest(cast(:pairs as text[]), cast(:mentors as text[]), cast(:mentees as text[]), cast(:scores as float8[]),
                  cast(:reasons as text[])) as u (pair, mentor, mentee, score, reasons)) m
where not exists (select from decided x where m.pair = x.pair)
  and not exists (select from decided x where m.mentee = x.mentee)
  and not exists (select from bans b where (b.programme, b.mentor, b.mentee) = (:programme, m.mentor, m.mentee));

-- name: insert_unmatched!
-- Everybody without a match, with why.
insert into unmatched_people (programme, region, wave, run, person, side, reasons)
select :programme, :region, :wave, :run, l.person, l.side, l.reasons
from jsonb_to_recordset(cast(:left as jsonb)) as l (person text, side text, reasons jsonb)
on conflict do nothing;

-- name: claim_approved!
-- The claim on the seat: the pair is still free, nobody has gone on leave since it was approved, and the unique index
-- keeps the mentee from being claimed twice.
update pairs p set mentee = m.mentee, mentee_recorded = false
from (
    select distinct on (mentee) * from matches
    where programme = :programme and region = :region and wave = :wave and decision = 'approved'
    order by mentee, run, match
) m
where p.pair = m.pair and p.stage = 'matching' and p.mentee is null
  and not on_leave(m.mentor) and not on_leave(m.mentee)
  and not exists (
      select from pairs o where o.programme = m.programme and o.region = m.region and o.mentee = m.mentee
        and o.stage <> 'closed');

-- name: settle_approved!
-- An approved match has its claim now, or came too late for it.
update matches m set decision = case when p.mentee = m.mentee and p.stage <> 'closed' then 'claimed' else 'lapsed' end
from pairs p
where m.programme = :programme and m.region = :region and m.wave = :wave and m.decision = 'approved'
  and p.pair = m.pair;

-- name: claimed_matches
-- Pairs to signal. One that was signalled and not marked is signalled again; the pair knows the match by its mentee.
select match, pair, mentee from matches
where programme = :programme and region = :region and wave = :wave and decision = 'claimed' order by match;

-- name: mark_announced!
-- The pairs were signalled.
update matches set decision = 'announced'
where programme = :programme and region = :region and wave = :wave
  and match = any (cast(:matches as text[])) and decision = 'claimed';

-- name: match_listing
-- A page of the review, with names: what is to be decided, best first, or what was.
select m.match as id, m.mentor, t.name as mentor_name, m.mentee, e.name as mentee_name, m.score, m.reasons, m.decision
from matches m join people t on t.person = m.mentor join people e on e.person = m.mentee
where m.programme = :programme and m.region = :region and m.wave = :wave
  and (m.run = :run and m.decision not in ('replaced', 'swapped') or m.decision in ('approved', 'claimed'))
  and (m.decision = 'proposed') = cast(:proposed as boolean)
  and (cast(:after as text) = '' or (-m.score, m.match) > (
      select -a.score, a.match from matches a
      where a.programme = :programme and a.region = :region and a.wave = :wave and a.match = :after))
order by -m.score, m.match limit :most;

-- name: proposed_count$
-- How many of a run are to be decided about.
select count(*) from matches
where programme = :programme and region = :region and wave = :wave and run = :run and decision = 'proposed';

-- name: is_proposed$
-- Whether two people are proposed to each other.
select exists (select from matches
where programme = :programme and region = :region and wave = :wave and decision = 'proposed'
  and mentor = :mentor and mentee = :mentee);

-- name: unmatched_listing
-- A page of whom a run left, with names.
select l.person, p.name, l.side, l.reasons
from unmatched_people l join people p using (person)
where l.programme = :programme and l.region = :region and l.wave = :wave and l.run = :run
  and (cast(:after as text) = '' or (l.side, p.name, l.person) > (
      select split_part(:after, ':', 1), a.name, a.person from people a where a.person = split_part(:after, ':', 2)))
order by l.side, p.name, l.person limit :most;
