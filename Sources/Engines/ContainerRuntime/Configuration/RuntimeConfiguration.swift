// SPDX-License-Identifier: Apache-2.0
import JSONText

/// What a container is to be: `config.json` of the OCI runtime specification, checked (RUNTIME-4).
public struct RuntimeConfiguration: Sendable {
    /// The versions of the specification that are understood: every 1.x.
    static let specification = "1.2.0"

    var version: String
    /// The folder of the root file system, relative to the bundle unless it begins with /.
    var rootPath: String
    var isRootReadOnly: Bool
    var hostName: String?
    var domainName: String?
    var process: ProcessConfiguration?
    var mounts: [MountConfiguration]
    var hooks: HookConfiguration
    var annotations: [Annotation]
    var linux: LinuxConfiguration

    /// A note of whoever made the container, which is handed on.
    struct Annotation: Hashable, Sendable {
        let name: String
        let value: String
    }

    /// Reads `config.json`.
    ///
    /// - Throws: ``RuntimeFailure/json(file:_:)``, or ``RuntimeFailure/field(_:_:)`` with the
    ///   field's name.
    public init(bytes: [UInt8], file: String = "config.json") throws(RuntimeFailure) {
        try self.init(ConfigurationField(Self.json(bytes, file: file)))
    }

    /// Parses within the limits of configurations.
    static func json(_ bytes: [UInt8], file: String) throws(RuntimeFailure) -> JSON {
        let limits = JSONLimits(
            bytes: RuntimeLimits.configurationBytesMax,
            depth: RuntimeLimits.configurationDepthMax)
        do {
            return try JSON(parsing: bytes, limits: limits)
        } catch {
            throw .json(file: file, error)
        }
    }

    init(_ top: ConfigurationField) throws(RuntimeFailure) {
        try top.isObject()
        version = try Self.version(try top.needed("ociVersion"))
        for foreign in ["windows", "solaris", "vm", "zos", "freebsd"] where top[foreign] != nil {
            throw .field(foreign, "is for another kind of machine")
        }
        let root = try top.needed("root")
        rootPath = try root.needed("path").text(bytesMax: RuntimeLimits.pathBytesMax)
        guard !rootPath.isEmpty else { throw .field("root.path", "is empty") }
        isRootReadOnly = try root["readonly"]?.flag() ?? false
        hostName = try top["hostname"]?.text(bytesMax: 64)
        domainName = try top["domainname"]?.text(bytesMax: 64)
        if let field = top["process"] {
            process = try ProcessConfiguration(field)
        }
        mounts = try MountConfiguration.list(top["mounts"])
        hooks = try HookConfiguration(top["hooks"])
        annotations =
            try top["annotations"]?.textMap().map { Annotation(name: $0.name, value: $0.value) }
            ?? []
        linux = try LinuxConfiguration(top["linux"])
        try agree()
    }

    private static func version(_ field: ConfigurationField) throws(RuntimeFailure) -> String {
        let version = try field.text(bytesMax: 64)
        let parts = version.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0] == "1", UInt32(parts[1]) != nil else {
            throw field.refused("\"\(version)\" is not a version 1.x.y")
        }
        return version
    }

    /// What must fit together between sections.
    private func agree() throws(RuntimeFailure) {
        if hostName.map({ !$0.isEmpty }) ?? false, !linux.has(.uts) {
            throw .field("hostname", "needs a uts namespace")
        }
        if domainName.map({ !$0.isEmpty }) ?? false, !linux.has(.uts) {
            throw .field("domainname", "needs a uts namespace")
        }
        guard linux.has(.mount) else {
            throw .field("linux.namespaces", "a mount namespace is needed")
        }
    }
}
