// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import Consensus

@Suite("What is signed and sent")
struct EncodingTests {
    let fixture = Fixture()

    private var samples: [ConsensusMessage] {
        let first = fixture.block(slot: 1, payload: [1, 2, 3])
        let second = fixture.block(slot: 3, on: first)
        let proposal = fixture.proposal(
            second, parent: fixture.certificate(fixture.notar(first)),
            skips: [fixture.certificate(.skip(Slot(2)))])
        let proof = FinalityProof(
            certificate: fixture.certificate(fixture.final(second)), descendants: [second.header])
        return [
            .proposal(proposal), .vote(fixture.vote(.skip(Slot(2)), by: 1)),
            .certificate(fixture.certificate(fixture.final(first))),
            .status(
                ConsensusStatus(
                    epoch: Epoch(0), finalHeight: BlockHeight(1), finalSlot: Slot(2), slot: Slot(3))
            ),
            .blockRequest(from: BlockHeight(1), count: 64),
            .blockResponse([FinalizedBlock(block: first, proof: proof)]),
            .slotRequest(Epoch(0), Slot(9)),
            .stateWord(StateWord(height: BlockHeight(16), root: Fixture.digest(7))),
        ]
    }

    @Test("every message, record, set and piece of evidence comes back from its bytes")
    func roundTrip() throws {
        for message in samples {
            #expect(try ConsensusMessage(canonicalBytes: message.canonicalBytes) == message)
        }
        let vote = fixture.vote(.skip(Slot(1)), by: 0)
        let records: [ConsensusRecord] = [
            .vote(vote), .certificate(fixture.certificate(.skip(Slot(1)))),
            .proposal(fixture.proposal(fixture.block(slot: 1))),
        ]
        for record in records {
            #expect(try ConsensusRecord(canonicalBytes: record.canonicalBytes) == record)
        }
        #expect(
            try ValidatorSet(canonicalBytes: fixture.validators.canonicalBytes)
                == fixture.validators)
        let evidence = EquivocationEvidence.votes(vote, vote)
        #expect(try EquivocationEvidence(canonicalBytes: evidence.canonicalBytes) == evidence)
    }

    @Test("the bytes of header, vote and set are pinned")
    func pinned() {
        let block = fixture.block(slot: 1, payload: [1])
        #expect(block.header.canonicalBytes.count == 208)
        #expect(
            Statement.skip(Slot(5)).canonicalBytes == [1, 5, 0, 0, 0, 0, 0, 0, 0])
        #expect(SignerSet([0, 2, 9]).canonicalBytes == [2, 5, 2])
        let signed = Statement.skip(Slot(5)).signedBytes(chain: fixture.chain, epoch: Epoch(0))
        #expect(signed.prefix(13).elementsEqual("atoll/vote/1\0".utf8))
        #expect(signed.count == 13 + 32 + 8 + 9)
        #expect(block.hash == block.header.digest(domain: "atoll/block/1"))
    }

    @Test("bytes changed, cut or made up never bring a decoder down", arguments: 0..<8 as Range)
    func fuzz(seed: Int) {
        var dice = Dice(seed: UInt64(seed))
        let originals = samples.map(\.canonicalBytes)
        var survivors = 0
        for _ in 0..<150 {
            var bytes = originals[dice.below(originals.count)]
            for _ in 0...dice.below(4) where !bytes.isEmpty {
                switch dice.below(3) {
                case 0: bytes[dice.below(bytes.count)] = UInt8(dice.below(256))
                case 1: bytes.removeLast(dice.below(bytes.count))
                default: bytes.insert(UInt8(dice.below(256)), at: dice.below(bytes.count))
                }
            }
            guard let message = try? ConsensusMessage(canonicalBytes: bytes) else { continue }
            survivors += 1
            #expect(message.canonicalBytes == bytes, "one value has one encoding")
        }
        #expect(survivors > 0)
    }

    @Test("a payload that is not the header's, or too long, makes no block")
    func payload() {
        let block = fixture.block(slot: 1, payload: [1])
        #expect(Block(header: block.header, payload: [2]) == nil)
        var bytes = block.canonicalBytes
        bytes[bytes.count - 1] = 2
        #expect(throws: CanonicalError.outOfRange("Block")) {
            try Block(canonicalBytes: bytes)
        }
        let long = [UInt8](repeating: 0, count: Block.payloadBytesMax + 1)
        var header = block.header
        header.payloadDigest = Block.digest(of: long)
        #expect(Block(header: header, payload: long) == nil)
    }

    @Test("an answer with blocks stays within the limit of one message")
    func answers() throws {
        let payload = [UInt8](repeating: 7, count: 1 << 20)
        let block = fixture.block(slot: 1, payload: payload)
        let certificate = fixture.certificate(fixture.final(block))
        let final = FinalizedBlock(block: block, proof: FinalityProof(certificate: certificate))
        let message = ConsensusMessage.response(repeatElement(final, count: 100))
        guard case .blockResponse(let blocks) = message else { throw CanonicalError.badLength }
        #expect(blocks.count == 4)
        #expect(message.canonicalBytes.count <= ConsensusMessage.bytesMax)
    }
}
