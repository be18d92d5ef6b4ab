// SPDX-License-Identifier: Apache-2.0
import Testing
import Vocabulary

@testable import LibP2P

@Suite("Multistream-select (LIBP-11)")
struct NegotiationTests {
    private func responder(_ protocols: String...) -> Negotiation {
        Negotiation(supporting: { protocols.contains($0) })
    }

    /// Lets both sides talk until neither has anything to say.
    private func talk(
        _ initiator: inout Negotiation, _ responder: inout Negotiation
    ) throws(NegotiationFailure) -> (String?, String?) {
        var toResponder = initiator.start()
        var toInitiator = responder.start()
        var first: String?
        var second: String?
        while !toResponder.isEmpty || !toInitiator.isEmpty {
            let answer = second == nil ? try responder.receive(toResponder) : .init()
            second = second ?? answer.agreed
            let next = first == nil ? try initiator.receive(toInitiator + answer.send) : .init()
            first = first ?? next.agreed
            toResponder = next.send
            toInitiator = []
        }
        return (first, second)
    }

    @Test("the opening bytes are those of the specification")
    func bytes() {
        let opening = Negotiation(proposing: ["/noise"]).start()
        #expect(
            Hexadecimal.encode(opening) == "132f6d756c746973747265616d2f312e302e300a"
                + "072f6e6f6973650a")
    }

    @Test("both agree on the first proposal that the other side has")
    func agreement() throws {
        var initiator = Negotiation(proposing: ["/a", "/b", "/c"])
        var other = responder("/c", "/b")
        #expect(try talk(&initiator, &other) == ("/b", "/b"))
    }

    @Test("without a common protocol the initiator gives up")
    func disagreement() {
        var initiator = Negotiation(proposing: ["/a", "/b"])
        var other = responder("/c")
        #expect(throws: NegotiationFailure.noneAgreed) { try talk(&initiator, &other) }
    }

    @Test("what follows the agreement is left for the protocol")
    func rest() throws {
        var other = responder("/a")
        let progress = try other.receive(Negotiation(proposing: ["/a"]).start() + [1, 2, 3])
        #expect(progress.agreed == "/a")
        #expect(progress.rest == [1, 2, 3])
    }

    @Test("a stranger of another protocol is told apart at its first message")
    func strangers() {
        for bytes in [Array("GET / HTTP/1.1\r\n".utf8), [3, 0x61, 0x62, 0x0a]] {
            var other = responder("/a")
            #expect(throws: NegotiationFailure.notMultistream) { try other.receive(bytes) }
        }
    }

    @Test("endless proposals end the negotiation")
    func proposals() {
        var other = responder("/a")
        let header = LengthPrefixedReader.frame(Array("/multistream/1.0.0\n".utf8))
        let proposals = (0...Negotiation.proposalsMax).flatMap {
            LengthPrefixedReader.frame(Array("/\($0)\n".utf8))
        }
        #expect(throws: NegotiationFailure.tooManyProposals) {
            try other.receive(header + proposals)
        }
    }

    @Test("an answer that was not asked for ends the negotiation")
    func unexpected() {
        var initiator = Negotiation(proposing: ["/a"])
        let answer = ["/multistream/1.0.0\n", "/b\n"].flatMap {
            LengthPrefixedReader.frame(Array($0.utf8))
        }
        #expect(throws: NegotiationFailure.unexpectedAnswer) { try initiator.receive(answer) }
    }

    @Test("both sides survive any bytes")
    func fuzz() {
        var numbers = SeededNumbers(8)
        let bytes = Negotiation(proposing: ["/a"]).start()
        for _ in 0..<2_000 {
            var other = responder("/a")
            _ = try? other.receive(numbers.mutated(bytes))
            var initiator = Negotiation(proposing: ["/a"])
            _ = try? initiator.receive(numbers.mutated(bytes))
        }
    }
}
