// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText

// Elements of `HostConfig.Mounts`.

extension MountWish {
    static func mount(_ json: JSON) throws(EngineFailure) -> MountWish {
        let type = json["Type"]?.text ?? ""
        guard let kind = MountPoint.Kind(rawValue: type) else {
            throw .unsupported("a mount of type '\(type)'")
        }
        let place = try destination(json["Target"]?.text ?? "")
        let isWritable = json["ReadOnly"]?.flag != true
        let source = json["Source"]?.text ?? ""
        switch kind {
        case .bind: return try bind(json, source, place, isWritable)
        case .volume: return try volume(json, source, place, isWritable)
        case .tmpfs:
            guard source.isEmpty else {
                throw EngineFailure(
                    .badRequest,
                    "invalid mount config for type \"tmpfs\": field Source must not be specified")
            }
            return MountWish(
                point: MountPoint(
                    kind: .tmpfs, destination: place, isWritable: isWritable,
                    options: try memoryOptions(json["TmpfsOptions"] ?? [:])))
        }
    }

    private static func bind(
        _ json: JSON, _ source: String, _ place: String, _ isWritable: Bool
    ) throws(EngineFailure) -> MountWish {
        guard source.hasPrefix("/") else {
            throw EngineFailure(
                .badRequest,
                "invalid mount config for type \"bind\": invalid mount path: '\(source)' mount "
                    + "path must be absolute")
        }
        let own = json["BindOptions"] ?? [:]
        let spread = own["Propagation"]?.text ?? ""
        guard ["", "private", "rprivate"].contains(spread) else {
            throw .unsupported("the mount propagation '\(spread)'")
        }
        for name in ["ReadOnlyNonRecursive", "ReadOnlyForceRecursive"]
        where own[name]?.flag == true {
            throw .unsupported("BindOptions.\(name)")
        }
        return MountWish(
            point: MountPoint(
                kind: .bind, source: clean(source), destination: place, isWritable: isWritable,
                options: own["NonRecursive"]?.flag == true ? ["bind"] : []),
            makesSource: own["CreateMountpoint"]?.flag ?? false)
    }

    private static func volume(
        _ json: JSON, _ source: String, _ place: String, _ isWritable: Bool
    ) throws(EngineFailure) -> MountWish {
        let own = json["VolumeOptions"] ?? [:]
        let driver = own["DriverConfig"]?["Name"]?.text ?? ""
        guard ["", "local"].contains(driver) else {
            throw .unsupported("the volume driver '\(driver)'")
        }
        guard (own["Subpath"]?.text ?? "").isEmpty else {
            throw .unsupported("VolumeOptions.Subpath")
        }
        if !source.isEmpty { try checkName(source) }
        return MountWish(
            point: MountPoint(
                kind: .volume, name: source.isEmpty ? nil : source, destination: place,
                isWritable: isWritable, mode: source.isEmpty ? "" : "z",
                copies: own["NoCopy"]?.flag != true),
            labels: own["Labels"] ?? [:], options: own["DriverConfig"]?["Options"] ?? [:])
    }

    private static func memoryOptions(_ json: JSON) throws(EngineFailure) -> [String] {
        var words = ["nosuid", "nodev", "noexec"]
        if let size = json["SizeBytes"]?.signed, size > 0 { words.append("size=\(size)") }
        if let mode = json["Mode"]?.unsigned, mode > 0 {
            words.append("mode=\(String(mode & 0o7777, radix: 8))")
        }
        guard (json["Options"]?.elements ?? []).isEmpty else {
            throw .unsupported("TmpfsOptions.Options")
        }
        return words
    }
}
