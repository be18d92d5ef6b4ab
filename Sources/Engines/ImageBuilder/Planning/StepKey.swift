// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import JSONText

/// The name of a step's result, by all it depends on (BUILDER-7): the state before it, the
/// instruction with everything expanded, the files it reads, the time it stamps.
struct StepKey: Sendable {
    /// Changes when steps are done otherwise than before, so that old results count no more.
    private static let edition = 1

    let state: ContentDigest
    let work: FileWork
    let timestamp: Int64?

    /// - Parameter files: What is copied: each file's digest, or the name of the state it comes
    ///   from.
    func digest(files: [String] = []) -> ContentDigest {
        var writer = JSONWriter()
        writer.value([
            "edition": JSON(Self.edition), "state": JSON(state.description), "work": work.json,
            "time": timestamp.map { JSON($0) } ?? .null,
            "files": .array(files.map { JSON($0) }),
        ])
        return ContentDigest(of: writer.bytes)
    }
}
