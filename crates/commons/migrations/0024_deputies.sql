alter table mandate add column deputy blob;
alter table mandate add column away_from bigint;
alter table mandate add column away_until bigint;
create index mandate_deputy on mandate (tenant, deputy);
