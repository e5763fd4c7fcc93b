create table service_standard (
  tenant blob not null,
  place blob not null,
  category text not null,
  door text not null,
  clock text not null,
  amount bigint not null,
  unit text not null,
  primary key (tenant, place, category, door, clock)
);
insert into service_standard (tenant, place, category, door, clock, amount, unit)
  select s.tenant, p.id, s.category, s.door, s.clock, s.amount, s.unit
  from standard s join place p on p.tenant = s.tenant and p.kind = 'community';

create table office_hours (
  tenant blob not null,
  place blob not null,
  door text not null,
  text text not null,
  primary key (tenant, place, door)
);

create table calendar_year (
  tenant blob not null,
  year bigint not null,
  since bigint not null,
  text text not null,
  primary key (tenant, year, since)
);

alter table category add column office text;
alter table category add column compound blob;

alter table clock add column amount bigint;
alter table clock add column unit text;
alter table clock add column office text;
alter table clock add column known bigint;
create index clock_provisional on clock (tenant, provisional, stopped);

update request set due = changed + 604800000 where state = 'reported' and due is null;
insert into clock (tenant, request, round, door, kind, started, due, provisional, stopped, why)
  select tenant, id, round, door, 'judge', changed, due, false, null, null from request where state = 'reported';
create index request_due on request (state, due);
