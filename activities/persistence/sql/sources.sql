-- name: add_source!
-- A source; one of that name before is granted this instead.
insert into sources (name, types, columns, programmes, directory)
values (:name, cast(:types as text[]), cast(:columns as text[]), cast(:programmes as text[]), :directory)
on conflict (name) do update set
    types = excluded.types, columns = excluded.columns, programmes = excluded.programmes,
    directory = excluded.directory, rules = '[]', added_at = now(), revoked_at = null;

-- name: set_message_rules!
-- In place of those before.
update sources set rules = cast(:rules as jsonb) where name = :name;

-- name: drop_credentials!
-- All that a source had until now.
delete from source_credentials where source = :name;

-- name: add_credential!
-- A token by its hash, or a sealed secret.
insert into source_credentials (source, token_hash, sealed_secret, ends_at)
values (:name, :token_hash, :sealed_secret, :ends_at);

-- name: end_credentials!
-- The newest one works until then beside the next; one before it is gone.
with newest as (select max(credential) as credential from source_credentials where source = :name),
gone as (delete from source_credentials c using newest n where c.source = :name and c.credential <> n.credential)
update source_credentials c set ends_at = least(c.ends_at, :until) from newest n where c.credential = n.credential;

-- name: revoke_source!
-- From now on; what it sent before stays, and when it last did.
update sources set revoked_at = now() where name = :name and revoked_at is null;

-- name: source_by_token^
-- Whose token it is.
select s.*, c.credential, c.ends_at, c.last_used_at
from source_credentials c join sources s on s.name = c.source where c.token_hash = :token_hash;

-- name: signed_source
-- The secrets with which this source may sign.
select s.*, c.credential, c.ends_at, c.last_used_at, c.sealed_secret
from source_credentials c join sources s on s.name = c.source
where c.source = :name and c.sealed_secret is not null order by c.credential desc limit 2;

-- name: note_source_use!
-- Once a minute is enough.
update source_credentials set last_used_at = :now where credential = :credential;

-- name: source_listing
-- Every source with its newest credential, and until when the one before works.
select s.*, n.sealed_secret is not null as signed, n.ends_at, o.ends_at as older_until,
       greatest(n.last_used_at, o.last_used_at) as last_used_at
from sources s
left join lateral (select * from source_credentials c where c.source = s.name order by c.credential desc limit 1) n on true
left join lateral (
    select * from source_credentials c where c.source = s.name and c.credential <> n.credential
    order by c.credential desc limit 1) o on true
order by s.name;
