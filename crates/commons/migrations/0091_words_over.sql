-- When what only the parties of a request could read went by itself.
alter table request add column words_over bigint;
create index request_words_over on request (closed) where closed is not null and words_over is null;
