create table activity (
  tenant blob not null,
  id blob not null,
  at bigint not null,
  person blob,
  on_behalf blob,
  office text,
  stem text not null,
  thing text not null,
  thing_id blob not null,
  place blob,
  facts text not null,
  primary key (tenant, id)
);
create index activity_thing on activity (tenant, thing_id, id);
create index activity_stem on activity (tenant, stem, at);

create table job (
  id blob primary key,
  tenant blob not null,
  kind text not null,
  payload text not null,
  due bigint not null,
  tries bigint not null,
  leased_until bigint not null,
  failed text
);
create index job_due on job (due, id);

create table setting (
  tenant blob not null,
  name text not null,
  value text not null,
  primary key (tenant, name)
);
