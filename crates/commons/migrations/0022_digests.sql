-- Of the bytes on the shelf, to notice that they are still what was sent; unknown for what is older.
alter table photo add column digest blob;
alter table voice add column digest blob;
