//! `cargo xtask powercut` and `cargo xtask fulldisk`: what a house keeps when its machine goes down in the middle of work, and
//! when its disk is full. The real program, over real HTTP, on a real file system.

pub mod load;
mod machine;
#[cfg(test)]
mod tests;

use anyhow::{Context, Result, bail};
use load::{ADDRESS, Said};
use machine::Machine;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::bench::watch::Program;
use crate::scratch::Scratch;
use crate::shell;

const TENANT: &str = "liuhua";
const MATTERS: &str = "12";
const IMAGE_MB: u64 = 192;
const SMALL_IMAGE_MB: u64 = 24;
/// Requests of one round are numbered from a start of their own.
const ROUND: usize = 1_000_000;
const FIRST_WITHIN: Duration = Duration::from_secs(180);
const LOOK_WITHIN: Duration = Duration::from_secs(600);

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub struct Choice {
    pub rounds: usize,
    /// A `mulin` that is built already.
    pub binary: Option<PathBuf>,
    /// Leaves the images for looking at.
    pub keep: bool,
    /// Cuts the power of a writer that promises too early instead.
    pub baseline: bool,
}

impl Choice {
    pub fn read(arguments: &[String]) -> Result<Choice> {
        let mut choice = Choice { rounds: 20, binary: None, keep: false, baseline: false };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--keep" => choice.keep = true,
                "--baseline" => choice.baseline = true,
                "--binary" => choice.binary = Some(arguments.next().context("--binary takes a path")?.into()),
                "--rounds" => {
                    let number = arguments.next().and_then(|number| number.parse().ok());
                    choice.rounds = number.filter(|n| *n > 0).context("--rounds takes a number above 0")?;
                }
                other => bail!("`{other}` is not known here; there are --rounds N, --binary PATH, --keep, --baseline"),
            }
        }
        Ok(choice)
    }
}

/// Cuts the power again and again; whether nothing was lost.
pub fn powercut(choice: &Choice) -> Result<bool> {
    machine::present()?;
    // Not in memory: the machine has a /dev of its own, and would not see its first program there.
    let scratch = Scratch::on_disk("powercut", if choice.keep { "exit;" } else { "" })?;
    if choice.keep {
        println!("Everything stays in {}", scratch.folder.display());
    }
    if choice.baseline { baseline(choice, &scratch.folder) } else { house(choice, &scratch.folder) }
}

/// What one round showed.
struct Round {
    seconds: f64,
    said: Said,
    lost: usize,
    doubled: usize,
    /// What does not agree, in the words of `mulin check` and ours.
    wrong: Vec<String>,
}

fn house(choice: &Choice, folder: &Path) -> Result<bool> {
    let house = House::prepare(choice, folder, IMAGE_MB)?;
    let mut expected = house.requests;
    let (mut sent, mut acknowledged, mut lost, mut doubled, mut wrong) = (0, 0, 0, 0, 0);
    for number in 1..=choice.rounds {
        let round = house.round(number, &mut expected).with_context(|| format!("round {number}"))?;
        println!(
            "round {number:>2}: cut after {:>4.1} s, {} sent, {} acknowledged, {} lost, {} doubled, {}",
            round.seconds,
            round.said.sent.len(),
            round.said.acknowledged.len(),
            round.lost,
            round.doubled,
            if round.wrong.is_empty() { "everything agrees".to_owned() } else { round.wrong.join("; ") },
        );
        sent += round.said.sent.len();
        acknowledged += round.said.acknowledged.len();
        lost += round.lost;
        doubled += round.doubled;
        wrong += usize::from(!round.wrong.is_empty());
    }
    println!(
        "{} power cuts: {sent} sent, {acknowledged} acknowledged, {lost} lost, {doubled} doubled, {wrong} rounds did not agree",
        choice.rounds
    );
    Ok(lost == 0 && doubled == 0 && wrong == 0)
}

/// A filled house on an image, and the programs that run in the machine.
struct House<'f> {
    folder: &'f Path,
    image: PathBuf,
    binary: PathBuf,
    own: PathBuf,
    /// How many requests it holds before anything is sent.
    requests: usize,
}

