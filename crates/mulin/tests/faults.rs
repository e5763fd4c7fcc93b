//! A disk that is full or turned read-only, a database that goes away under the house: whoever calls is told so plainly, nothing
//! is half written, and all is well again by itself.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where it stopped")]

mod house;

use house::town::{csrf, settled};
use house::{Answer, House, call, free_port, multipart};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Somebody who says things, as a program.
struct Caller {
    port: u16,
    session: String,
    csrf: String,
}

impl Caller {
    async fn says(&self, key: &str) -> Answer {
        let cookie = format!("mulin_s={}", self.session);
        let headers = [
            ("Cookie", cookie.as_str()),
            ("X-CSRF-Token", &self.csrf),
            ("Idempotency-Key", key),
            ("Content-Type", "application/json"),
        ];
        let body = format!(r#"{{"place":"shiliu/1","words":"灯不亮 {key}。","category":"lift"}}"#);
        call(self.port, "POST", "/api/v1/requests", &headers, body.as_bytes()).await.unwrap()
    }

    /// The same by the page, with a photo.
    async fn shows(&self, key: &str) -> Answer {
        let picture = image::RgbImage::from_pixel(64, 48, image::Rgb([200, 40, 40]));
        let mut photo = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut photo, image::ImageFormat::Jpeg).unwrap();
        let words = format!("灯不亮 {key}。");
        let fields = [("_csrf", self.csrf.as_str()), ("_key", key), ("at", "shiliu/1"), ("words", &words)];
        let (kind, body) = multipart(&fields, &[photo.into_inner()]);
        let cookie = format!("mulin_s={}", self.session);
        call(self.port, "POST", "/say/requests", &[("Cookie", &cookie), ("Content-Type", kind)], &body).await.unwrap()
    }

    async fn looks(&self, path: &str) -> Answer {
        let cookie = format!("mulin_s={}", self.session);
        call(self.port, "GET", path, &[("Cookie", &cookie)], b"").await.unwrap()
    }
}

async fn settle_and_start(house: &mut House) -> Caller {
    let (db, tokens, _) = settled(house, 1).await;
    drop(db);
    house.start();
    assert!(house.ready().await, "the house starts");
    let session = tokens["writer-0"].clone();
    Caller { port: house.port, csrf: csrf(house.port, &session).await, session }
}

/// What nobody can do now is said with a 503, a reason, and when to come back.
fn told_plainly(answer: &Answer) {
    assert_eq!(answer.status, 503, "{} {}", answer.head, answer.text());
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert!(answer.text().contains("house/unavailable"), "{}", answer.text());
    assert!(answer.header("retry-after").is_some());
}

/// Waits for a minute until the house says that it is ready, or that it is not.
async fn says_ready(port: u16, ready: bool) -> String {
    let mut last = String::new();
    for _ in 0..300 {
        if let Ok(answer) = call(port, "GET", "/readyz", &[], b"").await {
            last = answer.text();
            if (answer.status == 200) == ready {
                return last;
            }
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("it never said ready: {ready}; at last {last}")
}

/// The same key again: taken once, now or before.
async fn taken_once(caller: &Caller, key: &str) {
    let first = caller.says(key).await;
    assert_eq!(first.status, 201, "{}", first.text());
    assert_eq!(caller.says(key).await.body, first.body);
    let list = caller.looks("/api/v1/requests?compound=shiliu&limit=100").await.text();
    assert_eq!(list.matches(&format!("{key}。")).count(), 1, "{list}");
}

fn run(program: &mut Command) -> bool {
    program.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// A small disk in memory; only root may have one.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn new(name: &str, size: &str) -> Option<SmallDisk> {
        let folder = std::env::temp_dir().join(format!("mulin_{name}_{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let size = format!("size={size}");
        if run(Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&folder)) {
            return Some(SmallDisk(folder));
        }
        eprintln!("skipped: only root may mount a small disk");
        std::fs::remove_dir_all(&folder).unwrap();
        None
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        run(Command::new("umount").arg("-l").arg(&self.0));
        let _ = std::fs::remove_dir(&self.0);
    }
}

/// Fills a file until nothing goes in any more.
fn fill(path: &Path) {
    use std::io::Write;
    let mut file = std::fs::File::create(path).unwrap();
    for size in [1 << 16, 4096, 512, 1] {
        while file.write_all(&vec![b'x'; size]).is_ok() {}
    }
}

#[tokio::test]
async fn a_full_disk_is_said_and_what_was_sent_goes_when_there_is_room_again() {
    const TRIES: usize = 40;
    let Some(disk) = SmallDisk::new("full_disk", "32m") else { return };
    let mut house = House::within(disk.0.join("data"));
    std::fs::create_dir_all(&house.data).unwrap();
    let caller = settle_and_start(&mut house).await;
    taken_once(&caller, "before-the-disk-is-full").await;
    let filling = disk.0.join("filling");
    fill(&filling);
    let mut refused = 0;
    for n in 0..TRIES {
        // What room is left in the journal may take one or two more.
        let answer = caller.says(&format!("while-the-disk-is-full-{n}")).await;
        if answer.status != 201 {
            told_plainly(&answer);
            refused += 1;
        }
    }
    assert!(refused > 0, "a full disk takes no more");
    assert!(says_ready(house.port, false).await.contains("not ready"));
    assert_eq!(caller.looks("/say/requests/shiliu-1").await.status, 200, "what is there can be read");
    std::fs::remove_file(&filling).unwrap();
    says_ready(house.port, true).await;
    for n in 0..TRIES {
        taken_once(&caller, &format!("while-the-disk-is-full-{n}")).await;
    }
    house.kill();
    let (fine, said) = house.check();
    assert!(fine, "{said}");
}

/// A read-only face of the folder laid over it: what is open goes on, nothing new can be made by its name.
struct ReadOnly<'f>(&'f Path);

impl ReadOnly<'_> {
    fn over(folder: &Path) -> ReadOnly<'_> {
        assert!(run(Command::new("mount").arg("--bind").args([folder, folder])));
        let face = ReadOnly(folder);
        assert!(run(Command::new("mount").args(["-o", "remount,bind,ro"]).arg(folder)));
        face
    }
}

