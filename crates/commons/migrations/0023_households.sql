create table residence (
  tenant blob not null,
  mandate blob not null,
  share_part bigint,
  share_whole bigint,
  proof text not null,
  verified_by blob,
  verified_office text,
  verified bigint not null,
  primary key (tenant, mandate)
);

-- `open` is the person while it waits, so that one home is asked once.
create table joining (
  tenant blob not null,
  id blob not null,
  person blob not null,
  home blob not null,
  office text not null,
  asked bigint not null,
  decision text,
  decided bigint,
  decided_by blob,
  open blob,
  primary key (tenant, id)
);
create unique index joining_open on joining (tenant, home, open);
create index joining_person on joining (tenant, person, id);
create index joining_decided on joining (decided);
create index joining_asked on joining (asked);

create index mandate_home on mandate (tenant, place, person);
