// SPDX-License-Identifier: Apache-2.0
import Effects
import Gateway
import HTTPServer
import Identity
import JSONText

extension NodeFile {
    /// The member `https`: where the gateway listens for sealed connections.
    struct Sealing: Sendable {
        /// Files of a certificate by an authority, below the node's folder.
        struct Files: Sendable {
            let certificate: String
            let key: String
        }

        let endpoint: Endpoint
        /// The files, or nothing when the node's identity issues its own.
        let files: Files?
        /// What is asked of those who connect.
        let clients: TransportSecurity.ClientCertificates
        /// Names of hosts for a certificate of its own.
        let hosts: [String]

        private static let words: [(word: String, value: TransportSecurity.ClientCertificates)] = [
            ("unasked", .unasked), ("asked", .asked), ("required", .required),
        ]

        /// The member's text.
        var json: JSON {
            let word = Self.words.first { $0.value == clients }?.word ?? "asked"
            var members = [
                JSON.Member("listen", JSON(endpoint.description)),
                JSON.Member("clients", JSON(word)),
            ]
            if let files {
                members.append(JSON.Member("certificate", JSON(files.certificate)))
                members.append(JSON.Member("key", JSON(files.key)))
            }
            if !hosts.isEmpty {
                members.append(JSON.Member("hosts", .array(hosts.map { JSON($0) })))
            }
            return .object(members)
        }

        init(
            endpoint: Endpoint, files: Files? = nil,
            clients: TransportSecurity.ClientCertificates = .asked, hosts: [String] = []
        ) {
            self.endpoint = endpoint
            self.files = files
            self.clients = clients
            self.hosts = hosts
        }

        /// Reads it; the name of the member that is wrong otherwise.
        init(reading json: JSON) throws(SettingFailure) {
            guard let endpoint = json["listen"]?.text.flatMap(Endpoint.init) else {
                throw SettingFailure(member: "listen")
            }
            var clients = TransportSecurity.ClientCertificates.asked
            if let value = json["clients"] {
                guard let found = Self.words.first(where: { $0.word == value.text }) else {
                    throw SettingFailure(member: "clients")
                }
                clients = found.value
            }
            var files: Files?
            if let certificate = json["certificate"] {
                guard let chain = certificate.text, let key = json["key"]?.text else {
                    throw SettingFailure(member: "key")
                }
                files = Files(certificate: chain, key: key)
            }
            let hosts = json["hosts"]?.elements?.compactMap(\.text) ?? []
            guard hosts.count == json["hosts"]?.elements?.count ?? 0,
                hosts.count < SelfIssuedCertificate.namesMax,
                hosts.allSatisfy({ $0.utf8.count <= SelfIssuedCertificate.nameBytesMax })
            else { throw SettingFailure(member: "hosts") }
            self.init(endpoint: endpoint, files: files, clients: clients, hosts: hosts)
        }
    }

    /// Reads the DIDs of callers for whom the gateway signs: the member `issueFor`.
    static func callers(_ json: JSON?) throws(SettingFailure) -> Set<DID>? {
        guard let json else { return nil }
        let texts = json.elements?.compactMap(\.text) ?? []
        let names = texts.compactMap { DID($0) }
        guard !names.isEmpty, names.count == json.elements?.count,
            names.count <= GatewayIssuer.callersMax
        else { throw SettingFailure(member: "issueFor") }
        return Set(names)
    }
}
