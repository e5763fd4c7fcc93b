create table tenant (
  id blob primary key,
  parent blob,
  kind text not null,
  code text not null unique,
  name text not null,
  name_en text not null,
  zone text not null,
  since bigint not null
);

create table compound_code (
  code text primary key,
  tenant blob not null,
  place blob not null
);

create table place (
  tenant blob not null,
  id blob not null,
  parent blob,
  kind text not null,
  path text not null,
  name text not null,
  name_en text not null,
  label text not null,
  label_en text not null,
  compound blob,
  building blob,
  entrance blob,
  grid blob,
  facility_kind text,
  floor bigint,
  area bigint,
  x_mm bigint,
  y_mm bigint,
  lat_e7 bigint,
  lon_e7 bigint,
  footprint text,
  sort bigint not null,
  primary key (tenant, id),
  unique (tenant, path)
);
create index place_parent on place (tenant, parent, kind, sort);
create index place_compound on place (tenant, compound, kind, sort);

create table street (
  tenant blob not null,
  id blob not null,
  kind text not null,
  name text not null,
  name_en text not null,
  width_mm bigint not null,
  points text not null,
  primary key (tenant, id)
);

create table organisation (
  tenant blob not null,
  id blob not null,
  kind text not null,
  name text not null,
  name_en text not null,
  primary key (tenant, id)
);

create table account (
  id blob primary key,
  login text not null unique,
  password text,
  since bigint not null
);

create table person (
  tenant blob not null,
  id blob not null,
  account blob,
  name text not null,
  name_en text not null,
  since bigint not null,
  primary key (tenant, id)
);
create index person_account on person (account);

create table mandate (
  tenant blob not null,
  id blob not null,
  person blob not null,
  office text not null,
  place blob not null,
  organisation blob,
  source text not null,
  starts bigint not null,
  ends bigint,
  revoked bigint,
  primary key (tenant, id)
);
create index mandate_person on mandate (tenant, person);
create index mandate_place on mandate (tenant, place, office, starts);

create table category (
  tenant blob not null,
  slug text not null,
  name text not null,
  name_en text not null,
  kind text not null,
  door text not null,
  private boolean not null,
  sort bigint not null,
  retired bigint,
  primary key (tenant, slug)
);

create table standard (
  tenant blob not null,
  category text not null,
  door text not null,
  clock text not null,
  amount bigint not null,
  unit text not null,
  primary key (tenant, category, door, clock)
);

create table counter (
  tenant blob not null,
  name text not null,
  value bigint not null,
  primary key (tenant, name)
);

create table request (
  tenant blob not null,
  id blob not null,
  code text not null,
  compound blob not null,
  building blob,
  entrance blob,
  home blob,
  place blob not null,
  kind text not null,
  category text not null,
  door text not null,
  state text not null,
  holder_office text not null,
  holder_place blob not null,
  holder_person blob,
  round bigint not null,
  private boolean not null,
  author blob,
  typed_by blob,
  channel text not null,
  words text not null,
  photos bigint not null,
  supporters bigint not null,
  said bigint not null,
  changed bigint not null,
  closed bigint,
  due bigint,
  provisional boolean not null,
  outcome text,
  solved boolean,
  satisfaction text,
  pickup blob,
  contact blob,
  lat_e7 bigint,
  lon_e7 bigint,
  external text,
  primary key (tenant, id),
  unique (tenant, code)
);
create unique index request_pickup on request (pickup);
create unique index request_external on request (tenant, external);
create index request_public on request (tenant, private, said, id);
create index request_compound on request (tenant, compound, private, said, id);
create index request_queue on request (tenant, holder_office, holder_place, state, due);
create index request_unanswered on request (state, changed);
create index request_author on request (tenant, author, said);

create table entry (
  tenant blob not null,
  id blob not null,
  request blob not null,
  at bigint not null,
  person blob,
  office text,
  kind text not null,
  public boolean not null,
  text text not null,
  withdrawn bigint,
  primary key (tenant, id)
);
create index entry_request on entry (tenant, request, id);

create table photo (
  tenant blob not null,
  id blob not null,
  request blob not null,
  entry blob not null,
  public boolean not null,
  width bigint not null,
  height bigint not null,
  withdrawn bigint,
  primary key (tenant, id)
);
create index photo_request on photo (tenant, request, id);

create table handover (
  tenant blob not null,
  id blob not null,
  request blob not null,
  kind text not null,
  from_office text not null,
  from_place blob not null,
  to_office text not null,
  to_place blob not null,
  to_door text not null,
  reason text not null,
  offered bigint not null,
  offered_by blob,
  decision text,
  decided bigint,
  decided_by blob,
  answer text,
  open blob,
  primary key (tenant, id)
);
create unique index handover_open on handover (tenant, open);
create index handover_request on handover (tenant, request, id);
create index handover_to on handover (tenant, to_office, to_place, decision);

create table judgement (
  tenant blob not null,
  id blob not null,
  request blob not null,
  round bigint not null,
  at bigint not null,
  solved boolean not null,
  satisfaction text,
  why text,
  primary key (tenant, id)
);
create index judgement_request on judgement (tenant, request, id);

create table clock (
  tenant blob not null,
  request blob not null,
  round bigint not null,
  door text not null,
  kind text not null,
  started bigint not null,
  due bigint not null,
  provisional boolean not null,
  stopped bigint,
  why text,
  primary key (tenant, request, round, door, kind)
);

create table pause (
  tenant blob not null,
  id blob not null,
  request blob not null,
  reason text not null,
  starts bigint not null,
  ends bigint,
  primary key (tenant, id)
);
create index pause_request on pause (tenant, request, starts);

create table step_up (
  tenant blob not null,
  request blob not null,
  round bigint not null,
  door text not null,
  cause text not null,
  at bigint not null,
  primary key (tenant, request, round, door)
);

create table supporter (
  tenant blob not null,
  request blob not null,
  home blob not null,
  person blob,
  at bigint not null,
  primary key (tenant, request, home)
);

create table merging (
  tenant blob not null,
  id blob not null,
  request blob not null,
  into_request blob not null,
  at bigint not null,
  undone bigint,
  primary key (tenant, id)
);
create index merging_request on merging (tenant, into_request, id);

create table notice (
  tenant blob not null,
  person blob not null,
  id blob not null,
  at bigint not null,
  stem text not null,
  thing text not null,
  thing_id blob not null,
  label text not null,
  seen bigint,
  primary key (tenant, person, id)
);
