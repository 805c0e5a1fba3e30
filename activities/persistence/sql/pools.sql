-- name: ping$
-- Whether PostgreSQL answers.
select 1;
