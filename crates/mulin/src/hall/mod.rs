//! The hall: front page, ways in, my page, search, and what this house is.

pub mod account;
pub mod api;
pub mod back;
pub mod book;
pub mod by_office;
pub mod calls;
pub mod data;
pub mod devices;
pub mod first_run;
pub mod front;
pub mod homes;
pub mod join;
pub mod letter;
pub mod me;
pub mod passkey;
pub mod phone;
pub mod promise;
pub mod samples;
pub mod search;
pub mod standing;
pub mod store;
#[cfg(test)]
mod tests;
pub mod tokens;
pub mod told;

use axum::Router;
use axum::routing::{get, post};
use kit::web::App;

/// The routes of the hall.
pub fn routes() -> Router<App> {
    api::routes()
        .route("/robots.txt", get(front::robots))
        .route("/", get(front::show))
        .route("/say", get(front::say))
        .route("/help", get(front::help))
        .route("/about", get(front::about))
        .route("/about/data", get(promise::show))
        .route("/about/who", get(promise::show_who))
        .route("/about/api", get(calls::show))
        .route("/about/api/{file}", get(calls::file))
        .route("/search", get(search::show))
        .route("/me", get(me::show).post(me::seen))
        .route("/me/notices", get(told::show).post(told::save))
        .route("/me/notices/confirm/{token}", get(told::ask).post(told::confirm))
        .route("/me/live", get(told::live))
        .route("/sign-in", get(account::ask).post(account::sign_in))
        .route("/sign-in/letter", get(letter::ask).post(letter::open))
        .route("/sign-in/back", get(back::ask).post(back::come_back))
        .route("/sign-in/join", get(join::ask).post(join::join))
        .route("/sign-out", post(account::sign_out))
        .route("/demo/be", post(account::be))
        .route("/first-run", get(first_run::ask).post(first_run::set_up))
        .merge(book::routes())
        .merge(data::routes())
        .merge(devices::routes())
        .merge(homes::routes())
        .merge(standing::routes())
        .merge(passkey::routes())
        .merge(by_office::routes())
        .merge(phone::routes())
        .merge(tokens::routes())
}
