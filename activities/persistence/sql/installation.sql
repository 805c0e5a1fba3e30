-- name: installation_id$
-- Drawn when the database was made; a restored backup has it too.
select id from installation;

-- name: note_process!
-- A process goes on. Those that were not seen for a day are forgotten by whoever starts.
with forgotten as (delete from processes where seen_at < now() - interval '1 day' and process <> :process)
insert into processes (process, part, host, release) values (:process, :part, :host, :release)
on conflict (process) do update set seen_at = now();

-- name: forget_process!
-- It ended as it should.
delete from processes where process = :process;

-- name: processes
-- The one seen last first; ages in seconds, by PostgreSQL's own clock.
select process, part, host, release, started_at, extract(epoch from now() - seen_at)::float as seconds_unseen
from processes order by seen_at desc;

-- name: overdue^
-- Seconds since the oldest mail and the oldest event were due that nobody has in hand; 0: none is. Concerns are left out:
-- nobody is to see when one is on its way.
select
    coalesce((select extract(epoch from now() - min(due)) from outbox
              where channel = 'mail' and state = 'queued' and not awaits_resume and due <= now()
                and (leased_until is null or leased_until <= now())), 0)::float as mails,
    coalesce((select extract(epoch from now() - min(coalesce(next_try, received_at))) from events
              where state = 'stored' and kind <> 'concern_raised' and (next_try is null or next_try <= now())
                and (leased_until is null or leased_until <= now())),
             0)::float as events;
