//! The numbers by which the rates are worked out. None is a law's: each is printed with its source, and a community may set its own.

use crate::rulebook;
use kit::{Error, Result};

/// How the rates of a community are worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What a 一般 counts of a 满意, in hundredths.
    pub fair: i64,
    /// What response, solving and satisfaction weigh in the composite, in hundredths; together 100.
    pub weights: [i64; 3],
    /// The day of the month before on which a month of figures begins; on the first it is the calendar's own month.
    pub month_day: i64,
    /// With fewer call-backs than this, units are not compared.
    pub few: i64,
}

/// The names under which a community's own numbers are kept; the rulebook knows the same.
pub const NAMES: [&str; 6] = [
    "figures/fair",
    "figures/weight-response",
    "figures/weight-solving",
    "figures/weight-satisfaction",
    "figures/month-day",
    "figures/few",
];

impl Settings {
    /// The rulebook's numbers, each replaced by the community's own where `own` has one.
    ///
    /// # Errors
    /// When the rulebook lacks one: a slip of ours.
    pub fn with(own: &[(String, String)]) -> Result<Settings> {
        let mut n = [0; 6];
        for (to, name) in n.iter_mut().zip(NAMES) {
            let set = own.iter().find(|(own, _)| own == name).and_then(|(_, value)| value.parse().ok());
            *to = match set {
                Some(set) => set,
                None => rulebook::rule(name)?.amount,
            };
        }
        let [fair, response, solving, satisfaction, month_day, few] = n;
        Ok(Settings { fair, weights: [response, solving, satisfaction], month_day, few })
    }

    /// The same, when they make sense.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the field.
    pub fn checked(self) -> Result<Settings> {
        let wrong = |field| Err(Error::invalid(field, "figures/setting-range"));
        match self {
            Settings { fair, .. } if !(0..=100).contains(&fair) => wrong("fair"),
            Settings { month_day, .. } if !(1..=28).contains(&month_day) => wrong("month_day"),
            Settings { few, .. } if !(1..=1000).contains(&few) => wrong("few"),
            Settings { weights, .. } if weights.iter().any(|weight| !(0..=100).contains(weight)) => wrong("response"),
            Settings { weights, .. } if weights.iter().sum::<i64>() != 100 => {
                Err(Error::invalid("response", "figures/weights-sum"))
            }
            sound => Ok(sound),
        }
    }

    /// The numbers in the order of [`NAMES`].
    pub fn numbers(&self) -> [i64; 6] {
        let [response, solving, satisfaction] = self.weights;
        [self.fair, response, solving, satisfaction, self.month_day, self.few]
    }
}
