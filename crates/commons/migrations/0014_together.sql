alter table merging add column by_person blob;
alter table merging add column state text;
alter table merging add column due bigint;
alter table merging add column provisional boolean;
create index merging_from on merging (tenant, request, undone);
create index supporter_person on supporter (tenant, person, at);
