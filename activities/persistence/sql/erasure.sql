-- What becomes of each table is decided in domain/erasure/plan.py; here is how.

-- name: erasures_of
-- Erasures of an id of the organisation, the newest first; an id may be imported again, and erased again.
select * from erasures where digest = any (cast(:digests as text[])) order by requested_at desc;

-- name: erasure^
-- One, by the random id.
select * from erasures where person = :person;

-- name: unfinished_erasures
-- Those that somebody has to go on with.
select * from erasures where finished_at is null order by requested_at;

-- name: begin_erasure!
-- A second one of the same person goes on with the first.
insert into erasures (person, digest, requested_by) values (:person, :digest, :requested_by)
on conflict (person) do nothing;

-- name: finish_erasure!
-- The receipt; of two that finish at a time the first counts.
update erasures set finished_at = now(), counts = cast(:counts as jsonb)
where person = :person and finished_at is null;

-- name: pairs_before_erasure
-- Pairs that have to end, or to part from the person, first. A mentee's last pulse is not waited for.
select pair from pairs
where stage <> 'closed' and (mentor = :person or mentee = :person and stage <> 'feedback') order by pair;

-- name: allow_erasing$
-- What is append-only lets a transaction that says so empty who decided.
select set_config('binome.erasing', 'on', true);

-- name: erase_people!
-- All that tells who it is. Nobody has an address that is empty, and nobody enrols who has left.
update people set
    external_id = 'erased-' || person, name = '—', email = '', roles = '{}', function = '', site = '', locale = null,
    zone = 'Europe/Paris', supervisor = null, delegate = null, seats = 1, languages = '{}', offers = '{}', wants = '{}',
    windows = '[]', own_windows = null, left_at = coalesce(left_at, now())
where person = :person;

-- name: erase_closed_links!
-- What they closed as ops.
update closed_links set closed_by = 'erased' where closed_by = any (cast(:names as text[]));

-- name: erase_account_grants!
-- What they might do.
delete from account_grants where actor in (
    select actor from accounts
    where person = :person or login in (select lower(n) from unnest(cast(:names as text[])) as u (n)));

-- name: erase_account_sessions!
-- Where they are signed in.
delete from account_sessions where actor in (
    select actor from accounts
    where person = :person or login in (select lower(n) from unnest(cast(:names as text[])) as u (n)));

-- name: erase_sign_in_links!
-- How they would sign in.
delete from sign_in_links where actor in (
    select actor from accounts
    where person = :person or login in (select lower(n) from unnest(cast(:names as text[])) as u (n)));

-- name: erase_accounts!
-- What they decided stays with a random id that is nobody's.
update accounts set
    login = 'erased-' || actor, name = '—', person = null, password_hash = null, token_hash = null,
    openid_subject = null, revoked_at = coalesce(revoked_at, now())
where person = :person or login in (select lower(n) from unnest(cast(:names as text[])) as u (n));

-- name: erase_references!
-- Whom they accompanied, and whose agenda they kept.
update people set supervisor = nullif(supervisor, :person), delegate = nullif(delegate, :person)
where supervisor = :person or delegate = :person;

-- name: erase_reporting_lines!
-- Where nobody reports to them, no distance between others changes.
delete from reporting_lines r where r.person = :person
  and not exists (select from reporting_lines below where below.manager = :person);

-- name: erase_completed_modules!
-- What they have learnt.
delete from completed_modules where person = :person;

-- name: erase_people_changes!
-- What changed.
delete from people_changes where person = :person;

-- name: erase_people_field_times!
-- Since when.
delete from people_field_times where person = :person;

-- name: erase_future_people_changes!
-- What was to change.
delete from future_people_changes where person = :person;

