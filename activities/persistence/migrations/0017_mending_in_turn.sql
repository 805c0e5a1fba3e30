-- Of two who send the same refused message again at once, one does.
alter table refused_messages add column taken_at timestamptz;
comment on column refused_messages.taken_at is 'Since when somebody is sending it; for a minute nobody else may.';