impl<'f> House<'f> {
    fn prepare(choice: &Choice, folder: &'f Path, megabytes: u64) -> Result<House<'f>> {
        let own = std::env::current_exe().context("our own path is unknown")?;
        let binary = match &choice.binary {
            Some(path) => fs::canonicalize(path).with_context(|| format!("{} is not there", path.display()))?,
            None => {
                shell::run(&mut shell::cargo(&["build", "--quiet", "--package", "mulin", "--bin", "mulin"]))?;
                own.with_file_name("mulin")
            }
        };
        let tree = folder.join("tree");
        let data = tree.join("house");
        fs::create_dir_all(&data)?;
        let mut demo = shell::program(&binary, &["demo", "--matters", MATTERS, "--listen", "127.0.0.1:0", "--data"]);
        drop(Program::start(demo.arg(&data).env("MULIN_LOG", "error"))?);
        let mut export = shell::program(&binary, &["export", "requests", "--json", "--tenant", TENANT, "--data"]);
        let requests = shell::read(export.arg(&data).env("MULIN_LOG", "error"))?.lines().count();
        let image = folder.join("image");
        machine::image(&image, megabytes, &tree)?;
        Ok(House { folder, image, binary, own, requests })
    }

    /// The house, served in the background of the machine.
    fn served(&self) -> String {
        let binary = self.binary.display();
        format!(
            "MULIN_LOG=error {binary} demo --matters {MATTERS} --data /mnt/house --listen {ADDRESS} >/run/served 2>&1 &\n\
             served=$!"
        )
    }

    /// Works until the power goes, boots again and looks at what is left.
    fn round(&self, number: usize, expected: &mut usize) -> Result<Round> {
        let text = format!(
            "{}\n{} fault-load file {}\necho LOAD-ENDED; cat /run/served",
            self.served(),
            self.own.display(),
            number * ROUND
        );
        let mut machine = Machine::boot(self.folder, &self.image, &text)?;
        let mut lines = machine.until("A ", FIRST_WITHIN)?;
        if !lines.last().is_some_and(|line| line.starts_with("A ")) {
            bail!("nothing was acknowledged:\n{}", lines.join("\n"));
        }
        let wait = chance(3_000, 15_000);
        lines.extend(machine.until("LOAD-ENDED", wait)?);
        if lines.last().is_some_and(|line| line == "LOAD-ENDED") {
            bail!("the load ended before the power did:\n{}", lines[lines.len().saturating_sub(20)..].join("\n"));
        }
        lines.extend(machine.cut()?);
        let said = Said::read(lines.iter().map(String::as_str));
        fs::write(self.folder.join("said"), lines.join("\n"))?;
        *expected += said.sent.len();
        let (looked, wrong) = self.look(*expected)?;
        let (lost, doubled) = looked;
        Ok(Round { seconds: wait.as_secs_f64(), said, lost, doubled, wrong })
    }

    /// Boots and looks: does everything agree, is all there that was acknowledged, and everything once.
    fn look(&self, expected: usize) -> Result<((usize, usize), Vec<String>)> {
        let (binary, own, said) = (self.binary.display(), self.own.display(), self.folder.join("said"));
        let text = format!(
            "export MULIN_LOG=error\n{binary} check --data /mnt/house 2>&1 | sed 's/^/CHECK /'\n{}\n\
             {own} fault-load look {}\nkill -TERM $served; wait $served\n\
             echo COUNT $({binary} export requests --json --tenant {TENANT} --data /mnt/house | wc -l)",
            self.served(),
            said.display()
        );
        let lines = Machine::boot(self.folder, &self.image, &text)?.finish(LOOK_WITHIN)?;
        let mut wrong: Vec<String> = lines
            .iter()
            .filter_map(|line| line.strip_prefix("CHECK "))
            .filter(|line| *line != "everything agrees")
            .map(str::to_owned)
            .collect();
        if !lines.iter().any(|line| line == "CHECK everything agrees") && wrong.is_empty() {
            wrong.push("`mulin check` said nothing".to_owned());
        }
        let numbers = |word: &str| -> Option<Vec<usize>> {
            let line = lines.iter().find_map(|line| line.strip_prefix(word))?;
            line.split_whitespace().map(|number| number.parse().ok()).collect()
        };
        let Some(&[lost, doubled]) = numbers("LOOKED ").as_deref().and_then(|both| both.first_chunk::<2>()) else {
            bail!("the look at what is left did not end:\n{}", lines.join("\n"));
        };
        let count = numbers("COUNT ").and_then(|one| one.first().copied()).context("the requests were not counted")?;
        if count != expected {
            wrong.push(format!("{count} requests instead of {expected}"));
        }
        wrong.extend(lines.iter().filter(|line| line.starts_with("LOST") || line.starts_with("DOUBLED")).cloned());
        Ok(((lost, doubled), wrong))
    }
}

/// The same cuts for a writer that does not wait for the disk: they must show losses, or the test proves nothing.
fn baseline(choice: &Choice, folder: &Path) -> Result<bool> {
    shell::run(&mut shell::cargo(&["build", "--quiet", "--package", "pagesum", "--example", "forgetful"]))?;
    let own = std::env::current_exe().context("our own path is unknown")?;
    let writer = own.with_file_name("examples").join("forgetful");
    let mut sums = Vec::new();
    for synchronous in ["normal", "full"] {
        let (mut promised, mut lost) = (0, 0);
        for number in 1..=choice.rounds {
            let tree = folder.join("empty");
            fs::create_dir_all(&tree)?;
            let image = folder.join("image");
            machine::image(&image, 64, &tree)?;
            let text = format!("{} /mnt/promises.db write {synchronous}", writer.display());
            let mut machine = Machine::boot(folder, &image, &text)?;
            let mut lines = machine.until("A ", FIRST_WITHIN)?;
            let wait = chance(2_000, 6_000);
            lines.extend(machine.until("nothing begins so", wait)?);
            lines.extend(machine.cut()?);
            let last =
                lines.iter().filter_map(|line| line.strip_prefix("A ")?.parse::<usize>().ok()).max().unwrap_or(0);
            let text = format!("{} /mnt/promises.db count", writer.display());
            let lines = Machine::boot(folder, &image, &text)?.finish(LOOK_WITHIN)?;
            let count = lines.iter().find_map(|line| line.strip_prefix("COUNT ")?.parse::<usize>().ok());
            let count = count.with_context(|| format!("nothing was counted:\n{}", lines.join("\n")))?;
            let gone = last.saturating_sub(count);
            println!("synchronous={synchronous}, round {number:>2}: {last} promised, {gone} lost");
            promised += last;
            lost += gone;
        }
        println!("synchronous={synchronous}: {promised} promised, {lost} lost");
        sums.push(lost);
    }
    Ok(sums[0] > 0 && sums[1] == 0)
}

/// Fills the disk under a house; whether it went on reading, refused plainly, and went on by itself when there was room.
pub fn fulldisk(choice: &Choice) -> Result<bool> {
    machine::present()?;
    let scratch = Scratch::on_disk("fulldisk", if choice.keep { "exit;" } else { "" })?;
    let house = House::prepare(choice, &scratch.folder, SMALL_IMAGE_MB)?;
    let own = house.own.display();
    let text = format!(
        "{}\n{own} fault-load full /mnt 2>&1; echo FULL-ENDED $?\nkill -TERM $served; wait $served; tail -n 20 /run/served",
        house.served()
    );
    let lines = Machine::boot(&scratch.folder, &house.image, &text)?.finish(LOOK_WITHIN)?;
    for line in lines.iter().filter(|line| line.starts_with("FULL ") || line.starts_with("xtask: ")) {
        println!("{line}");
    }
    if !lines.iter().any(|line| line == "FULL-ENDED 0") {
        bail!("it did not go as it should:\n{}", lines[lines.len().saturating_sub(40)..].join("\n"));
    }
    let said = Said::read(lines.iter().map(String::as_str));
    fs::write(scratch.folder.join("said"), lines.join("\n"))?;
    let ((lost, doubled), wrong) = house.look(house.requests + said.acknowledged.len())?;
    println!(
        "{} acknowledged around a full disk, {lost} lost, {doubled} doubled, {}",
        said.acknowledged.len(),
        if wrong.is_empty() { "everything agrees".to_owned() } else { wrong.join("; ") }
    );
    Ok(lost == 0 && doubled == 0 && wrong.is_empty())
}

/// Some time between the two, in milliseconds: nobody should know when the power goes.
fn chance(from: u64, to: u64) -> Duration {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Duration::from_millis(from + u64::from(now.subsec_micros()) % (to - from))
}
