//! Feeds `register` of the commons.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| commons::foreign::fed("register", data));
