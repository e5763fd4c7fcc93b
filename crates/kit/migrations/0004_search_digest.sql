alter table search_doc add column digest bigint;
