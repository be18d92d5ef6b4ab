// SPDX-License-Identifier: Apache-2.0
import CShims.SHA256Lanes

/// Makes sixteen hashes at a time in the lanes of AVX-512.
enum HashLanes {
    /// Whether the machine has the lanes, and they hash a known text rightly.
    static let isReady = atoll_sha256_lanes_are_there() && hashesAsUsual()

    /// The fewest jobs worth a call, which costs as much for one as for sixteen: 0.4 µs, as much as
    /// five hashes one after the other.
    static let jobsMin = 5

    /// Makes hashes that do not depend on each other. The lanes must be ready.
    static func hash(_ tag: NodeHash.Tag, _ jobs: UnsafeBufferPointer<HashJob>) {
        jobs.withMemoryRebound(to: atoll_sha256_job.self) { jobs in
            atoll_sha256_lanes_hash(tag.rawValue, jobs.baseAddress, jobs.count)
        }
    }

    // Sixteen texts and a seventeenth, which the lanes do in a group of its own.
    private static func hashesAsUsual() -> Bool {
        let count = Int(ATOLL_SHA256_LANES) + 1
        let texts = (0..<HashJob.inputBytes * count).map { UInt8(truncatingIfNeeded: $0 * 151) }
        var hashes = [RawDigest](repeating: .zero, count: count)
        var expected = hashes
        texts.withUnsafeBytes { texts in
            jobs(texts, &hashes) { Self.hash(.inner, $0) }
            jobs(texts, &expected) { $0.forEach { NodeHash.hash(.inner, $0) } }
        }
        return hashes == expected
    }

    private static func jobs(
        _ texts: UnsafeRawBufferPointer, _ hashes: inout [RawDigest],
        _ body: (UnsafeBufferPointer<HashJob>) -> Void
    ) {
        hashes.withUnsafeMutableBytes { hashes in
            guard let input = texts.baseAddress, let output = hashes.baseAddress else { return }
            let jobs = (0..<hashes.count / RawDigest.bytes).map {
                HashJob(
                    input: input + HashJob.inputBytes * $0, output: output + RawDigest.bytes * $0)
            }
            jobs.withUnsafeBufferPointer(body)
        }
    }
}
