// SPDX-License-Identifier: Apache-2.0

/// Paths of archives, in parts.
enum LayerPath {
    /// What begins the name of a whiteout.
    static let whiteout = Array(".wh.".utf8)
    /// The name that makes its folder opaque.
    static let opaque = Array(".wh..wh..opq".utf8)

    /// The parts of a path, without empty ones and single periods.
    ///
    /// - Throws: ``ImageFailure/badLayer(entry:reason:)`` for paths that climb, hold zeros or
    ///   names that Linux does not take, and paths that are too long.
    static func parts(_ path: [UInt8]) throws(ImageFailure) -> [[UInt8]] {
        guard path.count <= ImageLimits.pathBytesMax else {
            throw .badLayer(entry: "", reason: "a path beyond \(ImageLimits.pathBytesMax) bytes")
        }
        guard !path.contains(0) else {
            throw .badLayer(entry: "", reason: "a path with a zero byte")
        }
        let parts = path.split(separator: UInt8(ascii: "/")).filter {
            !$0.elementsEqual(".".utf8)
        }
        guard parts.count <= ImageLimits.pathPartsMax else {
            throw .badLayer(
                entry: "", reason: "a path of more than \(ImageLimits.pathPartsMax) parts")
        }
        guard parts.allSatisfy({ $0.count <= 255 }) else {
            throw .badLayer(entry: "", reason: "a name beyond 255 bytes")
        }
        guard !parts.contains(where: { $0.elementsEqual("..".utf8) }) else {
            throw .badLayer(entry: "", reason: "a path that climbs")
        }
        return parts.map(Array.init)
    }

    /// The parts joined again.
    static func joined(_ parts: [[UInt8]]) -> [UInt8] {
        Array(parts.joined(separator: [UInt8(ascii: "/")]))
    }

    /// The parts joined again, for the system.
    static func join(_ parts: some Sequence<[UInt8]>) -> [CChar] {
        var path: [CChar] = []
        for part in parts {
            if !path.isEmpty { path.append(CChar(UInt8(ascii: "/"))) }
            path.append(contentsOf: part.map { CChar(bitPattern: $0) })
        }
        if path.isEmpty { path.append(CChar(UInt8(ascii: "."))) }
        path.append(0)
        return path
    }
}
