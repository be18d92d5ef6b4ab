// SPDX-License-Identifier: Apache-2.0

/// Why two sides found no protocol.
public enum NegotiationFailure: Error, Hashable, Sendable {
    /// The other side does not speak multistream-select.
    case notMultistream
    /// The other side has none of the proposed protocols.
    case noneAgreed
    /// The other side answered with another protocol than was proposed.
    case unexpectedAnswer
    /// The other side proposed more than ``Negotiation/proposalsMax`` protocols.
    case tooManyProposals
    /// A message could not be read.
    case wire(WireFailure)
}

/// One side of multistream-select 1.0, as a value: bytes in, bytes out, until a protocol is agreed.
///
/// The initiator sends its first proposal together with the header, without waiting: both fit one
/// packet, and a side that knows no multistream answers nothing that could be taken for yes.
///
/// Source: multistream-select 1.0; libp2p connections specification; LIBP-11.
public struct Negotiation: Sendable {
    /// The first message of both sides.
    public static let header = "/multistream/1.0.0"
    /// The answer to a proposal that is not taken.
    static let refusal = "na"
    /// The longest message: the longest protocol name with its line feed, rounded up.
    public static let messageBytesMax = 1_024
    /// The most protocols one negotiation proposes.
    public static let proposalsMax = 64

    private enum Role {
        case initiator(proposals: [String], asked: Int)
        case responder(isSupported: @Sendable (String) -> Bool, refused: Int)
    }

    /// What came of some bytes.
    public struct Progress: Sendable {
        /// What to send now.
        public var send: [UInt8] = []
        /// The protocol, once agreed.
        public var agreed: String?
        /// What arrived after the agreement and belongs to the protocol.
        public var rest: [UInt8] = []
    }

    private var role: Role
    private var reader = LengthPrefixedReader(messageBytesMax: messageBytesMax)
    private var hasHeader = false

    /// The side that opens.
    ///
    /// - Parameter proposals: One to ``proposalsMax`` protocols, the preferred first.
    public init(proposing proposals: [String]) {
        precondition(!proposals.isEmpty && proposals.count <= Self.proposalsMax)
        role = .initiator(proposals: proposals, asked: 0)
    }

    /// The side that answers.
    public init(supporting isSupported: @escaping @Sendable (String) -> Bool) {
        role = .responder(isSupported: isSupported, refused: 0)
    }

    /// What to send before anything arrives.
    public func start() -> [UInt8] {
        switch role {
        case .initiator(let proposals, _): Self.message(Self.header) + Self.message(proposals[0])
        case .responder: Self.message(Self.header)
        }
    }

    /// Takes what has arrived. Not to be called again once agreed.
    ///
    /// - Throws: ``NegotiationFailure``; the negotiation is over then.
    public mutating func receive(_ bytes: [UInt8]) throws(NegotiationFailure) -> Progress {
        var progress = Progress()
        reader.append(bytes)
        // What speaks another protocol is told apart by its first byte.
        guard hasHeader || reader.agrees(with: Self.message(Self.header)) else {
            throw .notMultistream
        }
        while progress.agreed == nil, let message = try nextMessage() {
            guard hasHeader else {
                guard message == Self.header else { throw .notMultistream }
                hasHeader = true
                continue
            }
            try answer(message, &progress)
        }
        if progress.agreed != nil { progress.rest = reader.takeRest() }
        return progress
    }

    private mutating func answer(
        _ message: String, _ progress: inout Progress
    ) throws(NegotiationFailure) {
        switch role {
        case .initiator(let proposals, let asked):
            if message == proposals[asked] {
                progress.agreed = message
                return
            }
            guard message == Self.refusal else { throw .unexpectedAnswer }
            guard asked + 1 < proposals.count else { throw .noneAgreed }
            role = .initiator(proposals: proposals, asked: asked + 1)
            progress.send += Self.message(proposals[asked + 1])
        case .responder(let isSupported, let refused):
            if isSupported(message) {
                progress.send += Self.message(message)
                progress.agreed = message
                return
            }
            guard refused < Self.proposalsMax else { throw .tooManyProposals }
            role = .responder(isSupported: isSupported, refused: refused + 1)
            progress.send += Self.message(Self.refusal)
        }
    }

    private mutating func nextMessage() throws(NegotiationFailure) -> String? {
        do throws(WireFailure) {
            guard let bytes = try reader.next() else { return nil }
            guard bytes.last == UInt8(ascii: "\n"),
                let text = String(validating: bytes.dropLast(), as: UTF8.self)
            else { throw .malformed(.message) }
            return text
        } catch {
            throw hasHeader ? .wire(error) : .notMultistream
        }
    }

    private static func message(_ text: String) -> [UInt8] {
        LengthPrefixedReader.frame(Array(text.utf8) + [UInt8(ascii: "\n")])
    }
}
