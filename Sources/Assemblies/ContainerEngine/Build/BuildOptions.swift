// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import HTTPServer
import ImageBuilder
import JSONText

/// What a client asks of `POST /build` in its query.
struct BuildOptions {
    let request: BuildRequest
    let names: [ImageReference]
    let dockerfile: String
    let isQuiet: Bool

    /// Parameters that ask for what is not done, unless they are empty.
    private static let unsupported = [
        "remote", "squash", "cpushares", "cpusetcpus", "cpusetmems", "cpuperiod", "cpuquota",
        "memory", "memswap", "shmsize", "ulimits", "extrahosts", "cgroupparent", "outputs",
        "securityopt", "isolation",
    ]

    init(request: BuildRequest, names: [ImageReference], dockerfile: String) {
        self.request = request
        self.names = names
        self.dockerfile = dockerfile
        isQuiet = false
    }

    init(_ query: HTTPRequest) throws(EngineFailure) {
        for name in Self.unsupported {
            if let value = query.query(name),
                !["", "0", "false", "null", "[]", "{}"].contains(value)
            {
                throw .unsupported("build with \(name)")
            }
        }
        guard query.query("version") ?? "1" != "2" else {
            throw .unsupported("BuildKit (set DOCKER_BUILDKIT=0): a build by it")
        }
        var request = BuildRequest()
        request.skipsCache = query.isSet("nocache")
        request.pulls = query.isSet("pull")
        request.target = query.query("target").flatMap { $0.isEmpty ? nil : $0 }
        request.arguments = Dictionary(
            try Self.texts(query, "buildargs").map { ($0.name, $0.value) },
            uniquingKeysWith: { _, last in last })
        request.labels = try Self.texts(query, "labels")
        if let text = query.query("platform"), !text.isEmpty {
            guard let platform = Platform(text) else {
                throw EngineFailure(.badRequest, "'\(text)' is no platform such as linux/amd64")
            }
            request.platform = platform
        }
        switch query.query("networkmode") ?? "" {
        case "", "default", "none": request.network = .none
        case "host": request.network = .host
        case let mode: throw .unsupported("a build with the network '\(mode)': none or host; it")
        }
        self.request = request
        let dockerfile = query.query("dockerfile") ?? ""
        self.dockerfile = dockerfile.isEmpty ? BuildContext.usualName : dockerfile
        isQuiet = query.isSet("q")
        var names: [ImageReference] = []
        for item in query.head.queryItems where item.name == "t" && !item.value.isEmpty {
            names.append(
                try EngineFailure.reading { () throws(ImageFailure) in
                    try ImageReference(item.value)
                })
        }
        self.names = names
    }

    /// An object of texts; what is null is left out, as a variable that the client does not have.
    private static func texts(
        _ query: HTTPRequest, _ name: String
    ) throws(EngineFailure) -> [(name: String, value: String)] {
        guard let text = query.query(name), !text.isEmpty else { return [] }
        guard let json = try? JSON(parsing: text), json == .null || json.members != nil else {
            throw EngineFailure(.badRequest, "\(name) is no object in JSON")
        }
        return (json.members ?? []).compactMap { member in
            member.value.text.map { (member.name, $0) }
        }
    }
}

extension HTTPRequest {
    /// Names and passwords by registry, as a client sends them with a build.
    func registryCredentials()
        throws(EngineFailure) -> @Sendable (ImageReference) -> RegistryCredential?
    {
        guard let text = fields["x-registry-config"], !text.isEmpty else { return { _ in nil } }
        guard let bytes = Base64.decoded(text), let json = try? JSON(parsing: bytes) else {
            throw EngineFailure(.badRequest, "X-Registry-Config is no JSON in base64")
        }
        return { reference in RegistryCredential(in: json, for: reference.registry) }
    }
}
