//! Arguments of a call. An empty one counts as absent.

use super::wrong::Wrong;
use kit::time::Moment;

#[derive(Clone, Debug, Default)]
pub struct Args(Vec<(String, String)>);

impl Args {
    /// # Errors
    /// 400 when they are not in UTF-8.
    pub fn read(query: &str) -> Result<Args, Wrong> {
        let all: Vec<(String, String)> =
            serde_urlencoded::from_str(query).map_err(|_| Wrong::bad("the query cannot be read"))?;
        if all.iter().any(|(name, value)| name.contains('\u{FFFD}') || value.contains('\u{FFFD}')) {
            return Err(Wrong::bad("the query is not in UTF-8"));
        }
        Ok(Args::of(all.into_iter().map(|(name, value)| (name, kit::text::plain(&value))).collect()))
    }

    pub fn of(all: Vec<(String, String)>) -> Args {
        Args(all.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect())
    }

    /// These, and of the others what is not among them.
    pub fn before(self, others: Args) -> Args {
        Args(self.0.into_iter().chain(others.0).collect())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(key, _)| *key == name).map(|(_, value)| value.trim())
    }

    /// What stands between commas; the argument may come several times, too.
    pub fn list(&self, name: &str) -> Vec<String> {
        let parts = self.iter().filter(|(key, _)| *key == name).flat_map(|(_, value)| value.split(',')).map(str::trim);
        parts.filter(|one| !one.is_empty()).map(str::to_owned).collect()
    }

    pub fn is_true(&self, name: &str) -> bool {
        matches!(self.get(name), Some("true" | "1" | "yes"))
    }

    /// A text of bounded length; `None` when it is absent.
    pub fn short(&self, name: &'static str, characters_max: usize) -> Result<Option<&str>, Wrong> {
        match self.get(name) {
            Some(text) if text.chars().count() > characters_max => {
                Err(Wrong::bad(format!("{name} is longer than {characters_max} characters")))
            }
            text => Ok(text),
        }
    }

    /// A whole number within bounds.
    pub fn number(&self, name: &'static str, bounds: std::ops::RangeInclusive<i64>) -> Result<Option<i64>, Wrong> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let number = text.parse().ok().filter(|number| bounds.contains(number));
        let wrong = || Wrong::bad(format!("{name} is no whole number from {} to {}", bounds.start(), bounds.end()));
        number.map(Some).ok_or_else(wrong)
    }

    /// A moment in the W3C's form of ISO 8601, with its zone.
    pub fn moment(&self, name: &'static str) -> Result<Option<Moment>, Wrong> {
        let Some(text) = self.get(name) else { return Ok(None) };
        // A plus sign that was not escaped arrives as a space.
        let mended = if text.contains('T') { text.replacen(' ', "+", 1) } else { text.to_owned() };
        let stamp: Result<jiff::Timestamp, _> = mended.parse();
        let wrong =
            |_| Wrong::bad(format!("{name} is no W3C date with time and zone, such as 2026-01-31T08:30:00+08:00"));
        Ok(Some(Moment(stamp.map_err(wrong)?.as_millisecond())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_is_absent_lists_have_commas_and_dates_a_zone() {
        let args =
            Args::read("a=&b=+&status=open,+x,&status=closed&d=2026-01-01T08:00:00+08:00&e=2026-01-01&n=7").unwrap();
        assert_eq!((args.get("a"), args.get("b"), args.get("z")), (None, None, None));
        assert_eq!(args.list("status"), ["open", "x", "closed"]);
        assert_eq!(args.moment("d").unwrap(), Some(Moment(1_767_225_600_000)));
        assert!(args.moment("e").is_err() && args.moment("z").unwrap().is_none());
        assert_eq!(args.number("n", 1..=10).unwrap(), Some(7));
        assert!(args.number("n", 1..=6).is_err());
        assert!(Args::read("a=%C4%E3").is_err(), "GBK is not UTF-8");
    }
}
