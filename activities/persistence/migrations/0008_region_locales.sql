-- The language of a region, from the newest programme that names it: of who has none in the people file.
create table region_locales (
    region text primary key,
    locale text not null
);

alter table people alter column locale drop not null, alter column locale drop default;
comment on column people.locale is 'Empty: the one of the region.';

create or replace view person_view as
select p.person, p.external_id, p.name, p.email, p.region, p.roles, p.function, p.site,
       coalesce(p.locale, (select l.locale from region_locales l where l.region = p.region), 'fr') as locale, p.zone,
       p.supervisor, p.delegate, p.seats, p.languages, p.offers, p.wants,
       coalesce(p.own_windows, p.windows) as windows,
       (select r.manager from reporting r where r.person = p.person and not r.dotted) as manager,
       array(select r.manager from reporting r where r.person = p.person and r.dotted order by r.place) as dotted_managers
from people p;

insert into region_locales (region, locale)
select distinct on (c.region) c.region, c.locale
from programmes g
cross join lateral jsonb_array_elements(g.plan -> 'cohorts') as e (plan)
cross join lateral (select e.plan -> 'cohort' ->> 'region' as region, e.plan ->> 'locale' as locale) c
where c.locale is not null
order by c.region, g.pace = 1 desc, g.claimed_at desc;
