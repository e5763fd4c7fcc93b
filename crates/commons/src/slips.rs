//! What is stored of the codes on slips: of a request, and of a line at the hub's desk. In a hand they look alike, so the page of
//! either finds both.

use kit::secrets::Secrets;

/// Of the slip of a request.
pub fn of_request(secrets: &Secrets, code: &str) -> [u8; 32] {
    secrets.mac("pickup-hash", &[code.as_bytes()])
}

/// Of the slip of a line at the desk.
pub fn of_desk(secrets: &Secrets, code: &str) -> [u8; 32] {
    secrets.mac("desk-hash", &[code.as_bytes()])
}
