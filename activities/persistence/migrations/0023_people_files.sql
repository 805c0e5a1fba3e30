-- People files that were uploaded: how far each is, what its preview found, and its bytes. All times are wall time.

create table people_files (
    name text primary key,
    digest text not null,
    stage text not null check (stage in ('under_way', 'previewed', 'imported', 'stopped', 'failed')),
    writes boolean not null default false,
    step text check (step in ('read', 'checked', 'compared', 'written')),
    lines_read integer not null default 0,
    lines integer not null default 0,
    columns bytea not null default '',
    leavers text,
    found json,
    database_unavailable boolean not null default false,
    made_at timestamptz not null default now(),
    changed_at timestamptz not null default now()
);
comment on table people_files is
    'One uploaded people file. Its row goes an hour after the last change; PeopleImportWorkflow works on it.';
comment on column people_files.name is 'Random; the workflow''s id and the page''s address end with it.';
comment on column people_files.digest is 'SHA-256 of the file and of how it is to be read, so that the same file twice at once is one.';
comment on column people_files.writes is 'Somebody confirmed it: it is imported, not only previewed.';
comment on column people_files.step is 'The last step that was reported; null: it waits for its turn.';
comment on column people_files.columns is 'A columns file; empty: the file has our own header.';
comment on column people_files.leavers is 'What becomes of who is not in the file: few, or a number; null: they stay.';
comment on column people_files.found is
    'What the preview found, with names. Of type json, which keeps whatever text a file''s problems quote.';
comment on column people_files.changed_at is 'Also touched while somebody works on it, so that a worker that is gone shows.';

create table people_file_parts (
    name text not null references people_files on delete cascade,
    position integer not null,
    data bytea not null,
    primary key (name, position)
);
alter table people_file_parts alter column data set storage external;
comment on table people_file_parts is
    'The bytes of an uploaded people file, in pieces that hold up no event loop. They go with the import, in its own transaction.';
