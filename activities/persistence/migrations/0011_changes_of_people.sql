-- What changed about people, for whoever checks pairs after a reorganisation. Numbers grow in the order of commits, since
-- everything that writes here takes turns. All times are wall time.
create table people_changes (
    id bigint generated always as identity primary key,
    person text not null references people on delete cascade,
    fields text[] not null,
    source text not null,
    at timestamptz not null default now()
);
create index people_changes_of on people_changes (person);
comment on column people_changes.fields is 'Columns of a people file that hold something else now; or left, or back.';
comment on column people_changes.source is 'The service that said so, or people file.';

-- As of when a service says what a column holds: a word from before does not undo a later one.
create table people_said (
    person text not null references people on delete cascade,
    field text not null,
    said_at timestamptz not null,
    primary key (person, field)
);

-- What holds from a day to come.
create table people_ahead (
    key text primary key,
    person text not null references people on delete cascade,
    cells jsonb not null,
    back boolean not null default false,
    effective date not null,
    said_at timestamptz,
    source text not null,
    arrived bigint generated always as identity,
    refused text,
    next_try timestamptz
);
create index people_ahead_due on people_ahead (effective);
comment on column people_ahead.key is 'Of the event that said so.';
comment on column people_ahead.refused is 'Why it could not take effect on its day; it is tried again.';
