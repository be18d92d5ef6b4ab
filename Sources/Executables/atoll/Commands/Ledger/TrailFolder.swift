// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Effects
import Ledger
import LightClient
import Vocabulary

/// How far the validators of each chain have been followed: `HOME/trails/CHAIN.trail`, so that the
/// next check begins where the last one ended.
struct TrailFolder {
    let genesis: Genesis
    let home: String
    let invocation: Invocation
    let shell: Shell

    static let option = OptionSpec(
        name: "trail", value: "FILE",
        help: "who votes in later epochs: a trail or handovers; default HOME's")

    init(_ genesis: Genesis, _ invocation: Invocation, _ shell: Shell) {
        self.genesis = genesis
        home = HomeFolder.path(of: invocation)
        self.invocation = invocation
        self.shell = shell
    }

    /// Where the chain's own trail lies.
    var path: String { "\(home)/trails/\(genesis.chain).trail" }

    /// The trail that is named, or the one kept here, or the genesis's.
    func trail() async throws -> ValidatorTrail {
        if let named = invocation.value(Self.option.name) { return try await read(named) }
        return await shell.exists(path) ? try await read(path) : try founders()
    }

    /// The trail grown to an epoch by what a gateway shows, kept for the next time.
    func trail(to epoch: Epoch, asking client: GatewayClient) async throws -> ValidatorTrail {
        let known = try await trail()
        guard known.newest < epoch else { return known }
        let grown = try await calling { () async throws(ClientFailure) in
            try await client.following(known, to: epoch)
        }
        try await keep(grown)
        return grown
    }

    /// Keeps a trail for the next time; one that begins and ends with the genesis needs no keeping.
    func keep(_ trail: ValidatorTrail) async throws {
        guard trail.newest > Epoch(0) else { return }
        try await shell.write(path, trail.fileBytes)
    }

    /// Where the way begins: the validators that the genesis names.
    func founders() throws -> ValidatorTrail {
        do {
            return try ValidatorTrail(genesis: genesis)
        } catch {
            throw CommandFailure(
                status: .misused, what: "\(error)", next: "name another file with --genesis")
        }
    }

    private func read(_ place: String) async throws -> ValidatorTrail {
        let bytes = try await shell.read(place, limit: HandoverFile.bytesMax)
        do {
            guard bytes.starts(with: HandoverFile.mark) else {
                return try ValidatorTrail(genesis: genesis, fileBytes: bytes)
            }
            var trail = try founders()
            try trail.extend(by: HandoverFile(bytes: bytes).handovers)
            return trail
        } catch let failure as TrailFileFailure {
            throw CommandFailure(
                status: .refused, what: "'\(place)' cannot be used: \(Self.words(of: failure))",
                next: "remove it, and the way from the genesis is followed anew")
        } catch let failure as LightFailure {
            throw CommandFailure(
                status: .refused, what: "the handovers in '\(place)' do not hold: \(failure)")
        }
    }

    private static func words(of failure: TrailFileFailure) -> String {
        switch failure {
        case .notATrail: "it holds neither a trail nor handovers"
        case .tooLarge(let count): "\(count) bytes are more than one has"
        case .damaged(let error): "it is damaged (\(error))"
        case .otherChain(let chain): "it is of chain \(chain)"
        case .otherFounders: "it begins with other validators than the genesis names"
        }
    }
}
