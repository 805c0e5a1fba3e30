-- name: lock_imports$
-- Two imports take turns.
select pg_advisory_xact_lock(hashtext('binome people'));

-- name: known_people
-- Whom a file may name without holding them, who they report to, and who accompanies them as mentors.
select p.external_id, m.external_id as manager,
       case when 'mentor' = any (p.roles) and p.left_at is null
            then (select s.external_id from people s where s.person = p.supervisor) end as supervisor,
       array(select b.external_id from reporting o join people b on b.person = o.manager
              where o.person = p.person and o.dotted order by o.place) as dotted_managers
from people p
left join reporting r on r.person = p.person and not r.dotted
left join people m on m.person = r.manager;

-- name: make_incoming!
-- Where COPY puts the file; gone with the transaction.
create temporary table incoming (
    person text, external_id text primary key, name text, email text, region text, roles text[], function text, site text,
    locale text, zone text, seats smallint, languages text[], offers text[], wants text[], windows jsonb,
    manager text, dotted_managers text[], supervisor text, delegate text
) on commit drop;

-- name: analyze_incoming!
-- Without it the joins below are planned for a handful of rows.
analyze incoming;

-- name: analyze_people!
-- The same for whoever asks about people after an import.
analyze people, reporting;

-- name: compare_incoming^
-- What an import would change.
select count(*) filter (where c.person is null) as added,
       count(*) filter (where c.person is not null and c.differs) as changed,
       count(*) filter (where not c.differs) as unchanged
from (
    select p.person,
           (p.name, p.email, p.region, p.roles, p.function, p.site, p.locale, p.zone, p.seats,
            p.languages, p.offers, p.wants, p.windows, m.external_id, s.external_id, d.external_id,
            array(select b.external_id from reporting o join people b on b.person = o.manager
                   where o.person = p.person and o.dotted order by o.place))
           is distinct from
           (i.name, i.email, i.region, i.roles, i.function, i.site, i.locale, i.zone, i.seats,
            i.languages, i.offers, i.wants, i.windows, i.manager, i.supervisor, i.delegate, i.dotted_managers) as differs
    from incoming i
    left join people p using (external_id)
    left join reporting r on r.person = p.person and not r.dotted
    left join people m on m.person = r.manager
    left join people s on s.person = p.supervisor
    left join people d on d.person = p.delegate
) c;

-- name: incoming_regions
-- How many people the file has in each region.
select region, count(*) as people from incoming group by region order by region;

-- name: upsert_people!
-- New people get the id that was minted for them; people who are there keep theirs. Untouched rows stay untouched.
insert into people as p (
    person, external_id, name, email, region, roles, function, site, locale, zone, seats, languages, offers, wants, windows)
select person, external_id, name, email, region, roles, function, site, locale, zone, seats, languages, offers, wants, windows
from incoming
on conflict (external_id) do update set
    name = excluded.name, email = excluded.email, region = excluded.region, roles = excluded.roles,
    function = excluded.function, site = excluded.site, locale = excluded.locale, zone = excluded.zone,
    seats = excluded.seats, languages = excluded.languages, offers = excluded.offers, wants = excluded.wants,
    windows = excluded.windows
where (p.name, p.email, p.region, p.roles, p.function, p.site, p.locale, p.zone, p.seats, p.languages, p.offers, p.wants,
       p.windows)
      is distinct from
      (excluded.name, excluded.email, excluded.region, excluded.roles, excluded.function, excluded.site, excluded.locale,
       excluded.zone, excluded.seats, excluded.languages, excluded.offers, excluded.wants, excluded.windows);

-- name: refer_people!
-- Supervisors and delegates, once everybody has an id.
update people p set supervisor = s.person, delegate = d.person
from incoming i
left join people s on s.external_id = i.supervisor
left join people d on d.external_id = i.delegate
where p.external_id = i.external_id and (p.supervisor, p.delegate) is distinct from (s.person, d.person);

-- name: clear_reporting!
-- Lines of the people in the file that are not in it any more.
delete from reporting r
using incoming i join people p using (external_id)
where r.person = p.person and not exists (
    select from people m where m.person = r.manager
      and case when r.dotted then i.dotted_managers[r.place] = m.external_id else i.manager = m.external_id end);

-- name: insert_reporting!
-- Solid and dotted lines, in the order of the file.
insert into reporting (person, manager, dotted, place)
select p.person, m.person, n.dotted, n.place
from incoming i
join people p using (external_id)
cross join lateral (
    select i.manager as manager, false as dotted, 0 as place
    union all
    select u.manager, true, u.place from unnest(i.dotted_managers) with ordinality as u (manager, place)
) n
join people m on m.external_id = n.manager
on conflict (person, manager, dotted) do nothing;
