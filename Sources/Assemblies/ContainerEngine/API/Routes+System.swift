// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import HTTPServer
import JSONText

// What the engine is.

extension Routes {
    mutating func addSystem() {
        on(.get, "/_ping") { _, _ in
            HTTPResponse(
                .ok,
                fields: [
                    "Api-Version": EngineService.version, "Ostype": "linux",
                    "Docker-Experimental": "false", "Cache-Control": "no-cache, no-store",
                    "Content-Type": "text/plain; charset=utf-8",
                ],
                body: .bytes(Array("OK".utf8)))
        }
        on(.get, "/version") { engine, _ in .json(.ok, engine.settings.versionDocument) }
        on(.get, "/info") { engine, _ in .json(.ok, await engine.information()) }
        on(.get, "/plugins") { _, _ in .json(.ok, []) }
    }
}

extension EngineSettings {
    private var details: JSON {
        [
            "ApiVersion": JSON(EngineService.version),
            "MinAPIVersion": JSON(EngineService.oldestVersion), "Os": "linux",
            "Arch": JSON(Platform.current.architecture),
        ]
    }

    var versionDocument: JSON {
        [
            "Platform": ["Name": "Atoll"], "Version": JSON(version),
            "ApiVersion": JSON(EngineService.version),
            "MinAPIVersion": JSON(EngineService.oldestVersion), "Os": "linux",
            "Arch": JSON(Platform.current.architecture),
            "Components": [["Name": "Engine", "Version": JSON(version), "Details": details]],
        ]
    }
}

extension Engine {
    func information() -> JSON {
        let running = containers.values.filter { $0.status == .running }.count
        let paused = containers.values.filter { $0.status == .paused }.count
        let images = (try? content.references().count) ?? 0
        return [
            "ID": "atoll", "Name": "atoll", "Containers": JSON(containers.count),
            "ContainersRunning": JSON(running), "ContainersPaused": JSON(paused),
            "ContainersStopped": JSON(containers.count - running - paused), "Images": JSON(images),
            "Driver": "overlay", "DriverStatus": [], "ServerVersion": JSON(settings.version),
            "OSType": "linux", "Architecture": "x86_64", "DockerRootDir": JSON(settings.root),
            "Runtimes": ["atoll": ["path": JSON(settings.runtime)]], "DefaultRuntime": "atoll",
            "CgroupDriver": "cgroupfs", "LoggingDriver": "json-file",
            "SecurityOptions": ["name=seccomp,profile=builtin"], "Warnings": [],
        ]
    }
}
