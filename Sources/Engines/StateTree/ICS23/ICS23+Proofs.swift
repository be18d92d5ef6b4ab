// SPDX-License-Identifier: Apache-2.0

extension ICS23 {
    /// That a key has a value: the steps from the leaf up to the root.
    public struct ExistenceProof: Hashable, Sendable {
        /// The key.
        public var key: [UInt8]
        /// The value.
        public var value: [UInt8]
        /// The first step; nothing only in proofs that hold of nothing.
        public var leaf: LeafOperation?
        /// The other steps, the deepest first.
        public var path: [InnerOperation]

        /// Joins the parts.
        public init(
            key: [UInt8], value: [UInt8], leaf: LeafOperation?, path: [InnerOperation]
        ) {
            self.key = key
            self.value = value
            self.leaf = leaf
            self.path = path
        }

        /// The root the steps lead to, whatever they are.
        ///
        /// - Throws: ``Failure`` when a step cannot be done.
        public func calculatedRoot() throws(Failure) -> [UInt8] {
            guard let leaf else { throw .nothing("leaf") }
            var hash = try leaf.apply(key: key, value: value)
            for step in path { hash = try step.apply(child: hash) }
            return hash
        }

        /// Checks that under `root` a key has a value, in a tree with these proofs.
        ///
        /// - Throws: ``Failure`` naming the first thing that does not hold.
        public func verify(
            _ spec: ProofSpec, root: [UInt8], key: [UInt8], value: [UInt8]
        ) throws(Failure) {
            guard let leaf else { throw .nothing("leaf") }
            try leaf.check(against: spec)
            guard path.count <= spec.depthMax else { throw .againstSpecification("depth") }
            for step in path { try step.check(against: spec) }
            guard key == self.key else { throw .otherKey }
            guard value == self.value else { throw .otherValue }
            let calculated = try calculatedRoot()
            guard calculated == root else { throw .wrongRoot(calculated) }
        }
    }

    /// That a key has no value: its two neighbours, with nothing between them.
    public struct NonExistenceProof: Hashable, Sendable {
        /// The key, which no verifier looks at: it knows the key it asks for.
        public var key: [UInt8]
        /// The last key before it, unless it lies before all others.
        public var left: ExistenceProof?
        /// The first key after it, unless it lies after all others.
        public var right: ExistenceProof?

        /// Joins the parts.
        public init(key: [UInt8], left: ExistenceProof?, right: ExistenceProof?) {
            self.key = key
            self.left = left
            self.right = right
        }

        /// The root the steps lead to, whatever they are.
        ///
        /// - Throws: ``Failure`` when a step cannot be done or there is no neighbour.
        public func calculatedRoot() throws(Failure) -> [UInt8] {
            guard let neighbour = left ?? right else { throw .nothing("neighbours") }
            return try neighbour.calculatedRoot()
        }

        /// Checks that under `root` a key has no value, in a tree with these proofs.
        ///
        /// - Throws: ``Failure`` naming the first thing that does not hold.
        public func verify(_ spec: ProofSpec, root: [UInt8], key: [UInt8]) throws(Failure) {
            let place = try spec.comparable(key)
            for neighbour in [left, right] {
                guard let neighbour else { continue }
                try neighbour.verify(
                    spec, root: root, key: neighbour.key, value: neighbour.value)
            }
            if let left, try !spec.comparable(left.key).lexicographicallyPrecedes(place) {
                throw .notBetween
            }
            if let right, try !place.lexicographicallyPrecedes(spec.comparable(right.key)) {
                throw .notBetween
            }
            guard try areNeighbours(spec.inner) else { throw .notBetween }
        }

        private func areNeighbours(_ spec: InnerSpec) throws(Failure) -> Bool {
            switch (left?.path, right?.path) {
            case (nil, nil): throw .nothing("neighbours")
            case (nil, let right?): return spec.isOutermost(right, side: 0)
            case (let left?, nil): return spec.isOutermost(left, side: 1)
            case (let left?, let right?):
                // Both ways go up together from where they meet: there the left one comes from the
                // left child, and below it nothing lies between them.
                let shared = zip(left.reversed(), right.reversed()).prefix { $0 == $1 }.count
                let below = (left.dropLast(shared), right.dropLast(shared))
                guard let leftStep = below.0.last, let rightStep = below.1.last else {
                    return false
                }
                return spec.branch(of: leftStep) == 0 && spec.branch(of: rightStep) == 1
                    && spec.isOutermost(below.0.dropLast(), side: 1)
                    && spec.isOutermost(below.1.dropLast(), side: 0)
            }
        }
    }

    /// A proof of either kind.
    public enum CommitmentProof: Hashable, Sendable {
        /// That a key has a value.
        case existence(ExistenceProof)
        /// That a key has none.
        case nonExistence(NonExistenceProof)

        /// The root the steps lead to, whatever they are.
        ///
        /// - Throws: ``Failure`` when a step cannot be done.
        public func calculatedRoot() throws(Failure) -> [UInt8] {
            switch self {
            case .existence(let proof): try proof.calculatedRoot()
            case .nonExistence(let proof): try proof.calculatedRoot()
            }
        }

        /// Checks that under `root` a key has a value, or none when it is nil.
        ///
        /// - Throws: ``Failure`` naming the first thing that does not hold.
        public func verify(
            _ spec: ProofSpec, root: [UInt8], key: [UInt8], value: [UInt8]?
        ) throws(Failure) {
            switch (self, value) {
            case (.existence(let proof), let value?):
                try proof.verify(spec, root: root, key: key, value: value)
            case (.nonExistence(let proof), nil):
                try proof.verify(spec, root: root, key: key)
            default: throw .otherValue
            }
        }
    }
}
