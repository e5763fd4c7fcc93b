//! What a story logs, kept to be looked at afterwards.

use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing::Dispatch;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::EnvFilter;

/// Lines of JSON, as the house writes them; of this thread alone, until [`Heard::lines`].
pub struct Heard {
    lines: Lines,
    /// With a second one about, no place in the code is taken for one that nobody listens to, whatever other tests do meanwhile.
    _second: Dispatch,
    listens: DefaultGuard,
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no writer panics.").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Heard {
    /// Listens from now on to everything of a level (`info`) and above.
    pub fn from(level: &str) -> Heard {
        let lines = Lines::default();
        let writer = lines.clone();
        let second = Dispatch::new(tracing_subscriber::fmt().with_writer(std::io::sink).finish());
        let logs = tracing_subscriber::fmt().json().with_env_filter(EnvFilter::new(level));
        let listens = tracing::subscriber::set_default(logs.with_writer(move || writer.clone()).finish());
        Heard { lines, _second: second, listens }
    }

    /// Everything that was said, a line each.
    pub fn lines(self) -> String {
        drop(self.listens);
        let bytes = self.lines.0.lock().expect("no writer panics.").clone();
        String::from_utf8(bytes).expect("log lines are text.")
    }
}
