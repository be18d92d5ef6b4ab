// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import Gateway
import HTTPServer
import Identity
import NodeAssembly
import Vocabulary

/// The certificate of a node's sealed door: read from files, or issued by the node's identity for
/// itself; kept fresh while the node runs (GATEWAY-19).
struct NodeCertificates: Sendable {
    /// How long a certificate of its own counts: a week.
    static let validSeconds: Int64 = 7 * 86_400
    /// How often files are looked at, in milliseconds: who renews a certificate waits no longer.
    static let lookMilliseconds: UInt64 = 5_000
    /// How old a certificate of its own may grow: a day.
    static let renewSeconds: Int64 = 86_400

    let key: SigningKey
    let settings: NodeFile.Sealing
    let effects: Effects
    let log: NodeLog

    /// Where the certificate's names and files are from.
    private struct Source: Equatable {
        var chain: [UInt8] = []
        var key: [UInt8] = []
        var madeSeconds: Int64 = 0
    }

    /// Prepares the door.
    func door() async throws -> (door: SealedDoor, watching: any SpawnedTask) {
        let source = try await source(after: nil)
        let security: TransportSecurity
        do {
            security = try TransportSecurity(credentials(source), clients: settings.clients)
        } catch {
            throw CommandFailure(
                status: .misused, what: "the certificate cannot be used: \(error)",
                next: "correct \"https\" in node.json")
        }
        let watching = effects.tasks.spawn("certificates") {
            await self.watch(security, source)
        }
        return (SealedDoor(endpoint: settings.endpoint, security: security), watching)
    }

    /// Shows another certificate whenever the files change, or its own is a day old.
    private func watch(_ security: TransportSecurity, _ first: Source) async {
        var shown = first
        while !Task.isCancelled {
            await effects.time.sleep(milliseconds: Self.lookMilliseconds)
            guard let next = try? await source(after: shown), next != shown else { continue }
            do {
                try security.replace(with: credentials(next))
                log(.info, "https shows another certificate")
            } catch {
                log(.warning, "the new certificate cannot be used, the old one stays: \(error)")
            }
            shown = next
        }
    }

    private func source(after shown: Source?) async throws -> Source {
        guard let files = settings.files else {
            let now = Int64(effects.time.wallClock().value / 1_000)
            if let shown, now - shown.madeSeconds < Self.renewSeconds { return shown }
            return Source(madeSeconds: now)
        }
        do {
            let limit = SecureCredentials.fileBytesMax
            return Source(
                chain: try await effects.disk.read(files.certificate, limit: limit),
                key: try await effects.disk.read(files.key, limit: limit))
        } catch {
            throw CommandFailure.disk(error, path: files.certificate)
        }
    }

    private func credentials(_ source: Source) -> SecureCredentials {
        guard settings.files == nil else { return .files(chain: source.chain, key: source.key) }
        var certificate = IdentityCertificate(node: key)
        certificate.hosts = ["localhost"] + settings.hosts
        certificate.hostNumbers = [[127, 0, 0, 1]]
        return certificate.credentials(
            from: source.madeSeconds, seconds: Self.validSeconds, effects)
    }
}
