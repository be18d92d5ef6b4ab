// SPDX-License-Identifier: Apache-2.0
import Foundation
import StateTree
import Testing
import Vocabulary

/// The published vectors of ICS-23.
@Suite("ICS-23 vectors")
struct InterchainTests {
    private struct LeafCase: Decodable {
        let op: LeafStep
        let key: Data?
        let value: Data?
        let isErr: Bool
        let expected: Data?
    }

    private struct InnerCase: Decodable {
        let op: InnerStep
        let child: Data?
        let isErr: Bool
        let expected: Data?
    }

    private struct ExistenceCase: Decodable {
        struct Proof: Decodable {
            let key: Data?
            let value: Data?
            let leaf: LeafStep?
            let path: [InnerStep]?
        }

        let proof: Proof
        let isErr: Bool
        let expected: Data?
    }

    private struct TreeCase: Decodable {
        let key: String
        let value: String
        let root: String
        let proof: String
    }

    private func expect(
        _ name: String, fails: Bool, gives expected: Data?, _ body: () throws -> [UInt8]
    ) {
        if fails {
            #expect(throws: ICS23.Failure.self, "\(name)") { try body() }
        } else {
            let found = Result { try body() }
            #expect(throws: Never.self, "\(name)") { try found.get() }
            #expect((try? found.get()) == Array(expected ?? Data()), "\(name)")
        }
    }

    @Test("leaves hash as published", .needsVectors)
    func leaves() throws {
        let cases = try InterchainVectors.read(
            [String: LeafCase].self, from: "TestLeafOpData.json")
        #expect(cases.count >= 10)
        for (name, test) in cases {
            let step = try test.op.operation()
            expect(name, fails: test.isErr, gives: test.expected) {
                try step.apply(
                    key: Array(test.key ?? Data()), value: Array(test.value ?? Data()))
            }
        }
    }

    @Test("inner nodes hash as published", .needsVectors)
    func inners() throws {
        let cases = try InterchainVectors.read(
            [String: InnerCase].self, from: "TestInnerOpData.json")
        #expect(cases.count >= 4)
        for (name, test) in cases {
            let step = try test.op.operation()
            expect(name, fails: test.isErr, gives: test.expected) {
                try step.apply(child: Array(test.child ?? Data()))
            }
        }
    }

    @Test("proofs of existence lead to the published roots", .needsVectors)
    func existence() throws {
        let cases = try InterchainVectors.read(
            [String: ExistenceCase].self, from: "TestExistenceProofData.json")
        #expect(cases.count >= 6)
        for (name, test) in cases {
            let proof = ICS23.ExistenceProof(
                key: Array(test.proof.key ?? Data()), value: Array(test.proof.value ?? Data()),
                leaf: try test.proof.leaf?.operation(),
                path: try (test.proof.path ?? []).map { try $0.operation() })
            expect(name, fails: test.isErr, gives: test.expected) { try proof.calculatedRoot() }
        }
    }

    @Test(
        "proofs of sparse Merkle trees hold for what they say and nothing else", .needsVectors,
        arguments: [
            "exist_left", "exist_middle", "exist_right", "nonexist_left", "nonexist_middle",
            "nonexist_right",
        ])
    func trees(name: String) throws {
        let test = try InterchainVectors.read(TreeCase.self, from: "smt/\(name).json")
        let key = try #require(Hexadecimal.decode(test.key))
        let root = try #require(Hexadecimal.decode(test.root))
        let value = test.value.isEmpty ? nil : Hexadecimal.decode(test.value)
        let bytes = try #require(Hexadecimal.decode(test.proof))
        let proof = try ICS23.CommitmentProof(bytes: bytes)
        #expect(proof.bytes == bytes)
        #expect(try proof.calculatedRoot() == root)
        try proof.verify(.state, root: root, key: key, value: value)

        #expect(throws: ICS23.Failure.self) {
            try proof.verify(.state, root: root.map { ~$0 }, key: key, value: value)
        }
        #expect(throws: ICS23.Failure.self) {
            try proof.verify(.state, root: root, key: key, value: value == nil ? [1] : nil)
        }
        #expect(throws: ICS23.Failure.self) {
            try proof.verify(.stateDigests, root: root, key: key, value: value)
        }
        if value == nil {
            // The neighbours themselves are not absent.
            guard case .nonExistence(let absence) = proof else { return }
            for neighbour in [absence.left, absence.right].compactMap({ $0 }) {
                #expect(throws: ICS23.Failure.notBetween) {
                    try absence.verify(.state, root: root, key: neighbour.key)
                }
            }
        }
    }
}
