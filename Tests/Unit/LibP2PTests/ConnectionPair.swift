// SPDX-License-Identifier: Apache-2.0
import Cryptography
import LibP2P

/// Two machines joined by a wire that cuts bytes as it likes.
struct ConnectionPair {
    var dialler: ConnectionMachine
    var listener: ConnectionMachine
    var diallerEvents: [ConnectionMachine.Event] = []
    var listenerEvents: [ConnectionMachine.Event] = []
    private var numbers: SeededNumbers

    init(seed: UInt64 = 1, protocols: [String] = ["/echo"], expecting: PeerID? = nil) {
        numbers = SeededNumbers(seed)
        func setup(_ number: UInt8, expecting: PeerID? = nil) -> ConnectionMachine.Setup {
            ConnectionMachine.Setup(
                identity: Persons.key(number), staticKey: Persons.agreementKey(number),
                ephemeralKey: Persons.agreementKey(number + 10), expectedPeer: expecting,
                inboundStreamsMax: 8, isSupported: { protocols.contains($0) })
        }
        dialler = ConnectionMachine(isDialler: true, setup(1, expecting: expecting))
        listener = ConnectionMachine(isDialler: false, setup(2))
    }

    /// Carries bytes both ways until neither side has any.
    mutating func settle() throws {
        var isQuiet = false
        while !isQuiet {
            let (out, events) = try dialler.takeOutput()
            diallerEvents += events
            try Self.deliver(out, to: &listener, &listenerEvents, &numbers)
            let (back, more) = try listener.takeOutput()
            listenerEvents += more
            try Self.deliver(back, to: &dialler, &diallerEvents, &numbers)
            isQuiet = out.isEmpty && back.isEmpty
        }
    }

    private static func deliver(
        _ bytes: [UInt8], to machine: inout ConnectionMachine,
        _ events: inout [ConnectionMachine.Event], _ numbers: inout SeededNumbers
    ) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = min(rest.count, Int.random(in: 1...700, using: &numbers))
            events += try machine.receive(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
    }
}
