// SPDX-License-Identifier: Apache-2.0
import JSONText
import Vocabulary

// Containers as Docker's clients read them.

extension EngineContainer {
    func state(_ health: Health?) -> JSON {
        let state: JSON = [
            "Status": JSON(status.rawValue), "Running": .bool(isAlive || status == .restarting),
            "Paused": .bool(status == .paused), "Restarting": .bool(status == .restarting),
            "OOMKilled": .bool(ranOutOfMemory), "Dead": false,
            "Pid": JSON(isAlive ? process : 0), "ExitCode": JSON(exitCode),
            "Error": JSON(error), "StartedAt": JSON(Self.text(started)),
            "FinishedAt": JSON(Self.text(finished)),
        ]
        return health.map { state.replacing("Health", by: $0.json) } ?? state
    }

    /// What `docker inspect` shows.
    func inspection(below root: String, _ health: Health?) -> JSON {
        [
            "Id": JSON(id), "Created": JSON(Self.text(created)),
            "Path": JSON(arguments.first ?? ""),
            "Args": .array(arguments.dropFirst().map { JSON($0) }), "State": state(health),
            "Image": JSON(image), "ResolvConfPath": JSON("\(root)/\(folder)/resolv.conf"),
            "HostnamePath": JSON("\(root)/\(folder)/hostname"),
            "HostsPath": JSON("\(root)/\(folder)/hosts"), "LogPath": JSON("\(root)/\(folder)/log"),
            "Name": JSON("/" + name), "RestartCount": JSON(restarts), "Driver": "overlay",
            "Platform": "linux", "MountLabel": "", "ProcessLabel": "", "AppArmorProfile": "",
            "ExecIDs": .null,
            "GraphDriver": [
                "Name": "overlay", "Data": ["MergedDir": JSON("\(root)/\(folder)/rootfs")],
            ],
            "Mounts": .array(mounts.map(\.inspection)), "Config": configuration,
            "HostConfig": hostConfiguration,
        ]
    }

    private var configuration: JSON {
        var shown = JSON.object(
            (body.members ?? []).filter { !["HostConfig", "NetworkingConfig"].contains($0.name) })
        if (body["Hostname"]?.text ?? "").isEmpty {
            shown = shown.replacing("Hostname", by: JSON(String(id.prefix(12))))
        }
        for name in [
            "AttachStdin", "AttachStdout", "AttachStderr", "Tty", "OpenStdin", "StdinOnce",
        ]
        where shown[name] == nil {
            shown = shown.replacing(name, by: false)
        }
        for name in ["Domainname", "User", "WorkingDir"] where shown[name] == nil {
            shown = shown.replacing(name, by: "")
        }
        for name in ["Cmd", "Entrypoint", "Env"] {
            guard let words = ContainerOptions.texts(shown[name]) else {
                shown = shown.replacing(name, by: .null)
                continue
            }
            shown = shown.replacing(name, by: .array(words.map { JSON($0) }))
        }
        return shown
    }

    private var hostConfiguration: JSON {
        var shown = body["HostConfig"] ?? [:]
        let defaults: JSON = [
            "NetworkMode": "bridge", "RestartPolicy": ["Name": "no", "MaximumRetryCount": 0],
            "LogConfig": ["Type": "json-file", "Config": [:]], "AutoRemove": false,
            "Privileged": false, "Binds": .null, "Memory": 0, "NanoCpus": 0,
        ]
        for member in defaults.members ?? [] where shown[member.name] == nil {
            shown = shown.replacing(member.name, by: member.value)
        }
        if (shown["RestartPolicy"]?["Name"]?.text ?? "").isEmpty {
            shown = shown.replacing(
                "RestartPolicy", by: ["Name": "no", "MaximumRetryCount": 0])
        }
        if (shown["LogConfig"]?["Type"]?.text ?? "").isEmpty {
            shown = shown.replacing("LogConfig", by: ["Type": "json-file", "Config": [:]])
        }
        return shown
    }

    /// What `docker ps` shows.
    func line(at now: Timestamp, _ health: Health?) -> JSON {
        [
            "Id": JSON(id), "Names": [JSON("/" + name)],
            "Image": body["Image"] ?? "", "ImageID": JSON(image),
            "Command": JSON(arguments.joined(separator: " ")),
            "Created": JSON(created.value / 1_000), "State": JSON(status.rawValue),
            "Status": JSON(statusWords(at: now, health)),
            "Mounts": .array(mounts.map(\.inspection)), "Labels": body["Labels"] ?? [:],
            "HostConfig": ["NetworkMode": body["HostConfig"]?["NetworkMode"] ?? "bridge"],
        ]
    }

    private func statusWords(at now: Timestamp, _ health: Health?) -> String {
        switch status {
        case .created: "Created"
        case .running:
            switch health?.status {
            case nil: "Up " + Self.age(started, now)
            case .starting?: "Up \(Self.age(started, now)) (health: starting)"
            case let status?: "Up \(Self.age(started, now)) (\(status.rawValue))"
            }
        case .paused: "Up \(Self.age(started, now)) (Paused)"
        case .restarting: "Restarting (\(exitCode)) \(Self.age(finished, now)) ago"
        case .exited: "Exited (\(exitCode)) \(Self.age(finished, now)) ago"
        }
    }

    /// As Docker words lengths of time (`units.HumanDuration`).
    private static func age(_ since: Timestamp, _ now: Timestamp) -> String {
        let seconds = now.value > since.value ? (now.value - since.value) / 1_000 : 0
        switch seconds {
        case 0: return "Less than a second"
        case 1: return "1 second"
        case ..<60: return "\(seconds) seconds"
        case ..<120: return "About a minute"
        case ..<3_600: return "\(seconds / 60) minutes"
        case ..<7_200: return "About an hour"
        case ..<172_800: return "\(seconds / 3_600) hours"
        case ..<1_209_600: return "\(seconds / 86_400) days"
        case ..<5_184_000: return "\(seconds / 604_800) weeks"
        case ..<63_072_000: return "\(seconds / 2_592_000) months"
        default: return "\(seconds / 31_536_000) years"
        }
    }
}
