// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Effects
import HTTPServer
import Identity

/// A certificate for TLS that an identity, or a node, issues for itself (HTTP-64).
struct IdentityCertificate: Sendable {
    let dids: [DID]
    let key: SigningKey
    /// Names of hosts it serves under.
    var hosts: [String] = []
    /// Numbers of hosts.
    var hostNumbers: [[UInt8]] = []

    /// How far behind other clocks may be, in seconds.
    private static let behindSeconds: Int64 = 3_600

    init(signer: DocumentSignature) {
        dids = [signer.did]
        key = signer.key
    }

    /// The certificate of a node, under both of its names.
    init(node key: SigningKey) {
        dids = [
            AtollMethod.did(of: key.publicKey), KeyMethod.did(of: .ed25519(key.publicKey)),
        ]
        self.key = key
    }

    /// Certificate and key, good for so many seconds from now.
    func credentials(seconds: Int64, _ effects: Effects) -> SecureCredentials {
        let now = Int64(effects.time.wallClock().value / 1_000)
        return credentials(from: now, seconds: seconds, effects)
    }

    /// Certificate and key, good for so many seconds from a moment.
    func credentials(from moment: Int64, seconds: Int64, _ effects: Effects) -> SecureCredentials {
        let certificate = SelfIssuedCertificate(
            addresses: dids.map(\.description), hosts: hosts, hostNumbers: hostNumbers,
            fromSeconds: moment - Self.behindSeconds, untilSeconds: moment + seconds)
        var serial = effects.chance.bytes(16)
        serial[0] = serial[0] & 0x7F | 0x40
        return .issued(certificate: certificate.signed(by: key, serial: serial), key: key)
    }
}
