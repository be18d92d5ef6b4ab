// SPDX-License-Identifier: Apache-2.0
import Accounts
import Effects
import Glibc
import Ledger
import NodeAssembly
import Synchronization
import Vocabulary

/// Joining from a snapshot: every chunk checked against the root, every pair stored.
enum StateSync {
    static let rate = FigureID(
        "sync.rate", "1/s", "accounts per second that a joining node checks and stores",
        bar: .atLeast(500_000))
    static let making = FigureID(
        "sync.make", "1/s", "accounts per second that a snapshot is made of, unlimited")
    static let benchmark = Benchmark(figures: [rate, making], measure: measure)

    /// Accounts of a page that is stored at once.
    private static let pageAccounts = 20_000

    /// Pages of accounts in the order of their keys, each account with a nonce and a balance.
    private final class Pages: Sendable {
        private let next = Mutex(0)
        private let accounts: Int

        init(accounts: Int) { self.accounts = accounts }

        /// Nonces sort before balances, so the accounts are gone through twice.
        func page() -> PairList? {
            let start = next.withLock { next in
                defer { next += pageAccounts }
                return next
            }
            guard start < 2 * accounts else { return nil }
            var page = PairList(capacity: pageAccounts * 72)
            for place in start..<min(start + pageAccounts, 2 * accounts) {
                let account = AccountID(Self.account(place % accounts, of: accounts))
                let isNonce = place < accounts
                let key =
                    isNonce
                    ? AccountsKeys.nonce(of: account) : AccountsKeys.balance(of: account, .native)
                page.append(
                    [ModuleID.accounts.value] + key,
                    isNonce ? UInt64(place).canonicalValue : Amount(UInt128(place)).canonicalBytes)
            }
            return page
        }

        /// Accounts spread as hashes are, and ascending by their numbers.
        private static func account(_ number: Int, of count: Int) -> Bytes32 {
            let tail = Dice.bytes32(number)
            let place = UInt64(number) * (UInt64.max / UInt64(count))
            return Bytes32 { bytes in
                bytes.storeBytes(of: place.bigEndian, as: UInt64.self)
                for index in 8..<32 { bytes[index] = tail.bytes[index] }
            }
        }
    }

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let wish = getenv("ACCOUNTS").flatMap { Int(String(cString: $0)) }
        let accounts = wish ?? bench.either(1_000_000, quick: 200_000)
        bench.say("a state of \(accounts) accounts")
        let pages = Pages(accounts: accounts)
        let rehearsal = SyncRehearsal(effects: bench.effects, folder: "sync")
        let report: SyncRehearsal.Report
        do throws(SyncFailure) {
            report = try await rehearsal.run(storeBytesMax: 1 << 36) { pages.page() }
        } catch {
            throw BenchFailure("\(error)")
        }
        try await bench.effects.disk.removeFolder("sync")
        guard report.keys == UInt64(2 * accounts) else {
            throw BenchFailure("\(report.keys) keys of \(accounts) accounts")
        }
        let joining = Double(report.checking + report.building) / 1_000
        let meter =
            "wall time on two workers without a network: \(report.keys) keys and values, "
            + "\(report.bytes >> 20) MiB in \(report.chunks) chunks, each hashed up to the root, "
            + "sorted on disk (\(report.checking) ms) and appended to LMDB with syncs "
            + "(\(report.building) ms); the tree that the ledger builds when it opens the store "
            + "is not in it"
        return [
            Measurement(figure: rate, value: Double(accounts) / joining, meter: meter),
            Measurement(
                figure: making, value: Double(accounts) / (Double(report.making) / 1_000),
                meter: "wall time from the look at the store to the manifest, durable"),
        ]
    }
}

extension UInt64 {
    /// Eight bytes, the lowest first.
    fileprivate var canonicalValue: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}
