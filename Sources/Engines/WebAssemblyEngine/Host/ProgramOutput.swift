// SPDX-License-Identifier: Apache-2.0

/// What a program wrote, up to one limit for both streams together.
struct ProgramOutput {
    /// A stream that can be written.
    enum Stream {
        case standardOutput
        case standardError
    }

    private let bytesMax: Int
    private(set) var standardOutput: [UInt8] = []
    private(set) var standardError: [UInt8] = []

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    /// Appends what fits; false when not all of it did.
    mutating func append(_ bytes: UnsafeMutableRawBufferPointer, to stream: Stream) -> Bool {
        let room = bytesMax - standardOutput.count - standardError.count
        let kept = bytes.prefix(room)
        switch stream {
        case .standardOutput: standardOutput.append(contentsOf: kept)
        case .standardError: standardError.append(contentsOf: kept)
        }
        return kept.count == bytes.count
    }
}
