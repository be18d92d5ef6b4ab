// SPDX-License-Identifier: Apache-2.0
public import ContainerImages
public import Effects
import HTTPServer

/// Carries requests to registries over HTTP.
public struct HTTPRegistryTransport: RegistryTransport {
    private let client: HTTPClient
    private let effects: Effects
    private let inner: @Sendable (String) -> String

    /// - Parameters:
    ///   - authorities: Certificates in PEM of those who vouch for registries; nil for those whom
    ///     this machine trusts.
    ///   - inner: What the world's disk calls a file of this absolute path.
    /// - Throws: ``ImageFailure/registry(_:)`` for certificates that are none.
    public init(
        _ effects: Effects, authorities: [UInt8]? = nil,
        inner: @escaping @Sendable (String) -> String
    ) throws(ImageFailure) {
        do throws(SecurityFailure) {
            client = HTTPClient(
                effects: effects,
                security: try ClientSecurity(authorities.map { .authorities(pem: $0) } ?? .system))
        } catch {
            throw .registry("the certificates to trust: \(error.words)")
        }
        self.effects = effects
        self.inner = inner
    }

    /// Waits.
    public func pause(milliseconds: UInt64) async {
        await effects.time.sleep(milliseconds: milliseconds)
    }

    /// Sends a request.
    public func send(_ request: RegistryRequest) async throws(ImageFailure) -> any RegistryAnswer {
        guard let address = HTTPAddress(request.address), let method = HTTPMethod(request.method)
        else {
            throw .registry("\(request.address) is not an address that can be reached over http")
        }
        var asked = HTTPClientRequest(method, address)
        for field in request.fields { asked.fields.add(field.name, field.value) }
        guard case .file(let path, let size) = request.body else {
            if case .bytes(let bytes) = request.body { asked.body = .bytes(bytes) }
            return try await open(asked)
        }
        let file: any FileReader
        do throws(DiskFailure) {
            file = try await effects.disk.open(inner(path))
        } catch {
            throw .registry("'\(path)' cannot be read: \(error)")
        }
        asked.body = .file(file, from: 0, count: UInt64(size))
        do throws(ImageFailure) {
            let answer = try await open(asked)
            await file.close()
            return answer
        } catch {
            await file.close()
            throw error
        }
    }

    private func open(
        _ request: HTTPClientRequest
    ) async throws(ImageFailure) -> HTTPRegistryAnswer {
        do throws(HTTPClientFailure) {
            return HTTPRegistryAnswer(try await client.open(request))
        } catch {
            throw .registry("\(request.address.endpoint): \(error)")
        }
    }
}

/// An answer whose body comes as it is read.
struct HTTPRegistryAnswer: RegistryAnswer {
    private let download: HTTPDownload

    init(_ download: HTTPDownload) { self.download = download }

    var status: Int { Int(download.head.status.code) }

    func field(_ name: String) -> String? { download.head.fields[name] }

    func next() async throws(ImageFailure) -> [UInt8] {
        do throws(HTTPClientFailure) {
            while let bytes = try await download.next() {
                if !bytes.isEmpty { return bytes }
            }
            return []
        } catch {
            throw .registry("the connection ended early: \(error)")
        }
    }

    func close() async { await download.close() }
}
