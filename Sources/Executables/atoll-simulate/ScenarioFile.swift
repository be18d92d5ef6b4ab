// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A scenario on the disk.
enum ScenarioFile {
    /// Its name without folders and ending.
    static func name(of path: String) -> String {
        let file = path.split(separator: "/").last ?? path[...]
        return String(file.hasSuffix(".scenario") ? file.dropLast(".scenario".count) : file)
    }

    /// Reads a scenario.
    ///
    /// - Throws: ``ScenarioFault``, also when there is no such file.
    static func read(_ path: String) throws(ScenarioFault) -> Scenario {
        guard let file = fopen(path, "r") else {
            throw ScenarioFault(line: 0, reason: "it cannot be opened")
        }
        defer { fclose(file) }
        // One more than is taken, so that a longer file is seen to be longer.
        var bytes = [UInt8](repeating: 0, count: ScenarioReader.bytesMax + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        return try ScenarioReader.read(Array(bytes.prefix(count)))
    }
}
