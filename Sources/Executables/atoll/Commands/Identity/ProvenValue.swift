// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Ledger
import LightClient
import Vocabulary

/// Reads the state through a gateway with a proof that the genesis alone can check.
struct ProvenState {
    let settings: ClientSettings

    static let options = [ClientSettings.genesisOption, TrailFolder.option]

    /// What stands under a key, or nothing, and the header that vouches for it.
    func value(
        _ module: ModuleID, _ key: [UInt8]
    ) async throws -> (bytes: [UInt8]?, header: CertifiedHeader) {
        let genesis = try await settings.genesis()
        let client = try await settings.client()
        let file = try await calling { () async throws(ClientFailure) in
            try await client.proof(of: module, key)
        }
        let epoch = file.sections.map(\.header.epoch).max() ?? Epoch(0)
        let trail = try await TrailFolder(genesis, settings.invocation, settings.shell)
            .trail(to: epoch, asking: client)
        do {
            let proven = try LightVerifier(genesis: genesis, trail: trail).verify(file)
            guard let entry = proven.last(where: { $0.module == module && $0.key == key }) else {
                throw LightFailure.notInFile(module, key: key)
            }
            return (entry.value, entry.header)
        } catch {
            throw CommandFailure(status: .refused, what: "the proof does not hold: \(error)")
        }
    }

    /// A value of a kind that is known, or nothing.
    func read<Value: CanonicalCodable>(
        _ module: ModuleID, _ key: [UInt8], as type: Value.Type = Value.self
    ) async throws -> (value: Value?, header: CertifiedHeader) {
        let (bytes, header) = try await value(module, key)
        guard let bytes else { return (nil, header) }
        guard let value = try? Value(canonicalBytes: bytes) else {
            throw CommandFailure(status: .refused, what: "what was proven does not read")
        }
        return (value, header)
    }
}

extension CertifiedHeader {
    /// As of when, in words.
    var words: String {
        "block \(header.stateHeight), certified \(header.timestamp.utc)"
    }
}
