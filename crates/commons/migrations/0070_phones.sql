create table own_phone (
  account blob primary key,
  phone blob not null,
  hash blob not null,
  since bigint not null,
  confirmed bigint
);
create unique index own_phone_confirmed on own_phone (hash) where confirmed is not null;

create table phone_code (
  id blob primary key,
  hash blob not null,
  account blob,
  purpose text not null,
  bound blob not null,
  code blob not null,
  tries bigint not null,
  at bigint not null,
  ends bigint not null,
  used bigint
);
create index phone_code_hash on phone_code (hash, at);
create index phone_code_account on phone_code (account, at);
create index phone_code_at on phone_code (at);
