create table provider (
  tenant blob primary key,
  name text not null,
  issuer text not null,
  client text not null,
  secret blob,
  changed bigint not null
);

create table provider_link (
  tenant blob not null,
  person blob not null,
  account blob not null,
  hash blob not null,
  since bigint not null,
  used bigint,
  primary key (tenant, person)
);
create unique index provider_link_hash on provider_link (tenant, hash);
