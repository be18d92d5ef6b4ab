// SPDX-License-Identifier: Apache-2.0
import Foundation
import Ledger
import LightClient
import Receipts
import Testing

/// The files that the JavaScript SDK is tested with hold here as well.
@Suite("The files of a real cloud")
struct FixtureTests {
    private static func file(_ name: String) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../SDKs/javascript/tests/fixtures").standardized
        return Array(try Data(contentsOf: folder.appending(path: name)))
    }

    @Test("the receipt holds in all its steps")
    func receipt() throws {
        let genesis = try Genesis(bytes: Self.file("genesis.json"))
        let file = try ReceiptFile(bytes: Self.file("job.receipt"))
        let checks: [ReceiptCheck] = ReceiptVerifier(genesis: genesis).check(file)
        let names = checks.map(\.name)
        #expect(names == ["chain", "quorum", "state", "time", "receipt"])
        #expect(checks.filter { !$0.holds }.isEmpty)
    }

    @Test("the proof of a balance holds")
    func proof() throws {
        let genesis = try Genesis(bytes: Self.file("genesis.json"))
        let file = try ProofFile(bytes: Self.file("balance.proof"))
        #expect(try LightVerifier(genesis: genesis).verify(file).count == 1)
    }
}
