// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import HTTPServer

/// An archive that a client sends, unpacked into a folder of its own until ``end()``.
struct BuildUpload: Sendable {
    /// The most bytes of an archive as it is sent: 16 GiB.
    static let bytesMax: UInt64 = 16 << 30

    private let engine: Engine
    private let name: String

    /// Where its files are.
    var folder: String { "\(engine.settings.root)/\(name)/files" }

    /// Takes the archive: tar, as it is or in gzip or zstd. Devices are refused.
    init(_ body: HTTPRequestBody, _ engine: Engine) async throws {
        self.engine = engine
        name = "\(Engine.buildFolder)/contexts/\(engine.effects.chance.below(1 << 48))"
        do {
            try await engine.effects.disk.createFolder("\(name)/files")
            try await Self.receive(body, "\(name)/archive", engine)
            try await unpack()
            try await engine.effects.disk.remove("\(name)/archive")
        } catch {
            await end()
            throw error
        }
    }

    private static func receive(
        _ body: HTTPRequestBody, _ path: String, _ engine: Engine
    ) async throws {
        let file = try await engine.effects.disk.create(path)
        do {
            while let bytes = try await body.next() { try await file.append(bytes) }
            try await file.finish()
        } catch {
            await file.discard()
            throw error
        }
    }

    private func unpack() async throws(EngineFailure) {
        let (archive, folder) = ("\(engine.settings.root)/\(name)/archive", folder)
        let failure = await engine.effects.workers.run { () -> ImageFailure? in
            var options = UnpackingOptions()
            (options.isLayer, options.makesDevices) = (false, false)
            do throws(ImageFailure) {
                _ = try LayerUnpacking.unpack(archive, into: folder, options: options)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw EngineFailure(.badRequest, failure.words) }
    }

    /// Takes it away.
    func end() async {
        let path = "\(engine.settings.root)/\(name)"
        _ = await engine.effects.workers.run { try? FolderRemoval.remove(path) }
    }
}
