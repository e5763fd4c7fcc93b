alter table entry add column edited bigint;
