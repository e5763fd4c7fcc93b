create table way_back (
  tenant blob not null,
  id blob not null,
  person blob not null,
  account blob not null,
  code blob not null,
  first_by blob not null,
  first_mandate blob not null,
  first_office text not null,
  first_at bigint not null,
  second_by blob,
  second_mandate blob,
  second_office text,
  second_at bigint,
  ends bigint not null,
  used bigint,
  stopped bigint,
  primary key (tenant, id)
);
create unique index way_back_code on way_back (code);
create index way_back_account on way_back (account, id);
create index way_back_ends on way_back (tenant, ends);
