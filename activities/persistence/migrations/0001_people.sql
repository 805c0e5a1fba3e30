-- People and who reports to whom. The random id stands everywhere else; the organisation's id stands only here.

create table people (
    person text primary key check (person ~ '^p[a-z2-7]{13}$'),
    external_id text not null unique,
    name text not null,
    email text not null,
    region text not null,
    roles text[] not null default '{}',
    function text not null default '',
    site text not null default '',
    locale text not null default 'fr',
    zone text not null default 'Europe/Paris',
    supervisor text references people deferrable initially deferred,
    delegate text references people deferrable initially deferred,
    seats smallint not null default 1 check (seats between 1 and 9),
    languages text[] not null default '{}',
    offers text[] not null default '{}',
    wants text[] not null default '{}',
    windows jsonb not null default '[]',
    own_windows jsonb,
    left_at timestamptz
);
comment on column people.own_windows is 'What the person gave on their page; it wins over what a file says.';
comment on column people.left_at is 'Wall time at which a service said so; such a person is enrolled and matched no more.';

create index people_by_region on people (region, external_id);
-- A notice for ops or sponsor looks for a handful among all people.
create index people_in_charge on people (region) where roles && '{ops,sponsor}';

create table reporting (
    person text not null references people deferrable initially deferred,
    manager text not null references people deferrable initially deferred,
    dotted boolean not null,
    place smallint not null default 0,
    primary key (person, manager, dotted),
    check (person <> manager)
);
create unique index reporting_one_solid_line on reporting (person) where not dotted;

-- A completion may arrive before the programme starts; it is kept until a pair starts.
create table completions (
    person text not null references people,
    module text not null,
    completed_at timestamptz not null default now(),
    primary key (person, module)
);

-- A person as the rest of the system reads one.
create view person_view as
select p.person, p.external_id, p.name, p.email, p.region, p.roles, p.function, p.site, p.locale, p.zone,
       p.supervisor, p.delegate, p.seats, p.languages, p.offers, p.wants,
       coalesce(p.own_windows, p.windows) as windows,
       (select r.manager from reporting r where r.person = p.person and not r.dotted) as manager,
       array(select r.manager from reporting r where r.person = p.person and r.dotted order by r.place) as dotted_managers
from people p;
