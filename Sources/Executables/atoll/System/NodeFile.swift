// SPDX-License-Identifier: Apache-2.0
import Database
import Effects
import Gateway
import HTTPServer
import Identity
import JSONText
import NodeAssembly
import PeerNetwork
import ProviderAgent
import Vocabulary

/// A node's settings, `node.json`: what it does, where it listens, whom it knows.
struct NodeFile: Sendable {
    /// What a provider offers; registered on the chain at its first start.
    struct Provider: Sendable {
        var slots: UInt32 = 2
        var basePrice = Amount(Amount.unitsPerWhole / 1_000)
        var pricePerMillionFuel = Amount(Amount.unitsPerWhole / 1_000)
        var bond = Amount(whole: 200)
        /// How much of its prices it takes when a client asks for less, in percent.
        var leastPercent: UInt8 = 100
        /// What the machine's owner allows.
        var authority: MachineAuthority?
    }

    var name: String
    /// `validator`, `provider`, `gateway`, in any combination.
    var roles: [String]
    var listen: Endpoint?
    var http: Endpoint?
    /// Where the gateway listens for sealed connections.
    var https: Sealing?
    /// For whose certificates the gateway signs; for nobody when missing.
    var issueFor: Set<DID>?
    /// Whom the gateway trusts when a request says nothing of it.
    var trust: TrustPolicy?
    /// Pages of which other origins may read what the gateway answers.
    var origins: CrossOrigins?
    /// Where the gateway keeps an index: a file of its own unless said otherwise, nothing for none.
    var index: DatabaseAddress? = .sqlite(path: NodeFile.indexName)
    /// The index in the node's folder.
    static let indexName = "index.sqlite"
    /// Where the gateway sends spans of requests.
    var traces: HTTPAddress?
    /// Whether the gateway answers callers who show no key.
    var access = AccessMode.open
    /// Whether the gateway tells of each request it has answered.
    var hasAccessLog = false
    /// Where it begins to look for the others; it finds them through these.
    var peers: [PeerAddress]
    var provider: Provider?
    /// How the node gets the state when its folder is empty.
    var sync = SyncMode.snapshot
    /// Whether it keeps every block; such a node begins with the first one.
    var isArchive = false
    /// How many blocks below the newest it keeps at least.
    var keepBlocks = SyncPolicy.pruning.keepBlocks
    /// The sealed key it votes with when the set names that one and not `node.key`: a path, below
    /// the node's folder unless it is absolute.
    var nextKey: String?
    /// How much test money the gateway gives at once; on a loopback address alone (DASHBOARD-4).
    var faucet: Amount?
    /// Faults for tests, such as `lie`: the provider then gives wrong results.
    var faults: [String]

    /// How the node joins and what it keeps.
    var syncPolicy: SyncPolicy {
        var policy = SyncPolicy.pruning
        policy.mode = isArchive ? .full : sync
        policy.isArchive = isArchive
        policy.keepBlocks = keepBlocks
        return policy
    }

    var peerRoles: PeerRoles {
        var set: PeerRoles = []
        if roles.contains("provider") { set.insert(.provider) }
        if roles.contains("gateway") { set.insert(.gateway) }
        return set
    }

