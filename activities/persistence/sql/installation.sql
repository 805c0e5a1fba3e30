-- name: installation_id$
-- Drawn when the database was made; a restored backup has it too.
select id from installation;
