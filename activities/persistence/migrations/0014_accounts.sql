-- Who may use the console and the API, their sessions, and who read or decided what. All times are wall time.

create table accounts (
    actor text primary key check (actor ~ '^a[a-z2-7]{13}$'),
    login text not null unique check (login = lower(login)),
    name text not null,
    person text references people,
    password_hash text,
    token_hash bytea unique,
    openid_subject text unique,
    added_at timestamptz not null default now(),
    revoked_at timestamptz
);
comment on table accounts is 'Somebody, or a script, who may sign in.';
comment on column accounts.actor is 'Random id; histories and every other table name whoever decided by it.';
comment on column accounts.login is 'What is typed to sign in, and what an OpenID provider or a proxy says: an address or a short name.';
comment on column accounts.person is 'Who it is among the people; a supervisor''s mentors are found by it.';
comment on column accounts.password_hash is 'By argon2id; null: signs in otherwise.';
comment on column accounts.token_hash is 'SHA-256 of the bearer token of a script.';
comment on column accounts.openid_subject is 'Issuer and subject, from the first sign-in by OpenID on.';
comment on column accounts.revoked_at is 'Since when it may do nothing.';

create table account_grants (
    actor text not null references accounts,
    role text not null check (
        role in ('administrator', 'programme_manager', 'viewer', 'sponsor', 'supervisor', 'trusted_contact')),
    programme text,
    region text,
    unique nulls not distinct (actor, role, programme, region),
    check (region is null or programme is not null)
);
comment on table account_grants is 'One role of an account.';
comment on column account_grants.programme is 'Null: everywhere.';
comment on column account_grants.region is 'Null: in all of the programme.';

create table account_sessions (
    token_hash bytea primary key,
    actor text not null references accounts,
    way text not null,
    started_at timestamptz not null default now(),
    ended_at timestamptz
);
comment on table account_sessions is 'One browser in which an account signed in; every request looks it up, on every gateway.';
comment on column account_sessions.token_hash is 'SHA-256 of the cookie.';
comment on column account_sessions.way is 'password, link or openid.';
create index account_sessions_of on account_sessions (actor) where ended_at is null;

create table sign_in_links (
    token_hash bytea primary key,
    actor text not null unique references accounts,
    made_at timestamptz not null default now(),
    used_at timestamptz
);
comment on table sign_in_links is 'The newest one-time link of an account.';

create table sign_in_attempts (
    key bytea not null,
    at timestamptz not null
);
comment on table sign_in_attempts is 'One password that was wrong, or is being checked; kept as long as it slows the next one.';
comment on column sign_in_attempts.key is 'SHA-256 of the login that was typed, or of the address it came from.';
create index sign_in_attempts_of on sign_in_attempts (key, at);

create table openid_requests (
    state_hash bytea primary key,
    nonce text not null,
    verifier text not null,
    page text not null,
    made_at timestamptz not null default now()
);
comment on table openid_requests is 'One browser that was sent to the OpenID provider; the provider''s answer is taken once.';
comment on column openid_requests.page is 'Where the browser goes on once it is signed in.';

create table access_log (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    actor text not null,
    what text not null,
    about text not null
);
comment on table access_log is 'One time that somebody read about persons, signed in or out, or failed to. Rows are only ever added.';
comment on column access_log.what is 'The permission that the page needs, or a code such as signed_in.';
comment on column access_log.about is 'The person, pair or cohort; empty: a list of everybody.';
create index access_log_newest on access_log (at);
create index access_log_about on access_log (about, at);

create table decisions (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    actor text not null,
    about text not null,
    what text not null,
    reason text,
    outcome text check (outcome in ('accepted', 'refused'))
);
comment on table decisions is 'One decision that an account asked for; noted before it is carried out.';
comment on column decisions.about is 'The workflow, person or message.';
comment on column decisions.what is 'Name of the update, or a code.';
comment on column decisions.outcome is 'Null: it is not known; the history of the workflow says.';
create index decisions_newest on decisions (at);
create index decisions_about on decisions (about, at);

create trigger access_log_is_append_only before update or truncate on access_log
    for each statement execute function refuse_change();

-- An account with all that it was granted.
-- Somebody who has left may sign in as little as somebody whose account was revoked.
create view account_view as
select a.actor, a.login, a.name, a.person, a.added_at, coalesce(a.revoked_at, p.left_at) as revoked_at, a.password_hash, a.openid_subject,
       a.password_hash is not null as has_password, a.token_hash is not null as has_token,
       (select coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'programme', g.programme, 'region', g.region)
                                  order by g.role, g.programme, g.region), '[]')
          from account_grants g where g.actor = a.actor) as grants
from accounts a left join people p on p.person = a.person;
