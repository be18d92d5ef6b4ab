// SPDX-License-Identifier: Apache-2.0
import Foundation
import StateTree
import Testing

/// Where the published vectors of ICS-23 lie: `ics23` in the folder ATOLL_VECTORS names, or in
/// `shared/vectors` beside the package.
enum InterchainVectors {
    static let location: URL = {
        if let named = ProcessInfo.processInfo.environment["ATOLL_VECTORS"] {
            return URL(fileURLWithPath: named, isDirectory: true).appendingPathComponent("ics23")
        }
        // <package>/Tests/Conformance/StateTree/<this file>
        var package = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { package.deleteLastPathComponent() }
        return package.deletingLastPathComponent().appendingPathComponent("shared/vectors/ics23")
    }()

    static let areThere = FileManager.default.fileExists(
        atPath: location.appendingPathComponent("TestLeafOpData.json").path)

    static func read<Content: Decodable>(_ type: Content.Type, from path: String) throws -> Content
    {
        let data = try Data(contentsOf: location.appendingPathComponent(path))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { Name(stringValue: camelCase($0[$0.count - 1])) }
        return try decoder.decode(type, from: data)
    }

    /// `IsErr` and `prehash_key` as Swift writes names.
    private static func camelCase(_ key: any CodingKey) -> String {
        let words = key.stringValue.split(separator: "_")
        guard let first = words.first else { return "" }
        let rest = words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }
        return first.prefix(1).lowercased() + first.dropFirst() + rest.joined()
    }

    private struct Name: CodingKey {
        let stringValue: String
        let intValue: Int? = nil

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips, and says so, where the vectors are not on this machine.
    static var needsVectors: Self {
        .enabled(
            if: InterchainVectors.areThere,
            "no vectors in \(InterchainVectors.location.path); set ATOLL_VECTORS")
    }
}

/// A leaf's step as the vectors write it.
struct LeafStep: Decodable {
    let hash: UInt64?
    let prehashKey: UInt64?
    let prehashValue: UInt64?
    let length: UInt64?
    let prefix: Data?

    func operation() throws -> ICS23.LeafOperation {
        ICS23.LeafOperation(
            hash: try #require(ICS23.HashOperation(rawValue: hash ?? 0)),
            prehashKey: try #require(ICS23.HashOperation(rawValue: prehashKey ?? 0)),
            prehashValue: try #require(ICS23.HashOperation(rawValue: prehashValue ?? 0)),
            length: try #require(ICS23.LengthOperation(rawValue: length ?? 0)),
            prefix: Array(prefix ?? Data()))
    }
}

/// An inner node's step as the vectors write it.
struct InnerStep: Decodable {
    let hash: UInt64?
    let prefix: Data?
    let suffix: Data?

    func operation() throws -> ICS23.InnerOperation {
        ICS23.InnerOperation(
            hash: try #require(ICS23.HashOperation(rawValue: hash ?? 0)),
            prefix: Array(prefix ?? Data()), suffix: Array(suffix ?? Data()))
    }
}
