// SPDX-License-Identifier: Apache-2.0
import JSONText
import Leases

extension Schema {
    /// Leases and capacities.
    static var leases: [(name: String, schema: JSON)] {
        [
            ("Resources", resources), ("LeasePrices", leasePrices), ("LeaseTerms", leaseTerms),
            ("LeaseSeat", leaseSeat), ("LeaseRecord", lease),
            ("LeasePage", page("leases", of: "LeaseRecord")),
            ("Capacity", capacity),
        ]
    }

    private static var resources: JSON {
        let named = list(object([("name", text), ("amount", count)]))
        return object([
            ("milliCores", count), ("memoryBytes", count), ("egressBytesPerSecond", count),
            ("storage", named), ("devices", named),
        ])
    }

    private static var leasePrices: JSON {
        object([
            ("base", amount), ("coreSecond", amount), ("memoryGigabyteSecond", amount),
            ("storageGigabyteSecond", amount), ("gigabyteIn", amount), ("gigabyteOut", amount),
            ("millionRequests", amount),
        ])
    }

    private static var leaseTerms: JSON {
        let group = object([
            ("name", text), ("count", count), ("each", reference("Resources")),
        ])
        return object([
            ("work", word(LeaseWork.allCases.map { "\($0)" })),
            ("kind", word(LeaseKind.allCases.map { "\($0)" })), ("groups", list(group)),
            ("regions", list(text)), ("attributes", list(text)), ("periodMilliseconds", count),
            ("ceiling", amount), ("standbys", count), ("standbyCeiling", amount),
            ("recoveryMilliseconds", count), ("takeoverMilliseconds", count),
            ("noticeMilliseconds", count), ("receiptKey", digest), ("isAutomatic", flag),
        ])
    }

    private static var leaseSeat: JSON {
        let snapshot = object([
            ("sequence", count), ("digest", digest), ("bytes", count), ("takenAt", time),
        ])
        return object([
            ("provider", digest), ("prices", reference("LeasePrices")), ("standbyRate", amount),
            ("receiptKey", digest), ("snapshot?", snapshot),
        ])
    }

    private static var lease: JSON {
        let states = ["open", "reserved", "active", "paused", "grace", "closing", "closed"]
        let bid = object([
            ("provider", digest), ("prices", reference("LeasePrices")), ("standbyRate", amount),
            ("receiptKey", digest), ("heldUntil", time),
        ])
        let claim = object([
            ("from", time), ("until", time), ("amount", amount), ("contestBy", time),
        ])
        let reason = word(CloseReason.allCases.map(\.name))
        return object([
            ("lease", digest), ("state", word(states)), ("tenant", digest),
            ("deployment", digest), ("manifest", digest), ("asset", count), ("token", count),
            ("receipts", count), ("lastReceipt", digest), ("paid", amount), ("openedAt", time),
            ("terms?", reference("LeaseTerms")), ("funds?", amount), ("rate?", amount),
            ("resources?", reference("Resources")), ("primary?", reference("LeaseSeat")),
            ("standbys?", list(reference("LeaseSeat"))), ("bids?", list(bid)),
            ("until?", time), ("fundsEnd?", time), ("settledUntil?", time), ("aliveUntil?", time),
            ("claim?", claim), ("leaving?", reason), ("leavesAt?", time), ("provider?", digest),
            ("refund?", amount), ("reason?", reason), ("by?", digest), ("closedAt?", time),
        ])
    }

    private static var capacity: JSON {
        object([
            ("provider", digest), ("region", text), ("attributes", list(text)),
            ("declared", reference("Resources")), ("held", reference("Resources")),
        ])
    }
}
