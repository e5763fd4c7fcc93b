alter table opinion add column person blob;
