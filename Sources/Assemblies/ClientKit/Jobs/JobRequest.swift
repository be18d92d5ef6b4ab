// SPDX-License-Identifier: Apache-2.0
public import Effects
import Market
import NodeInterface
public import Vocabulary

/// What a client wants run.
public struct JobRequest: Sendable {
    /// Bytes at hand, or a file that is read as it is sent and never held whole.
    public enum Content: Sendable {
        /// These bytes.
        case bytes([UInt8])
        /// An open file; the caller closes it.
        case file(any FileReader)
        /// A path on the client's disk, opened while it is sent: many files need one handle.
        case path(String)
    }

    /// A file below the program's `/input`.
    public struct InputFile: Sendable {
        /// Its path without a leading `/`, with no empty part, no `.` and no `..`.
        public let path: String
        /// Its bytes.
        public let content: Content

        /// Describes a file.
        public init(path: String, content: Content) {
            self.path = path
            self.content = content
        }
    }

    /// The program: a WebAssembly module for WASI preview 1.
    public var module: Content
    /// Its arguments, without its own name.
    public var arguments: [String] = []
    /// What it reads from standard input; nothing is an empty one.
    public var standardInput: Content?
    /// The files it sees.
    public var files: [InputFile] = []
    /// The most fuel of one execution.
    public var fuelMax = Fuel(1_000_000_000)
    /// The most bytes of memory.
    public var memoryBytesMax: UInt64 = 256 << 20
    /// The most bytes of output.
    public var outputBytesMax: UInt64 = 4 << 20
    /// How many providers run it, 1 to 5.
    public var replicas: UInt8 = 2
    /// The most all executions may cost; nothing asks the gateway for a quote and allows what every
    /// active provider asks. What is not used comes back.
    public var maxCost: Amount?
    /// Whether providers are asked for bids before anything is ordered, and the order has the price
    /// of the awards (DISCOVERY-30).
    public var negotiates = false
    /// What one execution should cost at most: who bids more is asked once to do it for this.
    public var counterPrice: Amount?
    /// From ordering to the order's deadline.
    public var timeoutMilliseconds: UInt64 = 60_000
    /// How long a provider may take before its lease goes to another; nothing is a quarter of the
    /// time, so that two may vanish and a third still ends in time.
    public var wallMilliseconds: UInt64?

    /// Describes a job with the usual limits.
    public init(module: Content) { self.module = module }

    /// The limits as the order states them.
    var limits: JobLimits {
        JobLimits(
            fuelMax: fuelMax, memoryBytesMax: memoryBytesMax, outputBytesMax: outputBytesMax,
            wallMilliseconds: min(
                wallMilliseconds ?? max(1_000, timeoutMilliseconds / 4), timeoutMilliseconds))
    }

    /// Checks what can be checked before anything is sent.
    ///
    /// - Throws: ``ClientFailure/invalid(_:)``.
    func check() throws(ClientFailure) {
        guard (1...OrderTerms.replicasMax).contains(replicas) else {
            throw .invalid("a job has 1 to \(OrderTerms.replicasMax) replicas, not \(replicas)")
        }
        let bytes = arguments.reduce(0) { $0 + $1.utf8.count }
        guard arguments.count <= OrderTerms.argumentsMax, bytes <= OrderTerms.argumentsBytesMax
        else {
            throw .invalid(
                "a job takes \(OrderTerms.argumentsMax) arguments of "
                    + "\(OrderTerms.argumentsBytesMax) bytes together; give more as a file")
        }
        guard arguments.allSatisfy({ !$0.utf8.contains(0) }) else {
            throw .invalid("an argument holds a NUL")
        }
        guard files.count <= JobInput.filesMax else {
            throw .invalid("a job takes \(JobInput.filesMax) files, not \(files.count)")
        }
    }
}
