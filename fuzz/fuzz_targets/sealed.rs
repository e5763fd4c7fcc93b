//! Feeds `sealed` of the kit.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kit::foreign::fed("sealed", data));
