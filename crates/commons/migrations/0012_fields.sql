create table category_field (
  tenant blob not null,
  category text not null,
  code text not null,
  name text not null,
  name_en text not null,
  hint text not null,
  hint_en text not null,
  kind text not null,
  required boolean not null,
  options text not null,
  sort bigint not null,
  retired bigint,
  primary key (tenant, category, code)
);

create table field_value (
  tenant blob not null,
  request blob not null,
  code text not null,
  value text not null,
  primary key (tenant, request, code)
);

create table voice (
  tenant blob not null,
  id blob not null,
  request blob not null,
  entry blob not null,
  form text not null,
  bytes bigint not null,
  withdrawn bigint,
  primary key (tenant, id)
);
create index voice_request on voice (tenant, request, id);
create index request_contact on request (state, closed);
