alter table post add column deputy blob;
alter table post add column away_from bigint;
alter table post add column away_until bigint;
alter table post add column confirmed bigint;
