-- name: lock_imports$
-- Whatever changes people takes turns.
select pg_advisory_xact_lock(hashtext('binome people'));

-- name: lock_people!
-- Who writes about people meanwhile waits: rows locked one by one, here in thousands, could wait for one another.
lock table people in share row exclusive mode;

-- name: known_people
-- Whom a file may name without holding them, who they report to, and who accompanies them as mentors.
with dotted as (
    select o.person, array_agg(b.external_id order by o.position) as managers
    from reporting_lines o join people b on b.person = o.manager where o.dotted group by o.person
)
select p.external_id, m.external_id as manager, coalesce(d.managers, '{}') as dotted_managers,
       case when 'mentor' = any (p.roles) and p.left_at is null then s.external_id end as supervisor
from people p
left join reporting_lines r on r.person = p.person and not r.dotted
left join people m on m.person = r.manager
left join people s on s.person = p.supervisor
left join dotted d on d.person = p.person;

-- name: make_incoming!
-- Where COPY puts the file; gone with the transaction. Its key comes later, so that a file that
-- names somebody twice is refused with the name.
drop table if exists pg_temp.incoming, pg_temp.differences;
create temporary table incoming (
    person text, external_id text, name text, email text, region text, roles text[], function text, site text,
    locale text, zone text, seats smallint, languages text[], offers text[], wants text[], windows jsonb,
    manager text, dotted_managers text[], supervisor text, delegate text, back boolean
) on commit drop;

-- name: key_incoming!
-- Every line is one person by now.
alter table incoming add primary key (external_id);

-- name: analyze_incoming!
-- Without it the joins below are planned for a handful of rows.
analyze incoming;

-- name: analyze_people!
-- The same for whoever asks about people after an import.
analyze people, reporting_lines;

-- name: make_differences!
-- People who are there and differ from their line, or had left. Managers are compared by the organisation's ids, as the
-- file names them; windows that somebody gave themselves are not compared.
create temporary table differences on commit drop as
with dotted as (
    select o.person, array_agg(b.external_id order by o.position) as managers
    from reporting_lines o join people b on b.person = o.manager where o.dotted group by o.person
)
select i.external_id, p.person, p.name, p.left_at is not null and i.back as back, f.fields
from incoming i
join people p using (external_id)
left join reporting_lines r on r.person = p.person and not r.dotted
left join people m on m.person = r.manager
left join people s on s.person = p.supervisor
left join people d on d.person = p.delegate
left join dotted o on o.person = p.person
cross join lateral (select array_remove(array[
    case when p.name <> i.name then 'name' end,
    case when p.email <> i.email then 'email' end,
    case when p.region <> i.region then 'region' end,
    case when p.roles <> i.roles then 'roles' end,
    case when p.function <> i.function then 'function' end,
    case when p.site <> i.site then 'site' end,
    case when p.locale is distinct from i.locale then 'locale' end,
    case when p.zone <> i.zone then 'zone' end,
    case when m.external_id is distinct from i.manager then 'manager' end,
    case when coalesce(o.managers, '{}') <> i.dotted_managers then 'dotted_managers' end,
    case when s.external_id is distinct from i.supervisor then 'supervisor' end,
    case when d.external_id is distinct from i.delegate then 'delegate' end,
    case when p.seats <> i.seats then 'seats' end,
    case when p.languages <> i.languages then 'languages' end,
    case when p.offers <> i.offers then 'offers' end,
    case when p.wants <> i.wants then 'wants' end,
    case when p.windows <> i.windows then 'windows' end
], null) as fields) f
where p.left_at is not null and i.back or cardinality(f.fields) > 0;

-- name: analyze_differences!
-- As for the file.
analyze differences;

-- name: compare_incoming^
-- What an import would change; the same file twice changes nothing.
select total - there as added, changed, back, there - changed - back as unchanged
from (select count(*) as total, count(p.person) as there from incoming i left join people p using (external_id)) i
cross join (select count(*) filter (where not back) as changed, count(*) filter (where back) as back from differences) d;

-- name: changed_fields
-- How often which column changes.
select u.field, count(*) as people from differences d cross join lateral unnest(d.fields) as u (field)
group by u.field order by count(*) desc, u.field;

-- name: some_changes
-- The first of them, for the preview.
(select external_id, name, 'changed' as what, fields from differences where not back order by external_id limit :most)
union all
(select external_id, name, 'back', fields from differences where back order by external_id limit :most);

-- name: incoming_regions
-- How many people the file has in each region.
select region, count(*) as people from incoming group by region order by region;

