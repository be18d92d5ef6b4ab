// SPDX-License-Identifier: Apache-2.0

extension ICS23 {
    /// How a key and a value become the hash of a leaf.
    public struct LeafOperation: Hashable, Sendable {
        /// Hashes the whole.
        public var hash: HashOperation
        /// Hashes the key before.
        public var prehashKey: HashOperation
        /// Hashes the value before.
        public var prehashValue: HashOperation
        /// Tells the lengths of both.
        public var length: LengthOperation
        /// The bytes before everything.
        public var prefix: [UInt8]

        /// Joins the parts.
        public init(
            hash: HashOperation, prehashKey: HashOperation, prehashValue: HashOperation,
            length: LengthOperation, prefix: [UInt8]
        ) {
            self.hash = hash
            self.prehashKey = prehashKey
            self.prehashValue = prehashValue
            self.length = length
            self.prefix = prefix
        }

        /// The hash of a leaf.
        ///
        /// - Throws: ``Failure`` when the key or value is empty or unfit, or for a function unknown
        ///   here.
        public func apply(key: [UInt8], value: [UInt8]) throws(Failure) -> [UInt8] {
            guard !key.isEmpty else { throw .nothing("key") }
            guard !value.isEmpty else { throw .nothing("value") }
            let first = try length.prefixed(prehashKey.hashOrKeep(key))
            let second = try length.prefixed(prehashValue.hashOrKeep(value))
            return try hash.hash(prefix + first + second)
        }

        func check(against spec: ProofSpec) throws(Failure) {
            let allowed = spec.leaf
            guard
                hash == allowed.hash, prehashKey == allowed.prehashKey,
                prehashValue == allowed.prehashValue, length == allowed.length
            else { throw .againstSpecification("leaf") }
            guard prefix == allowed.prefix else { throw .againstSpecification("leaf prefix") }
        }
    }

    /// How the hash of a child becomes that of its parent: what stands before it and after it.
    public struct InnerOperation: Hashable, Sendable {
        /// Hashes the whole.
        public var hash: HashOperation
        /// The bytes before the child.
        public var prefix: [UInt8]
        /// The bytes after it.
        public var suffix: [UInt8]

        /// Joins the parts.
        public init(hash: HashOperation, prefix: [UInt8], suffix: [UInt8]) {
            self.hash = hash
            self.prefix = prefix
            self.suffix = suffix
        }

        /// The hash of the parent.
        ///
        /// - Throws: ``Failure`` when there is no child, or a function is unsupported.
        public func apply(child: [UInt8]) throws(Failure) -> [UInt8] {
            guard !child.isEmpty else { throw .nothing("child") }
            return try hash.hash(prefix + child + suffix)
        }

        func check(against spec: ProofSpec) throws(Failure) {
            guard hash == spec.inner.hash else { throw .againstSpecification("inner hash") }
            // A step that began like a leaf could be one.
            guard !prefix.starts(with: spec.leaf.prefix) else {
                throw .againstSpecification("inner prefix")
            }
            guard spec.inner.branch(of: self) != nil else {
                throw .againstSpecification("inner length")
            }
        }
    }
}
