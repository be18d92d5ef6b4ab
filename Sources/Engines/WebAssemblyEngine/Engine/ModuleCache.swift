// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Vocabulary

/// Compiled modules by the digest of their bytes; the one used longest ago goes first.
final class ModuleCache: Sendable {
    /// The most modules kept; finding the oldest of them takes microseconds.
    static let modulesMax = 64
    /// The most native code kept: 256 MiB. A module larger than that runs and is not kept.
    static let imageBytesMax = 256 << 20

    private struct Kept: Sendable {
        let module: CompiledModule
        var lastUse: UInt64
    }

    private struct Contents: Sendable {
        var modules: [Digest: Kept] = [:]
        var imageBytes = 0
        var uses: UInt64 = 0
    }

    private let contents = Mutex(Contents())
    private let modulesMax: Int
    private let imageBytesMax: Int

    init(modulesMax: Int = ModuleCache.modulesMax, imageBytesMax: Int = ModuleCache.imageBytesMax) {
        self.modulesMax = modulesMax
        self.imageBytesMax = imageBytesMax
    }

    /// How many modules are kept.
    var count: Int { contents.withLock { $0.modules.count } }
    /// How many bytes of native code are kept.
    var imageBytes: Int { contents.withLock { $0.imageBytes } }

    /// The module, when it is kept; asking is a use.
    func find(_ digest: Digest) -> CompiledModule? {
        contents.withLock { contents in
            contents.uses += 1
            contents.modules[digest]?.lastUse = contents.uses
            return contents.modules[digest]?.module
        }
    }

    /// Keeps a module and lets others go until the limits hold.
    func keep(_ module: CompiledModule, as digest: Digest) {
        guard module.imageBytes <= imageBytesMax else { return }
        // Modules let go are freed after the lock is.
        let released = contents.withLock { contents in
            contents.uses += 1
            var released: [CompiledModule] = []
            if let earlier = contents.modules[digest] {
                contents.imageBytes -= earlier.module.imageBytes
                released.append(earlier.module)
            }
            contents.modules[digest] = Kept(module: module, lastUse: contents.uses)
            contents.imageBytes += module.imageBytes
            while contents.modules.count > modulesMax || contents.imageBytes > imageBytesMax {
                guard let oldest = contents.modules.min(by: { $0.value.lastUse < $1.value.lastUse })
                else { break }
                contents.modules[oldest.key] = nil
                contents.imageBytes -= oldest.value.module.imageBytes
                released.append(oldest.value.module)
            }
            return released
        }
        withExtendedLifetime(released) {}
    }
}
