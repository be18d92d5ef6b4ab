// SPDX-License-Identifier: Apache-2.0
import Cryptography
public import Vocabulary

/// What an execution of a job gives: equal for every honest provider.
public struct JobResult: Hashable, Sendable, CanonicalCodable {
    /// How the program ended.
    public let outcome: JobOutcome
    /// The SHA-256 of the output.
    public let outputDigest: Digest
    /// The size of the output.
    public let outputBytes: UInt64
    /// The fuel used, which sets the bill.
    public let fuelUsed: Fuel

    /// Joins the fields.
    public init(outcome: JobOutcome, outputDigest: Digest, outputBytes: UInt64, fuelUsed: Fuel) {
        self.outcome = outcome
        self.outputDigest = outputDigest
        self.outputBytes = outputBytes
        self.fuelUsed = fuelUsed
    }

    /// The hash that stands for the whole result.
    public var digest: Digest { digest(domain: "atoll/market/result/1") }

    /// What a provider commits to before any result is shown: H(result digest ‖ salt ‖ provider).
    public func commitment(salt: Bytes32, provider: AccountID) -> Digest {
        Opening(resultDigest: digest, salt: salt, provider: provider)
            .digest(domain: "atoll/market/commitment/1")
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(outcome)
        encoder.write(outputDigest)
        encoder.write(outputBytes)
        encoder.write(fuelUsed)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        outcome = try decoder.read()
        outputDigest = try decoder.read()
        outputBytes = try decoder.read()
        fuelUsed = try decoder.read()
    }
}

/// What a commitment hides.
private struct Opening: CanonicalCodable {
    let resultDigest: Digest
    let salt: Bytes32
    let provider: AccountID

    init(resultDigest: Digest, salt: Bytes32, provider: AccountID) {
        self.resultDigest = resultDigest
        self.salt = salt
        self.provider = provider
    }

    func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(resultDigest)
        encoder.write(salt)
        encoder.write(provider)
    }

    init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        resultDigest = try decoder.read()
        salt = try decoder.read()
        provider = try decoder.read()
    }
}

/// How a program ended. Only ends that are the same on every machine: running out of real time
/// depends on the machine and is a ``GiveUp``.
public enum JobOutcome: Hashable, Sendable, CanonicalCodable {
    /// The program ended itself with this exit code.
    case exited(code: UInt32)
    /// The program broke a rule of WebAssembly.
    case trapped(JobTrap)
    /// The fuel ran out: all of `fuelMax` is billed.
    case fuelExhausted
    /// The program asked for more memory than its limit.
    case memoryExceeded
    /// The program wrote more output than its limit.
    case outputExceeded
    /// The bytes are not a valid WebAssembly module; no fuel is used.
    case invalidModule
    /// The module imports what a job does not offer; no fuel is used.
    case unsupportedImport
    /// The module exports no `_start`; no fuel is used.
    case missingStart
    /// The input manifest does not describe readable input; no fuel is used.
    case invalidInput

    /// The stable number of the case: its tag. 9 and 10 stay free, for they number the ends of an
    /// execution that differ from machine to machine.
    public var code: UInt32 {
        switch self {
        case .exited: 1
        case .trapped: 2
        case .fuelExhausted: 3
        case .memoryExceeded: 4
        case .outputExceeded: 5
        case .invalidModule: 6
        case .unsupportedImport: 7
        case .missingStart: 8
        case .invalidInput: 11
        }
    }

    /// Appends the tag and what belongs to it.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeTag(code)
        switch self {
        case .exited(let code): encoder.write(code)
        case .trapped(let kind): encoder.write(kind)
        case .fuelExhausted, .memoryExceeded, .outputExceeded, .invalidModule, .unsupportedImport,
            .missingStart, .invalidInput:
            break
        }
    }

    /// Reads the tag and what belongs to it.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let tag = try decoder.readTag()
        switch tag {
        case 1: self = try .exited(code: decoder.read())
        case 2: self = try .trapped(decoder.read())
        case 3: self = .fuelExhausted
        case 4: self = .memoryExceeded
        case 5: self = .outputExceeded
        case 6: self = .invalidModule
        case 7: self = .unsupportedImport
        case 8: self = .missingStart
        case 11: self = .invalidInput
        default: throw .unknownTag(tag)
        }
    }
}

/// Which rule of WebAssembly a program broke.
public enum JobTrap: UInt8, Hashable, Sendable, CanonicalCodable, CaseIterable {
    /// It executed `unreachable`.
    case unreachable = 1
    /// It read or wrote outside its memory.
    case memoryOutOfBounds = 2
    /// It used a table outside its bounds.
    case tableOutOfBounds = 3
    /// It divided an integer by zero.
    case divideByZero = 4
    /// An integer division left its range.
    case integerOverflow = 5
    /// It converted a number that is no integer.
    case badConversion = 6
    /// It called too deep.
    case stackOverflow = 7
    /// It called an empty table entry.
    case indirectCallToNull = 8
    /// It called a function as another type than its own.
    case badSignature = 9
    /// Any other rule.
    case other = 255

    /// Appends one byte.
    public func encode(to encoder: inout CanonicalEncoder) { encoder.write(rawValue) }

    /// Reads one byte.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        let byte = try decoder.read(UInt8.self)
        guard let value = Self(rawValue: byte) else { throw .unknownTag(UInt32(byte)) }
        self = value
    }
}

/// What a provider signs with its own key, so that the receipt proves who gave the result.
public struct ResultStatement: Hashable, Sendable, CanonicalCodable {
    /// The chain.
    public let chain: ChainID
    /// The job.
    public let job: JobID
    /// Who states it.
    public let provider: AccountID
    /// What is stated.
    public let resultDigest: Digest

    /// The domain tag of the signature.
    public static let domain = "atoll/market/result-statement/1"

    /// Joins the fields.
    public init(chain: ChainID, job: JobID, provider: AccountID, resultDigest: Digest) {
        self.chain = chain
        self.job = job
        self.provider = provider
        self.resultDigest = resultDigest
    }

    /// The bytes to sign.
    public var signedBytes: [UInt8] { signedBytes(domain: Self.domain) }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(chain)
        encoder.write(job)
        encoder.write(provider)
        encoder.write(resultDigest)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        chain = try decoder.read()
        job = try decoder.read()
        provider = try decoder.read()
        resultDigest = try decoder.read()
    }
}
