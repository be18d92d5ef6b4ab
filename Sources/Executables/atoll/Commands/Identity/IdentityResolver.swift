// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Effects
import Identities
import Identity
import JSONText
import Ledger
import LightClient
import Vocabulary

/// Finds the documents of DIDs: by their names, in dated bundles, or in the state of the ledger
/// with a proof that the genesis alone can check.
struct IdentityResolver {
    let settings: ClientSettings

    static let bundleOption = OptionSpec(
        name: "bundle", value: "FILE", help: "look in a dated bundle first", repeats: true)
    static let ageOption = OptionSpec(
        name: "bundle-age", value: "TIME", help: "how old a bundle may be; default 24h")
    static let options = [
        bundleOption, ageOption, ClientSettings.genesisOption, TrailFolder.option,
    ]

    /// How a document was found.
    struct Answer {
        let document: DIDDocument
        /// What the log says, for those that have one.
        let record: IdentityRecord?
        /// Where from, in words.
        let source: String
    }

    /// The document of a DID.
    func resolve(_ did: DID) async throws -> Answer {
        if did.method == KeyMethod.name {
            do {
                return Answer(
                    document: try KeyMethod.resolve(did), record: nil, source: "its name")
            } catch {
                throw CommandFailure(status: .refused, what: "\(did) names no key: \(error)")
            }
        }
        let account: AccountID
        do {
            account = try AtollMethod.account(of: did)
        } catch {
            throw CommandFailure(
                status: .refused, what: "\(did) cannot be resolved: \(error)",
                next: "give its document with --document FILE")
        }
        if let found = try await bundled(account) { return found }
        return try await certified(account)
    }

    /// Whether the log of an identity has begun, proven either way.
    func hasBegun(_ account: AccountID) async throws -> Bool {
        let key = IdentitiesKeys.identity(account)
        return try await ProvenState(settings: settings).value(.identities, key).bytes != nil
    }

    /// From the bundles that were named.
    private func bundled(_ account: AccountID) async throws -> Answer? {
        let invocation = settings.invocation
        let paths = invocation.values(Self.bundleOption.name)
        guard !paths.isEmpty else { return nil }
        let age = try invocation.quantity(
            Self.ageOption.name, default: 86_400_000, in: 1_000...31_622_400_000, such: "24h",
            read: QuantityText.milliseconds)
        let now = settings.shell.moment
        let chain = try await settings.genesis().chain
        for path in paths {
            let bytes = try await settings.shell.read(path, limit: 1 << 26)
            do throws(BundleFailure) {
                let bundle = try IdentityBundle.read(bytes)
                let records = try bundle.records(
                    of: chain, at: now, secondsMax: Int64(age / 1_000))
                guard let record = records.first(where: { $0.subject == account }) else { continue }
                return Answer(
                    document: record.document(at: now), record: record,
                    source: "\(path), as of \(bundle.made)")
            } catch {
                throw CommandFailure(status: .refused, what: "\(path) is not believed: \(error)")
            }
        }
        return nil
    }

    /// From the ledger, by a proof (LIGHT-5).
    private func certified(_ account: AccountID) async throws -> Answer {
        let chain = try await settings.genesis().chain
        let key = IdentitiesKeys.identity(account)
        let (bytes, header) = try await ProvenState(settings: settings).value(.identities, key)
        guard let bytes else {
            throw CommandFailure(
                status: .refused, what: "\(AtollMethod.did(of: account)) has no log on this chain",
                next: "its holder begins one with 'atoll id new' or 'atoll id publish'")
        }
        guard let record = try? IdentityRecord(stored: bytes, of: account, chain: chain) else {
            throw CommandFailure(status: .refused, what: "the proven record does not read")
        }
        return Answer(
            document: record.document(at: settings.shell.moment), record: record,
            source: "the state of " + header.words)
    }
}
