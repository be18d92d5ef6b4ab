// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Leases

/// A state that counts what is asked of it.
private final class CountedState: StateReader {
    private let base: any StateReader
    /// Values read, pairs returned.
    private(set) var reads = 0

    init(_ base: any StateReader) { self.base = base }

    func value(_ module: ModuleID, _ key: [UInt8]) -> [UInt8]? {
        reads += 1
        return base.value(module, key)
    }

    func scan(
        _ module: ModuleID, prefix: [UInt8], after: [UInt8]?, limit: Int
    ) -> [(key: [UInt8], value: [UInt8])] {
        let found = base.scan(module, prefix: prefix, after: after, limit: limit)
        reads += 1 + found.count
        return found
    }
}

@Suite("What leases cost a block")
struct CostTests {
    /// Reads and changes of a block with one renewal, one receipt and one lease that is due, where
    /// so many others stand.
    private func cost(beside count: Int) throws -> (reads: Int, changes: Int) {
        let yard = try Yard()
        let lease = try yard.run()
        for number in 0..<count {
            var terms = Yard.terms()
            terms.salt = Bytes32 { $0.storeBytes(of: UInt64(number + 1), as: UInt64.self) }
            terms.decideMilliseconds = 3_600_000
            try yard.send(
                .openLease(OpenLease(terms: terms, deposit: Amount(3_600))), from: 1)
        }
        _ = try yard.open()
        yard.wait(Yard.minute + 1)
        let state = CountedState(StateAfter(yard.context))
        let block = ExecutionContext.block(
            9, at: yard.now.value, on: Yard.chain, over: state)
        let receipt = try yard.receipt(lease)
        for message in [
            LeasesMessage.renewLeases(
                RenewLeases(leases: [LeaseRenewal(lease: lease, token: FencingToken(1))])),
            .settleUsage(SettleUsage(lease: lease, receipts: [receipt])),
        ] {
            try Yard.module.execute(message.canonicalBytes, from: Yard.account(10), in: block)
        }
        Yard.module.endBlock(in: block)
        return (state.reads, block.changes(of: .leases).count)
    }

    @Test("ten times as many leases cost a block nothing more (LEASES-19)")
    func flat() throws {
        let few = try cost(beside: 50)
        let many = try cost(beside: 500)
        #expect(many.changes == few.changes)
        #expect(many.reads == few.reads, "\(few.reads), \(many.reads)")
        #expect(few.reads < 64)
    }
}
