//! The nouns that features share. They know no URL and no page.
