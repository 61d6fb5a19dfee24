//! How different hospitals and platforms keep their books.

/// How documents are numbered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Keys {
    /// The line's number is a key by itself.
    Whole,
    /// A long number of digits.
    Digits,
    /// 1, 2, 3 within the order.
    Small,
    /// The ledger holds the order's number only.
    OrderOnly,
    /// The ledger numbers in its own way.
    Foreign,
    /// The ledger holds no numbers.
    None,
}

#[derive(Clone, Debug)]
pub(crate) struct Style {
    pub name: &'static str,
    pub keys: Keys,
    pub lines: usize,
    pub products: u64,
    /// Days that the book spans.
    pub days: u64,
    /// Days from order to receipt, from and to.
    pub lag: (i64, i64),
    pub lots: bool,
    pub expiries: bool,
    pub full_codes_left: bool,
    /// Chances in a thousand: a new lot, the usual quantity, a name typed differently, a lot left out.
    pub new_lot: u64,
    pub standing: u64,
    pub retyped: u64,
    pub lots_blank: u64,
}

const BASE: Style = Style {
    name: "platform order lines, receipts with the line's key",
    keys: Keys::Whole,
    lines: 4000,
    products: 300,
    days: 31,
    lag: (1, 5),
    lots: true,
    expiries: true,
    full_codes_left: false,
    new_lot: 300,
    standing: 300,
    retyped: 150,
    lots_blank: 0,
};

/// Styles in which everything that the promise asks can be found out by a careful clerk.
pub(crate) const STYLES: [Style; 8] = [
    BASE,
    Style { name: "one day, long numbers", keys: Keys::Digits, lag: (0, 0), ..BASE },
    Style { name: "line numbers within the order", keys: Keys::Small, expiries: false, lag: (0, 9), ..BASE },
    Style { name: "a quarter, few products", products: 60, days: 92, new_lot: 150, standing: 500, ..BASE },
    Style { name: "order numbers only", keys: Keys::OrderOnly, retyped: 400, ..BASE },
    Style { name: "lots often left out", lots_blank: 250, lag: (0, 3), ..BASE },
    Style { name: "no lots", lots: false, expiries: false, ..BASE },
    Style { name: "small hospital", lines: 600, products: 120, lag: (2, 12), ..BASE },
];

/// Styles in which some lines cannot be told apart by anyone: measured for precision.
pub(crate) const HARD_STYLES: [Style; 4] = [
    Style { name: "no numbers", keys: Keys::None, new_lot: 700, ..BASE },
    Style { name: "own numbers", keys: Keys::Foreign, new_lot: 700, ..BASE },
    Style {
        name: "no numbers, long lots, standing orders",
        keys: Keys::None,
        new_lot: 60,
        standing: 700,
        ..BASE
    },
    Style {
        name: "no numbers, no lots",
        keys: Keys::None,
        lots: false,
        expiries: false,
        products: 900,
        ..BASE
    },
];
