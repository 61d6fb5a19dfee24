//! The commands of the window, registered from the one list. A body takes the state, calls the use case, returns.

#[allow(clippy::wildcard_imports)] // every wire type is used here, by the list
use sunbench_app::wire::*;
use sunbench_app::{ApiResult, with_commands};
use tauri::State;
use tauri::ipc::Invoke;

use crate::shell::Shell;

macro_rules! commands {
    ($($name:ident($request:ident) -> $answer:ident,)*) => {
        $(
            #[tauri::command]
            async fn $name(shell: State<'_, Shell>, req: $request) -> ApiResult<$answer> {
                let app = shell.app.clone();
                shell.answer(stringify!($name), async move { app.$name(req).await.map(Shown::shown) }).await
            }
        )*

        /// Answers every command of the list.
        pub(crate) fn handler() -> impl Fn(Invoke<tauri::Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($name),*]
        }
    };
}
with_commands!(commands);