impl Drop for ReadOnly<'_> {
    fn drop(&mut self) {
        run(Command::new("umount").arg("-l").arg(self.0));
    }
}

#[tokio::test]
async fn a_folder_that_turns_read_only_is_said_and_all_is_well_when_it_is_not() {
    let Some(disk) = SmallDisk::new("read_only", "64m") else { return };
    let mut house = House::within(disk.0.join("data"));
    std::fs::create_dir_all(&house.data).unwrap();
    let folder = house.data.clone();
    let face = ReadOnly::over(&folder);
    // Started on such a folder it says why it cannot.
    let out = house.command().args(["serve", "--listen", "127.0.0.1:0"]).stderr(Stdio::piped()).output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(!out.status.success() && said.contains(&folder.display().to_string()), "{said}");
    drop(face);
    let caller = settle_and_start(&mut house).await;
    taken_once(&caller, "before-it-is-read-only").await;
    let face = ReadOnly::over(&folder);
    assert!(says_ready(house.port, false).await.contains("\"disk\":\"not ready\""));
    let refused = caller.shows("while-it-is-read-only").await;
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert!(refused.text().contains("<h1") && refused.header("retry-after").is_some());
    assert_eq!(caller.looks("/say/requests/shiliu-1").await.status, 200, "what is there can be read");
    drop(face);
    says_ready(house.port, true).await;
    let (first, again) = (caller.shows("while-it-is-read-only").await, caller.shows("while-it-is-read-only").await);
    assert_eq!((first.status, first.header("location")), (303, again.header("location")), "{}", first.text());
    taken_once(&caller, "after-it-was-read-only").await;
    house.kill();
    let (fine, said) = house.check();
    assert!(fine, "{said}");
}

/// A PostgreSQL server of our own, to be stopped and started.
struct Server {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    root: bool,
}

impl Server {
    /// Where its programs are installed; says so where they are not.
    fn new() -> Option<Server> {
        let versions = std::fs::read_dir("/usr/lib/postgresql").ok().into_iter().flatten().flatten();
        let programs = versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists());
        let Some(programs) = programs.max() else {
            eprintln!("skipped: PostgreSQL's own programs were not found");
            return None;
        };
        let folder = std::env::temp_dir().join(format!("mulin_faults_pg_{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let id = Command::new("id").arg("-u").output().unwrap();
        let root = id.stdout.starts_with(b"0\n");
        if root {
            assert!(run(Command::new("chown").arg("postgres").arg(&folder)));
        }
        let server = Server { programs, folder, port: free_port(), root };
        let mut initdb = server.program("initdb");
        initdb.args(["--auth=trust", "--username=mulin", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D"]);
        assert!(run(initdb.arg(server.folder.join("data"))), "initdb");
        server.start();
        let mut createdb = server.program("createdb");
        let port = server.port.to_string();
        assert!(run(createdb.args(["-h", "127.0.0.1", "-p", &port, "-U", "mulin", "mulin"])), "createdb");
        Some(server)
    }

    /// It refuses to run as root.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        if !self.root {
            return Command::new(program);
        }
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program).current_dir("/");
        command
    }

    fn start(&self) {
        let sockets = self.folder.display();
        let settings =
            format!("-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories={sockets}", self.port);
        let mut start = self.program("pg_ctl");
        start.args(["-w", "-s", "-o", &settings, "-D"]).arg(self.folder.join("data"));
        assert!(run(start.arg("-l").arg(self.folder.join("log")).arg("start")), "PostgreSQL starts");
    }

    fn stop(&self) -> bool {
        let mut stop = self.program("pg_ctl");
        run(stop.args(["-w", "-s", "-m", "immediate", "-D"]).arg(self.folder.join("data")).arg("stop"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[tokio::test]
async fn a_database_that_goes_away_is_said_and_the_house_finds_it_again_by_itself() {
    let Some(server) = Server::new() else { return };
    let url = format!("postgres://mulin@127.0.0.1:{}/mulin", server.port);
    let mut house = House::new("database_away", Some(url));
    let caller = settle_and_start(&mut house).await;
    taken_once(&caller, "before-it-goes-away").await;
    for round in 0..2 {
        assert!(server.stop());
        let key = format!("while-it-is-away-{round}");
        told_plainly(&caller.says(&key).await);
        let page = caller.looks("/say/requests/shiliu-1").await;
        assert_eq!(page.status, 503, "{}", page.text());
        assert!(page.text().contains("<h1") && page.header("retry-after").is_some());
        assert!(says_ready(house.port, false).await.contains("\"database\":\"not ready\""));
        assert_eq!(caller.looks("/healthz").await.status, 200);
        server.start();
        says_ready(house.port, true).await;
        taken_once(&caller, &key).await;
    }
    house.kill();
    let (fine, said) = house.check();
    assert!(fine, "{said}");
}