-- name: absence^
-- Of those who are in the file's regions, who is not in the file.
select count(*) as present, count(*) filter (where i.external_id is null) as absent
from people p left join incoming i using (external_id)
where p.left_at is null and p.region in (select region from incoming);

-- name: absent_people
-- Who they are; all of them where no number is given.
select p.person, p.external_id, p.name
from people p left join incoming i using (external_id)
where i.external_id is null and p.left_at is null and p.region in (select region from incoming)
order by p.external_id limit cast(:most as bigint);

-- name: insert_people!
-- New people get the id that was minted for them.
insert into people (
    person, external_id, name, email, region, roles, function, site, locale, zone, seats, languages, offers, wants, windows)
select i.person, i.external_id, i.name, i.email, i.region, i.roles, i.function, i.site, i.locale, i.zone, i.seats,
       i.languages, i.offers, i.wants, i.windows
from incoming i
where not exists (select from people p where p.external_id = i.external_id);

-- name: update_people!
-- People who are there keep their id. Untouched rows stay untouched; who had left is there again.
update people p set
    name = i.name, email = i.email, region = i.region, roles = i.roles, function = i.function, site = i.site,
    locale = i.locale, zone = i.zone, seats = i.seats, languages = i.languages, offers = i.offers, wants = i.wants,
    windows = i.windows, left_at = case when d.back then null else p.left_at end
from incoming i join differences d using (external_id)
where p.person = d.person;

-- name: queue_address_notices!
-- To the address that somebody had until now, before it is replaced, also of who left and may come back: of those who get mails of a programme at all, by
-- their pair, their region or what they are to others. Its clock, sender and name are those of the programme that is
-- theirs the most.
with changed as (
    select p.person, p.email, p.region, p.roles
    from differences d join people p using (person) join incoming i on i.external_id = p.external_id
    where 'email' = any (d.fields) and lower(p.email) <> lower(i.email) and p.roles <> '{}'
),
notice_rows as (
    insert into outbox (notice, scope, programme, region, person, body, created, address)
    select concat_ws(':', 'person', c.person, 'address_changed', gen_random_uuid()), concat_ws(':', 'person', c.person),
           g.programme, c.region, c.person, cast(:body as jsonb),
           g.programme_epoch + (now() - g.wall_epoch) * g.pace, c.email
    from changed c
    cross join lateral (
        select o.*, exists (select from pairs x where x.programme = o.programme and x.mentor = c.person)
                 or exists (select from pairs x where x.programme = o.programme and x.mentee = c.person) as has_pair,
               exists (select from jsonb_array_elements(o.plan -> 'cohorts') as e
                        where e -> 'cohort' ->> 'region' = c.region) as in_region
        from programmes o order by has_pair desc, in_region desc, o.wall_epoch desc limit 1
    ) g
    where g.has_pair or g.in_region or c.roles && '{supervisor,delegate,sponsor,ops}'
    returning notice
)
select pg_notify('binome_outbox', '') from notice_rows limit 1;

-- name: refer_people!
-- Supervisors and delegates, once everybody has an id.
update people p set supervisor = s.person, delegate = d.person
from incoming i
left join people s on s.external_id = i.supervisor
left join people d on d.external_id = i.delegate
where p.external_id = i.external_id and (p.supervisor, p.delegate) is distinct from (s.person, d.person);

-- name: clear_reporting!
-- Lines of the people in the file that are not in it any more.
delete from reporting_lines r
using differences c join incoming i using (external_id)
where r.person = c.person and not exists (
    select from people m where m.person = r.manager
      and case when r.dotted then i.dotted_managers[r.position] = m.external_id else i.manager = m.external_id end);

-- name: insert_reporting!
-- Solid and dotted lines, in the order of the file.
insert into reporting_lines (person, manager, dotted, position)
select p.person, m.person, n.dotted, n.position
from incoming i
join people p using (external_id)
cross join lateral (
    select i.manager as manager, false as dotted, 0 as position
    union all
    select u.manager, true, u.position from unnest(i.dotted_managers) with ordinality as u (manager, position)
) n
join people m on m.external_id = n.manager
on conflict (person, manager, dotted) do nothing;

-- name: note_changes!
-- For whoever checks pairs; a person who is new has none.
insert into people_changes (person, fields, source)
select d.person, d.fields || case when d.back then array['back'] else '{}' end, :source
from differences d order by d.external_id;

-- name: note_leaving!
-- The same for those who are not in the file.
insert into people_changes (person, fields, source)
select u.person, array['left'], :source from unnest(cast(:persons as text[])) as u (person);
