create table session (
  token blob primary key,
  account blob not null,
  starts bigint not null,
  seen bigint not null,
  ends bigint not null,
  label text not null
);
create index session_account on session (account, starts);

create table request_key (
  tenant blob not null,
  key text not null,
  route text not null,
  body blob not null,
  answer blob not null,
  at bigint not null,
  primary key (tenant, key)
);
create index request_key_at on request_key (at);
