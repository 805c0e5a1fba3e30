-- The organisation's own privacy notices, and who was shown which. All times are wall time.

create table privacy_notices (
    id bigint generated always as identity primary key,
    programme text,
    region text,
    url text not null default '',
    text_en text not null default '',
    text_fr text not null default '',
    set_at timestamptz not null default now(),
    set_by text not null,
    ended_at timestamptz,
    check (region is null or programme is not null)
);
comment on table privacy_notices is
    'One version of what people of a region read about their personal data. Rows are ended, and stay: they say what was read when.';
comment on column privacy_notices.programme is 'Null: all programmes.';
comment on column privacy_notices.region is 'Null: all regions. People are of the region of the people file.';
comment on column privacy_notices.url is 'Where the whole notice is; empty: the text is all of it.';
comment on column privacy_notices.set_by is 'The account, or command.';
comment on column privacy_notices.ended_at is 'Null: it is shown now.';
create unique index privacy_notices_shown on privacy_notices (programme, region) nulls not distinct where ended_at is null;

create table informed_people (
    person text not null references people,
    notice bigint not null references privacy_notices,
    way text not null check (way in ('mail', 'page')),
    at timestamptz not null default now(),
    primary key (person, notice, way)
);
comment on table informed_people is 'The first time that somebody was shown a privacy notice in whole.';
comment on column informed_people.way is 'mail: in the first mail that was sent since it was set; page: above a question that they answered.';
