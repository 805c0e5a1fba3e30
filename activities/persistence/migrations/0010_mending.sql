-- Messages that ops mended and sent again leave the list. All times are wall time.
alter table refused_messages add column id bigint generated always as identity;
alter table refused_messages add column resent_at timestamptz;
alter table refused_messages add column resent_by text;
create unique index refused_messages_by_id on refused_messages (id);
create index refused_messages_open on refused_messages (at) where resent_at is null;
comment on column refused_messages.resent_by is 'The name given with the console''s password, or console.';

-- Of two events about the pause of a person the later one counts, also when it comes first.
alter table directives add column said_at timestamptz;
comment on column directives.said_at is 'When the sender of the event in force said so; null: unknown, or not by an event.';
