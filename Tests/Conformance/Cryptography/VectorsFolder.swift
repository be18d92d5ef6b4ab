// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Vocabulary

/// Where published test vectors lie: the folder ATOLL_VECTORS names, or `shared/vectors` beside
/// the package.
enum VectorsFolder {
    static let location: URL = {
        if let named = ProcessInfo.processInfo.environment["ATOLL_VECTORS"] {
            return URL(fileURLWithPath: named, isDirectory: true)
        }
        // <package>/Tests/Conformance/Cryptography/<this file>
        var package = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { package.deleteLastPathComponent() }
        return package.deletingLastPathComponent().appendingPathComponent("shared/vectors")
    }()

    static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: location.appendingPathComponent(path).path)
    }

    /// Said by every test that a missing file skips.
    static func missing(_ path: String) -> Comment {
        "vectors folder not found: \(location.path) holds no \(path); set ATOLL_VECTORS"
    }

    static func read<Content: Decodable>(_ type: Content.Type, from path: String) throws -> Content
    {
        let data = try Data(contentsOf: location.appendingPathComponent(path))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: data)
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips, and says so, where the vectors are not on this machine.
    static func needs(_ path: String) -> Self {
        .enabled(if: VectorsFolder.has(path), VectorsFolder.missing(path))
    }
}

/// A file of Project Wycheproof: groups of cases that share parameters.
struct WycheproofFile<Group: Decodable>: Decodable {
    let numberOfTests: Int
    let testGroups: [Group]
}

/// What Wycheproof says of a case.
enum WycheproofResult: String, Decodable {
    case valid, invalid, acceptable
}

/// The bytes of hexadecimal text.
func bytes(_ text: String) throws -> [UInt8] {
    try #require(Hexadecimal.decode(text))
}

/// Thirty-two bytes of hexadecimal text.
func bytes32(_ text: String) throws -> Bytes32 {
    try #require(Bytes32(bytes(text)))
}
