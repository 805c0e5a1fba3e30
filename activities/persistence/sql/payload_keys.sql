-- name: announce_payload_key!
insert into payload_keys (part, key_id, use) values (:part, :key_id, :use)
on conflict (part, key_id) do update set use = excluded.use, announced_at = now();

-- name: withdraw_payload_keys!
update payload_keys set use = null where part = :part and key_id <> all (cast(:kept as text[])) and use is not null;

-- name: payload_key_is_registered$
select exists (select from payload_keys where key_id = :key_id);

-- name: payload_keys
select part, key_id, use from payload_keys order by key_id, part;
