-- name: person^
-- One person with references as person ids.
select * from person_view where person = :person;

-- name: person_by_external^
-- The way in for services, who know the organisation's ids only.
select * from person_view where external_id = :external_id;

-- name: people_of_region
-- A page of people, by the organisation's id so that pages stay put; who was erased is nobody.
select * from person_view
where (cast(:region as text) is null or region = :region) and external_id <> 'erased-' || person
order by region, external_id limit :most offset :skip;

-- name: people_found
-- People whose name or address contains each of the words, whatever the accents and capitals; or whose id is one of
-- the words. An accent by itself is no word: everybody's name would contain it.
select v.* from person_view v
where cast(:words as text[]) && array[v.external_id, v.person]
   or (select bool_and(strpos(plain.v, plain.word) > 0)
       from unnest(cast(:words as text[])) as w (word)
       cross join lateral (select lower(regexp_replace(normalize(v.name || ' ' || v.email, nfkd), '[\u0300-\u036f]', '', 'g')),
                                  lower(regexp_replace(normalize(w.word, nfkd), '[\u0300-\u036f]', '', 'g')))
         as plain (v, word)
       where btrim(plain.word) <> '')
order by v.name, v.external_id limit :most;

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
