// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What a provider answers (TALK-4).
public enum LeaseAnswer: Hashable, Sendable {
    /// It is done, or will be.
    case done
    /// It is not, and why.
    case refused(Reason, words: String)
    /// A receipt that the provider signed.
    case receipt([UInt8], signature: Signature)
    /// What runs.
    case status(LeaseStatus)
    /// Output, and after which moment to ask next.
    case output([UInt8], next: Timestamp)
    /// How a program ended, and what it said.
    case ended(code: UInt32, output: [UInt8], errors: [UInt8])
    /// A snapshot of the volumes.
    case snapshot(SnapshotOffer)
    /// Chunks in the order asked for; an empty one is not here.
    case chunks([[UInt8]])
    /// The provider agrees that the standby has a snapshot: a statement and its signature.
    case held(statement: [UInt8], signature: Signature)

    /// Why a question is refused.
    public enum Reason: UInt8, Hashable, Sendable, CaseIterable {
        /// There is no such lease here.
        case unknownLease = 0
        /// The asker has no part in it, or not that part.
        case notAllowed = 1
        /// What was given is not what the ledger names.
        case otherManifest = 2
        /// What was given cannot be read or run here.
        case unfit = 3
        /// There is nothing of the kind: no receipt that waits, no snapshot that is newer.
        case nothing = 4
        /// The provider is occupied or its engine does not answer: ask again.
        case busy = 5
    }
}

/// What runs of a lease, and where it is reached.
public struct LeaseStatus: Hashable, Sendable, CanonicalCodable {
    /// Whether all that is wanted runs.
    public var isSettled: Bool
    /// What hinders it, in the provider's words; empty for nothing.
    public var hindrance: String
    /// What runs.
    public var copies: [CopyStatus]

    /// Joins the fields.
    public init(isSettled: Bool, hindrance: String, copies: [CopyStatus]) {
        self.isSettled = isSettled
        self.hindrance = hindrance
        self.copies = copies
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(isSettled)
        encoder.writeText(hindrance)
        encoder.writeList(copies)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        isSettled = try decoder.readFlag()
        hindrance = try decoder.readWord()
        copies = try decoder.readList(limit: LeaseTalkLimits.copiesMax)
    }
}

/// One copy of a service.
public struct CopyStatus: Hashable, Sendable, CanonicalCodable {
    /// The service.
    public var service: String
    /// Which copy, from 1.
    public var number: UInt32
    /// Where it is in its life, in the engine's word, such as `running`.
    public var state: String
    /// What its health check says, such as `healthy`.
    public var health: String
    /// How it ended; 0 before.
    public var exitCode: UInt32
    /// How often it began again.
    public var restarts: UInt64
    /// Ports that are reached from outside.
    public var ports: [ReachedPort]

    /// Joins the fields.
    public init(
        service: String, number: UInt32, state: String, health: String, exitCode: UInt32,
        restarts: UInt64, ports: [ReachedPort]
    ) {
        self.service = service
        self.number = number
        self.state = state
        self.health = health
        self.exitCode = exitCode
        self.restarts = restarts
        self.ports = ports
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(service)
        encoder.write(number)
        encoder.writeText(state)
        encoder.writeText(health)
        encoder.write(exitCode)
        encoder.write(restarts)
        encoder.writeList(ports)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        service = try decoder.readWord()
        number = try decoder.read()
        state = try decoder.readWord()
        health = try decoder.readWord()
        exitCode = try decoder.read()
        restarts = try decoder.read()
        ports = try decoder.readList(limit: LeaseTalkLimits.portsMax)
    }
}

/// Where a port of a copy is reached from outside.
public struct ReachedPort: Hashable, Sendable, CanonicalCodable {
    /// The number inside.
    public var target: UInt16
    /// Whether it is UDP.
    public var isDatagram: Bool
    /// Host and number outside.
    public var address: String

    /// Joins the fields.
    public init(target: UInt16, isDatagram: Bool, address: String) {
        self.target = target
        self.isDatagram = isDatagram
        self.address = address
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(target)
        encoder.write(isDatagram)
        encoder.writeText(address)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        target = try decoder.read()
        isDatagram = try decoder.readFlag()
        address = try decoder.readWord()
    }
}

/// A snapshot of all volumes of a lease at one moment.
public struct SnapshotOffer: Hashable, Sendable, CanonicalCodable {
    /// One volume's snapshot.
    public struct Root: Hashable, Sendable, CanonicalCodable {
        /// The volume.
        public var volume: String
        /// The chunk from which all others follow.
        public var chunk: Bytes32

        /// Joins the fields.
        public init(volume: String, chunk: Bytes32) {
            self.volume = volume
            self.chunk = chunk
        }

        /// Appends the fields in order.
        public func encode(to encoder: inout CanonicalEncoder) {
            encoder.writeText(volume)
            encoder.write(chunk)
        }

        /// Reads the fields in order.
        public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
            volume = try decoder.readWord()
            chunk = try decoder.read()
        }
    }

    /// Rises with every snapshot.
    public var sequence: UInt64
    /// When it was taken.
    public var takenAt: Timestamp
    /// How many bytes the volumes hold.
    public var bytes: UInt64
    /// The volumes, sorted by name.
    public var roots: [Root]

    /// What its digest is made under.
    public static let domain = "atoll/volume-snapshots/1"

    /// Joins the fields.
    public init(sequence: UInt64, takenAt: Timestamp, bytes: UInt64, roots: [Root]) {
        self.sequence = sequence
        self.takenAt = takenAt
        self.bytes = bytes
        self.roots = roots
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(sequence)
        encoder.write(takenAt)
        encoder.write(bytes)
        encoder.writeList(roots)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        sequence = try decoder.read()
        takenAt = try decoder.read()
        bytes = try decoder.read()
        roots = try decoder.readList(limit: LeaseTalkLimits.volumesMax)
    }
}
