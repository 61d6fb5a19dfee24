//! The matching's words and the window's.

use sunbench_domain::matching::{DifferenceKind as Kind, Owner};
use sunbench_exchange::statement::Handling;

use crate::wire::{DifferenceKind, DifferenceOwner, ItemState};

macro_rules! kinds {
    ($($name:ident)*) => {
        pub(super) const fn kind(kind: Kind) -> DifferenceKind {
            match kind { $(Kind::$name => DifferenceKind::$name,)* }
        }
        pub(super) const fn kind_back(kind: DifferenceKind) -> Kind {
            match kind { $(DifferenceKind::$name => Kind::$name,)* }
        }
    };
}
kinds! {
    QuantityShort QuantityOver PriceDiffers AmountDiffers CodeDiffers UnitDiffers LotDiffers ExpiryDiffers NotOnPlatform
    NotInLedger ReceivedTwice InvoicedMoreThanReceived InvoiceMissing SettledWithoutAcceptance ReturnedStillInvoiced
    WrongMonth WrongSupplier
}

pub(super) const fn owner(owner: Owner) -> DifferenceOwner {
    match owner {
        Owner::Procurement => DifferenceOwner::Procurement,
        Owner::Store => DifferenceOwner::Store,
        Owner::Finance => DifferenceOwner::Finance,
        Owner::Supplier => DifferenceOwner::Supplier,
    }
}

pub(super) const fn owner_back(owner: DifferenceOwner) -> Owner {
    match owner {
        DifferenceOwner::Procurement => Owner::Procurement,
        DifferenceOwner::Store => Owner::Store,
        DifferenceOwner::Finance => Owner::Finance,
        DifferenceOwner::Supplier => Owner::Supplier,
    }
}

pub(super) const fn handling(state: ItemState) -> Handling {
    match state {
        ItemState::Open => Handling::Open,
        ItemState::Waiting => Handling::Waiting,
        ItemState::Filed => Handling::Filed,
        ItemState::Accepted => Handling::Accepted,
    }
}
