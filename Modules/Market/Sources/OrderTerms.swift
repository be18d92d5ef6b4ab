// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// What a client asks for and offers; fixed from the moment the order is open.
public struct OrderTerms: Hashable, Sendable, CanonicalCodable {
    /// What kind of work it is.
    public let kind: JobKind
    /// The SHA-256 of the program.
    public let moduleDigest: Digest
    /// The SHA-256 of the manifest that lists the input files.
    public let inputDigest: Digest
    /// The program's arguments, without its own name. No argument holds a NUL.
    public let arguments: [String]
    /// How much one execution may use.
    public let limits: JobLimits
    /// How many providers run the job: 1 (rung 0) to ``replicasMax`` (rung 2 from 2 on).
    public let replicas: UInt8
    /// The asset of every sum of the order.
    public let asset: AssetID
    /// The most the client pays for all replicas together; held in escrow while the order lives.
    public let maxCost: Amount
    /// The last moment at which the order can settle.
    public let deadline: Timestamp
    /// Chosen by the client, so that equal orders of one transaction have different ids.
    public let salt: Bytes32

    /// The most replicas an order may ask for.
    public static let replicasMax: UInt8 = 5
    /// The most arguments.
    public static let argumentsMax = 64
    /// The most bytes all arguments may hold together: 2 KiB, so that the terms fit into an event
    /// (2,048 + 64 × 2 bytes of lengths + 250 bytes of other fields < 4,096).
    public static let argumentsBytesMax = 2_048

    /// Joins the fields; ``OpenOrder`` checks them.
    public init(
        kind: JobKind = .wasm, moduleDigest: Digest, inputDigest: Digest, arguments: [String],
        limits: JobLimits, replicas: UInt8 = 2, asset: AssetID = .native, maxCost: Amount,
        deadline: Timestamp, salt: Bytes32
    ) {
        self.kind = kind
        self.moduleDigest = moduleDigest
        self.inputDigest = inputDigest
        self.arguments = arguments
        self.limits = limits
        self.replicas = replicas
        self.asset = asset
        self.maxCost = maxCost
        self.deadline = deadline
        self.salt = salt
    }

    /// The most one execution may cost: the escrow shared evenly, rounded down (MARKET-4).
    public var share: Amount { Amount(maxCost.units / UInt128(max(replicas, 1))) }

    /// What the order's number of replicas lets the receipt claim.
    public var rung: VerificationRung { replicas > 1 ? .replicated : .signed }

    /// The hash of the arguments: the receipt carries it instead of them.
    public var argumentsDigest: Digest {
        ArgumentList(arguments).digest(domain: ArgumentList.domain)
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(kind)
        encoder.write(moduleDigest)
        encoder.write(inputDigest)
        encoder.write(ArgumentList(arguments))
        encoder.write(limits)
        encoder.write(replicas)
        encoder.write(asset)
        encoder.write(maxCost)
        encoder.write(deadline)
        encoder.write(salt)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        kind = try decoder.read()
        moduleDigest = try decoder.read()
        inputDigest = try decoder.read()
        arguments = try decoder.read(ArgumentList.self).arguments
        limits = try decoder.read()
        replicas = try decoder.read()
        asset = try decoder.read()
        maxCost = try decoder.read()
        deadline = try decoder.read()
        salt = try decoder.read()
    }
}

/// What kind of work an order asks for.
public enum JobKind: UInt8, Hashable, Sendable, CanonicalCodable {
    /// A WebAssembly program with WASI preview 1.
    case wasm = 0

    /// Appends the tag.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.writeTag(UInt32(rawValue)) }

    /// Reads the tag.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        guard let value = UInt8(exactly: tag).flatMap(Self.init(rawValue:)) else {
            throw .unknownTag(tag)
        }
        self = value
    }
}

/// How much one execution may use. Every limit is above zero.
public struct JobLimits: Hashable, Sendable, CanonicalCodable {
    /// The most fuel.
    public let fuelMax: Fuel
    /// The most bytes of linear memory.
    public let memoryBytesMax: UInt64
    /// The most bytes of output.
    public let outputBytesMax: UInt64
    /// How long a provider may take in real time before its lease is given to another.
    public let wallMilliseconds: UInt64

    /// Joins the limits.
    public init(
        fuelMax: Fuel, memoryBytesMax: UInt64, outputBytesMax: UInt64, wallMilliseconds: UInt64
    ) {
        self.fuelMax = fuelMax
        self.memoryBytesMax = memoryBytesMax
        self.outputBytesMax = outputBytesMax
        self.wallMilliseconds = wallMilliseconds
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(fuelMax)
        encoder.write(memoryBytesMax)
        encoder.write(outputBytesMax)
        encoder.write(wallMilliseconds)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        fuelMax = try decoder.read()
        memoryBytesMax = try decoder.read()
        outputBytesMax = try decoder.read()
        wallMilliseconds = try decoder.read()
    }
}

/// How a result was checked; the numbers are the rungs of docs/architecture.md section 4.
public enum VerificationRung: UInt8, Hashable, Sendable, CanonicalCodable {
    /// The provider signed its result; nobody else ran the job.
    case signed = 0
    /// Several providers ran the job and a strict majority gave equal results.
    case replicated = 2

    /// Appends one byte.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(rawValue) }

    /// Reads one byte.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let byte = try decoder.read(UInt8.self)
        guard let value = Self(rawValue: byte) else { throw .unknownTag(UInt32(byte)) }
        self = value
    }
}

/// A program's arguments with their limits.
struct ArgumentList: CanonicalCodable {
    static let domain = "atoll/market/arguments/1"
    let arguments: [String]

    init(_ arguments: [String]) { self.arguments = arguments }

    func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeLength(arguments.count)
        for argument in arguments { encoder.writeText(argument) }
    }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let count = try decoder.readLength(limit: OrderTerms.argumentsMax)
        var arguments: [String] = []
        var left = OrderTerms.argumentsBytesMax
        for _ in 0..<count {
            let argument = try decoder.readText(limit: left)
            left -= argument.utf8.count
            arguments.append(argument)
        }
        self.arguments = arguments
    }
}
