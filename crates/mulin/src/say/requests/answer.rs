//! Answering by a link: whoever holds it says whether it was solved, once for each report, without signing in.

use commons::case::Case;
use kit::secrets::Secrets;

/// The address under which the one who said it answers the report of this round; below the house's public address.
///
/// It opens the judgement, so it goes to the one who said it and to nobody else: never into a notice for staff.
pub fn link(secrets: &Secrets, case: &Case) -> String {
    format!("/say/requests/answer/{}", token(secrets, case, case.round))
}

/// The case's code and a keyed word for this round, with which nobody can guess another's.
pub fn token(secrets: &Secrets, case: &Case, round: i64) -> String {
    let thing = [case.id.0.as_bytes().as_slice(), &round.to_be_bytes()].concat();
    format!("{}.{}", case.code, secrets.code("answer", &thing))
}
