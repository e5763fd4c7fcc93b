//! How much one text is like others: pairs of characters, weighed by how rare they are (Okapi BM25).
//!
//! Chinese has no spaces, so every pair of neighbouring characters is a term; a Latin word or a number is one. Nothing is
//! learnt beforehand: an index knows only what was put into it, so an earlier text is never judged by a later one.
//!
//! Pure: no database, no clock.

pub mod lines;
#[cfg(test)]
mod tests;

use kit::text::narrow;
use std::collections::HashMap;

/// How quickly a term that stands twice counts less than double (Robertson and Zaragoza 2009 name 1.2 to 2).
const K1: f32 = 1.5;
/// How much a long text is held against it, 0 to 1.
const B: f32 = 0.75;
/// What stands in a title names the matter; the words below tell the story.
const TITLE_WEIGHT: u32 = 2;

/// A term: two characters, or the hash of a Latin word.
type Term = u64;

/// A text as terms with how often each stands there.
#[derive(Clone, Debug, Default)]
pub struct Bag {
    terms: HashMap<Term, u32>,
    length: u32,
}

impl Bag {
    /// The terms of a text.
    pub fn of(text: &str) -> Bag {
        let mut bag = Bag::default();
        bag.add(text, 1);
        bag
    }

    /// A titled text: the title counts twice.
    pub fn titled(title: &str, text: &str) -> Bag {
        let mut bag = Bag::default();
        bag.add(title, TITLE_WEIGHT);
        bag.add(text, 1);
        bag
    }

    fn add(&mut self, text: &str, weight: u32) {
        each_term(text, |term| {
            *self.terms.entry(term).or_insert(0) += weight;
            self.length += weight;
        });
    }

    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }
}

/// Texts that can be asked which of them are like another. They are numbered in the order of their coming.
#[derive(Debug, Default)]
pub struct Index {
    postings: HashMap<Term, Vec<(u32, u32)>>,
    lengths: Vec<u32>,
    total: u64,
}

impl Index {
    pub fn add(&mut self, bag: &Bag) {
        let number = u32::try_from(self.lengths.len()).expect("nobody keeps four thousand million texts in memory.");
        for (term, count) in &bag.terms {
            self.postings.entry(*term).or_default().push((number, *count));
        }
        self.lengths.push(bag.length);
        self.total += u64::from(bag.length);
    }

    pub fn len(&self) -> usize {
        self.lengths.len()
    }

    pub fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    /// The `top` texts most like `bag`, the most alike first; among equals the later one.
    pub fn nearest(&self, bag: &Bag, top: usize) -> Vec<(usize, f32)> {
        let mut scores = vec![0.0_f32; self.lengths.len()];
        for (term, asked) in &bag.terms {
            let Some(postings) = self.postings.get(term) else { continue };
            let weight = self.rarity(postings.len()) * *asked as f32;
            for (number, count) in postings {
                scores[*number as usize] += weight * self.presence(*count, self.lengths[*number as usize]);
            }
        }
        let mut found: Vec<(usize, f32)> = scores.into_iter().enumerate().filter(|(_, score)| *score > 0.0).collect();
        let order = |a: &(usize, f32), b: &(usize, f32)| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0));
        if found.len() > top && top > 0 {
            found.select_nth_unstable_by(top - 1, order);
            found.truncate(top);
        }
        found.sort_by(order);
        found.truncate(top);
        found
    }

    /// What `bag` would score against itself: the measure for "very much alike".
    pub fn own_score(&self, bag: &Bag) -> f32 {
        let weigh = |(term, count): (&Term, &u32)| {
            let known = self.postings.get(term).map_or(0, Vec::len);
            self.rarity(known) * *count as f32 * self.presence(*count, bag.length)
        };
        bag.terms.iter().map(weigh).sum()
    }

    /// Inverse document frequency, never negative.
    fn rarity(&self, holding: usize) -> f32 {
        let (all, holding) = (self.lengths.len() as f32, holding as f32);
        (1.0 + (all - holding + 0.5) / (holding + 0.5)).ln()
    }

    fn presence(&self, count: u32, length: u32) -> f32 {
        let mean = (self.total as f32 / self.lengths.len().max(1) as f32).max(1.0);
        let count = count as f32;
        count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length as f32 / mean))
    }
}

/// Cuts a text into its terms. Punctuation and spaces part them; full-width forms count as their usual ones.
fn each_term(text: &str, mut told: impl FnMut(Term)) {
    let (mut before, mut word) = (None::<char>, String::new());
    let end = |word: &mut String, told: &mut dyn FnMut(Term)| {
        if !word.is_empty() {
            told(hash(word));
            word.clear();
        }
    };
    for c in text.chars().map(narrow) {
        if is_chinese(c) {
            end(&mut word, &mut told);
            if let Some(before) = before {
                told((u64::from(u32::from(before)) << 32) | u64::from(u32::from(c)));
            }
            before = Some(c);
            continue;
        }
        before = None;
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        } else {
            end(&mut word, &mut told);
        }
    }
    end(&mut word, &mut told);
}

/// FNV-1a, with the highest bit set so that no word is taken for a pair of characters.
fn hash(word: &str) -> u64 {
    let folded = word
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    folded | 1 << 63
}

fn is_chinese(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x323AF | 0x3007)
}
