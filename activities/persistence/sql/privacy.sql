-- name: privacy_notices
-- What is shown now; a handful of rows. Which of them somebody reads is in domain/privacy/which_notice.py.
select id, programme, region, url, text_en, text_fr, set_at, set_by from privacy_notices
where ended_at is null order by programme nulls first, region nulls first;

-- name: end_privacy_notice!
-- It is shown to nobody any more.
update privacy_notices set ended_at = now()
where programme is not distinct from cast(:programme as text) and region is not distinct from cast(:region as text)
  and ended_at is null;

-- name: add_privacy_notice!
-- From now on it is shown.
insert into privacy_notices (programme, region, url, text_en, text_fr, set_by)
values (:programme, :region, :url, :text_en, :text_fr, :set_by);

-- name: lock_privacy_notices$
-- Two who set one at once do so one after the other.
select pg_advisory_xact_lock(hashtext('binome.privacy_notices'));

-- name: informed_people
-- Who of several people was shown which notice, in one way.
select person, notice from informed_people
where person = any (cast(:persons as text[])) and way = :way;

-- name: informed_counts
-- How many people were shown a notice, by way.
select way, count(*) as people from informed_people where notice = :notice group by way;

-- name: note_informed!
-- The first time counts.
insert into informed_people (person, notice, way) values (:person, :notice, :way) on conflict do nothing;
