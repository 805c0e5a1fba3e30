-- What services and files change about people, and when it holds. All times are wall time.

create table people_changes (
    id bigint generated always as identity primary key,
    person text not null references people on delete cascade,
    fields text[] not null,
    source text not null,
    at timestamptz not null default now()
);
comment on table people_changes is
    'One change of a person, for whoever checks pairs after a reorganisation. Ids grow in the order of commits, since all '
    'that writes here takes turns.';
comment on column people_changes.fields is 'Columns of a people file that hold something else now; or left, or back.';
comment on column people_changes.source is 'The service that sent it, or people file.';
create index people_changes_by_person on people_changes (person);

create table people_field_times (
    person text not null references people on delete cascade,
    field text not null,
    stated_at timestamptz not null,
    primary key (person, field)
);
comment on table people_field_times is
    'Since when, by its sender, a column of a person holds what it holds: an older statement does not undo a later one.';

create table future_people_changes (
    key text primary key,
    person text not null references people on delete cascade,
    cells jsonb not null,
    back boolean not null default false,
    effective date not null,
    stated_at timestamptz,
    source text not null,
    arrived bigint generated always as identity,
    refused text,
    next_try timestamptz
);
comment on table future_people_changes is 'One change of a person that takes effect on a day to come.';
comment on column future_people_changes.key is 'Key of the event that brought it.';
comment on column future_people_changes.cells is 'Columns of a people file and what they will hold.';
comment on column future_people_changes.back is 'The person had left and is back from that day.';
comment on column future_people_changes.effective is 'Date in the time zone of the person.';
comment on column future_people_changes.arrived is 'Order of arrival.';
comment on column future_people_changes.refused is 'Why it could not take effect on its day; it is tried again at next_try.';
create index future_people_changes_due on future_people_changes (effective);
