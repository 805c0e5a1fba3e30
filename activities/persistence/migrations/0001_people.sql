-- People, who reports to whom, and what one person is to the rest of the system.

-- Finds letters in the midst of names. In a schema of its own, so that nothing of it is taken for ours. It is a trusted
-- extension: an owner of the database who is no superuser may create it.
create schema trigrams;
create extension pg_trgm schema trigrams;

-- As somebody is looked for: without accents and capitals.
create function plain_letters(words text) returns text language sql immutable strict parallel safe
    return lower(regexp_replace(normalize(words, nfkd), '[\u0300-\u036f]', '', 'g'));

create table people (
    person text primary key check (person ~ '^p[a-z2-7]{13}$'),
    external_id text not null unique,
    name text not null,
    email text not null,
    region text not null,
    roles text[] not null default '{}',
    function text not null default '',
    site text not null default '',
    locale text,
    zone text not null default 'Europe/Paris',
    supervisor text references people deferrable initially deferred,
    delegate text references people deferrable initially deferred,
    seats smallint not null default 1 check (seats between 1 and 9),
    languages text[] not null default '{}',
    offers text[] not null default '{}',
    wants text[] not null default '{}',
    windows jsonb not null default '[]',
    own_windows jsonb,
    left_at timestamptz,
    link_generation integer not null default 0,
    searched text not null generated always as (plain_letters(' ' || name || ' ' || email)) stored
);
comment on table people is
    'One person of the organisation, whether still there or not. The only table with names and addresses.';
comment on column people.person is 'Random id, made at the import. Every other table and every workflow knows only this one.';
comment on column people.external_id is 'The organisation''s own id, as files and services name the person.';
comment on column people.locale is 'Language of mails and pages; null: the one of the region.';
comment on column people.zone is 'IANA time zone; windows are hours in it.';
comment on column people.seats is 'How many mentees a mentor takes at a time.';
comment on column people.offers is 'Topics that a mentor can coach, each with an optional level: topic:2.';
comment on column people.wants is 'Topics that a mentee wants to be coached in, written like offers.';
comment on column people.windows is 'Hours of the week in which the person is available, from a people file.';
comment on column people.own_windows is 'What the person gave on their page; it wins over what a file says.';
comment on column people.left_at is 'Wall time at which a service reported it; such a person gets no mail and no page, and is neither enrolled nor matched.';
comment on column people.link_generation is 'Links of an earlier generation are closed; ops turn it on when a link came into wrong hands.';
comment on column people.searched is 'Name and address as somebody is looked for.';

create table closed_links (
    person text not null references people,
    generation integer not null,
    closed_at timestamptz not null default now(),
    closed_by text not null,
    primary key (person, generation)
);
comment on table closed_links is 'Every time that ops closed all links of a person, and who did.';
comment on column closed_links.generation is 'The newest generation of links that was closed with it.';
comment on column closed_links.closed_at is 'Wall time.';

create index people_by_region on people (region, external_id);
create index people_who_left on people (person) where left_at is not null;
create index people_by_supervisor on people (supervisor) where supervisor is not null;
create index people_by_words on people using gin (searched trigrams.gin_trgm_ops);
-- A notice for ops or sponsor looks for a handful among all people.
create index people_in_charge on people (region) where roles && '{ops,sponsor}';

create table reporting_lines (
    person text not null references people deferrable initially deferred,
    manager text not null references people deferrable initially deferred,
    dotted boolean not null,
    position smallint not null default 0,
    primary key (person, manager, dotted),
    check (person <> manager)
);
comment on table reporting_lines is 'One line from a person to a manager, solid or dotted.';
comment on column reporting_lines.position is 'Order of the dotted lines in the people file.';
create unique index reporting_lines_one_solid on reporting_lines (person) where not dotted;

create table completed_modules (
    person text not null references people,
    module text not null,
    completed_at timestamptz not null default now(),
    primary key (person, module)
);
comment on table completed_modules is
    'One training module that a person completed; maybe before their programme starts, so it is kept until a pair reads it.';
comment on column completed_modules.completed_at is 'Wall time.';

create table region_locales (
    region text primary key,
    locale text not null
);
comment on table region_locales is
    'The language of a region, from the newest programme that names it: for people who have none in the people file.';

-- A person as the rest of the system reads one.
create view person_view as
select p.person, p.external_id, p.name, p.email, p.region, p.roles, p.function, p.site,
       coalesce(p.locale, (select l.locale from region_locales l where l.region = p.region), 'fr') as locale, p.zone,
       p.left_at is not null as "left", p.link_generation,
       p.supervisor, p.delegate, p.seats, p.languages, p.offers, p.wants,
       coalesce(p.own_windows, p.windows) as windows,
       (select r.manager from reporting_lines r where r.person = p.person and not r.dotted) as manager,
       array(select r.manager from reporting_lines r
              where r.person = p.person and r.dotted order by r.position) as dotted_managers
from people p;
