//! Reading letters.
