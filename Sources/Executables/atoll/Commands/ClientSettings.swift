// SPDX-License-Identifier: Apache-2.0
import ClientKit
import Cryptography
import Ledger
import Vocabulary

/// Which gateway, which chain and which key a command uses: options first, then variables, then the
/// local cloud.
struct ClientSettings {
    let invocation: Invocation
    let shell: Shell
    let home: String
    /// Whether an https gateway may be anybody's: for what is proven and needs nobody's word.
    var trustsAnyGateway = false

    static let keyOption = OptionSpec(
        name: "key", value: "NAME",
        help: "the key that signs; default the local cloud's client, then 'default'")
    static let passphraseOption = OptionSpec(
        name: "passphrase-file", value: "FILE",
        help: "opens the key; default $ATOLL_PASSPHRASE_FILE or $ATOLL_PASSPHRASE")
    static let genesisOption = OptionSpec(
        name: "genesis", value: "FILE",
        help: "the chain you trust; default HOME/genesis.json, then the local cloud's")

    static let payerSecretOption = OptionSpec(
        name: "payer-secret", value: "FILE",
        help: "opens the key that pays; default as for other keys")

    /// The options of every command that signs.
    static let signing = [keyOption, passphraseOption, genesisOption]

    init(_ invocation: Invocation, _ shell: Shell) {
        self.invocation = invocation
        self.shell = shell
        home = HomeFolder.path(of: invocation)
    }

    var cloud: CloudFolder { CloudFolder(home: home, shell: shell) }
    var keys: KeyFolder { KeyFolder(home: home, shell: shell) }

    /// A client of the gateway: --gateway, $ATOLL_GATEWAY, then the local cloud's.
    func client() async throws -> GatewayClient {
        let address = try await gatewayAddress()
        let whole = address.contains("://") ? address : "http://\(address)"
        let security = try await GatewayTrust(settings: self).security(of: whole)
        let client = GatewayClient(
            whole, effects: shell.effects, security: security,
            accessKey: invocation.environment["ATOLL_ACCESS_KEY"])
        guard let client else {
            throw CommandFailure(
                status: .misused, what: "'\(address)' is no address of a gateway",
                next: "write it as http://HOST:PORT or https://HOST:PORT")
        }
        return client
    }

    private func gatewayAddress() async throws -> String {
        if let named = invocation.value("gateway") ?? invocation.environment["ATOLL_GATEWAY"] {
            return named
        }
        guard await cloud.exists, let address = try await cloud.gateway() else {
            throw CommandFailure(
                status: .misused,
                what: "no gateway is named and there is no local cloud in \(home)",
                next: "atoll up, or name one with --gateway http://HOST:PORT")
        }
        return address
    }

    /// The genesis the user trusts; never the gateway's word.
    func genesis() async throws -> Genesis {
        let own = "\(home)/genesis.json"
        if let named = invocation.value("genesis") {
            return try await NodeStart.readGenesis(named, shell)
        }
        if await shell.exists(own) { return try await NodeStart.readGenesis(own, shell) }
        guard await shell.exists(cloud.genesisPath) else {
            throw CommandFailure(
                status: .misused, what: "no genesis is pinned, so no chain is trusted",
                next: "name a file from somebody you trust with --genesis FILE, "
                    + "or keep it as \(own)")
        }
        return try await NodeStart.readGenesis(cloud.genesisPath, shell)
    }

    /// Where the signing key lies and which file opens it.
    private func keyPlace() async throws -> (path: String, passphraseFile: String?) {
        let given = invocation.value("passphrase-file")
        if let name = invocation.value("key") { return (try await keys.existing(name), given) }
        if await shell.exists(cloud.clientKeyPath) {
            return (cloud.clientKeyPath, given ?? cloud.clientPassphrasePath)
        }
        return (try await keys.existing(KeyFolder.usual), given)
    }

    /// The opened key.
    func key() async throws -> SigningKey {
        let place = try await keyPlace()
        return try await KeyAccess.open(
            place.path, passphraseFile: place.passphraseFile, invocation: invocation, shell: shell)
    }

    /// The key that pays for what another key of this home signs.
    func payer() async throws -> SigningKey {
        let named = invocation.value(Self.payerSecretOption.name)
        let usual = named ?? invocation.value(Self.passphraseOption.name)
        let place = try await keyPlace()
        let isLocal = place.path == cloud.clientKeyPath
        return try await KeyAccess.open(
            place.path, passphraseFile: isLocal ? named ?? cloud.clientPassphrasePath : usual,
            invocation: invocation, shell: shell)
    }

    /// The key's account, which needs no passphrase.
    func account() async throws -> AccountID {
        AccountID(of: try await keys.read(try await keyPlace().path).publicKey)
    }

    /// The account that a word names: 64 digits, or a key or an identity of this home by its name.
    func account(named text: String) async throws -> AccountID {
        if let account = AccountID(hexadecimal: text) { return account }
        if let entry = try await IdentityBook(settings: self).find(text) {
            return AccountID(of: try await keys.read(try await keys.existing(entry.key)).publicKey)
        }
        guard let place = try? keys.place(of: text), await shell.exists(place) else {
            throw CommandFailure(
                status: .misused,
                what: "'\(text)' is no account: one has 64 hexadecimal digits, or is a key here")
        }
        return AccountID(of: try await keys.read(place).publicKey)
    }

    /// A session that orders and pays.
    func session() async throws -> JobSession {
        let client = try await client()
        let genesis = try await genesis()
        let trail = try await TrailFolder(genesis, invocation, shell).trail()
        return JobSession(client: client, genesis: genesis, key: try await key(), trail: trail)
    }
}

extension Invocation {
    /// An id given as an argument.
    func identifier<Name: Identifier32>(
        _ index: Int, _ what: String, as type: Name.Type = Name.self
    ) throws -> Name {
        guard let identifier = Name(hexadecimal: arguments[index]) else {
            throw CommandFailure(
                status: .misused,
                what: "'\(arguments[index])' is no \(what): one has 64 hexadecimal digits")
        }
        return identifier
    }
}
