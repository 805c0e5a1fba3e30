-- name: ping$
-- Whether PostgreSQL can be reached.
select 1;
