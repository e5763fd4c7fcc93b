//! Folders and files that no other user of the machine can read.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Makes a folder that only its owner may enter, and what lies above it as usual. One that is there already stays as it is:
/// whoever made it may have meant its mode.
///
/// # Errors
/// When it cannot be made.
pub fn folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(above) = path.parent().filter(|above| !above.as_os_str().is_empty()) {
        fs::create_dir_all(above)?;
    }
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        // Another start was faster.
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

/// An empty file that only its owner may read, where there is none; others lose their sight of one that is there.
///
/// # Errors
/// When it cannot be made.
pub fn file(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(e) if e.kind() == ErrorKind::AlreadyExists => {
            hide(path);
            Ok(())
        }
        made => made.map(drop),
    }
}

/// Takes from others what they may do with a file or folder of ours. Where that is not ours to do, it stays.
pub fn hide(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let Ok(there) = fs::metadata(path) else { return };
        let mode = there.permissions().mode();
        if mode & 0o007 != 0 {
            let _ = fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o770));
        }
    }
    #[cfg(not(unix))]
    let _ = path;
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn what_is_made_is_for_its_owner_alone_and_what_is_there_loses_the_eyes_of_others() {
        let root = std::env::temp_dir().join(format!("mulin_own_{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let (inner, data) = (root.join("a/b"), root.join("a/b/data.db"));
        folder(&inner).unwrap();
        folder(&inner).unwrap();
        file(&data).unwrap();
        assert_eq!((mode(&inner), mode(&data)), (0o700, 0o600));
        fs::set_permissions(&data, fs::Permissions::from_mode(0o644)).unwrap();
        fs::write(&data, "kept").unwrap();
        file(&data).unwrap();
        assert_eq!((mode(&data), fs::read(&data).unwrap()), (0o640, b"kept".to_vec()));
        fs::remove_dir_all(&root).unwrap();
    }
}
