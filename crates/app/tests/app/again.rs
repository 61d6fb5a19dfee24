//! Sending a refused submission again.

use sunbench_app::wire::{OutboxKeyReq, OutboxState};
use sunbench_app::{ApiError, ErrorCode};

use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn sending_again_takes_a_key_of_its_own() {
    let world = World::start().await;
    let seat = world.seat().await;
    seat.up_to_date().await;
    let notice = world.issue_notice("再次发送", "正文");
    seat.arrival(&notice).await;
    let first = seat.answer(&notice, 1, &"长".repeat(5001)).await;
    seat.settled(&first.key, OutboxState::Refused).await;

    let again = seat.app.outbox_resend(OutboxKeyReq { key: first.key.clone() }).await.unwrap();
    assert_ne!(again.key, first.key, "the platform keeps its answer to a key");
    assert_eq!(again.digest, first.digest, "the same content");
    assert_eq!(seat.item(&first.key).await.state, OutboxState::Withdrawn);
    seat.settled(&again.key, OutboxState::Refused).await;

    let gone = seat.app.outbox_resend(OutboxKeyReq { key: first.key }).await;
    assert_eq!(gone, Err(ApiError::from(ErrorCode::WrongState)), "what was withdrawn is not sent");
    seat.close().await;
}
