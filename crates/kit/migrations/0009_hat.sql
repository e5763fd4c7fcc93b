alter table session add column hat blob;
