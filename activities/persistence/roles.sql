-- What the worker's and the gateway's own accounts may do, where the database has them; made anew by every migration,
-- so that a new table is never left out. Neither makes, changes, empties or owns a table. The owner migrates.
do $$
declare
    role text;
    archive regclass;
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
        execute format('revoke update on ledger, match_decisions from %I', role);
        execute format('revoke delete on match_decisions from %I', role);
    end loop;
    if exists (select from pg_roles where rolname = 'binome_gateway') then
        -- It serves the world: it records nothing for pairs, and changes nothing that is past.
        revoke insert, update, delete on transitions from binome_gateway;
        revoke delete on ledger from binome_gateway;
        for archive in
            select c.oid from pg_class c
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname like 'archived\_%'
        loop
            execute format('revoke insert, update, delete on %s from binome_gateway', archive);
        end loop;
        revoke execute on function open_archive_months, drop_archive_months from binome_gateway;
    end if;
end $$;
