create table passkey (
  id blob primary key,
  account blob not null,
  credential blob not null unique,
  public_key blob not null,
  counter bigint not null,
  name text not null,
  since bigint not null,
  used bigint
);
create index passkey_account on passkey (account, id);

create table ceremony (
  hash blob primary key,
  purpose text not null,
  bound blob not null,
  facts blob,
  ends bigint not null
);
create index ceremony_ends on ceremony (ends);