    /// The file's text.
    var json: JSON {
        var members = [
            JSON.Member("name", JSON(name)),
            JSON.Member("roles", .array(roles.map { JSON($0) })),
        ]
        if let listen { members.append(JSON.Member("listen", JSON(listen.description))) }
        if let http { members.append(JSON.Member("http", JSON(http.description))) }
        if let https { members.append(JSON.Member("https", https.json)) }
        if let issueFor {
            let names = issueFor.map(\.description).sorted()
            members.append(JSON.Member("issueFor", .array(names.map { JSON($0) })))
        }
        if let trust { members.append(JSON.Member("trust", trust.json)) }
        if let origins {
            let names = origins.allowed.sorted().map { JSON($0) }
            members.append(JSON.Member("origins", .array(names)))
        }
        switch index {
        case .sqlite: break
        case .postgresql(let address): members.append(JSON.Member("index", JSON(address)))
        case nil: members.append(JSON.Member("index", JSON("none")))
        }
        if let traces { members.append(JSON.Member("traces", JSON(traces.description))) }
        if access != .open { members.append(JSON.Member("access", JSON(access.rawValue))) }
        if hasAccessLog { members.append(JSON.Member("accessLog", .bool(true))) }
        members.append(JSON.Member("peers", .array(peers.map { JSON($0.description) })))
        if let provider {
            var offer = [
                JSON.Member("slots", JSON(provider.slots)),
                JSON.Member("basePrice", JSON("\(provider.basePrice)")),
                JSON.Member("pricePerMillionFuel", JSON("\(provider.pricePerMillionFuel)")),
                JSON.Member("bond", JSON("\(provider.bond)")),
            ]
            if provider.leastPercent != 100 {
                offer.append(JSON.Member("leastPercent", JSON(UInt64(provider.leastPercent))))
            }
            if let authority = provider.authority {
                offer.append(JSON.Member("authority", authority.json))
            }
            members.append(JSON.Member("provider", .object(offer)))
        }
        if sync != .snapshot { members.append(JSON.Member("sync", JSON(sync.rawValue))) }
        if isArchive { members.append(JSON.Member("archive", .bool(true))) }
        if keepBlocks != SyncPolicy.pruning.keepBlocks {
            members.append(JSON.Member("keepBlocks", JSON(keepBlocks)))
        }
        if let nextKey { members.append(JSON.Member("nextKey", JSON(nextKey))) }
        if let faucet { members.append(JSON.Member("faucet", JSON("\(faucet)"))) }
        if !faults.isEmpty {
            members.append(JSON.Member("faults", .array(faults.map { JSON($0) })))
        }
        return .object(members)
    }

    /// Reads the file.
    ///
    /// - Throws: A ``CommandFailure`` naming the member that is wrong.
    init(_ bytes: [UInt8], path: String) throws {
        let json: JSON
        do {
            json = try JSON(parsing: bytes)
        } catch {
            throw Self.wrong(path, "is not JSON: \(error)")
        }
        guard let name = json["name"]?.text else { throw Self.wrong(path, "has no \"name\"") }
        self.name = name
        roles = (json["roles"]?.elements ?? []).compactMap(\.text)
        let known = ["validator", "provider", "gateway"]
        if let odd = roles.first(where: { !known.contains($0) }) {
            throw Self.wrong(
                path, "has the role '\(odd)'; known are \(known.joined(separator: ", "))")
        }
        listen = try Self.endpoint(json["listen"], "listen", path)
        http = try Self.endpoint(json["http"], "http", path)
        do throws(SettingFailure) {
            https = try json["https"].map { one throws(SettingFailure) in
                try Sealing(reading: one)
            }
            issueFor = try Self.callers(json["issueFor"])
        } catch {
            throw Self.wrong(
                path, "has an \"https\" or \"issueFor\" whose \(error.member) is wrong")
        }
        if let policy = json["trust"] {
            guard let read = try? TrustPolicy(reading: policy) else {
                throw Self.wrong(path, "has a \"trust\" that is no policy")
            }
            trust = read
        }
        if let list = json["origins"] {
            let names = list.elements?.compactMap(\.text) ?? []
            guard names.count == list.elements?.count, let read = CrossOrigins(names) else {
                throw Self.wrong(path, "has \"origins\" that are not SCHEME://HOST[:PORT]")
            }
            origins = read
        }
        if let word = json["index"] {
            guard let text = word.text,
                text == "none" || text.hasPrefix("postgresql://"),
                let read = try? text == "none" ? nil : DatabaseAddress(text)
            else {
                throw Self.wrong(path, "has an \"index\" that is neither none nor postgresql://")
            }
            index = read
        }
        if let word = json["traces"] {
            guard let address = word.text.flatMap(HTTPAddress.init) else {
                throw Self.wrong(path, "has a \"traces\" that is no http:// address")
            }
            traces = address
        }
        if let word = json["access"] {
            guard let mode = word.text.flatMap(AccessMode.init) else {
                throw Self.wrong(path, "has an \"access\" that is neither open nor keys")
            }
            access = mode
        }
        if let word = json["accessLog"] {
            guard let flag = word.flag else {
                throw Self.wrong(path, "has an \"accessLog\" that is neither true nor false")
            }
            hasAccessLog = flag
        }
        peers = try (json["peers"]?.elements ?? []).map { element in
            guard let peer = element.text.flatMap(PeerAddress.init) else {
                throw Self.wrong(path, "has a peer that is not KEY@HOST:PORT: \(element.compact)")
            }
            return peer
        }
        provider = try json["provider"].map { try Self.provider($0, path) }
        if let word = json["sync"] {
            guard let mode = word.text.flatMap(SyncMode.init) else {
                throw Self.wrong(path, "has a \"sync\" that is neither snapshot nor full")
            }
            sync = mode
        }
        if let word = json["archive"] {
            guard case .bool(let isArchive) = word else {
                throw Self.wrong(path, "has an \"archive\" that is neither true nor false")
            }
            self.isArchive = isArchive
        }
        if let word = json["keepBlocks"] {
            guard let count = word.unsigned, count > 0 else {
                throw Self.wrong(path, "has a \"keepBlocks\" that is no whole number above zero")
            }
            keepBlocks = count
        }
        if let word = json["nextKey"] {
            guard let file = word.text, !file.isEmpty else {
                throw Self.wrong(path, "has a \"nextKey\" that names no file")
            }
            nextKey = file
        }
        if let word = json["faucet"] {
            guard let amount = word.text.flatMap(Amount.init), amount > .zero else {
                throw Self.wrong(path, "has a \"faucet\" that is no amount above zero")
            }
            guard let host = http?.host, host == "127.0.0.1" || host == "::1" else {
                throw Self.wrong(path, "has a \"faucet\" but no \"http\" on a loopback address")
            }
            faucet = amount
        }
        faults = (json["faults"]?.elements ?? []).compactMap(\.text)
        if let odd = faults.first(where: { !["lie", "old-rules"].contains($0) }) {
            throw Self.wrong(path, "has the fault '\(odd)'; known is lie")
        }
    }

