-- name: person^
-- One person with references as person ids.
select * from person_view where person = :person;

-- name: person_by_external^
-- The way in for services, who know the organisation's ids only.
select * from person_view where external_id = :external_id;

-- name: people_listing
-- A page of people by region and the organisation's id, after a person; who was erased is nobody.
select * from person_view
where (region, external_id) > (coalesce((select region from people where person = :after), ''),
                               coalesce((select external_id from people where person = :after), ''))
  and external_id <> 'erased-' || person
order by region, external_id limit :most;

-- name: people_of_region
-- The same for one region.
select * from person_view
where region = :region and external_id > coalesce((select external_id from people where person = :after), '')
  and external_id <> 'erased-' || person
order by external_id limit :most;

-- name: people_found
-- People whose name or address has all of the patterns (domain/people/search_patterns.py), or whose id is one of the
-- words. An index serves the first three; so many are put in order at most, since a page shows the first hundred.
with given as materialized (select cast(:patterns as text[]) as p),
by_name as materialized (
    select person from people
    where searched like (select p[1] from given)
      and searched like (select coalesce(p[2], p[1]) from given)
      and searched like (select coalesce(p[3], p[1]) from given)
      and searched like all (cast(:patterns as text[]))
    limit :most_compared
),
by_id as (
    select person from people where external_id = any (cast(:words as text[]))
    union all
    select person from people where person = any (cast(:words as text[]))
)
select v.* from person_view v
where v.person in (
    select p.person from people p
    where p.person in (select person from by_name union all select person from by_id)
    order by p.name, p.external_id limit :most)
order by v.name, v.external_id;

-- name: names
-- Of several people at once; who shares a name with another of them has the organisation's id beside it.
select person, case when count(*) over (partition by name) = 1 then name else format('%s (%s)', name, external_id) end
         as name
from people where person = any (cast(:persons as text[]));

-- name: region_counts
-- Who is there, by region and role, for refusals and the console. Who has left is not.
select region, role, sum(people) as people from people_counts group by region, role having sum(people) <> 0;

-- name: store_windows!
-- What somebody says on their page wins over what a file says.
update people set own_windows = cast(:windows as jsonb) where person = :person;

-- name: close_links$
-- Every link made for somebody so far is closed at once, on every gateway; returns the generation that is open now.
with turned as (
    update people set link_generation = link_generation + 1 where person = :person
    returning person, link_generation
),
kept as (
    insert into closed_links (person, generation, closed_by)
    select person, link_generation - 1, :by from turned
)
select link_generation from turned;

-- name: address_changed$
-- Whether mails of somebody go to another address than at a wall time.
select exists (select from people_changes where person = :person and at > :since and 'email' = any (fields));

-- name: keep_completion!
-- A module that was finished, maybe before there is a pair.
insert into completed_modules (person, module) values (:person, :module) on conflict do nothing;
