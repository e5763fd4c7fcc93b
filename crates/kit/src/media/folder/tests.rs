//! The shelf while several use it at once.

use super::*;
use std::thread;

#[test]
fn making_the_shelf_ready_never_takes_what_somebody_is_writing() {
    let root = std::env::temp_dir().join(format!("mulin_shelf_{}", std::process::id()));
    prepare(&root).unwrap();
    thread::scope(|scope| {
        let sweeper = scope.spawn(|| (0..400).try_for_each(|_| prepare(&root)));
        for writer in 0..2 {
            let root = &root;
            scope.spawn(move || {
                for n in 0..60 {
                    write(root, &format!("a/b{writer}/{n}"), b"picture").unwrap();
                }
            });
        }
        sweeper.join().unwrap().unwrap();
    });
    assert_eq!(read(&root, "a/b1/59").unwrap().as_deref(), Some(&b"picture"[..]));
    fs::remove_dir_all(&root).unwrap();
}
