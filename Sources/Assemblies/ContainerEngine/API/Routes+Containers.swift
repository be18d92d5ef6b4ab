// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import Vocabulary

// Containers: made, looked at, begun, ended, removed.

extension Routes {
    mutating func addContainers() {
        on(.post, "/containers/create") { engine, request in
            let container = try await engine.create(
                try await request.document(), name: request.query("name"))
            return .json(.created, ["Id": JSON(container.id), "Warnings": []])
        }
        on(.get, "/containers/json") { engine, request in
            .json(.ok, await engine.listing(all: request.isSet("all")))
        }
        on(.get, "/containers/{name}/json") { engine, request in
            .json(.ok, try await engine.container(request.place("name")).inspection)
        }
        on(.post, "/containers/{name}/start") { engine, request in
            HTTPResponse(try await engine.start(request.place("name")) ? .noContent : .notModified)
        }
        on(.post, "/containers/{name}/stop") { engine, request in
            let seconds = request.query("t").flatMap { UInt64($0) } ?? 10
            let isStopped = try await engine.stop(
                request.place("name"), seconds: seconds, signal: request.query("signal") ?? "TERM")
            return HTTPResponse(isStopped ? .noContent : .notModified)
        }
        on(.post, "/containers/{name}/restart") { engine, request in
            let seconds = request.query("t").flatMap { UInt64($0) } ?? 10
            _ = try await engine.stop(
                request.place("name"), seconds: seconds, signal: request.query("signal") ?? "TERM")
            _ = try await engine.start(request.place("name"))
            return HTTPResponse(.noContent)
        }
        on(.post, "/containers/{name}/kill") { engine, request in
            try await engine.kill(
                request.place("name"), signal: request.query("signal") ?? "KILL")
            return HTTPResponse(.noContent)
        }
        on(.delete, "/containers/{name}") { engine, request in
            try await engine.remove(request.place("name"), isForced: request.isSet("force"))
            return HTTPResponse(.noContent)
        }
    }
}

extension Engine {
    /// The containers, the newest first.
    func listing(all: Bool) -> JSON {
        let shown = containers.values.filter { all || $0.status == .running }
            .sorted { $0.created > $1.created }
        return .array(shown.map { $0.line(at: now) })
    }
}

extension EngineContainer {
    var state: JSON {
        [
            "Status": JSON(status.rawValue), "Running": .bool(status == .running),
            "Paused": false, "Restarting": false, "OOMKilled": .bool(ranOutOfMemory),
            "Dead": false, "Pid": JSON(status == .running ? process : 0),
            "ExitCode": JSON(exitCode), "Error": "", "StartedAt": JSON(Self.text(started)),
            "FinishedAt": JSON(Self.text(finished)),
        ]
    }

    /// What `docker inspect` shows.
    var inspection: JSON {
        var configuration = (body.members ?? []).filter {
            !["HostConfig", "NetworkingConfig"].contains($0.name)
        }
        if !configuration.contains(where: { $0.name == "Labels" && $0.value.members != nil }) {
            configuration.removeAll { $0.name == "Labels" }
            configuration.append(JSON.Member("Labels", [:]))
        }
        return [
            "Id": JSON(id), "Created": JSON(Self.text(created)),
            "Path": JSON(arguments.first ?? ""),
            "Args": .array(arguments.dropFirst().map { JSON($0) }), "State": state,
            "Image": JSON(image), "Name": JSON("/" + name), "RestartCount": 0,
            "Driver": "overlay", "Platform": "linux", "Mounts": [],
            "Config": .object(configuration), "HostConfig": body["HostConfig"] ?? [:],
            "NetworkSettings": ["Networks": [:], "Ports": [:]],
        ]
    }

    /// What `docker ps` shows.
    func line(at now: Timestamp) -> JSON {
        let words: String
        switch status {
        case .created: words = "Created"
        case .running: words = "Up " + Self.age(started, now)
        case .exited: words = "Exited (\(exitCode)) \(Self.age(finished, now)) ago"
        }
        return [
            "Id": JSON(id), "Names": [JSON("/" + name)],
            "Image": body["Image"] ?? "", "ImageID": JSON(image),
            "Command": JSON(arguments.joined(separator: " ")),
            "Created": JSON(created.value / 1_000), "State": JSON(status.rawValue),
            "Status": JSON(words), "Ports": [], "Mounts": [],
            "Labels": body["Labels"] ?? [:],
            "HostConfig": ["NetworkMode": body["HostConfig"]?["NetworkMode"] ?? "none"],
            "NetworkSettings": ["Networks": [:]],
        ]
    }

    private static func age(_ since: Timestamp, _ now: Timestamp) -> String {
        let seconds = now.value > since.value ? (now.value - since.value) / 1_000 : 0
        if seconds < 60 { return "\(seconds) seconds" }
        if seconds < 3_600 { return "\(seconds / 60) minutes" }
        return seconds < 172_800 ? "\(seconds / 3_600) hours" : "\(seconds / 86_400) days"
    }
}
