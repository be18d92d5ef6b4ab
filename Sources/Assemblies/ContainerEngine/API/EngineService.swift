// SPDX-License-Identifier: Apache-2.0
public import Effects
import HTTPServer
import JSONText

/// The engine at its socket, as Docker's clients know it.
public struct EngineService: Sendable {
    /// The newest version of the API that is spoken, and the oldest.
    public static let version = "1.50"
    /// See ``version``.
    public static let oldestVersion = "1.41"

    private let service: HTTPService
    private let sealed: HTTPService?
    /// Where it listens.
    public var socket: String { service.endpoint.host }
    /// Where it listens for clients of other machines, with the port the system chose.
    public var door: Endpoint? { sealed?.endpoint }

    /// Opens the engine's stores and takes up containers that run.
    ///
    /// - Throws: ``EngineStartFailure``.
    public init(_ effects: Effects, _ settings: EngineSettings) async throws(EngineStartFailure) {
        let engine: Engine
        do throws(EngineFailure) {
            engine = try await Engine(effects, settings)
        } catch {
            throw EngineStartFailure(reason: error.message)
        }
        await engine.clearBuilds()
        var configuration = HTTPConfiguration()
        // All clients of a local socket have one name.
        configuration.connectionsPerAddressMax = configuration.connectionsMax
        let router = Routes(engine: engine).router
        service = HTTPService(
            effects: effects, endpoint: Endpoint(host: settings.socket, port: 0),
            configuration: configuration, router: router)
        sealed = try settings.door.map { door throws(EngineStartFailure) in
            HTTPService(
                effects: effects, endpoint: door.endpoint, router: router,
                security: try Self.security(door))
        }
    }

    private static func security(
        _ door: EngineSettings.SealedDoor
    ) throws(EngineStartFailure) -> TransportSecurity {
        do throws(SecurityFailure) {
            return try TransportSecurity(
                .files(chain: door.chain, key: door.key),
                clients: .vouched(authorities: door.authorities))
        } catch {
            throw EngineStartFailure(reason: error.words)
        }
    }

    /// Begins to answer.
    ///
    /// - Throws: ``EngineStartFailure``, such as a socket somebody else listens at.
    public func start() async throws(EngineStartFailure) {
        do throws(NetworkFailure) {
            try await service.start()
            try await sealed?.start()
        } catch {
            throw EngineStartFailure(reason: "\(error)")
        }
    }

    /// Stops answering; containers run on.
    public func stop() async {
        await service.stop(graceMilliseconds: 1_000)
        await sealed?.stop(graceMilliseconds: 1_000)
    }
}

/// Why an engine does not begin.
public struct EngineStartFailure: Error, Hashable, Sendable {
    /// In words.
    public let reason: String
}
