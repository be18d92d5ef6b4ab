// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import HTTPServer
import JSONText
import Vocabulary

// What containers use and have written.

extension Engine {
    /// What a container has used so far; nil when it does not run.
    func usage(_ id: String) async throws(EngineFailure) -> UsageSample? {
        let container = try container(id)
        guard container.isAlive else { return nil }
        guard
            let answer = try? await runtime.ask(["events", "--stats", container.runtimeName]),
            let data = answer["data"]
        else { return nil }
        return UsageSample(data: data, time: now)
    }

    /// The programs of a container in the columns of `ps -ef`.
    func processes(_ name: String, words: String?) async throws(EngineFailure) -> JSON {
        let container = try container(name)
        guard container.isAlive else {
            throw EngineFailure(.conflict, "container \(container.id) is not running")
        }
        guard ["-ef", "", nil].contains(words) else {
            throw .unsupported("top with the columns of ps '\(words ?? "")'")
        }
        return try await runtime.ask(["ps", "--format", "long", container.runtimeName])
    }

    /// The bytes that a container has written.
    func writtenBytes(_ container: EngineContainer) async throws(EngineFailure) -> Int64 {
        let upper = "\(settings.root)/\(container.folder)/upper"
        return try await blocking { () throws(ImageFailure) in MachineFolder.size(upper) }
    }

    /// What a container has changed of its image's files.
    func changes(_ name: String) async throws(EngineFailure) -> JSON {
        let container = try container(name)
        let upper = "\(settings.root)/\(container.folder)/upper"
        let layers = try layerFolders(container)
        // The places of mounts are made by whoever mounts.
        let places = Set(
            Bundle.places + container.mounts.map(\.destination)
                + (container.body["HostConfig"]?["Tmpfs"]?.members ?? []).map(\.name))
        let changes = try await blocking { () throws(ImageFailure) in
            try LayerChanges.list(upper: upper, lower: layers, without: places)
        }
        return changes.isEmpty
            ? .null
            : .array(changes.map { ["Path": JSON($0.path), "Kind": JSON($0.kind.rawValue)] })
    }

    /// The folders of an image's unpacked layers, the lowest first; none before the first start.
    private func layerFolders(_ container: EngineContainer) throws(EngineFailure) -> [String] {
        do throws(ImageFailure) {
            return try StoredImage(container.manifest, in: content, platform: .current)
                .configuration.layers.compactMap { layers.folder(of: $0) }
        } catch {
            throw EngineFailure(error)
        }
    }

    /// What all images, containers and volumes take.
    func diskUsage() async throws(EngineFailure) -> JSON {
        var used: [JSON] = []
        for container in containers.values.sorted(by: { $0.created > $1.created }) {
            let bytes = try await writtenBytes(container)
            used.append(
                container.line(at: now, health[container.id]).replacing("SizeRw", by: JSON(bytes))
                    .replacing("SizeRootFs", by: JSON(bytes)))
        }
        var kept: [JSON] = []
        for volume in volumes.values.sorted(by: { $0.name < $1.name }) {
            let size = try await size(volume)
            kept.append(
                volume.inspection(below: settings.root).replacing(
                    "UsageData",
                    by: ["Size": JSON(size), "RefCount": JSON(users(of: volume.name).count)]))
        }
        let images = try imageListing(.none).elements ?? []
        let whole = images.reduce(Int64(0)) { $0 + ($1["Size"]?.signed ?? 0) }
        return [
            "LayersSize": JSON(whole), "Images": .array(images), "Containers": .array(used),
            "Volumes": .array(kept), "BuildCache": [], "BuilderSize": 0,
        ]
    }
}

/// What a container had used at one moment.
struct UsageSample: Sendable {
    let data: JSON
    let time: Timestamp

    fileprivate var processor: JSON {
        let (used, held) = (data["cpu"]?["usage"], data["cpu"]?["throttling"])
        return [
            "cpu_usage": [
                "total_usage": used?["total"] ?? 0, "percpu_usage": used?["percpu"] ?? [],
                "usage_in_kernelmode": used?["kernel"] ?? 0,
                "usage_in_usermode": used?["user"] ?? 0,
            ],
            "system_cpu_usage": data["system"]?["cpu"] ?? 0,
            "online_cpus": data["system"]?["processors"] ?? 1,
            "throttling_data": [
                "periods": held?["periods"] ?? 0,
                "throttled_periods": held?["throttledPeriods"] ?? 0,
                "throttled_time": held?["throttledTime"] ?? 0,
            ],
        ]
    }

    private var memory: JSON {
        let used = data["memory"]?["usage"]
        return [
            "usage": used?["usage"] ?? 0, "max_usage": used?["max"] ?? 0,
            "stats": data["memory"]?["raw"] ?? [:], "limit": used?["limit"] ?? 0,
        ]
    }

    private var networks: JSON {
        let names = [
            ("rx_bytes", "RxBytes"), ("rx_packets", "RxPackets"), ("rx_errors", "RxErrors"),
            ("rx_dropped", "RxDropped"), ("tx_bytes", "TxBytes"), ("tx_packets", "TxPackets"),
            ("tx_errors", "TxErrors"), ("tx_dropped", "TxDropped"),
        ]
        return .object(
            (data["network_interfaces"]?.elements ?? []).map { one in
                JSON.Member(
                    one["Name"]?.text ?? "",
                    .object(names.map { JSON.Member($0.0, one[$0.1] ?? 0) }))
            })
    }

    /// As Docker's clients compute with it: the change since the sample before tells the share of
    /// the processors.
    func report(_ container: EngineContainer, after before: UsageSample?) -> JSON {
        let pids = data["pids"]
        return [
            "name": JSON("/" + container.name), "id": JSON(container.id),
            "read": JSON(time.utc),
            "preread": JSON(before?.time.utc ?? EngineContainer.text(Timestamp(0))),
            "pids_stats": ["current": pids?["current"] ?? 0, "limit": pids?["limit"] ?? 0],
            "blkio_stats": [
                "io_service_bytes_recursive": data["blkio"]?["ioServiceBytesRecursive"] ?? [],
                "io_serviced_recursive": .null, "io_queue_recursive": .null,
                "io_service_time_recursive": .null, "io_wait_time_recursive": .null,
                "io_merged_recursive": .null, "io_time_recursive": .null,
                "sectors_recursive": .null,
            ],
            "num_procs": 0, "storage_stats": [:], "cpu_stats": processor,
            "precpu_stats": before?.processor ?? UsageSample.none.processor,
            "memory_stats": data["memory"] == nil ? [:] : memory, "networks": networks,
        ]
    }

    /// Nothing was used.
    static let none = UsageSample(data: [:], time: Timestamp(0))

    /// What is shown of a container that does not run.
    static func silence(_ container: EngineContainer) -> JSON {
        none.report(container, after: nil).replacing(
            "read", by: JSON(EngineContainer.text(Timestamp(0))))
    }
}
