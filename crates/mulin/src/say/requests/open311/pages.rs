//! Where each reader stands who counts pages: page 7 begins behind the last request of the page 6 that this reader was given.
//!
//! Counting alone would lose one request for each that closes or goes away on pages already read, because all behind it
//! move up. So the end of each page is remembered for an hour, in memory: after a restart pages are counted off again.

use commons::case::CaseId;
use kit::time::Moment;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// How long a page is remembered after it was given.
const REMEMBERED: i64 = Moment::hours(1);
/// Some two megabytes.
const PAGES_MAX: usize = 20_000;

/// Who asked for which list (a hash), and the number of the page.
pub type Page = ([u8; 32], i64);
/// The last request of a page.
pub type Last = (Moment, CaseId);

#[derive(Debug, Default)]
pub struct Pages(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    ends: HashMap<Page, (Last, Moment)>,
    /// In the order in which they were given; one that was given again stands here twice.
    given: VecDeque<(Page, Moment)>,
}

impl Pages {
    /// Where a page ended, when it was given within the hour.
    pub fn end_of(&self, page: Page, now: Moment) -> Option<Last> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.ends.get(&page).filter(|(_, at)| now - *at < REMEMBERED).map(|(last, _)| *last)
    }

    pub fn remember(&self, page: Page, last: Last, now: Moment) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.ends.insert(page, (last, now));
        known.given.push_back((page, now));
        while known.given.front().is_some_and(|(_, at)| now - *at >= REMEMBERED) || known.given.len() > PAGES_MAX {
            let Some((old, at)) = known.given.pop_front() else { break };
            if known.ends.get(&old).is_some_and(|(_, given)| *given == at) {
                known.ends.remove(&old);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_remembered_for_an_hour_and_no_more_than_there_is_room_for() {
        let pages = Pages::default();
        let (page, last) = (([1; 32], 6), (Moment(5), CaseId(kit::Uuid::nil())));
        pages.remember(page, last, Moment(0));
        assert_eq!(pages.end_of(page, Moment(REMEMBERED - 1)), Some(last));
        assert_eq!(pages.end_of(([1; 32], 7), Moment(1)), None);
        pages.remember(page, last, Moment(10));
        pages.remember(([2; 32], 1), last, Moment(REMEMBERED + 5));
        assert_eq!(pages.end_of(page, Moment(REMEMBERED + 5)), Some(last), "given again ten later");
        assert_eq!(pages.end_of(page, Moment(REMEMBERED + 10)), None);
        for n in 0..PAGES_MAX as i64 {
            pages.remember(([3; 32], n), last, Moment(REMEMBERED + 5));
        }
        let known = pages.0.lock().unwrap();
        assert!(known.ends.len() <= PAGES_MAX && known.given.len() <= PAGES_MAX);
    }
}
