-- What the worker's and the gateway's own accounts may do, where the database has them; made anew by every migration,
-- so that a new table is never left out. Neither makes, changes, empties or owns a table. The owner migrates.
do $$
declare
    role text;
begin
    foreach role in array array['binome_worker', 'binome_gateway'] loop
        continue when not exists (select from pg_roles where rolname = role);
        execute format('grant usage on schema public to %I', role);
        execute format('grant select, insert, update, delete on all tables in schema public to %I', role);
        execute format('grant usage on all sequences in schema public to %I', role);
        execute format('grant execute on all functions in schema public to %I', role);
        if current_setting('server_version_num')::int >= 170000 then
            execute format('grant maintain on all tables in schema public to %I', role); -- to analyse after an import
        end if;
        execute format('revoke insert, update, delete on migrations from %I', role);
        execute format('revoke update on ledger, access_log from %I', role);
        execute format('revoke delete on match_decisions from %I', role);
        -- Both seal and open; a row without its key says that its person was erased, and gets no other one.
        execute format('revoke delete on data_keys from %I', role);
    end loop;
    if exists (select from pg_roles where rolname = 'binome_gateway') then
        -- It serves the world: it records nothing for pairs, and takes nothing from what is only ever added to. Of the
        -- archive it changes what an erasure does.
        revoke insert, update, delete on transitions, archived_ledger from binome_gateway;
        revoke delete on ledger, access_log from binome_gateway;
        revoke execute on function open_archive_months, drop_archive_months from binome_gateway;
    end if;
end $$;
