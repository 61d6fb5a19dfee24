//! What a clerk does on the first day.

use crate::Access;
use crate::Window;
use crate::driver::Wanted::{Css, Part};
use crate::picture;

/// Chooses the platform, keeps the recovery code, signs in; ends on the first page. Answers the code.
///
/// # Panics
///
/// When a step does not come.
pub async fn first_run(window: &Window, access: &Access) -> String {
    window.click(Part("start-connect")).await;
    let code = window.text(Part("recovery-code")).await;
    assert!(code.len() >= 24, "a recovery code: {code:?}");
    picture("0-recovery-code");
    window.click(Css("[data-test=\"recovery-confirm\"]")).await;
    window.click(Part("recovery-continue")).await;
    window.fill(Part("connect-url"), &access.url).await;
    window.fill(Part("connect-institution"), &access.institution).await;
    window.fill(Part("connect-user"), &access.user).await;
    window.fill(Part("connect-password"), &access.password).await;
    window.click(Part("connect-submit")).await;
    window.see(Part("today")).await;
    code
}
