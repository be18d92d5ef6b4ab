// SPDX-License-Identifier: Apache-2.0
public import ContainerImages
public import Effects
import HTTPServer
public import ImageBuilder

/// Builds images without an engine at a socket: an engine within this program does it, whose images
/// lie where this program's lie.
public struct LocalBuilder: Sendable {
    private let engine: Engine

    /// Opens the folder of the settings for this program alone. It needs root.
    ///
    /// - Throws: ``EngineStartFailure``, also while another program has the folder.
    public init(
        _ effects: Effects, _ settings: EngineSettings
    ) async throws(EngineStartFailure) {
        do throws(EngineFailure) {
            engine = try await Engine(effects, settings)
        } catch {
            throw EngineStartFailure(reason: error.message)
        }
        await engine.clearBuilds()
    }

    /// Builds an image of a folder.
    ///
    /// - Parameters:
    ///   - dockerfile: Its path in the folder.
    ///   - names: What the image is called then.
    ///   - credential: Name and password for a registry, where one asks.
    ///   - tell: Takes news.
    /// - Throws: ``BuildFailure``
    public func build(
        _ request: BuildRequest, folder: String, dockerfile: String, names: [ImageReference],
        credential: @escaping @Sendable (ImageReference) -> RegistryCredential?,
        tell: @escaping ImageBuild.Tell
    ) async throws(BuildFailure) -> BuiltImage {
        try await engine.build(
            BuildOptions(request: request, names: names, dockerfile: dockerfile), in: folder,
            EngineBuildMachine(engine: engine, credential: credential), tell: tell)
    }
}
