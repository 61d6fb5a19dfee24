//! 打印件: papers that are printed, signed and stamped.

use super::wire;

wire! {
    /// What is printed.
    enum PrintKind {
        /// 验收单 of a receipt; `id` is the receipt.
        AcceptanceSlip,
        /// 供应问题反馈 to the office (属地分局, 市局药械科); `id` is the supply problem.
        OfficeLetter,
        /// 供应问题反馈函 to the supplier, with a slip for the answer; `id` is the supply problem.
        SupplierLetter,
        /// 应急保供报备 of an order with quantities far from usual; `id` is its draft's name or the order's id, `text` the
        /// reason.
        SurgeReport,
        /// 院间调剂单; `id` is the transfer.
        TransferSlip,
        /// 整改反馈 of a notice, as it was sent, else as the person's draft stands; `id` is the notice.
        NoticeReply,
    }
}

wire! {
    /// A paper as pages.
    struct PrintReq {
        kind: PrintKind,
        id: String,
        /// 文号 of a letter; may be empty.
        number: String,
        /// 主送 of a letter to an office: its name; blank is the office that the problem was told.
        addressee: String,
        /// What a letter asks for; blank takes the usual words.
        text: String,
        /// Where to write it, for scripts; the window asks the person.
        path: Option<String>,
    }
}
