// SPDX-License-Identifier: Apache-2.0

/// What a rendezvous point says to what was asked of it.
public enum RendezvousStatus: Int, Error, Hashable, Sendable {
    case ok = 0
    case invalidNamespace = 100
    case invalidRecord = 101
    case invalidTTL = 102
    case invalidCookie = 103
    case notAuthorized = 200
    case internalError = 300
    case unavailable = 400
}

/// A peer's word, in a namespace, that it can be found: its sealed record and for how long.
public struct RendezvousRegistration: Hashable, Sendable {
    /// The namespace.
    public var namespace: String
    /// A sealed ``PeerRecord``.
    public var record: [UInt8]
    /// For how many seconds; 0 for the usual time.
    public var seconds: UInt64

    /// States a registration.
    public init(namespace: String, record: [UInt8], seconds: UInt64 = 0) {
        self.namespace = namespace
        self.record = record
        self.seconds = seconds
    }
}

/// A message between a peer and a rendezvous point.
///
/// Source: libp2p rendezvous specification; LIBP-70.
public enum RendezvousMessage: Hashable, Sendable {
    /// Register this.
    case register(RendezvousRegistration)
    /// It is registered for so many seconds, or is not.
    case registered(RendezvousStatus, seconds: UInt64)
    /// Forget the asker in a namespace.
    case unregister(namespace: String)
    /// Who is registered, after those that the cookie stands for.
    case discover(namespace: String, limit: UInt64, cookie: [UInt8])
    /// These are, and the cookie for those after them.
    case discovered(RendezvousStatus, [RendezvousRegistration], cookie: [UInt8])

    /// The longest message: 64 registrations of about 4 KiB.
    public static let encodedBytesMax = 262_144
    /// The most registrations of one answer.
    public static let registrationsMax = 64
    /// The longest namespace in bytes.
    public static let namespaceBytesMax = 255
    /// The longest cookie.
    static let cookieBytesMax = 64

    private enum Kind: Int {
        case register = 0
        case registerResponse = 1
        case unregister = 2
        case discover = 3
        case discoverResponse = 4
    }

    /// The protobuf `Message`.
    public var encoded: [UInt8] {
        var writer = ProtobufWriter()
        switch self {
        case .register(let registration):
            writer.varint(1, UInt64(Kind.register.rawValue))
            writer.message(2) { Self.write(registration, to: &$0) }
        case .registered(let status, let seconds):
            writer.varint(1, UInt64(Kind.registerResponse.rawValue))
            writer.message(3) { inner in
                inner.varint(1, UInt64(status.rawValue))
                inner.varint(3, seconds)
            }
        case .unregister(let namespace):
            writer.varint(1, UInt64(Kind.unregister.rawValue))
            writer.message(4) { $0.text(1, namespace) }
        case .discover(let namespace, let limit, let cookie):
            writer.varint(1, UInt64(Kind.discover.rawValue))
            writer.message(5) { inner in
                inner.text(1, namespace)
                inner.varint(2, limit)
                if !cookie.isEmpty { inner.bytes(3, cookie) }
            }
        case .discovered(let status, let registrations, let cookie):
            writer.varint(1, UInt64(Kind.discoverResponse.rawValue))
            writer.message(6) { inner in
                for registration in registrations {
                    inner.message(1) { Self.write(registration, to: &$0) }
                }
                inner.bytes(2, cookie)
                inner.varint(3, UInt64(status.rawValue))
            }
        }
        return writer.bytes
    }

    private static func write(
        _ registration: RendezvousRegistration, to writer: inout ProtobufWriter
    ) {
        writer.text(1, registration.namespace)
        writer.bytes(2, registration.record)
        writer.varint(3, registration.seconds)
    }

    /// Reads the protobuf `Message`.
    ///
    /// - Throws: ``WireFailure``.
    public init(_ bytes: [UInt8]) throws(WireFailure) {
        guard bytes.count <= Self.encodedBytesMax else {
            throw .tooLong(limit: Self.encodedBytesMax)
        }
        var kind: Kind?
        var parts: [UInt64: ProtobufReader] = [:]
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: kind = try Kind(rawValue: field.small())
            case 2...6: parts[field.number] = try field.message(max: Self.encodedBytesMax)
            default: break
            }
        }
        guard let kind, let part = parts[UInt64(kind.rawValue) + 2] else {
            throw .malformed(.message)
        }
        switch kind {
        case .register: self = .register(try Self.registration(part))
        case .registerResponse: self = try Self.registered(part)
        case .unregister: self = .unregister(namespace: try Self.registration(part).namespace)
        case .discover: self = try Self.discover(part)
        case .discoverResponse: self = try Self.discovered(part)
        }
    }

    // A register and an unregister begin alike; what the latter adds is passed over.
    private static func registration(
        _ part: ProtobufReader
    ) throws(WireFailure) -> RendezvousRegistration {
        var reader = part
        var found = RendezvousRegistration(namespace: "", record: [])
        while let field = try reader.next() {
            switch field.number {
            case 1: found.namespace = try field.text(max: namespaceBytesMax)
            case 2: found.record = try field.bytes(max: SignedEnvelope.encodedBytesMax)
            case 3: found.seconds = try field.varint()
            default: break
            }
        }
        return found
    }

    private static func registered(_ part: ProtobufReader) throws(WireFailure) -> Self {
        var reader = part
        var status = RendezvousStatus.ok
        var seconds: UInt64 = 0
        while let field = try reader.next() {
            switch field.number {
            case 1: status = try Self.status(field)
            case 3: seconds = try field.varint()
            default: break
            }
        }
        return .registered(status, seconds: seconds)
    }

    private static func discover(_ part: ProtobufReader) throws(WireFailure) -> Self {
        var reader = part
        var namespace = ""
        var limit: UInt64 = 0
        var cookie: [UInt8] = []
        while let field = try reader.next() {
            switch field.number {
            case 1: namespace = try field.text(max: namespaceBytesMax)
            case 2: limit = try field.varint()
            case 3: cookie = try field.bytes(max: cookieBytesMax)
            default: break
            }
        }
        return .discover(namespace: namespace, limit: limit, cookie: cookie)
    }

    private static func discovered(_ part: ProtobufReader) throws(WireFailure) -> Self {
        var reader = part
        var status = RendezvousStatus.ok
        var registrations: [RendezvousRegistration] = []
        var cookie: [UInt8] = []
        while let field = try reader.next() {
            switch field.number {
            case 1:
                try registrations.append(
                    registration(field.message(max: encodedBytesMax)), max: registrationsMax)
            case 2: cookie = try field.bytes(max: cookieBytesMax)
            case 3: status = try Self.status(field)
            default: break
            }
        }
        return .discovered(status, registrations, cookie: cookie)
    }

    private static func status(_ field: ProtobufField) throws(WireFailure) -> RendezvousStatus {
        guard let status = try RendezvousStatus(rawValue: field.small()) else {
            throw .malformed(.field)
        }
        return status
    }
}
