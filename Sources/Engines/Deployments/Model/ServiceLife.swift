// SPDX-License-Identifier: Apache-2.0
public import Vocabulary

/// Which service must be there before another starts.
public struct Dependency: Hashable, Sendable, CanonicalCodable {
    /// What is waited for.
    public enum Condition: UInt8, Sendable, CaseIterable {
        /// Its program runs.
        case started = 0
        /// Its health check has passed.
        case healthy = 1
        /// Its program has ended with 0.
        case completed = 2

        /// As compose files write it.
        public var name: String {
            switch self {
            case .started: "service_started"
            case .healthy: "service_healthy"
            case .completed: "service_completed_successfully"
            }
        }
    }

    /// The other service.
    public var service: String
    /// What is waited for.
    public var condition: Condition
    /// Whether this service starts again when the other was replaced.
    public var restarts: Bool

    /// Joins the fields.
    public init(_ service: String, _ condition: Condition = .started, restarts: Bool = false) {
        self.service = service
        self.condition = condition
        self.restarts = restarts
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(service)
        encoder.write(condition.rawValue)
        encoder.write(restarts)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        service = try decoder.readName()
        let tag = try decoder.read(UInt8.self)
        guard let condition = Condition(rawValue: tag) else { throw .unknownTag(UInt32(tag)) }
        self.condition = condition
        restarts = try decoder.readFlag()
    }
}

/// How it is found out whether a service is well.
public struct HealthCheck: Hashable, Sendable, CanonicalCodable {
    /// The command: its first word is `NONE`, `CMD` or `CMD-SHELL`; empty leaves the image's own.
    public var test: [String]
    /// Milliseconds between two checks.
    public var intervalMilliseconds: UInt64
    /// Milliseconds after which a check has failed.
    public var timeoutMilliseconds: UInt64
    /// Milliseconds in which failures do not count.
    public var startMilliseconds: UInt64
    /// Milliseconds between two checks in that time.
    public var startIntervalMilliseconds: UInt64
    /// How many failures in a row make it unhealthy.
    public var retries: UInt32

    /// The figures of Docker's engine: 30 s, 30 s, none, 5 s, three.
    public init(test: [String] = []) {
        self.test = test
        intervalMilliseconds = 30_000
        timeoutMilliseconds = 30_000
        startMilliseconds = 0
        startIntervalMilliseconds = 5_000
        retries = 3
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeTexts(test)
        encoder.write(intervalMilliseconds)
        encoder.write(timeoutMilliseconds)
        encoder.write(startMilliseconds)
        encoder.write(startIntervalMilliseconds)
        encoder.write(retries)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        test = try decoder.readTexts()
        intervalMilliseconds = try decoder.read()
        timeoutMilliseconds = try decoder.read()
        startMilliseconds = try decoder.read()
        startIntervalMilliseconds = try decoder.read()
        retries = try decoder.read()
    }
}

/// What happens when a program ends.
public enum RestartPolicy: Hashable, Sendable, CanonicalCodable {
    /// Nothing.
    case no
    /// It starts again.
    case always
    /// It starts again after a failure, so often at most; nothing sets no bound.
    case onFailure(UInt32?)
    /// It starts again unless it was stopped.
    case unlessStopped

    /// As compose files write it.
    public var name: String {
        switch self {
        case .no: "no"
        case .always: "always"
        case .onFailure(let count): "on-failure" + (count.map { ":\($0)" } ?? "")
        case .unlessStopped: "unless-stopped"
        }
    }

    /// Appends a tag and the count.
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .no: encoder.writeTag(0)
        case .always: encoder.writeTag(1)
        case .onFailure(let count):
            encoder.writeTag(2)
            encoder.writeOptionalInteger(count)
        case .unlessStopped: encoder.writeTag(3)
        }
    }

    /// Reads a tag and the count.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        switch try decoder.readTag() {
        case 0: self = .no
        case 1: self = .always
        case 2: self = .onFailure(try decoder.readOptionalInteger())
        case 3: self = .unlessStopped
        case let tag: throw .unknownTag(tag)
        }
    }
}

/// A limit of the system on each process of a service.
public struct ProcessLimit: Hashable, Sendable, CanonicalCodable {
    /// Its name without `RLIMIT_`, in lower case, such as `nofile`.
    public var name: String
    /// What a process begins with; the largest value stands for none.
    public var soft: UInt64
    /// How far a process may raise it.
    public var hard: UInt64

    /// The names there are.
    public static let names: Set<String> = [
        "as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile",
        "nproc", "rss", "rtprio", "rttime", "sigpending", "stack",
    ]

    /// Joins the fields.
    public init(_ name: String, soft: UInt64, hard: UInt64) {
        self.name = name
        self.soft = soft
        self.hard = hard
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.writeText(name)
        encoder.write(soft)
        encoder.write(hard)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        name = try decoder.readName()
        soft = try decoder.read()
        hard = try decoder.read()
        guard soft <= hard, Self.names.contains(name) else { throw .outOfRange("ProcessLimit") }
    }
}

/// How much of what a service prints is kept.
public struct LogRule: Hashable, Sendable, CanonicalCodable {
    /// The most bytes of one file.
    public var fileBytesMax: UInt64
    /// How many files, the newest included.
    public var filesMax: UInt32

    /// Ten files of 10 MiB.
    public init(fileBytesMax: UInt64 = 10 << 20, filesMax: UInt32 = 10) {
        self.fileBytesMax = fileBytesMax
        self.filesMax = filesMax
    }

    /// Appends the fields in order.
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.write(fileBytesMax)
        encoder.write(filesMax)
    }

    /// Reads the fields in order.
    public init(from decoder: inout CanonicalDecoder) throws(CanonicalError) {
        fileBytesMax = try decoder.read()
        filesMax = try decoder.read()
    }
}
