-- name: data_keys_of
-- The keys of some owners, the oldest first.
select owner, number, wrapped, wrapped_by from data_keys
where owner = any (cast(:owners as text[])) order by owner, number;

-- name: add_data_key!
-- Once; and none for an owner whose keys were destroyed, or are being destroyed: the lock waits for that.
with kept as (select wrapped from data_keys where owner = :owner for share)
insert into data_keys (owner, number, wrapped, wrapped_by)
select cast(:owner as text), cast(:number as smallint), cast(:wrapped as bytea), cast(:wrapped_by as text)
where not exists (select from kept where wrapped is null)
on conflict do nothing;

-- name: data_key_counts
-- By the key that wraps them.
select wrapped_by, count(*) as keys from data_keys where wrapped is not null group by wrapped_by order by keys desc;

-- name: data_keys_to_rewrap
-- A batch of those that another key than the newest wraps.
select owner, number, wrapped, wrapped_by from data_keys
where wrapped_by <> :newest and (owner, number) > (cast(:owner as text), cast(:number as smallint))
order by owner, number limit :most;

-- name: rewrap_data_keys!
-- One that was destroyed, or wrapped again by another process, stays as it is.
update data_keys k set wrapped = u.after, wrapped_by = :newest
from unnest(cast(:owners as text[]), cast(:numbers as smallint[]), cast(:before as bytea[]), cast(:after as bytea[]))
    as u (owner, number, before, after)
where (k.owner, k.number) = (u.owner, u.number) and k.wrapped = u.before;

-- name: refuse_data_keys!
-- First of an erasure: from now on no key is made for the person, who may have none yet.
insert into data_keys (owner, number) values (:person, 1)
on conflict (owner, number) do update set wrapped = null, wrapped_by = null;

-- name: destroy_data_keys!
-- Then those that came in the same moment.
update data_keys set wrapped = null, wrapped_by = null where owner = :person and wrapped is not null;