-- name: erase_from_other_changes!
-- Somebody else was to report to them, or to be accompanied by them.
update future_people_changes f set cells = (
    select coalesce(jsonb_object_agg(c.key, c.value), '{}') from jsonb_each(f.cells) as c (key, value)
    where not cast(:external_id as text) = any (regexp_split_to_array(c.value #>> '{}', '\s+')))
where exists (
    select from jsonb_each(f.cells) as c (key, value)
    where cast(:external_id as text) = any (regexp_split_to_array(c.value #>> '{}', '\s+')));

-- name: erase_directives!
-- Their leave.
delete from directives where scope = 'person:' || :person;

-- name: erase_unreleased_pulses!
-- Figures do not have them yet, and never will.
delete from pulses where person = :person and release is null and idea_release is null;

-- name: erase_pulses!
-- A released mark is in the totals of releases; the row says no more than that somebody answered.
update pulses set score = null, idea = null, comment = null, wants_help = null where person = :person;

-- name: erase_closing_answers!
-- What they wanted to do next.
delete from closing_answers where person = :person;

-- name: erase_matches!
-- Why they would have fitted.
update matches set reasons = '[]' where (mentor = :person or mentee = :person) and reasons <> '[]';

-- name: erase_unmatched_people!
-- Why nobody fitted.
delete from unmatched_people where person = :person;

-- name: erase_match_decisions!
-- That somebody decided stays, who it was does not.
update match_decisions set decided_by = 'erased' where decided_by = any (cast(:names as text[]));

-- name: erase_pins!
-- Wishes of ops about them.
delete from pins where mentor = :person or mentee = :person;

-- name: erase_from_pins!
-- Their own wishes as ops.
update pins set pinned_by = 'erased' where pinned_by = any (cast(:names as text[]));

-- name: erase_bans!
-- Whom they were kept apart from.
delete from bans where mentor = :person or mentee = :person;

-- name: erase_from_bans!
-- Whom they kept apart as ops.
update bans set banned_by = 'erased' where banned_by = any (cast(:names as text[]));

-- name: erase_refusals!
-- Who refused whom.
delete from refusals where mentor = :person or mentee = :person;

-- name: erase_guard_findings!
-- What the guard found of their pairs.
delete from guard_findings f using pairs p
where p.pair = f.pair and (p.mentor = :person or f.mentee = :person);

-- name: erase_outbox!
-- Keys stay; what waited to be sent is not sent any more, though it may have been.
update outbox set
    state = case when state not in ('queued', 'held') then state
                 when sends_in_doubt > 0 then 'unconfirmed' else 'dropped' end,
    reason = case when state in ('queued', 'held') then 'erased' else reason end,
    finished_at = coalesce(finished_at, now()), leased_until = null, awaits_resume = false,
    body = '{}', message_id = null, address = null
where person = :person;

-- name: erase_archived_notices!
-- The same, of long ago.
update archived_notices set body = '{}', message_id = null, address = null where person = :person;

-- name: keep_erased_event_keys!
-- A sender may repeat an event at any time, and it counts once.
insert into archived_event_keys (key) select key from events where person = :person on conflict do nothing;

-- name: erase_events!
-- What they answered, and what services said about them.
delete from events where person = :person;

-- name: erase_archived_events!
-- The same, of long ago; its keys are kept already.
delete from archived_events where person = :person;

-- name: erase_refused_messages!
-- What they repaired as ops.
update refused_messages set resent_by = 'erased' where resent_by = any (cast(:names as text[]));

-- name: leavers_to_erase
-- Who left long ago, and has no erasure yet.
select p.person, p.external_id from people p
where p.left_at < :before and not exists (select from erasures e where e.person = p.person)
order by p.left_at limit :most;

-- name: empty_old_pulses!
-- What was published is in the totals of releases; the row says no more than that somebody answered.
update pulses set idea = null, comment = null, wants_help = null, score = case when release is null then score end
where (pair, session, side) in (
    select pair, session, side from pulses
    where received_at < :before
      and (idea is not null or comment is not null or wants_help is not null
           or score is not null and release is not null)
    order by received_at limit :most);

-- name: held_about
-- All rows about one person that an export shows, with the name of their table.
select 'people' as "table", to_jsonb(t) as "row" from people t where t.person = :person
union all select 'closed_links', to_jsonb(t) from closed_links t where t.person = :person
union all select 'reporting_lines', to_jsonb(t) from reporting_lines t where t.person = :person
union all select 'completed_modules', to_jsonb(t) from completed_modules t where t.person = :person
union all select 'people_changes', to_jsonb(t) from people_changes t where t.person = :person
union all select 'people_field_times', to_jsonb(t) from people_field_times t where t.person = :person
union all select 'future_people_changes', to_jsonb(t) from future_people_changes t where t.person = :person
union all select 'directives', to_jsonb(t) from directives t where t.scope = 'person:' || :person
union all select 'informed_people', to_jsonb(t) from informed_people t where t.person = :person
union all select 'pulses', to_jsonb(t) from pulses t where t.person = :person
union all select 'closing_answers', to_jsonb(t) from closing_answers t where t.person = :person
union all select 'enrolled_mentees', to_jsonb(t) from enrolled_mentees t where t.mentee = :person
union all select 'pairs', to_jsonb(t) from pairs t where t.mentor = :person or t.mentee = :person
union all select 'sessions', to_jsonb(t) from sessions t where t.mentor = :person or t.mentee = :person
union all select 'matches', to_jsonb(t) from matches t where t.mentor = :person or t.mentee = :person
union all select 'unmatched_people', to_jsonb(t) from unmatched_people t where t.person = :person
union all select 'match_decisions', to_jsonb(t) from match_decisions t where t.mentor = :person or t.mentee = :person
union all select 'pins', to_jsonb(t) from pins t where t.mentor = :person or t.mentee = :person
union all select 'outbox', to_jsonb(t) from outbox t where t.person = :person
union all select 'archived_notices', to_jsonb(t) from archived_notices t where t.person = :person
union all select 'events', to_jsonb(t) from events t where t.person = :person
union all select 'archived_events', to_jsonb(t) from archived_events t where t.person = :person
union all select 'accounts', to_jsonb(t) from accounts t where t.person = :person
union all select 'account_grants', to_jsonb(t) from account_grants t join accounts a using (actor) where a.person = :person
union all select 'account_sessions', to_jsonb(t)
    from account_sessions t join accounts a using (actor) where a.person = :person
union all select 'sign_in_links', to_jsonb(t) from sign_in_links t join accounts a using (actor) where a.person = :person
union all select 'access_log', to_jsonb(t) from access_log t where t.about = :person
union all select 'decisions', to_jsonb(t) from decisions t where t.about = :person;

-- name: erase_people_file_parts!
-- Of all files that were uploaded and not imported: any of them may hold the person.
delete from people_file_parts;

-- name: erase_people_files!
-- And their previews, which may name the person.
delete from people_files;
