-- Which installation this database belongs to.

create table installation (
    one boolean primary key default true check (one),
    id text not null default gen_random_uuid()
);
comment on table installation is
    'One row: an id drawn when the database was made. Temporal''s namespace is marked with it, so that two installations cannot share one.';
insert into installation default values;

create table processes (
    process text primary key,
    part text not null check (part in ('worker', 'gateway')),
    host text not null,
    release text not null,
    started_at timestamptz not null default now(),
    seen_at timestamptz not null default now()
);
comment on table processes is
    'One worker or gateway; each writes every few seconds that its event loop goes on and that it may write. All times are wall time.';
comment on column processes.process is 'Id drawn at the start of the process.';
comment on column processes.host is 'Name of its machine or container, by which a health check finds its own.';
comment on column processes.release is 'Build id of a worker; empty: unversioned.';
