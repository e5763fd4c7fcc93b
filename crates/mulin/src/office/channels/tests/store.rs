//! What lies on the shelf, for stories about what may not lie there.

use kit::db::Db;
use std::fmt::Write;

/// Everything that is kept of errors, deeds and jobs, as one text.
pub async fn kept(db: &Db) -> String {
    let mut all = String::new();
    for sql in [
        "select error from delivery order by id limit 500",
        "select name, error from channel order by id limit 500",
        "select * from activity order by id limit 500",
        "select * from job order by id limit 500",
        "select * from notice order by id limit 500",
    ] {
        for row in db.all(sql, &[]).await.expect("the statements are understood.") {
            let _ = writeln!(all, "{:?}", row.iter().collect::<Vec<_>>());
        }
    }
    all
}
