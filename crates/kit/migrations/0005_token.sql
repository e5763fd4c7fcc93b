create table token (
  hash blob primary key,
  id blob not null unique,
  tenant blob,
  person blob,
  account blob,
  name text not null,
  scopes text not null,
  since bigint not null,
  ends bigint not null,
  used bigint,
  ended bigint
);
create index token_account on token (account, id);
create index token_tenant on token (tenant, id);
