//! Choosing among candidates: only what is best for both sides, and clearly so.

use rustc_hash::{FxHashMap, FxHashSet};

use super::run::At;

/// A left and a right line that may belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) l: At,
    pub(super) r: At,
    pub(super) score: i32,
    pub(super) sound: bool,
}

/// How much better than the next candidate the best one has to be.
const MARGIN: i32 = 2;

/// Best score and the next one.
#[derive(Clone, Copy)]
struct Top {
    best: i32,
    next: i32,
}

impl Top {
    fn see(&mut self, score: i32) {
        if score > self.best {
            self.next = self.best;
            self.best = score;
        } else if score > self.next {
            self.next = score;
        }
    }

    const fn is_clear(self, score: i32) -> bool {
        score == self.best && score - self.next >= MARGIN
    }
}

type Tops = (FxHashMap<At, Top>, FxHashMap<At, Top>);

fn tops(edges: &[Edge]) -> Tops {
    let none = Top { best: i32::MIN / 2, next: i32::MIN / 2 };
    let of = |side: fn(&Edge) -> At| {
        let mut tops: FxHashMap<At, Top> = FxHashMap::default();
        for edge in edges {
            tops.entry(side(edge)).or_insert(none).see(edge.score);
        }
        tops
    };
    rayon::join(|| of(|edge| edge.l), || of(|edge| edge.r))
}

/// Splits `edges` (no line pair twice) into the pairs that are clearly best for both lines, and the edges between
/// lines that are then still free. Each round judges all edges at once, so their order does not matter.
pub(super) fn assign(mut edges: Vec<Edge>) -> (Vec<Edge>, Vec<Edge>) {
    let mut accepted = Vec::new();
    loop {
        let (lefts, rights) = tops(&edges);
        let chosen: Vec<Edge> = edges
            .iter()
            .filter(|e| e.sound && lefts[&e.l].is_clear(e.score) && rights[&e.r].is_clear(e.score))
            .copied()
            .collect();
        if chosen.is_empty() {
            return (accepted, edges);
        }
        let left: FxHashSet<At> = chosen.iter().map(|e| e.l).collect();
        let right: FxHashSet<At> = chosen.iter().map(|e| e.r).collect();
        edges.retain(|e| !left.contains(&e.l) && !right.contains(&e.r));
        accepted.extend(chosen);
    }
}

/// Groups the edges that are about as good as the best of both their lines: each group is one question to a person.
/// Where as many lines of one side as of the other are best for each other, the question is about them alone.
/// Groups and their lines come in a fixed order.
pub(super) fn questions(edges: &[Edge], least: i32) -> Vec<Vec<Edge>> {
    let (lefts, rights) = tops(edges);
    let near = |e: &&Edge, margin: i32| {
        e.score >= least && e.score > lefts[&e.l].best.max(rights[&e.r].best) - margin
    };
    let mut settled: (FxHashSet<At>, FxHashSet<At>) = Default::default();
    let mut found: Vec<Vec<Edge>> = Vec::new();
    for group in groups(edges.iter().filter(|e| near(e, 1)).copied().collect()) {
        let left: FxHashSet<At> = group.iter().map(|e| e.l).collect();
        let right: FxHashSet<At> = group.iter().map(|e| e.r).collect();
        if left.len() > 1 && left.len() == right.len() && group.len() == left.len() * right.len() {
            settled.0.extend(left);
            settled.1.extend(right);
            found.push(group);
        }
    }
    let open: Vec<Edge> = edges
        .iter()
        .filter(|e| near(e, MARGIN) && !settled.0.contains(&e.l) && !settled.1.contains(&e.r))
        .copied()
        .collect();
    found.extend(groups(open));
    found.sort_unstable_by_key(|group| group.iter().map(|e| (e.l, e.r)).min());
    found
}

/// Edges that share lines, together.
fn groups(mut edges: Vec<Edge>) -> Vec<Vec<Edge>> {
    edges.sort_unstable_by_key(|e| (e.l, e.r));
    let mut group_of: FxHashMap<(bool, At), usize> = FxHashMap::default();
    let mut groups: Vec<Vec<Edge>> = Vec::new();
    for edge in edges {
        let (a, b) = (group_of.get(&(false, edge.l)).copied(), group_of.get(&(true, edge.r)).copied());
        let into = match (a, b) {
            (Some(a), Some(b)) if a != b => {
                let (into, from) = (a.min(b), a.max(b));
                let moved = std::mem::take(&mut groups[from]);
                for e in &moved {
                    group_of.insert((false, e.l), into);
                    group_of.insert((true, e.r), into);
                }
                groups[into].extend(moved);
                into
            }
            (Some(at), _) | (_, Some(at)) => at,
            _ => {
                groups.push(Vec::new());
                groups.len() - 1
            }
        };
        group_of.insert((false, edge.l), into);
        group_of.insert((true, edge.r), into);
        groups[into].push(edge);
    }
    groups.retain(|group| !group.is_empty());
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(l: At, r: At, score: i32) -> Edge {
        Edge { l, r, score, sound: score >= 10 }
    }

    #[test]
    fn only_what_is_clearly_best_for_both() {
        for (edges, pairs, open) in [
            (vec![edge(0, 0, 20)], vec![(0, 0)], 0),
            (vec![edge(0, 0, 9)], vec![], 1),
            // Twins.
            (vec![edge(0, 0, 20), edge(0, 1, 20), edge(1, 0, 20), edge(1, 1, 20)], vec![], 4),
            // The better one leaves the other alone.
            (vec![edge(0, 0, 20), edge(0, 1, 12), edge(1, 1, 15)], vec![(0, 0), (1, 1)], 0),
            // One point is no reason.
            (vec![edge(0, 0, 20), edge(0, 1, 19)], vec![], 2),
        ] {
            let (accepted, rest) = assign(edges.clone());
            let got: Vec<_> = accepted.iter().map(|e| (e.l, e.r)).collect();
            assert_eq!((got, rest.len()), (pairs, open), "{edges:?}");
        }
    }

    #[test]
    fn twins_are_one_question() {
        let edges = [edge(0, 0, 20), edge(0, 1, 20), edge(1, 0, 20), edge(1, 1, 20), edge(5, 7, 9)];
        let groups = questions(&edges, 9);
        assert_eq!(groups.iter().map(Vec::len).collect::<Vec<_>>(), [4, 1]);
        // A third line that fits the twins less well is no part of their question.
        let third = [edges[0], edges[1], edges[2], edges[3], edge(2, 0, 19), edge(2, 1, 19)];
        assert_eq!(questions(&third, 9).iter().map(Vec::len).collect::<Vec<_>>(), [4]);
        // One line here and two there: all that is about as good.
        let two = [edge(0, 0, 20), edge(0, 1, 20), edge(1, 1, 19)];
        assert_eq!(questions(&two, 9).iter().map(Vec::len).collect::<Vec<_>>(), [3]);
    }
}
