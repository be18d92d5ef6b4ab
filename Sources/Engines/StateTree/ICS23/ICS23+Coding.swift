// SPDX-License-Identifier: Apache-2.0

extension ICS23.CommitmentProof {
    /// The most bytes of a proof: two neighbours, each with a key of 257 bytes, a value of 64 KiB
    /// and 256 steps of at most 80 bytes, and some framing: 2 × (257 + 65,536 + 20,480) + 400.
    public static let bytesMax = 172_946

    /// The message `cosmos.ics23.v1.CommitmentProof`.
    public var bytes: [UInt8] {
        var writer = ProtobufWriter()
        switch self {
        case .existence(let proof): writer.writeMessage(1, proof.message)
        case .nonExistence(let proof): writer.writeMessage(2, proof.message)
        }
        return writer.bytes
    }

    /// Reads a message, which must be written as ``bytes`` writes it.
    ///
    /// Proofs of several keys at once are not read.
    ///
    /// - Throws: ``ICS23/Failure/malformed(_:)``.
    public init(bytes: [UInt8]) throws(ICS23.Failure) {
        guard bytes.count <= Self.bytesMax else { throw .malformed("length") }
        var reader = ProtobufReader(bytes)
        switch try reader.next() {
        case (1, .bytes(let message))?: self = .existence(try .init(message: message))
        case (2, .bytes(let message))?: self = .nonExistence(try .init(message: message))
        default: throw .malformed("kind of proof")
        }
        // One encoding each: fields out of order, twice or unknown would not come back the same.
        guard self.bytes == bytes else { throw .malformed("encoding") }
    }
}

extension ICS23.ExistenceProof {
    fileprivate var message: [UInt8] {
        var writer = ProtobufWriter()
        writer.write(1, key)
        writer.write(2, value)
        if let leaf { writer.writeMessage(3, leaf.message) }
        for step in path { writer.writeMessage(4, step.message) }
        return writer.bytes
    }

    fileprivate init(message: [UInt8]) throws(ICS23.Failure) {
        self.init(key: [], value: [], leaf: nil, path: [])
        var reader = ProtobufReader(message)
        while let next = try reader.next() {
            switch next {
            case (1, .bytes(let bytes)): key = bytes
            case (2, .bytes(let bytes)): value = bytes
            case (3, .bytes(let bytes)): leaf = try ICS23.LeafOperation(message: bytes)
            case (4, .bytes(let bytes)):
                guard path.count < StateProof.siblingsMax else { throw .malformed("path") }
                path.append(try ICS23.InnerOperation(message: bytes))
            default: throw .malformed("existence proof")
            }
        }
    }
}

extension ICS23.NonExistenceProof {
    fileprivate var message: [UInt8] {
        var writer = ProtobufWriter()
        writer.write(1, key)
        if let left { writer.writeMessage(2, left.message) }
        if let right { writer.writeMessage(3, right.message) }
        return writer.bytes
    }

    fileprivate init(message: [UInt8]) throws(ICS23.Failure) {
        self.init(key: [], left: nil, right: nil)
        var reader = ProtobufReader(message)
        while let next = try reader.next() {
            switch next {
            case (1, .bytes(let bytes)): key = bytes
            case (2, .bytes(let bytes)): left = try ICS23.ExistenceProof(message: bytes)
            case (3, .bytes(let bytes)): right = try ICS23.ExistenceProof(message: bytes)
            default: throw .malformed("non-existence proof")
            }
        }
    }
}

extension ICS23.LeafOperation {
    fileprivate var message: [UInt8] {
        var writer = ProtobufWriter()
        writer.write(1, hash.rawValue)
        writer.write(2, prehashKey.rawValue)
        writer.write(3, prehashValue.rawValue)
        writer.write(4, length.rawValue)
        writer.write(5, prefix)
        return writer.bytes
    }

    fileprivate init(message: [UInt8]) throws(ICS23.Failure) {
        self.init(hash: .none, prehashKey: .none, prehashValue: .none, length: .none, prefix: [])
        var reader = ProtobufReader(message)
        while let next = try reader.next() {
            switch next {
            case (1, .number(let number)): hash = try .init(number: number)
            case (2, .number(let number)): prehashKey = try .init(number: number)
            case (3, .number(let number)): prehashValue = try .init(number: number)
            case (4, .number(let number)):
                guard let known = ICS23.LengthOperation(rawValue: number) else {
                    throw .malformed("length operation")
                }
                length = known
            case (5, .bytes(let bytes)): prefix = bytes
            default: throw .malformed("leaf operation")
            }
        }
    }
}

extension ICS23.InnerOperation {
    fileprivate var message: [UInt8] {
        var writer = ProtobufWriter()
        writer.write(1, hash.rawValue)
        writer.write(2, prefix)
        writer.write(3, suffix)
        return writer.bytes
    }

    fileprivate init(message: [UInt8]) throws(ICS23.Failure) {
        self.init(hash: .none, prefix: [], suffix: [])
        var reader = ProtobufReader(message)
        while let next = try reader.next() {
            switch next {
            case (1, .number(let number)): hash = try .init(number: number)
            case (2, .bytes(let bytes)): prefix = bytes
            case (3, .bytes(let bytes)): suffix = bytes
            default: throw .malformed("inner operation")
            }
        }
    }
}

extension ICS23.HashOperation {
    fileprivate init(number: UInt64) throws(ICS23.Failure) {
        guard let known = Self(rawValue: number) else { throw .malformed("hash operation") }
        self = known
    }
}
