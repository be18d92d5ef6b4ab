// SPDX-License-Identifier: Apache-2.0
import Effects
import JSONText

/// How a watched program ended, as its book says (RUNTIME-22).
struct ProgramEnding: Sendable {
    /// The program's own, or 128 and a signal; 137 when nobody was told.
    let code: Int64
    let ranOutOfMemory: Bool
    /// Why it could not be run.
    let reason: String?

    private static let bookBytesMax = 1 << 20

    /// Reads the book; nil when no end is written in it.
    init?(_ effects: Effects, book: String) async {
        guard let bytes = try? await effects.disk.read(book, limit: Self.bookBytesMax) else {
            return nil
        }
        let events = String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap {
            try? JSON(parsing: String($0))
        }
        guard let end = events.last(where: { $0["type"]?.text == "exit" }) else { return nil }
        code = end["code"]?.signed ?? 137
        ranOutOfMemory = end["oom"]?.flag ?? false
        reason = events.last { $0["type"]?.text == "failed" }?["reason"]?.text
    }
}
