//! Whose turn it is to write: one transaction at a time, people before sync, sync never starved.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, ThreadId},
};

/// While sync waits, at most this many transactions of people go first. A person writes once in a while; only an
/// import in chunks gets near it.
const LOCAL_RUN: u32 = 16;

/// Who wants to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    /// People's work.
    Local,
    /// Sync.
    Mirror,
}

/// First come, first served within a lane.
#[derive(Debug, Default)]
struct Queue {
    next: u64,
    serving: u64,
}

impl Queue {
    fn waiting(&self) -> bool {
        self.next > self.serving
    }
}

#[derive(Debug, Default)]
struct Line {
    holder: Option<ThreadId>,
    local: Queue,
    mirror: Queue,
    local_run: u32,
}

impl Line {
    fn queue(&mut self, lane: Lane) -> &mut Queue {
        match lane {
            Lane::Local => &mut self.local,
            Lane::Mirror => &mut self.mirror,
        }
    }

    fn may_go(&mut self, lane: Lane, ticket: u64) -> bool {
        let people_first = self.local.waiting() && (self.local_run < LOCAL_RUN || !self.mirror.waiting());
        self.holder.is_none()
            && self.queue(lane).serving == ticket
            && match lane {
                Lane::Local => people_first,
                Lane::Mirror => !people_first,
            }
    }
}

/// The single place where writers wait for each other.
#[derive(Debug, Default)]
pub(crate) struct WriteGate {
    line: Mutex<Line>,
    moved: Condvar,
}

/// The right to write, until dropped.
#[derive(Debug)]
pub(crate) struct Turn<'a>(&'a WriteGate);

impl WriteGate {
    /// Waits for the turn.
    ///
    /// # Panics
    /// When this thread has a turn already: it would wait for itself for ever.
    pub(crate) fn enter(&self, lane: Lane) -> Turn<'_> {
        let me = thread::current().id();
        let mut line = self.line();
        assert!(line.holder != Some(me), "a write inside a write: pass the transaction down instead");
        let ticket = line.queue(lane).next;
        line.queue(lane).next += 1;
        while !line.may_go(lane, ticket) {
            line = self.moved.wait(line).unwrap_or_else(PoisonError::into_inner);
        }
        line.holder = Some(me);
        line.queue(lane).serving += 1;
        line.local_run = match lane {
            Lane::Local if line.mirror.waiting() => line.local_run + 1,
            _ => 0,
        };
        Turn(self)
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.line().holder = None;
        self.0.moved.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, thread, time::Duration};

    use super::*;

    /// Lets the threads of `lanes` queue up in that order behind a turn of sync, and says in which order they went.
    fn order(lanes: &[Lane]) -> Vec<(Lane, usize)> {
        let gate = Arc::new(WriteGate::default());
        let went = Arc::new(Mutex::new(Vec::new()));
        let first = gate.enter(Lane::Mirror);
        let threads: Vec<_> = lanes
            .iter()
            .enumerate()
            .map(|(i, &lane)| {
                let before = {
                    let mut l = gate.line();
                    l.queue(lane).next
                };
                let (queue, log) = (Arc::clone(&gate), Arc::clone(&went));
                let thread = thread::spawn(move || {
                    let _turn = queue.enter(lane);
                    log.lock().unwrap().push((lane, i));
                });
                while gate.line().queue(lane).next == before {
                    thread::sleep(Duration::from_millis(1));
                }
                thread
            })
            .collect();
        drop(first);
        for thread in threads {
            thread.join().unwrap();
        }
        let went = went.lock().unwrap();
        went.clone()
    }

    #[test]
    fn people_go_before_sync_in_their_own_order() {
        use Lane::{Local, Mirror};
        assert_eq!(
            order(&[Mirror, Local, Mirror, Local]),
            [(Local, 1), (Local, 3), (Mirror, 0), (Mirror, 2)]
        );
    }

    #[test]
    fn a_flood_of_people_does_not_starve_sync() {
        let mut lanes = vec![Lane::Mirror];
        lanes.extend([Lane::Local; LOCAL_RUN as usize + 5]);
        let went = order(&lanes);
        let at = went.iter().position(|&(lane, _)| lane == Lane::Mirror).unwrap();
        assert_eq!(at, LOCAL_RUN as usize);
    }

    #[test]
    fn a_panic_gives_the_turn_back() {
        let gate = Arc::new(WriteGate::default());
        let other = Arc::clone(&gate);
        thread::spawn(move || {
            let _turn = other.enter(Lane::Local);
            panic!("on purpose");
        })
        .join()
        .unwrap_err();
        drop(gate.enter(Lane::Mirror));
    }

    #[test]
    #[should_panic(expected = "a write inside a write")]
    fn a_nested_write_is_a_defect_not_a_hang() {
        let gate = WriteGate::default();
        let _turn = gate.enter(Lane::Local);
        let _never = gate.enter(Lane::Mirror);
    }
}
