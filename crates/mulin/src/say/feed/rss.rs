//! RSS 2.0, written by hand: the format is small, and its one danger is a character that does not belong.

use jiff::fmt::rfc2822::DateTimePrinter;
use kit::time::Moment;

/// A feed with what is newest first.
pub struct Feed {
    pub title: String,
    pub about: String,
    /// `zh-CN` or `en`.
    pub lang: &'static str,
    /// The page that shows the same.
    pub link: String,
    /// The feed's own address.
    pub own: String,
    pub items: Vec<Item>,
}

/// One thing to read.
pub struct Item {
    pub title: String,
    pub about: String,
    pub link: String,
    /// Never changes and never comes twice; not an address.
    pub guid: String,
    pub category: String,
    pub at: Moment,
    /// When something about it changed last.
    pub changed: Moment,
}

impl Feed {
    /// When something changed last; the beginning of time for an empty feed.
    pub fn changed(&self) -> Moment {
        self.items.iter().map(|item| item.changed).max().unwrap_or_default()
    }

    pub fn written(&self) -> String {
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.push_str("<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel>\n");
        xml.push_str(&element("title", &self.title));
        xml.push_str(&element("link", &self.link));
        xml.push_str(&format!(
            "<atom:link href=\"{}\" rel=\"self\" type=\"application/rss+xml\"/>\n",
            escaped(&self.own)
        ));
        xml.push_str(&element("description", &self.about));
        xml.push_str(&element("language", self.lang));
        if !self.items.is_empty() {
            xml.push_str(&element("lastBuildDate", &http_date(self.changed())));
        }
        // Minutes: asking more often than that shows nothing new to anybody.
        xml.push_str(&element("ttl", "15"));
        for item in &self.items {
            xml.push_str("<item>\n");
            xml.push_str(&element("title", &item.title));
            xml.push_str(&element("link", &item.link));
            xml.push_str(&format!("<guid isPermaLink=\"false\">{}</guid>\n", escaped(&item.guid)));
            xml.push_str(&element("pubDate", &http_date(item.at)));
            if !item.category.is_empty() {
                xml.push_str(&element("category", &item.category));
            }
            xml.push_str(&element("description", &item.about));
            xml.push_str("</item>\n");
        }
        xml.push_str("</channel></rss>\n");
        xml
    }
}

/// `Tue, 24 Nov 2026 02:00:00 GMT`: the form that RSS and HTTP both take.
pub fn http_date(at: Moment) -> String {
    DateTimePrinter::new().timestamp_to_rfc9110_string(&at.timestamp()).unwrap_or_default()
}

fn element(name: &str, text: &str) -> String {
    format!("<{name}>{}</{name}>\n", escaped(text))
}

/// Text as it may stand in XML 1.0, where even an escaped control character breaks the whole document.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(c),
            c if c < ' ' || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_words_break_the_document() {
        assert_eq!(escaped("a<b> & \"c\"\u{0}\u{8}\u{1b}\u{FFFF}\n灯"), "a&lt;b&gt; &amp; &quot;c&quot;\n灯");
        assert_eq!(http_date(Moment(1_795_485_600_000)), "Tue, 24 Nov 2026 02:00:00 GMT");
    }
}
