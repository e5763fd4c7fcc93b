//! Feeds `city` of the house.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| mulin::foreign::fed("city", data));
