// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText

/// Where and how much of what a container says is kept: `HostConfig.LogConfig`.
struct LogOptions: Sendable {
    /// Whether anything is kept.
    let isKept: Bool
    private let bytesMax: UInt64
    private let filesMax: UInt64

    /// The most bytes of a file unless it is said: 16 MiB, in two files.
    private static let usualBytes: UInt64 = 16 << 20
    private static let usualFiles: UInt64 = 2
    /// The most files of one container's log.
    static let filesLimit: UInt64 = 100
    /// The least bytes of a file: one line as the runtime writes it at its longest.
    static let bytesLimit: UInt64 = 1_024

    init(_ host: JSON?) throws(EngineFailure) {
        let type = host?["LogConfig"]?["Type"]?.text ?? ""
        guard ["", "json-file", "none"].contains(type) else {
            throw .unsupported("the log driver '\(type)'")
        }
        isKept = type != "none"
        let options = host?["LogConfig"]?["Config"]
        for option in options?.members ?? [] where !["max-size", "max-file"].contains(option.name) {
            throw .unsupported("the log option '\(option.name)'")
        }
        let size = try options?["max-size"]?.text.map(Self.bytes)
        bytesMax = size ?? Self.usualBytes
        guard let files = options?["max-file"]?.text else {
            filesMax = size == nil ? Self.usualFiles : 1
            return
        }
        guard let count = UInt64(files), (1...Self.filesLimit).contains(count),
            size != nil || count == 1
        else {
            throw EngineFailure(
                .badRequest,
                "max-file is a number from 1 to \(Self.filesLimit), and needs max-size")
        }
        filesMax = count
    }

    /// Such as `10m`: k, m and g count by 1,024, as Docker has it.
    private static func bytes(_ text: String) throws(EngineFailure) -> UInt64 {
        let digits = text.prefix { $0.isNumber }
        let unit = text.dropFirst(digits.count).lowercased()
        let shifts: [String: UInt64] = [
            "": 0, "b": 0, "k": 10, "kb": 10, "m": 20, "mb": 20, "g": 30, "gb": 30,
        ]
        guard let number = UInt64(digits), let shift = shifts[unit], number < 1 << 32,
            number << shift >= bytesLimit
        else {
            throw EngineFailure(
                .badRequest, "max-size '\(text)' is no size of at least \(bytesLimit) bytes")
        }
        return number << shift
    }

    /// What the runtime is told.
    func words(folder: String) -> [String] {
        [
            "--log", isKept ? "\(folder)/log" : "/dev/null", "--log-bytes", "\(bytesMax)",
            "--log-files", "\(filesMax)",
        ]
    }
}
