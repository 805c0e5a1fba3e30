-- Which keys encrypt Temporal's histories, as worker and gateway announce them at their start. No key is here.

create table payload_keys (
    part text not null check (part in ('worker', 'gateway')),
    key_id text not null,
    use text check (use in ('encrypts', 'decrypts')),
    announced_at timestamptz not null default now(),
    primary key (part, key_id)
);
comment on table payload_keys is 'Every payload key that worker or gateway ever had.';
comment on column payload_keys.key_id is 'Derived from the key, from which the key cannot be computed; it stands beside each payload.';
comment on column payload_keys.use is 'What the part that was started last does with it; null: it has it no longer.';
