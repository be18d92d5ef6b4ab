// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What a collection took away.
public struct CollectionReport: Hashable, Sendable {
    /// How many pieces of content.
    public var removed = 0
    /// How many bytes they had.
    public var bytes: Int64 = 0
}

extension ContentStore {
    /// Everything an image is made of: its manifest or index, and what these point to, as far as it
    /// is here. Each name once, however the documents point at each other.
    public func reachable(from roots: [Descriptor]) throws(ImageFailure) -> Set<ContentDigest> {
        var found: Set<ContentDigest> = []
        var waiting = roots.map { (descriptor: $0, depth: 0) }
        while let next = waiting.popLast() {
            guard found.insert(next.descriptor.digest).inserted else { continue }
            guard next.depth <= ImageLimits.indexDepthMax else {
                throw .tooLarge(
                    "indexes inside one another", limit: Int64(ImageLimits.indexDepthMax))
            }
            for child in try children(of: next.descriptor) {
                waiting.append((child, next.depth + 1))
            }
        }
        return found
    }

    /// Removes content that no reference leads to and that nobody touched for a while.
    ///
    /// What is being fetched has no reference yet, so young content stays.
    ///
    /// - Parameters:
    ///   - keeping: Further content that stays, with all it leads to: of containers, of builds.
    ///   - seconds: How long content stays after it came, at least.
    public func collect(
        keeping: [Descriptor] = [], olderThan seconds: Int64
    ) throws(ImageFailure) -> CollectionReport {
        let roots = try references().map(\.target) + keeping
        let kept = try reachable(from: roots)
        var report = CollectionReport()
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        for digest in try digests() where !kept.contains(digest) {
            var status = stat()
            guard stat(path(of: digest), &status) == 0,
                Int64(now.tv_sec) - Int64(status.st_mtim.tv_sec) >= seconds
            else { continue }
            try remove(digest)
            report.removed += 1
            report.bytes += Int64(status.st_size)
        }
        return report
    }

    /// What a document points to, as far as it is here.
    func children(of descriptor: Descriptor) throws(ImageFailure) -> [Descriptor] {
        guard size(of: descriptor.digest) != nil else { return [] }
        if MediaType.isIndex(descriptor.mediaType) {
            let bytes = try read(descriptor.digest, bytesMax: ImageLimits.manifestBytesMax)
            return try ImageIndex(bytes: bytes, mediaType: descriptor.mediaType).manifests
        }
        if MediaType.isManifest(descriptor.mediaType) {
            let bytes = try read(descriptor.digest, bytesMax: ImageLimits.manifestBytesMax)
            let manifest = try ImageManifest(bytes: bytes, mediaType: descriptor.mediaType)
            return [manifest.configuration] + manifest.layers
        }
        return []
    }
}
