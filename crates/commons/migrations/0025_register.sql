-- `name` is sealed; `who` is the keyed hash by which the same owner of several units is known.
create table unit (
  tenant blob not null,
  id blob not null,
  compound blob not null,
  code text not null,
  kind text not null,
  area bigint not null,
  primary key (tenant, id),
  unique (tenant, compound, code)
);

create table unit_owner (
  tenant blob not null,
  unit blob not null,
  sort bigint not null,
  compound blob not null,
  who blob not null,
  name blob not null,
  share_part bigint,
  share_whole bigint,
  primary key (tenant, unit, sort)
);
create index unit_owner_compound on unit_owner (tenant, compound, unit, sort);
