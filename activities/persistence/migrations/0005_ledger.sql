-- What happened to pairs. Times are programme time unless a column says wall time.

create table transitions (
    pair text not null,
    revision integer not null,
    digest bytea not null,
    event text not null,
    at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (pair, revision)
);
comment on table transitions is
    'One transition of a pair. The key guards against writing it twice; the digest tells a retry from a contradiction.';
comment on column transitions.digest is 'The first half of SHA-256 of all that the transition recorded.';
comment on column transitions.event is 'What the pair reacted to.';
comment on column transitions.recorded_at is 'Wall time.';

create table ledger (
    pair text not null,
    revision integer not null,
    position smallint not null,
    at timestamptz not null,
    what text not null,
    reason text,
    session integer,
    decided_by text,
    primary key (pair, revision, position)
);
comment on table ledger is 'One thing that happened to a pair, and why. Rows are only ever added.';
comment on column ledger.revision is 'The transition in which it happened; position is its place in it.';
comment on column ledger.what is 'Code of what happened.';
comment on column ledger.reason is 'Code of why; null: none was needed.';
comment on column ledger.decided_by is 'The account or the person who decided it, where somebody did; or a code such as update.';
comment on column ledger.session is 'Number of the session it is about, if any.';

-- Only the archive takes rows away, and only an erasure empties who decided; each says so for its transaction.
create function refuse_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and tg_table_name = 'ledger' and current_setting('binome.archiving', true) = 'on' then
        return null;
    end if;
    if tg_op = 'UPDATE' and tg_table_name = 'match_decisions' and current_setting('binome.erasing', true) = 'on' then
        return null;
    end if;
    raise exception '% is append-only', tg_table_name;
end $$;
create trigger ledger_is_append_only before update or delete or truncate on ledger
    for each statement execute function refuse_change();
