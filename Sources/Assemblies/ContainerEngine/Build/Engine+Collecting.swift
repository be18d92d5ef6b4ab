// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import HTTPServer
import ImageBuilder
import JSONText
import Vocabulary

// What nobody needs any more is taken away (ENGINE-17).

extension Engine {
    /// Does something during which content comes that no name leads to yet.
    func transferring<Value: Sendable, Failure: Error>(
        _ body: @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        fetches += 1
        defer { fetches -= 1 }
        return try await body()
    }

    /// Removes content and unpacked layers that no name, container or result of a build leads to.
    ///
    /// - Returns: The bytes that are free now.
    @discardableResult
    func collect() async throws(EngineFailure) -> Int64 {
        let steps = await buildCache.layers()
        return try EngineFailure.reading { () throws(ImageFailure) in
            let kept = containers.values.map(\.manifest)
            // What is under way has no name for at most an hour, and builds mount layers.
            let isBusy = fetches > 0
            let report = try content.collect(
                keeping: kept + steps, olderThan: isBusy ? 3_600 : 0)
            guard !isBusy else { return report.bytes }
            var used = Set(try images().flatMap { $0.image.configuration.layers })
            for manifest in kept {
                let image = try? StoredImage(manifest, in: content, platform: .current)
                used.formUnion(image?.configuration.layers ?? [])
            }
            for layer in try layers.layers() where !used.contains(layer.digest) {
                try layers.remove(layer.digest)
            }
            return report.bytes
        }
    }

    /// Forgets results of builds, and takes away what only they needed.
    ///
    /// - Parameter seconds: How old results are at least.
    func pruneBuilds(olderThan seconds: UInt64) async throws(EngineFailure) -> JSON {
        let moment = now.value
        let count = await buildCache.forget(
            before: Timestamp(seconds == 0 ? .max : moment - min(moment, seconds * 1_000)))
        let bytes = try await collect()
        settings.log("forgot \(count) results of builds")
        return ["CachesDeleted": [], "SpaceReclaimed": JSON(bytes)]
    }
}
