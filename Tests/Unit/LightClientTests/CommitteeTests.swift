// SPDX-License-Identifier: Apache-2.0
import Accounts
import LightClient
import Testing
import Vocabulary

@Suite("A committee of a hundred fits a phone")
struct CommitteeTests {
    @Test("header, certificate and account proof of 100 validators stay below 8 KB (LIGHT-12)")
    func size() throws {
        let town = try Town(validators: 100, others: 5_000)
        let file = try town.chain.file([town.balanceKey])
        #expect(file.sections[0].finality.certificate.signatures.count == 67)
        #expect(file.sections[0].entries[0].proof.siblings.count > 10)
        #expect(file.bytes.count < 8_000, "\(file.bytes.count) bytes")
        #expect(
            try town.chain.verifier.balance(of: town.rich, in: file).amount == Amount(whole: 12))
    }

    @Test("66 of 100 equal validators are no quorum")
    func quorum() throws {
        let chain = try TrustedChain(validators: 100)
        let header = chain.header()
        #expect(throws: LightFailure.self) {
            try chain.verifier.verify(header, chain.finality(of: header, by: 0..<66))
        }
    }
}
