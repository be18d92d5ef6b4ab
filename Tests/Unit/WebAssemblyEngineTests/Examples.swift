// SPDX-License-Identifier: Apache-2.0
import Glibc
import Vocabulary

@testable import WebAssemblyEngine

/// The example programs, built by the script that everybody uses.
enum Examples {
    /// The checkout's root.
    static let root =
        "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")

    /// Word count's bytes, built when they are missing or old.
    static let wordcount: [UInt8] = {
        guard shell("\(root)/scripts/build-example wordcount") else { return [] }
        return read("\(root)/examples/wordcount/wordcount.wasm")
    }()

    /// Runs a shell command quietly; whether it succeeded.
    static func shell(_ command: String) -> Bool {
        system("( \(command) ) >/dev/null 2>&1") == 0
    }

    /// A file's bytes; none when it cannot be read.
    static func read(_ path: String) -> [UInt8] {
        guard let file = fopen(path, "rb") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { return bytes }
            bytes += chunk.prefix(count)
        }
    }

    /// A run of word count.
    static func counting(
        _ text: String, arguments: [String] = ["wordcount"], input: InputDirectory = .empty
    ) -> RunRequest {
        RunRequest(
            module: wordcount, arguments: arguments, standardInput: Array(text.utf8), input: input,
            seed: .zero, limits: RunLimits(fuelMax: Fuel(100_000_000), memoryBytesMax: 8 << 20))
    }
}

/// Numbers that are the same in every test run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
