-- Who was erased, as far as anybody may know it afterwards. All times are wall time.

create table erasures (
    person text primary key references people,
    digest text not null,
    requested_by text not null,
    requested_at timestamptz not null default now(),
    finished_at timestamptz,
    counts jsonb not null default '{}'
);
comment on table erasures is 'The receipt of one erasure. Which tables it is about is in domain/erasure/plan.py.';
comment on column erasures.person is 'Random id; nothing says any more whose it was.';
comment on column erasures.digest is
    'HMAC of the organisation''s id under a key derived from the secret: it tells whether a given id was erased, to those '
    'who have the secret, and lists nobody.';
comment on column erasures.finished_at is 'Null: under way; whoever runs it again goes on.';
comment on column erasures.counts is 'Rows deleted or emptied, by table.';
create index erasures_by_digest on erasures (digest);
create index erasures_unfinished on erasures (requested_at) where finished_at is null;
