-- name: accounts
-- Everybody who may sign in, and who no longer may.
select * from account_view order by login;

-- name: account_by_login^
select * from account_view where login = :login;

-- name: account_by_token^
-- Whose bearer token it is; only its hash is kept.
select v.* from account_view v join accounts a using (actor) where a.token_hash = :token_hash;

-- name: account_by_subject^
-- Whom an OpenID provider knows by this.
select * from account_view where openid_subject = :subject;

-- name: add_account!
insert into accounts (actor, login, name, person) values (:actor, :login, :name, :person) on conflict (login) do nothing;

-- name: restore_account!
-- A login that was revoked may be given again.
update accounts set revoked_at = null, name = :name, person = :person where actor = :actor;

-- name: revoke_account$
-- It may do nothing from now on, and what it knew opens nothing; returns whether it was revoked only now.
with revoked as (
    update accounts set revoked_at = now(), password_hash = null, token_hash = null, openid_subject = null
    where actor = :actor and revoked_at is null
    returning actor
)
select exists (select from revoked);

-- name: clear_grants!
delete from account_grants where actor = :actor;

-- name: add_grant!
insert into account_grants (actor, role, programme, region) values (:actor, :role, :programme, :region)
on conflict do nothing;

-- name: set_token!
update accounts set token_hash = :token_hash where actor = :actor;

-- name: set_password!
update accounts set password_hash = :password_hash where actor = :actor;

-- name: set_subject!
update accounts set openid_subject = :subject where actor = :actor and openid_subject is null;

-- name: start_session!
insert into account_sessions (token_hash, actor, way) values (:token_hash, :actor, :way);

-- name: session_found^
-- The session of a cookie, with its account.
select v.*, s.way, s.started_at, s.ended_at from account_sessions s join account_view v using (actor)
where s.token_hash = :token_hash;

-- name: end_session!
update account_sessions set ended_at = now() where token_hash = :token_hash and ended_at is null;

-- name: end_sessions_of!
update account_sessions set ended_at = now()
where actor = :actor and ended_at is null and token_hash is distinct from :kept;

-- name: forget_sessions!
-- What ended or ran out long ago.
delete from account_sessions where started_at < now() - interval '90 days';

-- name: make_link!
-- An earlier link of the account is void.
insert into sign_in_links (token_hash, actor) values (:token_hash, :actor)
on conflict (actor) do update set token_hash = excluded.token_hash, made_at = now(), used_at = null;

-- name: forget_link!
delete from sign_in_links where actor = :actor;

-- name: link_found^
select v.*, l.made_at, l.used_at from sign_in_links l join account_view v using (actor) where l.token_hash = :token_hash;

-- name: use_link!
-- Of two browsers that use it in one moment one does.
update sign_in_links set used_at = now() where token_hash = :token_hash and used_at is null;

-- name: lock_attempts$
-- Two attempts for one account take turns.
select pg_advisory_xact_lock(hashtextextended(encode(cast(:key as bytea), 'hex'), 14));

-- name: attempts
select at from sign_in_attempts where key = :key order by at;

-- name: add_attempt!
insert into sign_in_attempts (key, at) values (:key, :at);

-- name: forget_attempts!
delete from sign_in_attempts where key = :key and (cast(:at as timestamptz) is null or at = :at);

-- name: forget_old_attempts!
delete from sign_in_attempts where at < :before;

-- name: add_openid_request!
insert into openid_requests (state_hash, nonce, verifier, page) values (:state_hash, :nonce, :verifier, :page);

-- name: take_openid_request^
-- Once.
delete from openid_requests where state_hash = :state_hash returning nonce, verifier, page, made_at;

-- name: forget_openid_requests!
delete from openid_requests where made_at < :before;

-- name: add_access!
insert into access_log (actor, what, about) values (:actor, :what, :about);

-- name: add_decision$
insert into decisions (actor, about, what) values (:actor, :about, :what) returning id;

-- name: settle_decision!
update decisions set outcome = :outcome, reason = :reason where id = :id and outcome is null;

-- name: access_entries
-- Who read or decided what, newest first.
select e.at, e.actor, coalesce(a.name, e.actor) as name, e.what, e.about, e.outcome
from ((select at, actor, what, about, null as outcome from access_log
       order by at desc limit cast(:most as bigint) + cast(:skip as bigint))
      union all
      (select at, actor, what, about, outcome from decisions
       order by at desc limit cast(:most as bigint) + cast(:skip as bigint))) e
left join accounts a using (actor)
order by e.at desc limit :most offset :skip;

-- name: access_entries_about
-- The same about one person, pair or cohort.
select e.at, e.actor, coalesce(a.name, e.actor) as name, e.what, e.about, e.outcome
from (select at, actor, what, about, null as outcome from access_log where about = :about
      union all
      select at, actor, what, about, outcome from decisions where about = :about) e
left join accounts a using (actor)
order by e.at desc limit :most offset :skip;

-- name: forget_access!
-- Who read about whom, long ago.
delete from access_log where id in (select id from access_log where at < :before order by at limit :most);

-- name: forget_decisions!
-- Who decided what, long ago.
delete from decisions where id in (select id from decisions where at < :before order by at limit :most);
