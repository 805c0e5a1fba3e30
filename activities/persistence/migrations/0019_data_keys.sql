-- Keys with which answers are sealed; see docs/decisions/sealed-answers.md. All times are wall time.

create table data_keys (
    owner text not null,
    number smallint not null check (number > 0),
    wrapped bytea,
    wrapped_by text,
    made_at timestamptz not null default now(),
    primary key (owner, number),
    check ((wrapped is null) = (wrapped_by is null))
);
comment on table data_keys is 'One key that seals values of a person or of a cohort. Without BINOME_SECRET none can be used.';
comment on column data_keys.owner is 'Random id of a person, or the workflow id of a cohort.';
comment on column data_keys.number is 'Stands in front of each value that the key seals.';
comment on column data_keys.wrapped is
    'The key, encrypted with one that is derived from BINOME_SECRET. Null: the person was erased, and gets no other one.';
comment on column data_keys.wrapped_by is 'Id of the key that wraps it; from it nothing can be computed.';
