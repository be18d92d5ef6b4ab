// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerSupport
import Testing
import Vocabulary

@testable import Treasury

@Suite("Airdrops")
struct AirdropTests {
    let hall: Hall
    let list: [(account: AccountID, amount: Amount)]
    let leaves: [Digest]

    /// Five places with 1 to 5 units; account 3 has two of them.
    init() throws {
        hall = try Hall()
        let accounts = [2, 3, 4, 3, 6].map(Hall.account)
        let list = accounts.enumerated().map { place, account in
            (account, Amount(whole: UInt64(place + 1)))
        }
        self.list = list
        leaves = list.enumerated().map { place, entry in
            Airdrop.leaf(UInt64(place), entry.0, entry.1)
        }
        try hall.send(
            .createAirdrop(
                CreateAirdrop(
                    source: .account(Hall.account(1)), amount: Amount(whole: 14),
                    root: Airdrop.root(of: leaves), leaves: 5, opens: Timestamp(Hall.day),
                    expires: Timestamp(3 * Hall.day))), from: 1)
        hall.wait(Hall.day)
    }

    private func claim(
        _ place: Int, account: AccountID? = nil, amount: Amount? = nil, as other: Int? = nil
    ) -> TreasuryMessage {
        .claimAirdrop(
            AirdropClaim(
                airdrop: 0, place: UInt64(other ?? place), account: account ?? list[place].account,
                amount: amount ?? list[place].amount,
                proof: Airdrop.proof(of: place, in: leaves)))
    }

    @Test("each place is paid once, to its own account, whoever asks (TREASURY-9)")
    func claims() throws {
        for place in 0..<4 { try hall.send(claim(place), from: 9) }
        #expect(hall.gained(3) == Amount(whole: 6) && hall.gained(9) == .zero)
        for place in 0..<4 {
            #expect(refusal { try hall.send(claim(place), from: 9) } == "alreadyClaimed")
        }
        // The list asks for fifteen; fourteen were set aside.
        #expect(refusal { try hall.send(claim(4), from: 9) } == "airdropEmpty")
        #expect(!hall.queries.isClaimed(4, of: 0) && hall.queries.isClaimed(3, of: 0))
    }

    @Test("sybil airdrop fails: no other account, amount or place is on the list (TREASURY-9)")
    func sybilAirdrop() throws {
        #expect(
            refusal { try hall.send(claim(0, account: Hall.account(20)), from: 20) } == "badProof")
        #expect(
            refusal { try hall.send(claim(0, amount: Amount(whole: 9)), from: 2) } == "badProof")
        for other in 1..<8 {
            #expect(refusal { try hall.send(claim(0, as: other), from: 2) } == "badProof")
        }
    }

    @Test("proofs hold for every place of lists of every size", arguments: 1...17)
    func sizes(_ count: Int) {
        let leaves = (0..<count).map {
            Airdrop.leaf(UInt64($0), Hall.account(1), Amount(UInt128($0 + 1)))
        }
        let airdrop = Airdrop(
            CreateAirdrop(
                source: .pool(0), amount: Amount(1), root: Airdrop.root(of: leaves),
                leaves: UInt64(count), opens: Timestamp(0), expires: Timestamp(1)),
            owner: Hall.account(1))
        for place in 0..<count {
            let proof = Airdrop.proof(of: place, in: leaves)
            #expect(airdrop.contains(leaves[place], at: UInt64(place), by: proof))
            #expect(
                !airdrop.contains(leaves[place], at: UInt64(place), by: proof + [leaves[place]]))
            #expect(!airdrop.contains(leaves[place], at: UInt64(count), by: proof))
        }
    }

    @Test("it opens and ends in its time, and what is left goes back (TREASURY-9)")
    func time() throws {
        let early = try AirdropTests()
        try early.hall.send(claim(0), from: 2)
        #expect(refusal { try early.hall.send(.sweepAirdrop(0), from: 1) } == "tooEarly")
        early.hall.wait(2 * Hall.day)
        #expect(refusal { try early.hall.send(claim(1), from: 3) } == "expired")
        #expect(refusal { try early.hall.send(.sweepAirdrop(0), from: 2) } == "notAllowed")
        try early.hall.send(.sweepAirdrop(0), from: 1)
        #expect(early.hall.spent(1) == Amount(whole: 1))
        #expect(refusal { try early.hall.send(.sweepAirdrop(0), from: 1) } == "nothingToClaim")
        let fresh = try Hall()
        try fresh.send(
            .createAirdrop(
                CreateAirdrop(
                    source: .account(Hall.account(1)), amount: Amount(whole: 14),
                    root: Airdrop.root(of: leaves), leaves: 5, opens: Timestamp(Hall.day),
                    expires: Timestamp(3 * Hall.day))), from: 1)
        #expect(refusal { try fresh.send(claim(0), from: 2) } == "tooEarly")
    }
}
