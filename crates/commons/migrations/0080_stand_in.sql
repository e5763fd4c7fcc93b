create table stand_in (
  tenant blob not null,
  id blob not null,
  principal blob not null,
  person blob,
  code blob,
  consent text not null,
  witness blob,
  office text,
  made bigint not null,
  code_ends bigint not null,
  ends bigint not null,
  accepted bigint,
  ended bigint,
  primary key (tenant, id)
);
create unique index stand_in_code on stand_in (code);
create index stand_in_principal on stand_in (tenant, principal);
create index stand_in_person on stand_in (tenant, person);
create index stand_in_ends on stand_in (tenant, ends);
create index activity_on_behalf on activity (tenant, on_behalf, id) where on_behalf is not null;
