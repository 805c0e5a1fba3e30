-- Which installation this database belongs to.

create table installation (
    one boolean primary key default true check (one),
    id text not null default gen_random_uuid()
);
comment on table installation is
    'One row: an id drawn when the database was made. Temporal''s namespace is marked with it, so that two installations cannot share one.';
insert into installation default values;
