//! Who is signed in to the console.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Form, FromRequestParts, State};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;

use super::Fault;
use super::page::head;
use crate::account::{self, same, verify};
use crate::shared::Shared;
use crate::token::random_hex;

const COOKIE_NAME: &str = "sunbench_console";
/// Seconds after which an idle session ends.
const IDLE_S: i64 = 8 * 3600;
const SESSIONS: usize = 200;

/// The sessions of this run of the platform; a restart signs everybody out.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<HashMap<String, Session>>);

#[derive(Clone)]
struct Session {
    user: String,
    csrf: String,
    seen: i64,
}

impl Sessions {
    fn open(&self, user: &str, now: i64) -> Result<String, crate::Error> {
        let (id, csrf) = (random_hex::<32>()?, random_hex::<16>()?);
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, session| now - session.seen < IDLE_S);
        if sessions.len() >= SESSIONS {
            let oldest = sessions.iter().min_by_key(|(_, session)| session.seen).map(|(id, _)| id.clone());
            sessions.remove(&oldest.unwrap_or_default());
        }
        sessions.insert(id.clone(), Session { user: user.to_owned(), csrf, seen: now });
        Ok(id)
    }

    fn find(&self, id: &str, now: i64) -> Option<Session> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let session = sessions.get_mut(id).filter(|session| now - session.seen < IDLE_S)?;
        session.seen = now;
        Some(session.clone())
    }

    fn close(&self, id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let all = headers.get(COOKIE)?.to_str().ok()?;
    let found = all.split(';').find_map(|pair| pair.trim().strip_prefix(COOKIE_NAME)?.strip_prefix('='))?;
    Some(found.to_owned())
}

/// A supervisor who has signed in.
pub(super) struct Supervisor {
    pub(super) user: String,
    /// Goes into every form.
    pub(super) csrf: String,
    id: String,
}

impl Supervisor {
    /// Whether the form was the session's own.
    pub(super) fn check(&self, csrf: &str) -> Result<(), Fault> {
        if same(&self.csrf, csrf) { Ok(()) } else { Err(Fault::Forged) }
    }
}

impl FromRequestParts<Arc<Shared>> for Supervisor {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, shared: &Arc<Shared>) -> Result<Self, Fault> {
        let id = cookie(&parts.headers).ok_or(Fault::SignIn)?;
        let session = shared.sessions.find(&id, shared.now().unix()).ok_or(Fault::SignIn)?;
        Ok(Self { user: session.user, csrf: session.csrf, id })
    }
}

#[derive(Deserialize)]
pub(super) struct SignIn {
    user: String,
    password: String,
}

pub(super) async fn form(State(shared): State<Arc<Shared>>) -> Markup {
    sign_in_page(&shared, "", "")
}

fn sign_in_page(shared: &Shared, user: &str, error: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            (head("登录"))
            body.sign-in {
                main.card {
                    h1 { "督办管理控制台" }
                    p.muted { (shared.config.platform) }
                    @if !error.is_empty() {
                        p.error #error role="alert" { (error) }
                    }
                    form method="post" action="/console/sign-in" {
                        label for="user" { "用户名" }
                        input #user name="user" value=(user) required autocomplete="username" autofocus;
                        label for="password" { "密码" }
                        input #password name="password" type="password" required
                            autocomplete="current-password";
                        button.primary #sign-in type="submit" { "登录" }
                    }
                }
            }
        }
    }
}

pub(super) async fn sign_in(
    State(shared): State<Arc<Shared>>,
    Form(form): Form<SignIn>,
) -> Result<Response, Fault> {
    let SignIn { user, password } = form;
    let who = format!("console {user}");
    if shared.sign_ins.allows(&who).is_err() {
        let page = sign_in_page(&shared, &user, "登录失败次数过多，请一分钟后再试");
        return Ok((StatusCode::TOO_MANY_REQUESTS, page).into_response());
    }
    let asked = user.clone();
    let right = shared
        .blocking(move |shared| {
            let hash = shared.database.read(|c| account::supervisor(c, &asked))?;
            Ok(verify(&password, hash.as_deref()))
        })
        .await?;
    if !right {
        let _ = shared.sign_ins.take(&who);
        let page = sign_in_page(&shared, &user, "用户名或密码不正确");
        return Ok((StatusCode::FORBIDDEN, page).into_response());
    }
    shared.sign_ins.forget(&who);
    let id = shared.sessions.open(&user, shared.now().unix())?;
    let set = format!("{COOKIE_NAME}={id}; Path=/console; HttpOnly; SameSite=Strict");
    Ok(([(SET_COOKIE, set)], Redirect::to("/console/notices")).into_response())
}

#[derive(Deserialize)]
pub(super) struct SignOut {
    csrf: String,
}

pub(super) async fn sign_out(
    State(shared): State<Arc<Shared>>,
    supervisor: Supervisor,
    Form(form): Form<SignOut>,
) -> Result<Response, Fault> {
    supervisor.check(&form.csrf)?;
    shared.sessions.close(&supervisor.id);
    let unset = format!("{COOKIE_NAME}=; Path=/console; HttpOnly; SameSite=Strict; Max-Age=0");
    Ok(([(SET_COOKIE, unset)], Redirect::to("/console/sign-in")).into_response())
}
