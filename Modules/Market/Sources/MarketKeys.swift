// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Where the market keeps what, below its module byte (README.md, State).
public enum MarketKeys {
    /// The parameters: one value.
    public static let parameters: [UInt8] = [0]
    static let orders: [UInt8] = [1]
    static let receipts: [UInt8] = [2]
    static let due: [UInt8] = [3]
    static let touched: [UInt8] = [4]
    static let reservationCounts: [UInt8] = [5]
    static let reservations: [UInt8] = [6]
    static let clients: [UInt8] = [7]
    static let wanting: [UInt8] = [8]

    /// A live ``Order``.
    public static func order(_ job: JobID) -> [UInt8] { orders + job.raw.bytes }

    /// The ``Receipt`` of an ended order.
    public static func receipt(_ job: JobID) -> [UInt8] { receipts + job.raw.bytes }

    /// An order in the index of due orders: time, then job.
    static func due(_ time: Timestamp, _ job: JobID) -> [UInt8] {
        due + bigEndian(time.value) + job.raw.bytes
    }

    /// An order whose bids or leases changed in this block.
    static func touched(_ job: JobID) -> [UInt8] { touched + job.raw.bytes }

    /// How many slots a provider has reserved.
    static func reservationCount(_ provider: AccountID) -> [UInt8] {
        reservationCounts + provider.raw.bytes
    }

    /// One reservation: provider, then job.
    static func reservation(_ provider: AccountID, _ job: JobID) -> [UInt8] {
        reservations(of: provider) + job.raw.bytes
    }

    /// All reservations of a provider.
    static func reservations(of provider: AccountID) -> [UInt8] {
        reservations + provider.raw.bytes
    }

    /// An order among its client's: client, height counted down, job.
    static func client(_ client: AccountID, _ height: BlockHeight, _ job: JobID) -> [UInt8] {
        clientOrders(of: client) + bigEndian(UInt64.max - height.value) + job.raw.bytes
    }

    /// All orders of a client.
    static func clientOrders(of client: AccountID) -> [UInt8] { clients + client.raw.bytes }

    /// An order that wants bids: height opened, then job.
    static func wanting(_ height: BlockHeight, _ job: JobID) -> [UInt8] {
        wanting + bigEndian(height.value) + job.raw.bytes
    }

    static func bigEndian(_ value: UInt64) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    /// The job at the end of an index key.
    static func job(endOf key: [UInt8]) -> JobID {
        guard let raw = Bytes32(key.suffix(Bytes32.count)) else {
            preconditionFailure("an index key ends with a job")
        }
        return JobID(raw)
    }

    /// The time at the start of a key of the due index.
    static func time(ofDue key: [UInt8]) -> Timestamp {
        Timestamp(key.dropFirst().prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }
}
