alter table request_key add column fields blob;
