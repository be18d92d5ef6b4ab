// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Vocabulary

/// The receipt files asked for last. A certified receipt never changes, so it is made once.
final class ReceiptCache: Sendable {
    /// The most files held; of about 12 KiB each they are 3 MiB.
    static let countMax = 256
    /// The most bytes held: 16 MiB, whatever the files' sizes.
    static let bytesMax = 16 << 20

    private struct State {
        var files: [JobID: (bytes: [UInt8], use: UInt64)] = [:]
        var bytes = 0
        var uses: UInt64 = 0
    }

    private let state = Mutex(State())

    /// How many files are held.
    var count: Int { state.withLock { $0.files.count } }

    /// The file of a job.
    subscript(_ job: JobID) -> [UInt8]? {
        state.withLock { state in
            guard let bytes = state.files[job]?.bytes else { return nil }
            state.uses += 1
            state.files[job]?.use = state.uses
            return bytes
        }
    }

    /// Holds a file, dropping those not asked for longest.
    func keep(_ bytes: [UInt8], of job: JobID) {
        state.withLock { state in
            state.bytes += bytes.count - (state.files[job]?.bytes.count ?? 0)
            state.uses += 1
            state.files[job] = (bytes, state.uses)
            while state.files.count > Self.countMax || state.bytes > Self.bytesMax,
                let oldest = state.files.min(by: { $0.value.use < $1.value.use })
            {
                state.bytes -= oldest.value.bytes.count
                state.files[oldest.key] = nil
            }
        }
    }
}
