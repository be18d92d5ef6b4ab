// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// What a machine says it has; nobody has measured it. Zero stands for nothing said.
///
/// Source: the hardware registry of requirement CO-38.
public struct Machine: Hashable, Sendable, CanonicalCodable {
    /// Hardware threads.
    public var threads: UInt32
    /// Bytes of memory.
    public var memoryBytes: UInt64
    /// Bytes of storage on offer.
    public var storageBytes: UInt64
    /// Accelerators.
    public var accelerators: UInt16
    /// Bytes of memory of one accelerator.
    public var acceleratorMemoryBytes: UInt64

    /// Describes a machine.
    public init(
        threads: UInt32 = 0, memoryBytes: UInt64 = 0, storageBytes: UInt64 = 0,
        accelerators: UInt16 = 0, acceleratorMemoryBytes: UInt64 = 0
    ) {
        self.threads = threads
        self.memoryBytes = memoryBytes
        self.storageBytes = storageBytes
        self.accelerators = accelerators
        self.acceleratorMemoryBytes = acceleratorMemoryBytes
    }

    /// Whether this machine has at least what the other has, in every part.
    public func covers(_ least: Machine) -> Bool {
        threads >= least.threads && memoryBytes >= least.memoryBytes
            && storageBytes >= least.storageBytes && accelerators >= least.accelerators
            && acceleratorMemoryBytes >= least.acceleratorMemoryBytes
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(threads)
        encoder.write(memoryBytes)
        encoder.write(storageBytes)
        encoder.write(accelerators)
        encoder.write(acceleratorMemoryBytes)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        threads = try decoder.read()
        memoryBytes = try decoder.read()
        storageBytes = try decoder.read()
        accelerators = try decoder.read()
        acceleratorMemoryBytes = try decoder.read()
    }
}

/// What a machine does for the network (requirement CO-38).
public struct ServiceRoles: OptionSet, Hashable, Sendable, CanonicalCodable {
    /// One bit a role.
    public let rawValue: UInt8

    /// Takes bits as they are.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Runs programs.
    public static let compute = ServiceRoles(rawValue: 1)
    /// Keeps bytes.
    public static let storage = ServiceRoles(rawValue: 2)
    /// Makes cryptographic proofs.
    public static let prover = ServiceRoles(rawValue: 4)
    /// Runs again what others ran.
    public static let verifier = ServiceRoles(rawValue: 8)
    /// Answers requests for others.
    public static let router = ServiceRoles(rawValue: 16)
    /// Carries the network's traffic.
    public static let backbone = ServiceRoles(rawValue: 32)

    /// Every role with its name.
    public static let named: [(role: ServiceRoles, name: String)] = [
        (.compute, "compute"), (.storage, "storage"), (.prover, "prover"),
        (.verifier, "verifier"), (.router, "router"), (.backbone, "backbone"),
    ]

    /// The names of the roles here.
    public var names: [String] { Self.named.filter { contains($0.role) }.map(\.name) }

    private static let all = named.reduce(into: ServiceRoles()) { $0.formUnion($1.role) }

    /// Appends one byte.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(rawValue) }

    /// Reads one byte; unknown roles are refused.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let roles = try ServiceRoles(rawValue: decoder.read())
        guard Self.all.isSuperset(of: roles) else { throw .outOfRange("ServiceRoles") }
        self = roles
    }
}

/// Whether a provider takes work.
public enum ServiceStatus: UInt8, Hashable, Sendable, CanonicalCodable, CaseIterable {
    /// It takes work.
    case available = 0
    /// It works and takes no more now.
    case busy = 1
    /// It takes none until it says otherwise.
    case paused = 2
    /// It goes: its announcement is to be forgotten.
    case leaving = 3

    /// The name in words for people.
    public var name: String { "\(self)" }

    /// Appends the tag.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeTag(UInt32(rawValue)) }

    /// Reads the tag.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        self = try decoder.readCase()
    }
}

extension CanonicalDecoder {
    /// Reads the tag of an enum of bytes.
    mutating func readCase<Value: RawRepresentable<UInt8>>() throws(CanonicalError) -> Value {
        let tag = try readTag()
        guard let value = UInt8(exactly: tag).flatMap(Value.init(rawValue:)) else {
            throw .unknownTag(tag)
        }
        return value
    }
}
