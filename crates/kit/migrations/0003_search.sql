create table search_doc (
  tenant blob not null,
  thing text not null,
  thing_id blob not null,
  doc bigint not null unique,
  primary key (tenant, thing, thing_id)
);
