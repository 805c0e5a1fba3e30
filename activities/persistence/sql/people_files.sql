-- name: lock_people_files$
-- Files are taken one after another, so that no two take the last place.
select pg_advisory_xact_lock(hashtext('binome people files'));

-- name: people_files
-- Those of the last hour, oldest first.
select name, digest, stage, writes, step, lines_read as read, lines, leavers, found, database_unavailable,
       extract(epoch from clock_timestamp() - changed_at)::float8 as silent_seconds
from people_files where changed_at > clock_timestamp() - cast(:kept as interval) order by made_at, name;

-- name: people_file^
-- One of them.
select name, digest, stage, writes, step, lines_read as read, lines, leavers, found, database_unavailable,
       extract(epoch from clock_timestamp() - changed_at)::float8 as silent_seconds
from people_files where name = :name and changed_at > clock_timestamp() - cast(:kept as interval);

-- name: people_file_to_change^
-- The same, for as long as the transaction lasts: whoever stops a file that is being kept waits, and is too late.
select name, digest, stage, writes, step, lines_read as read, lines, leavers, found, database_unavailable,
       extract(epoch from clock_timestamp() - changed_at)::float8 as silent_seconds
from people_files where name = :name and changed_at > clock_timestamp() - cast(:kept as interval) for update;

-- name: people_file_columns$
-- The columns file that came with it.
select columns from people_files where name = :name;

-- name: people_file_parts
-- Its bytes, in their order.
select data from people_file_parts where name = :name order by position;

-- name: insert_people_file!
-- Before its bytes, whose digest is known afterwards.
insert into people_files (name, digest, stage, columns, leavers) values (:name, '', 'under_way', :columns, :leavers);

-- name: insert_people_file_part!
-- A megabyte of it.
insert into people_file_parts (name, position, data) values (:name, :position, :data);

-- name: set_people_file_digest!
-- Once all of it was read.
update people_files set digest = :digest, changed_at = clock_timestamp() where name = :name;

-- name: save_people_file!
-- What became of it.
update people_files set
    stage = :stage, writes = :writes, step = :step, lines_read = :read, lines = :lines, leavers = :leavers,
    found = cast(:found as json), database_unavailable = :database_unavailable, changed_at = clock_timestamp()
where name = :name;

-- name: delete_people_file_parts!
-- It is not read again.
delete from people_file_parts where name = :name;

-- name: delete_people_file!
-- With its bytes.
delete from people_files where name = :name;

-- name: delete_old_people_files!
-- What a workflow that was lost has left behind.
delete from people_files where changed_at <= clock_timestamp() - cast(:kept as interval);
