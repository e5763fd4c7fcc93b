alter table activity add column position bigint;
alter table activity add column digest blob;
create index activity_unsealed on activity (tenant, id) where position is null;
create unique index activity_position on activity (tenant, position);

create table book_head (
  tenant blob primary key,
  entries bigint not null,
  digest blob not null,
  at bigint not null
);
