// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Testing
import Vocabulary

/// Where vectors lie: published ones in the folder ATOLL_VECTORS names or in `shared/vectors`
/// beside the package, those made with other programs beside this file.
enum PublicVectors {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    static let location: URL = {
        if let named = ProcessInfo.processInfo.environment["ATOLL_VECTORS"] {
            return URL(fileURLWithPath: named, isDirectory: true)
        }
        // <package>/Tests/Conformance/Identity
        var package = folder
        for _ in 0..<3 { package.deleteLastPathComponent() }
        return package.deletingLastPathComponent().appendingPathComponent("shared/vectors")
    }()

    static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: location.appendingPathComponent(path)))
    }

    static func text(_ path: String) throws -> String {
        String(decoding: try bytes(path), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    static func json(_ path: String) throws -> JSON { try JSON(parsing: bytes(path)) }

    /// A file kept beside the tests.
    static func kept(_ name: String) throws -> JSON {
        let url = folder.appendingPathComponent("Vectors").appendingPathComponent(name)
        return try JSON(parsing: [UInt8](try Data(contentsOf: url)))
    }

    static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: location.appendingPathComponent(path).path)
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips, and says so, where the vectors are not on this machine.
    static func needs(_ path: String) -> Self {
        .enabled(
            if: PublicVectors.has(path),
            "vectors folder not found: \(PublicVectors.location.path) holds no \(path)")
    }
}