    init(
        name: String, roles: [String], listen: Endpoint?, http: Endpoint?, peers: [PeerAddress],
        provider: Provider? = nil, faults: [String] = []
    ) {
        self.name = name
        self.roles = roles
        self.listen = listen
        self.http = http
        self.peers = peers
        self.provider = provider
        self.faults = faults
    }

    private static func provider(_ json: JSON, _ path: String) throws -> Provider {
        var provider = Provider()
        func amount(_ name: String, _ fallback: Amount) throws -> Amount {
            guard let value = json[name] else { return fallback }
            guard let amount = value.text.flatMap(Amount.init) else {
                throw wrong(path, "has a provider.\(name) that is no amount")
            }
            return amount
        }
        if let slots = json["slots"] {
            guard let count = slots.unsigned.flatMap(UInt32.init(exactly:)), count > 0 else {
                throw wrong(path, "has provider.slots that is no whole number above zero")
            }
            provider.slots = count
        }
        if let percent = json["leastPercent"] {
            guard let least = percent.unsigned.flatMap(UInt8.init(exactly:)),
                (1...100).contains(least)
            else { throw wrong(path, "has provider.leastPercent that is none of 1 to 100") }
            provider.leastPercent = least
        }
        provider.basePrice = try amount("basePrice", provider.basePrice)
        provider.pricePerMillionFuel = try amount(
            "pricePerMillionFuel", provider.pricePerMillionFuel)
        provider.bond = try amount("bond", provider.bond)
        if let authority = json["authority"] {
            do throws(SettingFailure) {
                provider.authority = try MachineAuthority(reading: authority)
            } catch {
                throw wrong(path, "has a provider.authority.\(error.member) that is not understood")
            }
        }
        return provider
    }

    private static func endpoint(_ json: JSON?, _ name: String, _ path: String) throws -> Endpoint?
    {
        guard let json else { return nil }
        guard let endpoint = json.text.flatMap(Endpoint.init) else {
            throw wrong(path, "has a \"\(name)\" that is not HOST:PORT")
        }
        return endpoint
    }

    private static func wrong(_ path: String, _ what: String) -> CommandFailure {
        CommandFailure(status: .misused, what: "\(path) \(what)", next: "correct the file")
    }
}
